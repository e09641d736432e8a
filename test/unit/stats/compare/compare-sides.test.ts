import { describe, expect, test } from 'vitest';
import type { CellRecord } from '../../../../src/core/record.js';
import { compareSides, type Comparison } from '../../../../src/stats/compare/compare-sides.js';
import { matchSides } from '../../../../src/stats/compare/match.js';
import { sideOfRecords, sideOfSummary } from '../../../../src/stats/compare/side.js';
import type { KnownNoise } from '../../../../src/stats/compare/speed.js';
import { architecture, completedTraining, diverged, failed, layer } from '../../../fixtures/records/build.js';
import { fixtureSummary } from '../../../fixtures/records/summary.js';

type Options = Partial<Parameters<typeof completedTraining>[0]>;

/** One cell a speed or accuracy, with seeds from 1. */
function cells(count: number, of: (index: number) => Options): CellRecord[] {
  return Array.from({ length: count }, (_, index) =>
    completedTraining({ experiment: 'mlp-1', accuracy: 0.88, seed: index + 1, ...of(index) }),
  );
}

/** Records whose weights have other bits than those of the same cells elsewhere. */
function withOtherBits(records: readonly CellRecord[]): CellRecord[] {
  return records.map((record) =>
    record.outcome === 'completed' && record.result.kind === 'training'
      ? {
          ...record,
          result: {
            ...record.result,
            weightsSha256: record.result.weightsSha256.replace(/^./, (digit) => (digit === 'f' ? '0' : 'f')),
          },
        }
      : record,
  );
}

function compare(a: readonly CellRecord[], b: readonly CellRecord[], noise?: KnownNoise): Comparison {
  const [sideA, sideB] = [sideOfRecords('a', a), sideOfRecords('b', b)];
  return compareSides(sideA, sideB, matchSides(sideA.cells, sideB.cells), () => noise);
}

const only = ({ pairs }: Comparison) => {
  expect(pairs).toHaveLength(1);
  return pairs[0]!;
};

describe('accuracies', () => {
  const around = (center: number, count = 5) => cells(count, (index) => ({ accuracy: center + 0.001 * (index % 3) }));

  test('of the same bits are identical, and need no test', () => {
    const comparison = compare(around(0.88), around(0.88));
    expect(only(comparison).accuracy).toMatchObject({
      verdict: 'identical',
      bits: { seeds: 5, equal: 5 },
      difference: 0,
    });
    expect(only(comparison).accuracy.pWorse).toBeUndefined();
    expect(comparison.worse).toBe(false);
  });

  test('of the same bits in some seeds only are tested', () => {
    const { accuracy } = only(compare(around(0.88, 3), around(0.88, 5)));
    expect(accuracy).toMatchObject({ verdict: 'no difference shown', bits: { seeds: 3, equal: 3 } });
  });

  test('that are lower beyond chance are worse, with the interval and effect of Welch and Hedges', () => {
    const comparison = compare(around(0.88), withOtherBits(around(0.87)));
    const { accuracy } = only(comparison);
    expect(comparison.worse).toBe(true);
    expect(accuracy).toMatchObject({ verdict: 'worse', bits: { seeds: 5, equal: 0 } });
    expect(accuracy.difference).toBeCloseTo(-1, 9);
    // Both samples 0, 0.1, 0.2, 0, 0.1 points: sd 0.083666, standard error 0.083666 sqrt(2 / 5) = 0.052915, df 8,
    // t(0.95, 8) = 1.859548; g = -1 / 0.083666 (1 - 3 / 31).
    expect(accuracy.interval?.low).toBeCloseTo(-1 - 0.098398, 5);
    expect(accuracy.interval?.high).toBeCloseTo(-1 + 0.098398, 5);
    expect(accuracy.effect).toBeCloseTo(-10.7956, 3);
    expect(accuracy.pWorse).toBeLessThan(1e-6);
    expect(accuracy.pBetter).toBeGreaterThan(0.999);
  });

  test('that are higher beyond chance are better, which is no failure', () => {
    const comparison = compare(around(0.87), withOtherBits(around(0.88)));
    expect([only(comparison).accuracy.verdict, comparison.worse]).toEqual(['better', false]);
  });

  test('of one seed are not tested', () => {
    const { accuracy } = only(compare(around(0.88, 1), withOtherBits(around(0.5, 1))));
    expect(accuracy).toMatchObject({ verdict: 'not tested', reason: 'a test needs 2 seeds or more of both' });
  });

  test('without any spread differ if their means do', () => {
    const constant = (accuracy: number) => cells(3, () => ({ accuracy }));
    expect(only(compare(constant(0.8), withOtherBits(constant(0.8)))).accuracy.verdict).toBe('no difference shown');
    const lower = only(compare(constant(0.8), withOtherBits(constant(0.7)))).accuracy;
    expect(lower).toMatchObject({ verdict: 'worse', pWorse: 0, pBetter: 1 });
    expect(lower.effect).toBeUndefined();
  });

  // One-sided p of the pair below is about 0.02: worse alone, and not among five of its kind.
  test('are adjusted for all pairs of the comparison together', () => {
    const pair = (experiment: string, shift: number) =>
      cells(4, (index) => ({ experiment, accuracy: 0.88 + 0.01 * (index % 2) + shift }));
    const ids = ['mlp-1', 'mlp-2', 'mlp-3', 'mlp-4', 'mlp-1-deep'];
    const alone = compare(pair('mlp-1', 0), withOtherBits(pair('mlp-1', -0.011)));
    expect(only(alone).accuracy.pWorse).toBeGreaterThan(0.01);
    expect(only(alone).accuracy.verdict).toBe('worse');
    const together = compare(
      ids.flatMap((id) => pair(id, 0)),
      withOtherBits(ids.flatMap((id) => pair(id, id === 'mlp-1' ? -0.011 : 0))),
    );
    expect(together.pairs.map(({ accuracy }) => accuracy.verdict)).toEqual(ids.map(() => 'no difference shown'));
    expect(together.pairs[0]!.accuracy.pWorse).toBeCloseTo(5 * (only(alone).accuracy.pWorse ?? NaN), 12);
  });

  test('a cell that fails where none did before is worse, whatever the others reach', () => {
    const crash = failed('crashed', { experiment: 'mlp-1', seed: 9, reason: 'out of memory' });
    const comparison = compare(around(0.8), [...around(0.9), crash]);
    expect(only(comparison).accuracy).toMatchObject({ verdict: 'worse', reason: '1 cell of B failed, and none of A' });
    expect(only(comparison).accuracy.b.failures).toEqual(['seed 9 crashed: out of memory']);
    expect(comparison.worse).toBe(true);
    expect(compare([...around(0.8), crash], [...around(0.8), crash]).worse).toBe(false);
  });

  test('are not tested where no seed completed', () => {
    const lost = [diverged({ experiment: 'mlp-1', reason: 'NaN' })];
    expect(only(compare(lost, lost)).accuracy).toMatchObject({ verdict: 'not tested' });
    expect(only(compare(lost, lost)).speed).toBeUndefined();
  });
});

describe('speeds', () => {
  const at = (center: number, count = 7, more: Options = {}) =>
    cells(count, (index) => ({ imagesPerSecond: center + index, ...more }));

  test('of seven cells a side that are slower by a fifth are slower', () => {
    const comparison = compare(at(1000), at(800));
    const { speed } = only(comparison);
    expect(comparison.worse).toBe(true);
    expect(speed).toMatchObject({ verdict: 'slower', ratio: 803 / 1003, threshold: 0.1, chanceFaster: 0 });
    expect(speed?.p).toBeCloseTo(2 / 3432, 12);
    expect(speed?.interval?.low).toBeGreaterThan(800 / 1006 - 1e-9);
    expect(speed?.interval?.high).toBeLessThan(806 / 1000 + 1e-9);
    expect(speed?.reason).toContain('not calibrated');
  });

  test('have the same interval every time', () => {
    expect(only(compare(at(1000), at(900))).speed).toEqual(only(compare(at(1000), at(900))).speed);
  });

  test('that are slower by less than three times the noise of the machine are not', () => {
    const { speed } = only(compare(at(1000), at(800), { noise: 0.07, calibratedAt: '2026-01-02T00:00:00.000Z' }));
    expect(speed).toMatchObject({ verdict: 'no difference shown', threshold: 0.21000000000000002 });
    expect(speed?.reason).toContain('noise 7.00%, calibrated 2026-01-02');
  });

  test('of too few cells are shown and not judged', () => {
    const { speed } = only(compare(at(1000, 6), at(500, 6)));
    expect(speed).toMatchObject({ verdict: 'not judged', ratio: 502.5 / 1002.5 });
    expect(speed?.reason).toContain('with 6 and 6, p cannot be below 0.0022');
  });

  test('that were timed too shortly are not judged', () => {
    const short = at(1000).map((record) =>
      record.outcome === 'completed' && record.result.kind === 'training' && record.result.throughput
        ? { ...record, result: { ...record.result, throughput: { ...record.result.throughput, seconds: 2.9 } } }
        : record,
    );
    expect(only(compare(at(2000), short)).speed).toMatchObject({
      verdict: 'not judged',
      reason: 'too short to be timed: a speed needs 10 blocks and 3 s; use a larger profile',
    });
  });

  test('of software rendering are not judged', () => {
    const software = at(500).map((record) => ({ ...record, backend: { ...record.backend!, software: true as const } }));
    expect(only(compare(software, software)).speed?.reason).toContain('software rendering');
  });

  test('are absent where a side was not timed', () => {
    expect(
      only(
        compare(
          at(1000),
          cells(7, () => ({})),
        ),
      ).speed,
    ).toBeUndefined();
  });

  test('say when one side ran after the other', () => {
    const later = at(1000, 7, { startedAt: '2026-01-03T00:00:00.000Z' });
    expect(only(compare(at(1000), later)).speed?.reason).toContain('one side ran after the other');
    const mixed = [...at(1000).slice(0, 3), ...later.slice(3)];
    expect(only(compare(mixed, mixed)).speed?.reason).not.toContain('one side ran after the other');
  });
});

describe('what is matched', () => {
  const differences = (a: readonly CellRecord[], b: readonly CellRecord[]) =>
    only(compare(a, b)).ignored.map(({ cause, detail }) => `${cause}: ${detail}`);
  const one = (options: Options = {}) => cells(1, () => options);

  test('has no differences where everything is alike', () => expect(differences(one(), one())).toEqual([]));

  test('differs in data, also where a stand-in took its place', () => {
    expect(differences(one(), one({ provenance: 'stand-in' }))).toEqual([
      expect.stringMatching(/^data: fashion-mnist: official, [0-9a-f]{12} and stand-in, [0-9a-f]{12}$/),
    ]);
  });

  test('differs in recipe', () => {
    expect(differences(one(), one({ recipe: 'another' }))).toEqual([expect.stringMatching(/^recipe: digests .* and /)]);
  });

  test('differs in machine, and its speeds are not judged', () => {
    const speeds = (center: number) => cells(7, (index) => ({ imagesPerSecond: center + index }));
    const elsewhere = speeds(100).map((record) => ({
      ...record,
      environment: { ...record.environment, cores: 64 },
    }));
    expect(differences(speeds(1000), elsewhere)).toEqual(['machine: cores: 2 and 64']);
    expect(only(compare(speeds(1000), elsewhere)).speed).toMatchObject({
      verdict: 'not judged',
      reason: 'different machines: speeds are for information only',
    });
  });

  test('differs in machine where --wasm-fma is on one side', () => {
    const fused = one().map((record) => ({
      ...record,
      fma: true as const,
      backend: { ...record.backend!, variant: 'SIMD, FMA' },
    }));
    expect(differences(one(), fused)).toEqual(['machine: variant: SIMD and SIMD, FMA']);
  });

  test('differs where a side itself is mixed', () => {
    const mixed = cells(2, (index) => ({ fingerprint: index === 0 ? 'one' : 'other' }));
    expect(differences(mixed, mixed)).toEqual([expect.stringMatching(/^data: /)]);
  });

  test('pairs other profiles only where there is none in common, the largest of each side', () => {
    const profiles = (...names: ('smoke' | 'quick' | 'full')[]) => names.flatMap((profile) => one({ profile }));
    const crossed = only(compare(profiles('smoke', 'quick'), profiles('full')));
    expect(crossed).toMatchObject({ profile: 'quick', profileOfB: 'full' });
    expect(crossed.ignored).toEqual([{ cause: 'profile', detail: 'quick and full' }]);
    const comparison = compare(profiles('smoke', 'quick'), profiles('quick', 'full'));
    expect(only(comparison)).toMatchObject({ profile: 'quick', ignored: [] });
    expect(comparison.unmatched.map(({ side, profile }) => [side, profile])).toEqual([
      ['A', 'smoke'],
      ['B', 'full'],
    ]);
  });

  test('lists what only one side has, and counts what trains nothing', () => {
    const counted = architecture({ experiment: 'lenet-5', layers: [layer('conv', 'conv2d', [28, 28, 6], 150, 6)] });
    const comparison = compare(
      [...one(), ...one({ experiment: 'mlp-2' }), counted],
      [...one(), ...one({ backend: 'js' })],
    );
    expect(comparison.unmatched).toEqual([
      { side: 'A', experiment: 'mlp-2', backend: 'wasm', profile: 'full', seeds: [1] },
      { side: 'B', experiment: 'mlp-1', backend: 'js', profile: 'full', seeds: [1] },
    ]);
    expect(comparison.notCompared).toEqual({ a: 1, b: 0 });
  });

  test('of a summary says neither recipe nor machine', () => {
    const side = sideOfSummary('summary.json', fixtureSummary());
    const { pairs } = compareSides(side, side, matchSides(side.cells, side.cells), () => undefined);
    for (const { ignored } of pairs) expect(ignored.map(({ cause }) => cause)).toEqual(['recipe', 'machine']);
    expect(pairs.map(({ experiment, backend }) => `${experiment} ${backend}`)).toContain('mlp-1 wasm');
    expect(pairs.every(({ speed }) => speed === undefined || speed.verdict === 'not judged')).toBe(true);
  });
});
