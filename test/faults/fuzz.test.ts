import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CnnbenchError } from '../../src/core/errors.js';
import type { Summary } from '../../src/core/summary.js';
import { plainLines } from '../../src/report/escape.js';
import { renderedAndChecked, XML_CHECK } from './fuzz/outputs.js';
import { TestRandom } from './fuzz/random.js';
import { fuzzedReaders, type FuzzedReader } from './fuzz/readers.js';
import { LONG, SEED } from './seed.js';

const INPUTS = [
  { inputs: 150, tags: [] },
  { inputs: LONG ? 12_000 : 1500, tags: ['slow'] },
];

/** Documents of XML that the parser gets: it is another program, and slow to start. */
const MOST_DOCUMENTS = 2000;

/** Bytes that the process may grow by over all inputs: the largest input has some hundred kB. */
const MOST_GROWTH = 2 ** 30;

/** Of a message as it is printed: 10,000 characters, and how many were left out. */
const LONGEST_MESSAGE = 10_100;

/** Failures that are kept and told; the others only repeat them. */
const MOST_FAILURES = 20;

for (const { inputs, tags } of INPUTS) {
  const name = `every reader takes or refuses whatever it gets, and what was taken is harmless in every format: ${inputs} inputs`;
  test(name, { tags, timeout: 1_800_000 }, () => fuzz(inputs));
}

async function fuzz(inputs: number): Promise<void> {
  const seed = Number(SEED);
  const scratch = await mkdtemp(join(tmpdir(), 'cnnbench-fuzz-'));
  const readers = await fuzzedReaders(scratch);
  const turns = readers.flatMap((reader) => Array.from({ length: reader.weight }, () => reader));
  const before = process.memoryUsage().rss;
  const documents: string[] = [];
  const failures: string[] = [];
  let accepted = 0;
  for (let index = 0; index < inputs; index++) {
    const reader = turns[index % turns.length] as FuzzedReader;
    // Each input has a source of its own, so that one can be made again without those before it.
    const random = new TestRandom(seed * 1_000_003 + index);
    const input = reader.mutate(random, random.pick(reader.seeds));
    const folder = join(scratch, String(index));
    await mkdir(folder);
    try {
      const result = await taken(reader, input, folder);
      expect(Object.keys(Object.prototype)).toEqual([]);
      if (result === refused) continue;
      accepted++;
      if (isSummary(result)) documents.push(...renderedAndChecked(result));
      expect(process.memoryUsage().rss - before).toBeLessThan(MOST_GROWTH);
    } catch (error) {
      const path = join(tmpdir(), `cnnbench-fuzz-${seed}-${index}`);
      await writeFile(path, input);
      const { stack = String(error) } = error as Error;
      failures.push(
        `${reader.name}, CNNBENCH_TEST_SEED=${seed}, input ${index}, kept in ${path}: ${stack.slice(0, 800)}`,
      );
      if (failures.length === MOST_FAILURES) break;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  expect(failures).toEqual([]);
  const parsed = await checkXml(documents.slice(0, MOST_DOCUMENTS), scratch);
  await rm(scratch, { recursive: true, force: true });
  process.stdout.write(
    `fuzz: ${inputs} inputs, ${readers.length} readers, ${accepted} accepted, ${inputs - accepted} refused, ` +
      `${parsed} XML documents parsed, seed ${seed}\n`,
  );
}

function isSummary(result: unknown): result is Summary {
  return typeof result === 'object' && result !== null && 'claims' in result && 'environment' in result;
}

const refused = Symbol('refused');

/** What the reader made of it; every refusal has a code, and a message that is fit to be printed. */
async function taken({ read }: FuzzedReader, input: Uint8Array, folder: string) {
  try {
    return await read(input, folder);
  } catch (error) {
    if (!(error instanceof CnnbenchError) || error.code === 'E_BUG') throw error;
    expect(error.remedy).not.toBe('');
    expect(plainLines(error.message).length).toBeLessThan(LONGEST_MESSAGE);
    return refused;
  }
}

/** @returns how many documents Expat parsed; none where there is no Python */
async function checkXml(documents: readonly string[], folder: string): Promise<number> {
  const paths = documents.map((_, index) => join(folder, `${index}.xml`));
  for (const [index, document] of documents.entries()) await writeFile(paths[index] as string, document);
  try {
    const input = paths.join('\n');
    expect(execFileSync('python3', ['-c', XML_CHECK], { input, encoding: 'utf8', maxBuffer: 2 ** 26 })).toBe('');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
  return documents.length;
}
