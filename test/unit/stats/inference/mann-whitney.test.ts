import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mannWhitney, smallestP } from '../../../../src/stats/inference/mann-whitney.js';

const range = (n: number, from = 1) => Array.from({ length: n }, (_, index) => index + from);

/** Pairs in which the value of the first is larger, ties half: the definition. */
function pairs(first: readonly number[], second: readonly number[]): number {
  const won = first.map((a) => second.map((b) => (a > b ? 1 : a === b ? 0.5 : 0)));
  return won.flat().reduce<number>((sum, each) => sum + each, 0);
}

/** Every way to choose `size` of the positions. */
function* choices(positions: readonly number[], size: number): Generator<readonly number[]> {
  if (size === 0) yield [];
  for (const [index, position] of positions.entries()) {
    for (const rest of choices(positions.slice(index + 1), size - 1)) yield [position, ...rest];
  }
}

/** p-values by counting u in every arrangement of the values. */
function bruteForce(first: readonly number[], second: readonly number[]) {
  const values = [...first, ...second];
  const observed = pairs(first, second);
  let [below, above, all] = [0, 0, 0];
  for (const chosen of choices([...values.keys()], first.length)) {
    const own = new Set(chosen);
    const u = pairs(
      values.filter((_, index) => own.has(index)),
      values.filter((_, index) => !own.has(index)),
    );
    all++;
    if (u <= observed) below++;
    if (u >= observed) above++;
  }
  return { pLess: below / all, pGreater: above / all };
}

describe('mannWhitney', () => {
  test('of an empty sample is undefined', () => {
    expect(mannWhitney([], [1, 2])).toBeUndefined();
    expect(mannWhitney([1, 2], [])).toBeUndefined();
  });

  test('of one value each decides nothing', () => {
    expect(mannWhitney([1], [2])).toEqual({ u: 0, pLess: 0.5, pGreater: 1, p: 1, method: 'exact' });
  });

  test.each([5, 40])('of %d identical values a side decides nothing', (n) => {
    const same = new Array<number>(n).fill(7);
    expect(mannWhitney(same, same)).toMatchObject({ u: (n * n) / 2, pLess: 1, pGreater: 1, p: 1 });
  });

  // Mann and Whitney (1947), table I, as reprinted by Siegel, Nonparametric Statistics (1956), table J.
  test.each([
    [3, 3, [0.05, 0.1, 0.2, 0.35, 0.5, 0.65]],
    [4, 4, [0.014, 0.029, 0.057, 0.1, 0.171, 0.243, 0.343, 0.443, 0.557]],
    [5, 5, [0.004, 0.008, 0.016, 0.028, 0.048, 0.075, 0.111, 0.155, 0.21, 0.274, 0.345, 0.421, 0.5]],
    [7, 7, [0, 0.001, 0.001, 0.002, 0.003, 0.006, 0.009, 0.013, 0.019, 0.027, 0.036, 0.049, 0.064, 0.082]],
  ])('with %d and %d values has the probabilities of the table', (n1, n2, table) => {
    for (const [u, expected] of table.entries()) {
      expect(mannWhitney(...samplesWith(n1, n2, u))?.pLess).toBeCloseTo(expected, 3);
    }
  });

  // Siegel (1956), table K: the largest u that is significant at the two-tailed level.
  test.each([
    [9, 9, 0.05, 17],
    [10, 10, 0.05, 23],
    [13, 16, 0.05, 59],
    [20, 20, 0.05, 127],
    [9, 9, 0.002, 7],
    [10, 10, 0.002, 10],
    [10, 20, 0.002, 32],
  ])('with %d and %d values at %d has the critical value %d', (n1, n2, level, critical) => {
    const p = (u: number) => mannWhitney(...samplesWith(n1, n2, u))?.p;
    expect(p(critical)).toBeLessThanOrEqual(level);
    expect(p(critical + 1)).toBeGreaterThan(level);
  });

  test('agrees with counting every arrangement, ties or not', () => {
    const sample = (most: number) => fc.array(fc.integer({ min: 0, max: most }), { minLength: 1, maxLength: 6 });
    const either = fc.constantFrom(3, 1000).chain((most) => fc.tuple(sample(most), sample(most)));
    fc.assert(
      fc.property(either, ([first, second]) => {
        const expected = bruteForce(first, second);
        const actual = mannWhitney(first, second);
        expect(actual?.u).toBe(pairs(first, second));
        expect(actual?.pLess).toBeCloseTo(expected.pLess, 12);
        expect(actual?.pGreater).toBeCloseTo(expected.pGreater, 12);
        expect(actual?.p).toBeCloseTo(Math.min(1, 2 * Math.min(expected.pLess, expected.pGreater)), 12);
      }),
    );
  });

  test('changes sides with the order of the samples', () => {
    const [a, b] = [
      [1, 2, 2, 9],
      [2, 4, 5, 6, 7],
    ] as const;
    const [forth, back] = [mannWhitney(a, b), mannWhitney(b, a)];
    expect([back?.u, back?.pLess, back?.pGreater]).toEqual([20 - (forth?.u ?? 0), forth?.pGreater, forth?.pLess]);
  });

  test('comes out about the same by counting and by the normal distribution', () => {
    // 25 a side is counted, and 26 is not; 209 is as many standard deviations below the middle as 200 is.
    const [counted, approximated] = [
      mannWhitney(...samplesWith(25, 25, 200)),
      mannWhitney(...samplesWith(26, 25, 209)),
    ];
    expect([counted?.method, approximated?.method]).toEqual(['exact', 'normal']);
    expect((approximated?.p ?? NaN) / (counted?.p ?? NaN)).toBeCloseTo(1, 1);
  });

  // z = (|u - n1 n2 / 2| - 1 / 2) / sqrt(n1 n2 / 12 (n + 1 - sum(t^3 - t) / (n (n - 1)))), worked out by hand:
  // 30 zeros and 10 ones against 20 zeros and 20 ones. u = 800 - 200 = 600; ties 50 and 30:
  // 1600 / 12 (81 - (124950 + 26970) / 6320) = 7594.9367; z = 199.5 / 87.1489 = 2.28918, Q = 0.011035.
  test('corrects for ties and continuity where it is not counted', () => {
    const first = [...new Array<number>(30).fill(0), ...new Array<number>(10).fill(1)];
    const second = [...new Array<number>(20).fill(0), ...new Array<number>(20).fill(1)];
    const test = mannWhitney(first, second);
    expect(test).toMatchObject({ u: 600, method: 'normal' });
    expect(test?.pLess).toBeCloseTo(0.011035, 5);
    expect(test?.p).toBeCloseTo(0.02207, 5);
  });
});

describe('smallestP', () => {
  test('is what complete separation gives', () => {
    for (const [n1, n2] of [
      [1, 1],
      [3, 3],
      [6, 6],
      [7, 7],
      [2, 9],
    ] as const) {
      expect(smallestP(n1, n2)).toBeCloseTo(mannWhitney(range(n1), range(n2, 100))?.p ?? NaN, 12);
    }
  });
  test('is below 0.002 from seven a side on', () => {
    expect(smallestP(6, 6)).toBeGreaterThan(0.002);
    expect(smallestP(7, 7)).toBeLessThan(0.002);
  });
});

/** Samples without ties of which the first has this u: its largest values each step over as many of the second as they can. */
function samplesWith(n1: number, n2: number, u: number): [number[], number[]] {
  let left = u;
  const first = range(n1)
    .map((place) => {
      const passed = Math.min(n2, left);
      left -= passed;
      return 10 * passed + 5 + (n1 - place) / n1;
    })
    .reverse();
  return [first, range(n2).map((value) => 10 * value)];
}
