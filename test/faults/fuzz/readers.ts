import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { namedBackends } from '../../../src/app/run/choose-backends.js';
import { gridOf } from '../../../src/app/sweep/sweep-grid.js';
import { parseMemory } from '../../../src/plan/memory.js';
import { readModelJson } from '../../../src/app/params/read-model.js';
import { loadPolicy } from '../../../src/app/gate/load-policy.js';
import { readPage, writePage } from '../../../src/app/publish/page-file.js';
import { recordsOrSummary, summarizeDirectory, summarizePaths } from '../../../src/app/summarize-runs.js';
import type { Calibration } from '../../../src/core/calibration.js';
import { cellId } from '../../../src/core/cell.js';
import { machineFacts } from '../../../src/core/machine.js';
import type { Summary } from '../../../src/core/summary.js';
import { decodeSafetensors, encodeSafetensors } from '../../../src/core/safetensors.js';
import { readTarGz } from '../../../src/data/archive.js';
import { readContent } from '../../../src/data/bytes.js';
import { parseCifarBatch } from '../../../src/data/cifar.js';
import { sha256 } from '../../../src/data/digest.js';
import { downloadFile } from '../../../src/data/download.js';
import { parseIdxImages, parseIdxLabels } from '../../../src/data/idx.js';
import { parseSeeds } from '../../../src/plan/seeds.js';
import { selectExperiments } from '../../../src/plan/select.js';
import { parseShard } from '../../../src/plan/shard.js';
import { calibrationPath, readCalibration, writeCalibration } from '../../../src/records/calibration.js';
import { readRecords } from '../../../src/records/store.js';
import { cifarBatch, idxImages, idxLabels, tarGz } from '../../fixtures/data/tiny.js';
import { ENVIRONMENT } from '../../fixtures/records/build.js';
import { fixtureSummary, RECORDS } from '../../fixtures/records/summary.js';
import { HOSTILE_TEXTS, mutateBytes, mutateJson } from './mutate.js';
import type { TestRandom } from './random.js';
import { LEDGER } from '../../fixtures/ledger.js';

/** A reader of foreign bytes, with valid inputs and how they are damaged. */
export interface FuzzedReader {
  readonly name: string;
  /** Share of the inputs. */
  readonly weight: number;
  readonly seeds: readonly Uint8Array[];
  readonly mutate: (random: TestRandom, seed: Uint8Array) => Uint8Array;
  /** What comes of the bytes; a summary is rendered then. */
  readonly read: (bytes: Uint8Array, folder: string) => Promise<unknown>;
}

const PUBLISHED = fileURLToPath(new URL('../../../results/published/quick-wasm', import.meta.url));
const MACHINE = machineFacts(ENVIRONMENT);

const utf8 = (text: string) => new TextEncoder().encode(text);
const json = (value: unknown) => utf8(JSON.stringify(value, undefined, 2));
const mutateText = (random: TestRandom, seed: Uint8Array) => utf8(mutateJson(random, new TextDecoder().decode(seed)));
const binary = { weight: 1, mutate: mutateBytes };
const text = { weight: 2, mutate: mutateText };

async function put(folder: string, name: string, bytes: Uint8Array): Promise<string> {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
  return path;
}

/** Every reader, with seeds that the code itself makes and records that are committed. */
export async function fuzzedReaders(scratch: string): Promise<readonly FuzzedReader[]> {
  const archive = await tarGz([
    { name: 'batches/readme.html', content: Buffer.alloc(700, 1) },
    { name: 'batches/a.bin', content: Buffer.alloc(1500, 2) },
    { name: 'b.bin', content: Buffer.alloc(50, 3) },
  ]);
  const calibration: Calibration = {
    schemaVersion: 1,
    calibratedAt: '2026-01-01T00:00:00.000Z',
    cnnbench: '0.1.0',
    machine: MACHINE,
    backend: 'wasm',
    experiment: 'mlp-1',
    profile: 'smoke',
    runs: [1, 2, 3, 4].map((run) => ({ label: run % 2 ? 'A' : 'B', imagesPerSecond: 1000 + run })),
  };
  await writeCalibration(scratch, calibration);
  return [
    {
      name: 'IDX images',
      ...binary,
      seeds: [idxImages(4)],
      read: async (bytes) => parseIdxImages(bytes, 'images', { count: 4, height: 28, width: 28 }),
    },
    {
      name: 'IDX labels',
      ...binary,
      seeds: [idxLabels([0, 1, 2, 9])],
      read: async (bytes) => parseIdxLabels(bytes, 'labels', 4),
    },
    {
      name: 'CIFAR-10 batch',
      ...binary,
      seeds: [cifarBatch([1, 9])],
      read: async (bytes) => parseCifarBatch(bytes, 'batch'),
    },
    {
      name: 'gzip',
      ...binary,
      seeds: [gzipSync(Buffer.alloc(5000, 7)), gzipSync(idxLabels([1, 2, 3]))],
      read: async (bytes, folder) => await readContent(await put(folder, 'x.gz', bytes), true, 5000),
    },
    {
      name: 'tar',
      ...binary,
      seeds: [gunzipSync(archive)],
      read: async (bytes, folder) => readArchive(gzipSync(bytes), folder),
    },
    { name: 'tar.gz', ...binary, seeds: [archive], read: readArchive },
    {
      name: 'part of a download',
      ...binary,
      seeds: [DOWNLOADED, DOWNLOADED.subarray(0, 700), DOWNLOADED.subarray(0, 1)],
      read: resumeDownload,
    },
    {
      name: 'safetensors',
      ...binary,
      seeds: [
        encodeSafetensors(
          [
            { name: 'dense.kernel', shape: [2, 3], values: Float32Array.of(1, 2, 3, 4, 5, 6) },
            { name: 'labels', shape: [4], values: Uint8Array.of(1, 2, 3, 4) },
          ],
          { experiment: 'mlp-1' },
        ),
      ],
      read: async (bytes) => decodeSafetensors(bytes),
    },
    {
      name: 'record',
      weight: 3,
      mutate: mutateText,
      seeds: [...RECORDS.map(json), ...(await smallRecords())],
      read: async (bytes, folder) => summarizePaths(LEDGER, [await put(folder, 'record.json', bytes)]),
    },
    {
      name: 'run.json',
      ...text,
      seeds: await Promise.all([PUBLISHED].map((run) => readFile(join(run, 'run.json')))).then((runs) => [
        ...runs,
        withSweep(runs[0] as Uint8Array),
      ]),
      read: readRunFolder,
    },
    {
      name: 'summary.json',
      weight: 3,
      mutate: mutateText,
      seeds: [json(fixtureSummary())],
      read: async (bytes, folder) => {
        const found = await recordsOrSummary(await put(folder, 'summary.json', bytes));
        return 'cells' in found ? found : undefined;
      },
    },
    {
      name: 'policy',
      ...text,
      seeds: [
        json({
          gate: {
            strict: true,
            seeds: 'warn',
            cells: { failed: 'fail', notRun: 'ignore' },
            claims: { inconclusive: 'warn' },
            rules: [
              { experiment: 'mlp-*', backend: 'wasm', profile: 'quick', minAccuracy: 0.5 },
              { experiment: 'cnn' },
            ],
          },
        }),
      ],
      read: async (bytes, folder) => await loadPolicy(LEDGER.experiments, await put(folder, 'policy.json', bytes)),
    },
    {
      name: 'calibration',
      ...text,
      seeds: [json(calibration)],
      read: async (bytes, folder) => {
        const path = calibrationPath(folder, MACHINE);
        await put(dirname(path), basename(path), bytes);
        await readCalibration(folder, MACHINE);
      },
    },
    {
      name: 'model.json',
      ...text,
      seeds: MODELS.map(json),
      read: async (bytes, folder) => await readModelJson(await put(folder, 'model.json', bytes)),
    },
    {
      name: 'Markdown page',
      ...binary,
      seeds: [utf8(PAGE)],
      mutate: (random, seed) => (random.next() < 0.5 ? mutateBytes(random, seed) : spliceText(random, seed)),
      read: async (bytes, folder) => {
        const page = await readPage(await put(folder, 'page.md', bytes));
        await writePage(page, (name) => `| ${name} |\n| --- |`);
      },
    },
    {
      name: 'flags',
      weight: 2,
      seeds: FLAGS.map(utf8),
      mutate: (random, seed) => (random.next() < 0.5 ? mutateBytes(random, seed) : spliceText(random, seed)),
      read: async (bytes) => readFlags(new TextDecoder().decode(bytes)),
    },
  ];
}

async function readArchive(bytes: Uint8Array, folder: string): Promise<void> {
  const wanted = new Map([
    ['a.bin', 1500],
    ['b.bin', 50],
  ]);
  const path = await put(folder, 'x.tar.gz', bytes);
  const before = await readdir(folder);
  for await (const { name, content } of readTarGz(path, wanted, 1e6)) {
    if (content.length > (wanted.get(name) ?? -1)) throw new Error(`${name} has ${content.length} bytes`);
  }
  if ((await readdir(folder)).join() !== before.join()) throw new Error('the archive wrote something');
}

async function smallRecords(): Promise<Uint8Array[]> {
  const folder = join(PUBLISHED, 'records');
  const names = ['mlp-1.wasm.quick.seed1', 'lenet-5.wasm.quick.seed0', 'data-cifar-10.wasm.quick.seed0'];
  const there = new Set(await readdir(folder));
  return Promise.all(
    names.filter((name) => there.has(`${name}.json`)).map((name) => readFile(join(folder, `${name}.json`))),
  );
}

function withSweep(run: Uint8Array): Uint8Array {
  return json({
    ...(JSON.parse(new TextDecoder().decode(run)) as object),
    looks: [3, 5],
    sweep: {
      experiment: 'mlp-1',
      backend: 'wasm',
      profile: 'quick',
      seeds: [1, 2],
      learningRate: [1e-4, 1e-3],
      batchSize: [64, 256],
      epochs: [1, 2],
    },
  });
}

/** A folder with the records of the fixture, and the manifest under test. */
async function readRunFolder(bytes: Uint8Array, folder: string): Promise<Summary> {
  const records = RECORDS.filter(({ cell }) => cell.profile === 'full' && cell.backend === 'wasm').slice(0, 5);
  for (const record of records) await put(folder, join('records', `${cellId(record.cell)}.json`), json(record));
  await put(folder, 'run.json', bytes);
  await readRecords(folder);
  return summarizeDirectory(LEDGER, folder);
}

/** A text that breaks things somewhere in a text. */
function spliceText(random: TestRandom, seed: Uint8Array): Uint8Array {
  const content = new TextDecoder().decode(seed);
  const at = random.below(content.length + 1);
  return utf8(content.slice(0, at) + random.pick(HOSTILE_TEXTS) + content.slice(at + random.below(4)));
}

const DOWNLOADED = gzipSync(Uint8Array.from({ length: 1500 }, (_, index) => index * 7));

/** A part that is there already, and a server that knows ranges. Only the official bytes ever get the name of the file. */
async function resumeDownload(part: Uint8Array, folder: string): Promise<void> {
  await put(folder, 'x.gz.part', part);
  const file = { name: 'x.gz', url: 'https://example.org/x.gz', bytes: DOWNLOADED.length, sha256: sha256(DOWNLOADED) };
  const fetch: typeof globalThis.fetch = async (_, { headers } = {}) => {
    const range = new Headers(headers).get('range');
    if (range === null) return new Response(DOWNLOADED);
    const from = Number(/^bytes=(\d+)-$/.exec(range)?.[1]);
    const contentRange = `bytes ${from}-${DOWNLOADED.length - 1}/${DOWNLOADED.length}`;
    return new Response(DOWNLOADED.subarray(from), { status: 206, headers: { 'content-range': contentRange } });
  };
  const path = await downloadFile(file, folder, { fetch }).catch(async (error: unknown) => {
    // Nothing of it is left that the next attempt would stumble over again.
    if ((await readdir(folder)).length > 0) throw new Error(`left ${(await readdir(folder)).join()}`, { cause: error });
    throw error;
  });
  if (!DOWNLOADED.equals(await readFile(path))) throw new Error('other bytes have the name of the file');
}

/** Each of the parsers gets the text; what one of them refuses is for the others all the same. */
function readFlags(value: string): void {
  const refusals: unknown[] = [];
  const parsers: readonly ((text: string) => unknown)[] = [
    parseSeeds,
    parseMemory,
    parseShard,
    (words) => namedBackends([words]),
    (words) => selectExperiments(LEDGER.experiments, [words]),
    ...(['over', 'lr', 'init', 'batch', 'epochs'] as const).map((flag) => (words: string) => {
      const none = { over: undefined, lr: undefined, init: undefined, batch: undefined, epochs: undefined };
      return gridOf(
        LEDGER.training('mlp-1'),
        { ...none, [flag]: words },
        { backend: 'wasm', profile: 'quick', seeds: [1] },
      );
    }),
  ];
  for (const parse of parsers) {
    try {
      parse(value);
    } catch (error) {
      if ((error as { code?: unknown }).code === undefined) throw error;
      refusals.push(error);
    }
  }
  if (refusals.length === parsers.length) throw refusals[0];
}

const FLAGS = [
  '3',
  '1,2,7',
  '4GiB',
  '1.5G',
  'mlp-*',
  'all',
  'mlp-2@lr=3e-4,batch=64',
  'lr,epochs',
  '1e-4,1e-3',
  'he-uniform',
  '2/5',
  'wasm, js',
];

const PAGE = `\ufeff# A page
<!-- cnnbench:verdicts -->
old
<!-- /cnnbench:verdicts -->
\`\`\`md
<!-- cnnbench:counts -->
\`\`\`
<!-- cnnbench:accuracy -->\r\n<!-- /cnnbench:accuracy -->\r\n
The end.`;

const MODELS = [
  {
    modelTopology: {
      class_name: 'Sequential',
      config: {
        name: 'small',
        layers: [
          {
            class_name: 'Conv2D',
            config: { name: 'a', batch_input_shape: [null, 28, 28, 1], filters: 4, kernel_size: 3 },
          },
          { class_name: 'MaxPooling2D', config: { name: 'b', pool_size: [2, 2], strides: [2, 2] } },
          { class_name: 'Flatten', config: { name: 'c' } },
          { class_name: 'Dense', config: { name: 'd', units: 10 } },
        ],
      },
    },
    weightsManifest: [{ paths: ['x'], weights: [{ name: 'a', shape: [3, 3, 1, 4], dtype: 'float32' }] }],
  },
  {
    class_name: 'Model',
    config: {
      name: 'functional',
      layers: [
        {
          class_name: 'InputLayer',
          name: 'in',
          config: { name: 'in', batch_input_shape: [null, 8, 8, 3] },
          inbound_nodes: [],
        },
        {
          class_name: 'Conv2D',
          name: 'x',
          config: { name: 'x', filters: 3, kernel_size: 1 },
          inbound_nodes: [[['in', 0, 0, {}]]],
        },
        {
          class_name: 'Add',
          name: 'y',
          config: { name: 'y' },
          inbound_nodes: [
            [
              ['in', 0, 0, {}],
              ['x', 0, 0, {}],
            ],
          ],
        },
      ],
      input_layers: [['in', 0, 0]],
      output_layers: [['y', 0, 0]],
    },
  },
];
