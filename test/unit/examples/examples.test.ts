import { beforeAll, describe, expect, test } from 'vitest';
import type { OpClaim } from '../../../src/core/claim.js';
import type { Grid } from '../../../src/core/operation.js';
import { agreesWithGrid, parseGrid } from '../../../src/core/printed-grid.js';
import type { Measurement } from '../../../src/core/record.js';
import { measure } from '../../../src/examples/measure.js';
import { naivePrimitives } from '../../../src/examples/naive.js';
import type { Primitives } from '../../../src/examples/primitives.js';
import { agrees, measureOp, valuesOf } from '../../../src/stats/judge/measured.js';
import { DATA_5X5, KERNEL_3X3 } from '../../../src/suites/examples/correlation.js';
import { OP_CLAIMS, OPS_EXPERIMENTS } from '../../../src/suites/examples/index.js';
import { MAX_POOL_INPUT } from '../../../src/suites/examples/pooling.js';

const byExperiment = new Map<string, Measurement[]>();
beforeAll(async () => {
  for (const { id, operations } of OPS_EXPERIMENTS) byExperiment.set(id, await measure(naivePrimitives, operations));
});

function measured(claim: OpClaim, from = byExperiment) {
  return measureOp(claim, valuesOf({ kind: 'ops', values: from.get(claim.experiment) ?? [] }));
}

describe('op claims', () => {
  test.each(OP_CLAIMS.map((claim) => [claim.id, claim] as const))('%s holds, or says why not', (_, claim) => {
    expect(agrees(claim, measured(claim))).toBe(claim.erratum === undefined);
  });

  test('are measured from the values: what is computed wrong is not reproduced', async () => {
    const off = async (result: ReturnType<Primitives['relu']>, bySize: number, by = 0.75) => {
      const { shape, values } = await result;
      const changed = shape.map((length) => length + bySize);
      const count = changed.reduce((product, length) => product * length, 1);
      return {
        shape: changed,
        values: Array.from({ length: count }, (__, place) => 1.5 * (values[place] ?? 0) + by),
      };
    };
    const wrong: Primitives = {
      conv2d: (...args) =>
        off(
          naivePrimitives.conv2d(...args).catch(() => ({ shape: [1, 1, 1, 1], values: [1] })),
          1,
        ),
      conv2dTranspose: (...args) => off(naivePrimitives.conv2dTranspose(...args), 1),
      pool: (...args) => off(naivePrimitives.pool(...args), 9, args[1].values[0]),
      addBias: (...args) => off(naivePrimitives.addBias(...args), 0),
      matMul: async (...args) => {
        const { shape, values } = await naivePrimitives.matMul(...args);
        return { shape, values: values.map((value, place) => value + place + args[0].values.findIndex((v) => v > 4)) };
      },
      relu: (...args) => off(naivePrimitives.relu(...args), 0),
      apply: (...args) => off(naivePrimitives.apply(...args), 0),
      layer: (question) => {
        const { weights, biases, outputs } = naivePrimitives.layer(question);
        return { weights: weights + 1, biases: biases + 1, outputs: outputs + 1 };
      },
    };
    const wrongly = new Map<string, Measurement[]>();
    for (const { id, operations } of OPS_EXPERIMENTS) wrongly.set(id, await measure(wrong, operations));
    const unmoved = OP_CLAIMS.filter((claim) => {
      try {
        return claim.erratum === undefined && agrees(claim, measured(claim, wrongly));
      } catch {
        return false;
      }
    });
    expect(unmoved.map(({ id }) => id)).toEqual([]);
  });

  test('try every formula on at least one point, and name what a record lacks', () => {
    for (const claim of OP_CLAIMS.filter(({ points }) => points !== undefined)) {
      expect(
        claim.points?.(valuesOf({ kind: 'ops', values: byExperiment.get(claim.experiment) ?? [] })),
      ).toBeGreaterThan(0);
    }
    const [claim] = OP_CLAIMS as [OpClaim];
    expect(() => measureOp(claim, valuesOf({ kind: 'ops', values: [] }))).toThrow(
      'the record has no operation "example-5x5-stride-1"',
    );
  });
});

test('the errata of the worked examples are these, with the values measured', () => {
  const errata = OP_CLAIMS.filter(({ erratum }) => erratum !== undefined).map((claim) => {
    const value = measured(claim);
    const rounded = typeof value === 'number' ? value : (value as Grid).map((row) => row.map((v) => +v.toFixed(6) + 0));
    return `${claim.id}: printed ${claim.printed}, measured ${JSON.stringify(rounded)}`;
  });
  expect(errata).toMatchInlineSnapshot(`
    [
      "000/example-5x5-stride-1/output: printed -0.1 -0.1 -0.2 / 0.3 -0.2 0.1 / 0.3 -0.3 0.1, measured [[-0.1,-0.2,-0.1],[0.1,0,0],[0.3,-0.3,0]]",
      "001/example-5x5-stride-1/output: printed -0.1 -0.1 -0.2 / 0.3 -0.2 0.1 / 0.3 -0.3 0.1, measured [[-0.1,-0.2,-0.1],[0.1,0,0],[0.3,-0.3,0]]",
      "000/example-5x5-stride-2/output: printed -0.1 -0.2 / 0.3 0.1, measured [[-0.1,-0.1],[0.3,0]]",
      "001/example-5x5-stride-2/output: printed -0.1 -0.2 / 0.3 0.1, measured [[-0.1,-0.1],[0.3,0]]",
      "004/max-pooling/output: printed 9 9 / 9 9 / 8 6, measured [[9,2],[8,5]]",
      "004/simplest-case/height-kept: printed Input size (N, C_in, H, W), Output size (N, C_out, H, W), measured 6",
    ]
  `);
});

/** Cross-correlation without padding of whole numbers, written down once more for the searches. */
function correlate(image: Grid, kernel: readonly number[], stride: number): Grid {
  const side = Math.floor((image.length - 3) / stride) + 1;
  return Array.from({ length: side }, (_, y) =>
    Array.from({ length: side }, (__, x) =>
      kernel.reduce((sum, tap, at) => {
        const [row, column] = [y * stride + Math.floor(at / 3), x * stride + (at % 3)];
        return sum + tap * ((image[row] as readonly number[])[column] as number);
      }, 0),
    ),
  );
}

function arrangementsOf(numbers: readonly number[]): readonly (readonly number[])[] {
  if (numbers.length === 0) return [[]];
  return [...new Set(numbers)].flatMap((first) => {
    const rest = numbers.toSpliced(numbers.indexOf(first), 1);
    return arrangementsOf(rest).map((others) => [first, ...others]);
  });
}

describe('what the printed output of decks 000 and 001 follows from', () => {
  const transposed = (grid: Grid): Grid => grid.map((_, x) => grid.map((row) => row[x] as number));
  const mirrored = (grid: Grid): Grid => grid.map((row) => [...row].reverse());
  const turns = [DATA_5X5, 1, 2, 3].reduce<Grid[]>((all, __, index) => {
    const last = all[index - 1];
    return [...all, last === undefined ? DATA_5X5 : mirrored(transposed(last))];
  }, []);
  const images = [...turns, ...turns.map(mirrored)];
  // In tenths, so that sums are exact.
  const arrangements = arrangementsOf(KERNEL_3X3.flat().map((value) => Math.round(10 * value)));

  test('one of the 2,520 arrangements of the kernel on the eight turned and mirrored data', () => {
    expect([arrangements.length, new Set(images.map((image) => JSON.stringify(image))).size]).toEqual([2520, 8]);
    const printed = JSON.stringify([
      [-1, -1, -2],
      [3, -2, 1],
      [3, -3, 1],
    ]);
    const found = images.flatMap((image, index) =>
      arrangements
        .filter((kernel) => JSON.stringify(correlate(image, kernel, 1)) === printed)
        .map((kernel) => [index, kernel]),
    );
    expect(found).toEqual([[0, [0, 1, -1, -2, 1, 0, 0, 0, 1]]]);
  });

  test('the same arrangement gives the output with stride 2, and the same m1', () => {
    const kernel = [0, 1, -1, -2, 1, 0, 0, 0, 1];
    expect(correlate(DATA_5X5, kernel, 2)).toEqual([
      [-1, -2],
      [3, 1],
    ]);
    const asPrinted = KERNEL_3X3.flat().map((value) => Math.round(10 * value));
    expect([correlate(DATA_5X5, kernel, 1)[0]?.[0], correlate(DATA_5X5, asPrinted, 1)[0]?.[0]]).toEqual([-1, -1]);
  });
});

test("what deck 004's printed max pooling follows from: f = 3 with s = 1, or with s = 2 and padding 1", () => {
  const side = MAX_POOL_INPUT.length;
  const pool = (f: number, s: number, p: number): Grid =>
    Array.from({ length: Math.floor((side + 2 * p - f) / s) + 1 }, (_, y) =>
      Array.from({ length: Math.floor((side + 2 * p - f) / s) + 1 }, (__, x) => {
        const window = MAX_POOL_INPUT.flatMap((row, i) =>
          row.filter((___, j) => {
            const [top, left] = [y * s - p, x * s - p];
            return i >= top && i < top + f && j >= left && j < left + f;
          }),
        );
        return Math.max(...window);
      }),
    );
  const printed = parseGrid('9 9 / 9 9 / 8 6');
  const found: string[] = [];
  for (let f = 1; f <= side; f++) {
    for (let s = 1; s <= side; s++) {
      for (let p = 0; p <= f / 2; p++) {
        const output = pool(f, s, p);
        if (
          printed &&
          agreesWithGrid(
            printed,
            output.map((row) => row.slice(0, 2)),
          )
        ) {
          found.push(`f=${f} s=${s} p=${p}: ${output.map((row) => row.join(' ')).join(' / ')}`);
        }
      }
    }
  }
  expect(found).toEqual(['f=3 s=1 p=0: 9 9 5 / 9 9 5 / 8 6 9', 'f=3 s=2 p=1: 9 9 5 / 9 9 5 / 8 6 9']);
  expect(pool(2, 2, 0)).toEqual([
    [9, 2],
    [8, 5],
  ]);
});

test('the nine products of deck 003: of 0 and 1, only 1 as the lost first term sums to 4', () => {
  const read = [0, 0, 0, 1, 1, 0, 0, 1].reduce((sum, term) => sum + term, 0);
  expect([0, 1].filter((lost) => lost + read === 4)).toEqual([1]);
});
