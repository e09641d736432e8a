import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { StreamPurpose } from '../../src/core/random.js';
import type { CellRecord } from '../../src/core/record.js';
import { readRecords } from '../../src/records/store.js';
import { gateOf, openLaboratory, PROFILE, trainRecord, type Laboratory } from './laboratory.js';
import { MUTANTS } from './mutants.js';

/**
 * Is the gate worth anything? Real training on real Fashion-MNIST, with a bug in it: each has to fail, for the right reason, and
 * honest runs have to pass. `npm run test:all` trains as few seeds of each as show it, `npm run test:gate` three, and every honest one again.
 */
const LONG = process.env['CNNBENCH_GATE'] === 'long';
const TIMEOUT = 1_800_000;

/** The one that `npm test` trains, too. */
const QUICK = 'a dropped ReLU';

const RESULTS = join(import.meta.dirname, '../../results');
/** `cnnbench run mlp-1 --profile quick -b wasm --seeds 60`: twenty runs of three seeds. */
const HONEST = join(RESULTS, 'gate/honest');
const PUBLISHED = ['quick-wasm', 'full-wasm'].map((name) => join(RESULTS, 'published', name));

const broken = vi.hoisted((): { stream?: StreamPurpose | undefined } => ({}));
vi.mock('../../src/core/random.js', async (importOriginal) => {
  const original = await importOriginal<typeof import('../../src/core/random.js')>();
  const randomStream: typeof original.randomStream = (experiment, seed, purpose) =>
    original.randomStream(experiment, purpose === broken.stream ? 1 : seed, purpose);
  return { ...original, randomStream };
});

let laboratory: Laboratory | undefined;
let honest: readonly CellRecord[];
let published: readonly CellRecord[];
beforeAll(async () => {
  laboratory = await openLaboratory();
  honest = (await readRecords(HONEST)).toSorted((left, right) => left.cell.seed - right.cell.seed);
  published = (await Promise.all(PUBLISHED.map(readRecords))).flat();
});

afterEach(() => {
  broken.stream = undefined;
});

const NO_DATA = 'Fashion-MNIST is not on this machine';

describe('an honest run', () => {
  const runs = Array.from({ length: 20 }, (_, index) => index);
  test.each(runs)('number %d of twenty passes', (index) => {
    const run = honest.slice(3 * index, 3 * index + 3);
    expect(run.map(({ cell }) => cell.seed)).toEqual([1, 2, 3].map((seed) => 3 * index + seed));
    expect(gateOf(run)).toMatchObject({ passed: true, failures: [] });
  });

  test('of every experiment that is published passes, one seed of it, too', () => {
    for (const records of [published, published.filter(({ cell }) => cell.seed <= 1)]) {
      expect(gateOf(records).failures).toEqual([]);
    }
  });

  const again = LONG ? Array.from({ length: 60 }, (_, index) => index + 1) : [1];
  test.for(again)(
    'has the bits of its record again: seed %d',
    { timeout: TIMEOUT, tags: 'slow' },
    async (seed, { skip }) => {
      if (laboratory === undefined) return skip(NO_DATA);
      const record = await trainRecord(laboratory, 'mlp-1', seed);
      expect(bitsOf(record)).toEqual(bitsOf(honest[seed - 1]!));
    },
  );
});

describe('the gate fails on', () => {
  for (const mutant of MUTANTS) {
    test(mutant.name, { timeout: TIMEOUT, tags: mutant.name === QUICK ? [] : 'slow' }, async ({ skip }) => {
      if (laboratory === undefined) return skip(NO_DATA);
      const { experiment } = mutant;
      const seeds = [1, 2, 3].slice(0, LONG ? 3 : mutant.seeds);
      const honestly = published.filter(
        ({ cell }) => cell.experiment === experiment && cell.profile === PROFILE && seeds.includes(cell.seed),
      );
      expect(honestly).toHaveLength(seeds.length);
      expect(gateOf(honestly).passed).toBe(true);
      const records: CellRecord[] = [];
      broken.stream = mutant.unseeded;
      for (const seed of seeds) records.push(await trainRecord(laboratory, experiment, seed, mutant));
      const { passed, failures } = gateOf(records);
      expect(passed).toBe(false);
      expect(failures.map(({ kind }) => kind)).toContain(mutant.seenAs);
    });
  }
});

function bitsOf(record: CellRecord) {
  if (record.outcome !== 'completed' || record.result.kind !== 'training') return record.outcome;
  const { testAccuracy, curve, initialWeightsSha256, weightsSha256 } = record.result;
  return { testAccuracy, accuracies: curve.map((point) => point.testAccuracy), initialWeightsSha256, weightsSha256 };
}
