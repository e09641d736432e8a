import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { ERROR_CODES, type ErrorCode } from '../../src/core/errors.js';
import { world } from './world.js';

type World = Awaited<ReturnType<typeof world>>;

/** An error, and what its remedy says to do, done. */
interface Remedy {
  readonly code: ErrorCode;
  readonly command: string;
  /** What the remedy says; a group of it goes into `then` as `$1`. */
  readonly says: RegExp;
  /** What is there beforehand. */
  readonly given?: (here: World) => Promise<unknown>;
  /** What is done by hand. */
  readonly by?: (here: World, group: string) => Promise<unknown>;
  /** The command afterwards, which has to end with 0. Default: the same. */
  readonly then?: string;
}

const FAKE = '-b fake --profile smoke';
const RUN = `run lenet-5 ${FAKE} --out out`;
const RECORD = 'lenet-5.fake.smoke.seed0.json';
const ran =
  (...commands: string[]) =>
  async (here: World) => {
    for (const command of [RUN, ...commands]) await here.given(command.split(' '));
  };
/** The record of the run, as a later version might write it. */
async function newer(here: World, ...path: string[]): Promise<void> {
  await ran()(here);
  const file = join(here.out, ...path);
  const document = JSON.parse(await readFile(file, 'utf8')) as object;
  await writeFile(file, JSON.stringify({ ...document, schemaVersion: 2, unheardOf: true }));
}

const LABELS = 't10k-labels-idx1-ubyte';

/** A file of Fashion-MNIST's form, black or of the first class. */
function blackIdx(...lengths: number[]): Buffer {
  const file = Buffer.alloc(4 + 4 * lengths.length + lengths.reduce((product, length) => product * length, 1));
  file.writeUInt32BE(0x800 + lengths.length);
  lengths.forEach((length, axis) => file.writeUInt32BE(length, 4 + 4 * axis));
  return file;
}

/** A data set of which one file is spoilt, and then replaced by a whole one, as the remedy says. */
function spoilt(code: ErrorCode, spoil: (whole: Buffer) => Uint8Array, name: string, says: RegExp): Remedy {
  return {
    ...{ code, command: 'run data-fashion-mnist -b js --profile smoke --data-dir mine --out out', says },
    async given({ cwd }) {
      await mkdir(join(cwd, 'mine'));
      await writeFile(join(cwd, 'mine', 'train-images-idx3-ubyte'), blackIdx(60_000, 28, 28));
      await writeFile(join(cwd, 'mine', 'train-labels-idx1-ubyte'), blackIdx(60_000));
      await writeFile(join(cwd, 'mine', 't10k-images-idx3-ubyte'), blackIdx(10_000, 28, 28));
      await writeFile(join(cwd, 'mine', name), spoil(blackIdx(10_000)));
    },
    async by({ cwd }) {
      await rm(join(cwd, 'mine', name));
      await writeFile(join(cwd, 'mine', LABELS), blackIdx(10_000));
    },
  };
}

const REMEDIES: Readonly<Record<string, Remedy>> = {
  'no model where one is named': {
    ...{
      code: 'E_MODEL_JSON',
      command: 'params --model-json model.json',
      says: /the path of a model\.json of tf\.layers/,
    },
    async by({ cwd }) {
      const layers = [{ class_name: 'Dense', config: { units: 3, batch_input_shape: [null, 8] } }];
      await writeFile(join(cwd, 'model.json'), JSON.stringify({ class_name: 'Sequential', config: { layers } }));
    },
  },
  'a place for results that is none': {
    ...{ code: 'E_OUT_UNWRITABLE', command: RUN, says: /Give a folder with --out/, then: `${RUN}2` },
    given: ({ out }) => writeFile(out, ''),
  },
  'a file that is cut off': spoilt(
    ...([
      'E_DATA_GZIP',
      (whole: Buffer) => gzipSync(whole).subarray(0, -8),
      `${LABELS}.gz`,
      /by a complete copy/,
    ] as const),
  ),
  'a file of another kind': spoilt('E_DATA_MAGIC', (whole) => whole.fill(7, 0, 4), LABELS, /Replace the file/),
  'a file that is too short': spoilt('E_DATA_SIZE', (whole) => whole.subarray(0, -1), LABELS, /Replace the file/),
  'a file with a wrong label': spoilt('E_DATA_LABEL', (whole) => whole.fill(10, 20, 21), LABELS, /Replace the file/),
  'a command that is not there': { code: 'E_USAGE', command: 'rnu', says: /"cnnbench (--help|run)"/, then: '--help' },
  'a flag that is not there': { code: 'E_USAGE', command: 'run --nope', says: /"cnnbench (run --help)"/, then: '$1' },
  'an experiment that is not there': {
    ...{ code: 'E_UNKNOWN_EXPERIMENT', command: 'run mpl-1', says: /Run "cnnbench (list)"/, then: '$1' },
  },
  'an architecture that is not there': {
    ...{ code: 'E_UNKNOWN_MODEL', command: 'params vgg-99', says: /Use one of: ([\w-]+),/, then: 'params $1' },
  },
  'a backend that is not there': {
    ...{ code: 'E_UNKNOWN_BACKEND', command: 'run lenet-5 -b wasn --dry-run', says: /Choose one of .*, (js)/ },
    then: 'run lenet-5 -b $1 --dry-run',
  },
  'seeds that are none': {
    ...{ code: 'E_BAD_SEEDS', command: `run mlp-1 ${FAKE} --dry-run --seeds x`, says: /a list \("(--seeds 1,2,7)"\)/ },
    then: `run mlp-1 ${FAKE} --dry-run $1`,
  },
  'a folder of something else': {
    ...{ code: 'E_OUT_FOREIGN', command: RUN, says: /a new or empty folder/, then: `${RUN}2` },
    given: ({ out }) => mkdir(join(out, 'mine'), { recursive: true }),
  },
  'a run that is judged otherwise': {
    ...{ code: 'E_OUT_FOREIGN', command: `run mlp-1 ${FAKE} --out out --until-decided --max-seeds 3` },
    ...{ says: /run every cell again with (--fresh)/, given: ran(`run mlp-1 ${FAKE} --out out --fresh`) },
    then: `run mlp-1 ${FAKE} --out out --until-decided --max-seeds 3 $1`,
  },
  'a data folder that is not there': {
    ...{ code: 'E_DATA_DIR', command: 'data list --data-dir nowhere', says: /or leave it out/, then: 'data list' },
  },
  'no data': {
    code: 'E_DATA_UNAVAILABLE',
    command: 'run data-cifar-10 -b js --profile smoke --no-stand-in --out out',
    says: /put the files into a folder and name it with (--data-dir)/,
    by: async ({ cwd }) => {
      await mkdir(join(cwd, 'mine'));
      const black = Buffer.alloc(30_730_000);
      for (const name of ['test_batch', ...[1, 2, 3, 4, 5].map((batch) => `data_batch_${batch}`)]) {
        await writeFile(join(cwd, 'mine', `${name}.bin`), black);
      }
    },
    then: 'run data-cifar-10 -b js --profile smoke --no-stand-in --out out $1 mine',
  },
  'a record of a newer version': {
    ...{ code: 'E_RECORD_INVALID', command: 'report out', given: (here) => newer(here, 'records', RECORD) },
    says: /use the version of cnnbench that made it\. Moved out of the folder, its cell runs again/,
    by: ({ cwd, out }) => rename(join(out, 'records', RECORD), join(cwd, RECORD)),
    then: RUN,
  },
  'a manifest of a newer version': {
    ...{ code: 'E_RECORD_INVALID', command: 'report out', given: (here) => newer(here, 'run.json') },
    ...{ says: /^ {2}Restore the file from where it came, or use/m, then: `${RUN}2` },
  },
  'a record under a wrong name': {
    code: 'E_RECORD_INVALID',
    command: 'report out',
    given: async (here) => {
      await ran()(here);
      await rename(join(here.out, 'records', RECORD), join(here.out, 'records', 'x.json'));
    },
    says: /Rename the file to (\S+\.json),/,
    by: ({ out }, name) => rename(join(out, 'records', 'x.json'), join(out, 'records', name)),
  },
  'a cell that two folders have': {
    ...{
      code: 'E_RECORD_INVALID',
      command: 'report out two',
      says: /one by one, in a command each/,
      then: 'report two',
    },
    given: async (here) => {
      await ran()(here);
      await cp(here.out, join(here.cwd, 'two'), { recursive: true });
    },
  },
  'a gate on a summary': {
    ...{ code: 'E_RECORD_NOT_FOUND', command: 'gate out/summary.json', given: ran() },
    ...{ says: /Name the folder of the run: cnnbench (gate out)$/m, then: '$1' },
  },
  'results that are not fit to be published': {
    ...{ code: 'E_NOT_PUBLISHABLE', command: 'publish out --into page.md', says: /above each table: (--allow .*)$/m },
    given: async (here) => {
      await here.given(`run mlp-1 ${FAKE} --seeds 1 --out out`.split(' '));
      await writeFile(join(here.cwd, 'page.md'), '<!-- cnnbench:counts -->\n<!-- /cnnbench:counts -->\n');
    },
    then: 'publish out --into page.md $1',
  },
  'a page without a place': {
    ...{ code: 'E_USAGE', command: `publish out --into page.md --allow stand-in --allow dirty --allow unknown-commit` },
    says: /Paste those of these that you want:\n.*?(<!-- cnnbench:counts -->)/s,
    given: async (here) => {
      await ran()(here);
      await writeFile(join(here.cwd, 'page.md'), '# Mine\n');
    },
    by: ({ cwd }, marker) => writeFile(join(cwd, 'page.md'), `${marker}\n${marker.replace('<!-- ', '<!-- /')}\n`),
  },
  'runs that are not alike': {
    ...{ code: 'E_NOT_COMPARABLE', command: 'compare out two', says: /or accept it: (--ignore .*)$/m },
    given: async (here) => {
      await here.given(`run mlp-1 ${FAKE} --seeds 2 --out out`.split(' '));
      await here.given('run mlp-1 -b fake --profile quick --seeds 2 --out two'.split(' '));
    },
    then: 'compare out two $1',
  },
  'shards of which one is missing': {
    ...{ code: 'E_NOT_MERGEABLE', command: 'merge one --out all', says: /(--partial)/, then: 'merge one --out all $1' },
    given: (here) => here.given(`run mlp-1 mlp-2 ${FAKE} --shard 1/2 --out one`.split(' ')),
  },
  'a policy that is wrong': {
    code: 'E_BAD_POLICY',
    command: 'gate out',
    given: async (here) => {
      await ran()(here);
      await writeFile(join(here.cwd, 'cnnbench.config.json'), '{"gate": {"strickt": true}}');
    },
    says: /(docs\/gate\.md) of cnnbench has every field, with an example/,
    by: async ({ cwd }, page) => {
      expect(await readFile(join(import.meta.dirname, '../..', page), 'utf8')).toContain('"strict": false');
      await writeFile(join(cwd, 'cnnbench.config.json'), '{"gate": {"strict": false}}');
    },
  },
  'a file that cannot be written': {
    ...{ code: 'E_WRITE', command: 'gate out --junit no/such.xml', says: /name another place/, given: ran() },
    then: 'gate out --junit such.xml',
  },
};

/** What no command can bring about here, or only with a machine for it: where it is tried. */
const ELSEWHERE: Readonly<Partial<Record<ErrorCode, string>>> = {
  E_OUT_LOCKED: 'test/faults/lock.test.ts',
  E_DATA_READ: 'test/unit/data/resolve.test.ts',
  E_DATA_ARCHIVE: 'test/unit/data/archive.test.ts',
  E_DATA_CHANGED: 'test/unit/data/load.test.ts',
  E_DATA_DIGEST: 'test/unit/data/download.test.ts',
  E_DATA_DOWNLOAD: 'test/unit/data/download.test.ts',
  E_NOT_VERIFIABLE: 'test/system/verify.test.ts',
  E_SAFETENSORS: 'test/unit/core/safetensors.test.ts',
  E_SETUP_PLATFORM: 'test/unit/native/setup.test.ts',
  E_SETUP_TOOL: 'test/unit/native/setup.test.ts',
  E_SETUP_FETCH: 'test/unit/native/setup.test.ts',
  E_SETUP_DIGEST: 'test/unit/native/setup.test.ts',
  E_SETUP_BUILD: 'test/unit/native/setup.test.ts',
  E_NO_BACKEND: 'test/unit/app/run/choose-backends.test.ts',
  E_BACKEND_UNAVAILABLE: 'test/unit/app/run/choose-backends.test.ts',
  E_BACKEND_FAILED: 'test/conformance/webgpu-failure.test.ts',
  E_NO_WEIGHTS: 'test/system/export.test.ts',
  E_NO_SPEED: 'test/system/calibrate.test.ts',
  E_BUG: 'a bug has none but to report it',
};

describe('what an error says to do', () => {
  test('is tried for every code, here or where it can be brought about', () => {
    const here = Object.values(REMEDIES).map(({ code }) => code);
    const tried = [...new Set([...here, ...Object.keys(ELSEWHERE)])].toSorted();
    expect(tried).toEqual(Object.keys(ERROR_CODES).toSorted());
  });

  const ALWAYS = ['a record of a newer version', 'a gate on a summary'];
  for (const [what, remedy] of Object.entries(REMEDIES)) {
    test(`works: ${what}`, { tags: ALWAYS.includes(what) ? [] : ['slow'] }, () => walk(remedy));
  }
});

async function walk({ code, command, says, given, by, then = command }: Remedy): Promise<void> {
  const here = await world();
  await given?.(here);
  const failed = await here.call(command.split(' '));
  expect(failed.stderr).toContain(`[${code}]`);
  expect(failed.code).toBe(ERROR_CODES[code]);
  const [, group = ''] = says.exec(failed.stderr) ?? [];
  expect(failed.stderr).toMatch(says);
  expect(failed.stderr).not.toMatch(/[Dd]elete/);
  await by?.(here, group);
  const args = then.replace('$1', group).split(' ');
  const { code: exit, stderr } = await here.call(args);
  expect([exit, stderr], args.join(' ')).toEqual([0, expect.any(String)]);
}
