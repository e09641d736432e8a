import { describe, expect, test } from 'vitest';
import type { AccuracyClaim } from '../../../../src/core/claim.js';
import type { CellRecord } from '../../../../src/core/record.js';
import { sweepResultSchema, type SweepGrid } from '../../../../src/core/sweep.js';
import { analyseSweep } from '../../../../src/stats/sweep/analyse-sweep.js';
import { completedTraining, diverged, failed } from '../../../fixtures/records/build.js';

/** t(0.95, 2) of a printed table. */
const T2 = 2.92;

const claim: AccuracyClaim = {
  kind: 'accuracy',
  id: '000/x/accuracy',
  suite: 'mlp',
  deck: '000',
  place: 'slide 8',
  printed: '~53%',
  statement: 'x reaches ~53%.',
  experiment: 'x',
};

const grid: SweepGrid = {
  experiment: 'x',
  backend: 'wasm',
  profile: 'full',
  seeds: [1, 2, 3],
  learningRate: [1e-4, 1e-3],
  initialisation: ['he-uniform', 'pytorch-default'],
};

const points = ['a', 'b', 'c', 'd'].map((experiment, index) => ({
  experiment,
  learningRate: index < 2 ? 1e-4 : 1e-3,
  initialisation: index % 2 === 0 ? ('he-uniform' as const) : ('pytorch-default' as const),
  batchSize: 1024,
  epochs: 5,
}));

/** Accuracies of seeds 1, 2, 3 at each point. */
const ACCURACIES: Readonly<Record<string, readonly number[]>> = {
  a: [0.5, 0.51, 0.49],
  b: [0.52, 0.54, 0.53],
  c: [0.53, 0.53, 0.53],
  d: [0.56, 0.55, 0.57],
};

const cells = (ids = Object.keys(ACCURACIES), more: Partial<Parameters<typeof completedTraining>[0]> = {}) =>
  ids.flatMap((experiment) =>
    (ACCURACIES[experiment] ?? []).map((accuracy, index) =>
      completedTraining({ experiment, seed: index + 1, accuracy, dataset: 'cifar-10', ...more }),
    ),
  );

const analyse = (records: readonly CellRecord[], change: Partial<SweepGrid> = {}, own = points) =>
  sweepResultSchema.parse(analyseSweep({ grid: { ...grid, ...change }, points: own, records, claims: [claim] }));

describe('a sweep', () => {
  test('has the mean and the interval of every point, as plain arithmetic does', () => {
    const [a, b] = analyse(cells()).points;
    expect(a?.mean).toBeCloseTo(0.5, 12);
    expect(a?.sd).toBeCloseTo(0.01, 12);
    expect(a?.interval?.[0]).toBeCloseTo(0.5 - (T2 * 0.01) / Math.sqrt(3), 5);
    expect(b?.mean).toBeCloseTo((0.52 + 0.54 + 0.53) / 3, 12);
    expect(b?.seeds).toEqual([1, 2, 3]);
  });

  test('has the range of the means, and says where the printed interval lies', () => {
    const { lowest, highest, printed, incomparable } = analyse(cells());
    expect([lowest, highest]).toEqual([0, 3]);
    expect(incomparable).toBeUndefined();
    // a: 48.3 to 51.7; b: 51.3 to 54.7; c: 53 exactly; d: 54.3 to 57.7. The slide: 52 to 54.
    expect(printed[0]).toMatchObject({
      position: 'inside',
      verdicts: { reproduced: 1, 'not reproduced': 2, inconclusive: 1, 'not run': 0 },
    });
  });

  test.each([
    [['c'], 'overlapping'],
    [['d'], 'below'],
    [['a'], 'above'],
  ])('of the points %s alone the printed number is %s', (ids, position) => {
    const own = points.filter(({ experiment }) => ids.includes(experiment));
    expect(analyse(cells(), {}, own).printed[0]?.position).toBe(position);
  });

  test('has the effect of each axis over the others, from pairs of seeds, the largest first', () => {
    const { effects } = analyse(cells());
    expect(effects.map(({ axis }) => axis)).toEqual(['lr', 'init']);
    const [lr, init] = effects;
    // Means: a 50, b 53, c 53, d 56.
    expect(lr?.levels.map(({ mean }) => Math.round(mean * 1e6) / 1e4)).toEqual([51.5, 54.5]);
    expect(lr?.spread).toBeCloseTo(3, 9);
    expect(init?.spread).toBeCloseTo(3, 9);
    // Seed 1: (53 + 56 - 50 - 52) / 2 = 3.5; seed 2: (53 + 55 - 51 - 54) / 2 = 1.5; seed 3: (53 + 57 - 49 - 53) / 2 = 4.
    const sd = Math.sqrt((0.5 ** 2 + 1.5 ** 2 + 1 ** 2) / 2);
    expect(lr?.interval?.[0]).toBeCloseTo(3 - (T2 * sd) / Math.sqrt(3), 3);
    expect(lr?.interval?.[1]).toBeCloseTo(3 + (T2 * sd) / Math.sqrt(3), 3);
    expect(lr).toMatchObject({ blocks: 2, allBlocks: 2 });
  });

  test('reads epochs from the curve of the longest training, also of one that diverged later', () => {
    const epochs = [1, 2, 5];
    const own = epochs.map((each) => ({ ...points[0]!, epochs: each }));
    const records = [
      ...cells(['a']).slice(0, 2),
      diverged({ experiment: 'a', seed: 3, dataset: 'cifar-10', reason: 'the loss became NaN' }),
    ];
    const result = analyse(records, { epochs, learningRate: undefined, initialisation: undefined }, own);
    expect(result.points.map(({ seeds, failures }) => [seeds.length, failures.length])).toEqual([
      [3, 0],
      [3, 0],
      [2, 1],
    ]);
    const first = records.map((record) =>
      record.outcome === 'completed' && record.result.kind === 'training'
        ? (record.result.curve[0]?.testAccuracy ?? NaN)
        : record.outcome === 'diverged'
          ? (record.curve[0]?.testAccuracy ?? NaN)
          : NaN,
    );
    expect(result.points[0]?.mean).toBeCloseTo(first.reduce((sum, each) => sum + each, 0) / 3, 12);
  });

  test('lists a failed point, leaves it out of range and effects, and never counts it as reproduced', () => {
    const records = [
      ...cells(['a', 'b', 'c']),
      ...cells(['d']).slice(0, 2),
      failed('crashed', { experiment: 'd', seed: 3, reason: 'exit code 13' }),
    ];
    const result = analyse(records);
    expect(result.points[3]).toMatchObject({ seeds: [1, 2], failures: ['seed 3 crashed: exit code 13'], missing: [] });
    expect(result.highest).not.toBe(3);
    expect(result.effects[0]).toMatchObject({ blocks: 1, allBlocks: 2 });
    expect(result.printed[0]?.verdicts?.['not reproduced']).toBe(2);
  });

  test('without any result has no range and no effect', () => {
    const result = analyse([]);
    expect(result.lowest).toBeUndefined();
    expect(result.printed[0]?.position).toBeUndefined();
    expect(result.points.every(({ missing }) => missing.length === 3)).toBe(true);
    expect(result.effects.map(({ spread, levels }) => [spread, levels])).toEqual([
      [undefined, []],
      [undefined, []],
    ]);
  });

  test('of one seed has no intervals and decides nothing', () => {
    const { points: own, effects, printed } = analyse(cells(), { seeds: [1] });
    expect(own.every(({ interval }) => interval === undefined)).toBe(true);
    expect(effects[0]?.interval).toBeUndefined();
    expect(printed[0]?.verdicts).toMatchObject({ inconclusive: 4 });
  });

  test('of identical accuracies has an effect of nothing', () => {
    const same = points.flatMap(({ experiment }) =>
      [1, 2, 3].map((seed) => completedTraining({ experiment, seed, accuracy: 0.53, dataset: 'cifar-10' })),
    );
    const { effects, printed } = analyse(same);
    expect(effects.map(({ spread, interval }) => [spread, interval])).toEqual([
      [0, [0, 0]],
      [0, [0, 0]],
    ]);
    expect(printed[0]?.verdicts?.reproduced).toBe(4);
  });

  test.each([
    ['another profile', { profile: 'quick' as const }, { profile: 'quick' as const }, /profile quick/],
    ['stand-in images', {}, { provenance: 'stand-in' as const }, /stand-in images/],
  ])('is not held against the deck on %s', (_, change, more, reason) => {
    const result = analyse(cells(undefined, more), change);
    expect(result.incomparable).toMatch(reason);
    expect(result.printed[0]).not.toHaveProperty('verdicts');
    expect(result.printed[0]).not.toHaveProperty('position');
    expect(result.points[0]?.mean).toBeCloseTo(0.5, 12);
  });

  test('looks at nothing but its own backend, profile and seeds', () => {
    const others = [
      ...cells(undefined, { backend: 'js', accuracy: 0.1 }),
      ...cells(undefined, { profile: 'quick', accuracy: 0.1 }),
      completedTraining({ experiment: 'a', seed: 9, accuracy: 0.1 }),
    ];
    expect(analyse([...others, ...cells()])).toEqual(analyse(cells()));
  });
});
