import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { randomStream } from '../../../../src/core/random.js';
import { wilsonInterval95 } from '../../../../src/stats/inference/binomial.js';
import { holmAdjusted } from '../../../../src/stats/inference/holm.js';
import {
  intervalOf,
  meanInterval90,
  medianInterval95,
  momentsOf,
  pAtLeast,
  pAtMost,
  pooledDifference,
  predictionInterval95,
  welchDifference,
  type Estimate,
  type Interval,
  type Moments,
} from '../../../../src/stats/inference/interval.js';
import { mannWhitney } from '../../../../src/stats/inference/mann-whitney.js';
import { normalUpperTail } from '../../../../src/stats/inference/normal.js';
import { studentTQuantile } from '../../../../src/stats/inference/student-t.js';

const PYTHON = '/usr/bin/python3';
const HAS_SCIPY = spawnSync(PYTHON, ['-c', 'import scipy']).status === 0;
const SCRIPT = fileURLToPath(new URL('../../../../reference/scipy/expected.py', import.meta.url));
const SEED = Number(process.env['CNNBENCH_TEST_SEED'] ?? Date.now() % 1_000_000);
const CASES = 400;
/** SciPy 1.10 ends its search for a quantile no closer to it. */
const QUANTILE = 1e-7;

interface Case {
  readonly a: readonly number[];
  readonly b: readonly number[];
  readonly pValues: readonly number[];
  readonly successes: number;
  readonly trials: number;
  readonly probability: number;
  readonly degreesOfFreedom: number;
  /** What is checked: the t with this probability below it. */
  readonly t: number;
  readonly z: number;
}

interface Difference extends Interval {
  readonly pAtMost: number;
  readonly pAtLeast: number;
}

type Pair = readonly [low: number, high: number];

interface Expected {
  readonly welch: Difference;
  readonly pooled: Difference;
  readonly mannWhitney: { readonly u: number; readonly pLess?: number; readonly pGreater?: number };
  readonly mean90: Pair;
  readonly prediction95: Pair;
  readonly median95: Pair;
  readonly holm: readonly number[];
  readonly wilson95: Pair;
  readonly tCumulative: number;
  readonly normalUpperTail: number;
}

/** Samples of 2 to 12 values, some of 30, of every magnitude; a third with ties, some constant; ends of every range. */
function drawCases(): readonly Case[] {
  const random = randomStream('scipy', SEED, 'problem');
  const below = (count: number) => Math.floor(random() * count);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Array.from({ length: CASES }, () => {
    const scale = 10 ** (6 * random() - 3);
    const step = random() < 1 / 3 ? scale / 2 : 0;
    const sample = (mean: number, sd: number) => {
      const size = random() < 0.05 ? 30 : 2 + below(11);
      return Array.from({ length: size }, () => {
        const value = mean + sd * normal();
        return step === 0 ? value : (Math.round(value / step) || 0) * step;
      });
    };
    const a = sample(2 * scale * normal(), scale);
    const b = sample(0, random() < 0.1 ? 0 : scale * 3 ** normal());
    // Where nothing varies there is no test: test/unit/stats/inference/interval.test.ts.
    if (new Set(a).size === 1 && new Set(b).size === 1) a[0] = (a[0] as number) + scale;
    const probability = random() < 0.5 ? 0.001 + 0.998 * random() : 10 ** (-10 * random() - 0.3);
    const degreesOfFreedom = 10 ** (4 * random());
    const trials = 1 + below(random() < 0.5 ? 10 : 10_000);
    return {
      a,
      b,
      pValues: Array.from({ length: 1 + below(12) }, () => (random() < 0.2 ? 0.01 : random() ** 3)),
      successes: random() < 0.2 ? trials * below(2) : below(trials + 1),
      trials,
      probability,
      degreesOfFreedom,
      t: studentTQuantile(probability, degreesOfFreedom),
      z: 4 * normal(),
    };
  });
}

describe.skipIf(!HAS_SCIPY)(`statistics agree with SciPy (skipped without; CNNBENCH_TEST_SEED=${SEED})`, () => {
  let cases: readonly (Case & { readonly expected: Expected })[];
  beforeAll(() => {
    const drawn = drawCases();
    const { stdout, stderr, status } = spawnSync(PYTHON, [SCRIPT], {
      input: JSON.stringify({ cases: drawn }),
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
    });
    expect(status, stderr).toBe(0);
    const expected = JSON.parse(stdout) as readonly Expected[];
    expect(expected).toHaveLength(CASES);
    cases = drawn.map((each, index) => ({ ...each, expected: expected[index] as Expected }));
  });

  const differences: readonly (readonly ['welch' | 'pooled', (a: Moments, b: Moments) => Estimate])[] = [
    ['welch', welchDifference],
    ['pooled', pooledDifference],
  ];
  test.each(differences)('the %s difference of two means', (name, estimate) => {
    for (const { a, b, expected } of cases) {
      const difference = estimate(moments(a), moments(b));
      const { low, high, pAtMost: atMost, pAtLeast: atLeast } = expected[name];
      expectInterval(intervalOf(difference), [low, high], [...a, ...b]);
      expectClose(pAtMost(difference, 0), atMost);
      expectClose(pAtLeast(difference, 0), atLeast);
    }
  });

  test('the test of Mann and Whitney', () => {
    for (const { a, b, expected } of cases) {
      const { u, pLess, pGreater } = mannWhitney(a, b)!;
      expect(u).toBe(expected.mannWhitney.u);
      if (expected.mannWhitney.pLess === undefined) continue;
      expectClose(pLess, expected.mannWhitney.pLess);
      expectClose(pGreater, expected.mannWhitney.pGreater as number);
    }
  });

  test('intervals of means and medians, and of one more value', () => {
    for (const { a, expected } of cases) {
      expectInterval(meanInterval90(moments(a)), expected.mean90, a);
      expectInterval(predictionInterval95(moments(a)), expected.prediction95, a);
      expect(medianInterval95(a)).toEqual({ low: expected.median95[0], high: expected.median95[1] });
    }
  });

  test('the adjustment of Holm', () => {
    for (const { pValues, expected } of cases) {
      for (const [index, p] of holmAdjusted(pValues).entries()) expectClose(p, expected.holm[index] as number);
    }
  });

  test("Wilson's interval", () => {
    for (const { successes, trials, expected } of cases) {
      expectInterval(wilsonInterval95(successes / trials, trials), expected.wilson95, [1]);
    }
  });

  test("quantiles of Student's t and tails of the normal distribution", () => {
    for (const { probability, z, expected } of cases) {
      expectClose(probability, expected.tCumulative);
      expectClose(normalUpperTail(z), expected.normalUpperTail);
    }
  });
});

function moments(values: readonly number[]): Moments {
  return momentsOf(values) as Moments;
}

function expectClose(actual: number, expected: number): void {
  expect(Math.abs(actual - expected), `${actual} for ${expected}`).toBeLessThanOrEqual(1e-9 * Math.abs(expected));
}

/** Relative to the largest value that went in: a difference of means cancels the rest. */
function expectInterval({ low, high }: Interval, expected: Pair, values: readonly number[]): void {
  const scale = Math.max(...values.map(Math.abs), ...expected.map(Math.abs));
  expect(Math.abs(low - expected[0]), `${low} for ${expected[0]}`).toBeLessThanOrEqual(QUANTILE * scale);
  expect(Math.abs(high - expected[1]), `${high} for ${expected[1]}`).toBeLessThanOrEqual(QUANTILE * scale);
}
