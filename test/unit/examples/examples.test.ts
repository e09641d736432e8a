import { beforeAll, describe, expect, test } from 'vitest';
import type { OpClaim } from '../../../src/core/claim.js';
import type { Grid } from '../../../src/core/operation.js';
import { agreesWithGrid, parseGrid } from '../../../src/core/printed-grid.js';
import type { Measurement } from '../../../src/core/record.js';
import { measure } from '../../../src/examples/measure.js';
import { naivePrimitives } from '../../../src/examples/naive.js';
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
    const round = (v: number) => +v.toFixed(6) + 0;
    const isRows = typeof value !== 'number' && Array.isArray(value[0]);
    const rounded = isRows ? (value as Grid).map((row) => row.map(round)) : value;
    return `${claim.id}: printed ${claim.printed}, measured ${JSON.stringify(rounded)}`;
  });
  expect(errata).toMatchInlineSnapshot(`
    [
      "000/example-5x5-stride-1/output: printed -0.1 -0.1 -0.2 / 0.3 -0.2 0.1 / 0.3 -0.3 0.1, measured [[-0.1,-0.2,-0.1],[0.1,0,0],[0.3,-0.3,0]]",
      "001/example-5x5-stride-1/output: printed -0.1 -0.1 -0.2 / 0.3 -0.2 0.1 / 0.3 -0.3 0.1, measured [[-0.1,-0.2,-0.1],[0.1,0,0],[0.3,-0.3,0]]",
      "000/example-5x5-stride-2/output: printed -0.1 -0.2 / 0.3 0.1, measured [[-0.1,-0.1],[0.3,0]]",
      "001/example-5x5-stride-2/output: printed -0.1 -0.2 / 0.3 0.1, measured [[-0.1,-0.1],[0.3,0]]",
      "004/max-pooling/output: printed 9 9 / 9 9 / 8 6, measured [[9,2],[8,5]]",
      "002/output-size/without-floor: printed W_out = (W_in - F + 2P) / S + 1, H_out = (H_in - F + 2P) / S + 1, measured 202",
      "002/max-pool-size/without-floor: printed W_out = (W_in - F) / S + 1, H_out = (H_in - F) / S + 1, measured 102",
      "002/average-pool-size/without-floor: printed W_out = (W_in - F) / S + 1, H_out = (H_in - F) / S + 1, measured 102",
      "001/kernels-4x5x5x3/shape-of-nn-conv2d: printed (28,28,4), measured [4,28,28]",
      "001/kernels-4x5x5x1/shape-of-nn-conv2d: printed (28,28,4), measured [4,28,28]",
      "004/simplest-case/height-kept: printed Input size (N, C_in, H, W), Output size (N, C_out, H, W), measured 6",
      "003/layer/mlp-biases: printed 3072 + h1 + h2 + 10, measured 625",
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
