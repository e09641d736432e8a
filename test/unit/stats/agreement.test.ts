import seedrandom from 'seedrandom';
import { describe, expect, test } from 'vitest';
import { agreement, firstDifference, predictionRange, type Result } from '../../../src/stats/agreement.js';
import { mean, standardDeviation } from '../../../src/stats/inference/sample.js';
import { architecture, completedTraining, diverged, failed, layer } from '../../fixtures/records/build.js';
import { prose } from '../../fixtures/prose.js';

type Training = Extract<Result, { kind: 'training' }>;
type Ops = Extract<Result, { kind: 'ops' }>;

function training(accuracy: number, changes: Partial<Training> = {}): Training {
  const record = completedTraining({ experiment: 'mlp-1', accuracy, epochs: 3 });
  if (record.outcome !== 'completed' || record.result.kind !== 'training') throw new Error('no training');
  return { ...record.result, ...changes };
}

const bits = { sameBits: true, reference: [] };

describe('where bits are promised', () => {
  const recorded = training(0.53);

  test('times and speeds are never compared', () => {
    const curve = recorded.curve.map((point) => ({ ...point, trainSeconds: point.trainSeconds * 7 }));
    const throughput = { imagesPerSecond: 1, low: 1, high: 1, blocks: 1, seconds: 1, warmupSteps: 1 };
    expect(agreement(recorded, { ...recorded, curve, throughput }, bits)).toEqual({
      agrees: true,
      basis: 'every bit but times',
    });
  });

  test('the order of the examples is compared where both records keep it', () => {
    const earlier = { ...recorded, orderSha256: undefined };
    expect(agreement(earlier, recorded, bits).agrees).toBe(true);
    expect(agreement(recorded, earlier, bits).agrees).toBe(true);
  });

  test.each<[string, Partial<Training>, object]>([
    ['an accuracy', { testAccuracy: 0.5301 }, { field: 'testAccuracy', recorded: 0.53, again: 0.5301 }],
    ['the weights', { weightsSha256: '0'.repeat(64) }, { field: 'weightsSha256', again: '0'.repeat(64) }],
    [
      'the start, before anything else',
      { initialWeightsSha256: '0'.repeat(64), testAccuracy: 0.1 },
      { field: 'initialWeightsSha256' },
    ],
    [
      'the order of the examples, before what follows from it',
      { orderSha256: '0'.repeat(64), testAccuracy: 0.1 },
      { field: 'orderSha256' },
    ],
    ['the number of images', { testImages: 1 }, { field: 'testImages', recorded: 10_000, again: 1 }],
    [
      'the last bit of a loss, with its epoch, before what follows from it',
      {
        curve: recorded.curve.map((point, index) =>
          index === 1 ? { ...point, testLoss: point.testLoss + Number.EPSILON } : point,
        ),
        testAccuracy: 0.1,
      },
      { epoch: 2, field: 'testLoss' },
    ],
    [
      'an epoch that is missing',
      { curve: recorded.curve.slice(0, 2) },
      { epoch: 3, field: 'epoch', recorded: 3, again: 'absent' },
    ],
  ])('%s makes a difference', (_, changes, difference) => {
    expect(agreement(recorded, { ...recorded, ...changes }, bits)).toMatchObject({ agrees: false, difference });
  });
});

describe('where they are not, the accuracy', () => {
  const reference = [0.5143, 0.5205, 0.5294, 0.5244, 0.5181, 0.5192, 0.5189, 0.5252, 0.5211, 0.5307];
  const options = { sameBits: false, reference };
  /** Student's t of 9 degrees of freedom at 0.995 is 3.250 (NIST/SEMATECH e-Handbook, 1.3.6.7.2). */
  const range = 3.25 * (standardDeviation(reference) as number) * Math.SQRT2;

  test('may differ by what two seeds of the reference would', async () => {
    const { agrees, basis } = agreement(training(0.53), training(0.53 + 0.99 * range), options);
    expect(agrees).toBe(true);
    await expect(basis).toMatchFileSnapshot(prose('agreement-by-reference'));
    for (const factor of [1.01, -1.01]) {
      expect(agreement(training(0.53), training(0.53 + factor * range), options)).toMatchObject({
        agrees: false,
        difference: { field: 'testAccuracy', recorded: '53.00%' },
      });
    }
  });

  test('may differ by what the test set cannot tell apart where there is no reference', () => {
    // z(0.995) sqrt(2 * 0.25 / 10,000) = 2.5758 * 0.0070711
    const alone = { sameBits: false, reference: [] };
    expect(agreement(training(0.5), training(0.518), alone)).toMatchObject({
      agrees: true,
      basis: /within 1\.82 points/,
    });
    expect(agreement(training(0.5), training(0.519), alone)).toMatchObject({ agrees: false });
    expect(agreement(training(1), training(1), alone)).toMatchObject({ agrees: true });
    expect(agreement(training(1), training(0.9), alone)).toMatchObject({ agrees: false });
  });

  test.each(['initialWeightsSha256', 'orderSha256'] as const)('does not excuse another %s', (field) => {
    const other = { ...training(0.53), [field]: '0'.repeat(64) };
    expect(agreement(training(0.53), other, { sameBits: false, reference })).toMatchObject({
      agrees: false,
      difference: { field },
    });
  });

  test('says so where a record does not keep the order', () => {
    const earlier = { ...training(0.53), orderSha256: undefined };
    expect(agreement(earlier, training(0.53), { sameBits: false, reference })).toMatchObject({
      agrees: true,
      basis: /^every bit of the start, accuracies within/,
    });
  });

  test('may not differ at all from a reference without spread', () => {
    const constant = { sameBits: false, reference: [0.5, 0.5, 0.5] };
    expect(agreement(training(0.5), training(0.5), constant)).toMatchObject({ agrees: true });
    expect(agreement(training(0.5), training(0.5001), constant)).toMatchObject({ agrees: false });
  });

  test('lies in its range 99 times of 100, whatever the size of the reference', () => {
    const random = seedrandom('agreement');
    const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    for (const n of [2, 3, 10]) {
      const inside = Array.from({ length: 10_000 }, () => {
        const sd = standardDeviation(Array.from({ length: n }, normal)) as number;
        return Math.abs(normal() - normal()) <= predictionRange(n, sd) ? 1 : 0;
      });
      // Five standard errors: sqrt(0.99 * 0.01 / 10,000) = 0.001.
      expect(Math.abs((mean(inside) as number) - 0.99)).toBeLessThan(0.005);
    }
  });
});

describe('operations', () => {
  const ops = (values: number[], changes: object = {}): Ops => ({
    kind: 'ops',
    values: [{ name: 'sum', shape: [values.length], values, ...changes }],
  });
  const elsewhere = { sameBits: false, reference: [] };

  test('agree to the bit on wasm, and within 1e-5 of the largest value elsewhere', () => {
    expect(agreement(ops([0, 100]), ops([0, 100]), bits)).toMatchObject({ agrees: true });
    expect(agreement(ops([0, 100]), ops([0.0009, 100]), bits)).toMatchObject({
      agrees: false,
      difference: { field: 'sum values[0]', recorded: 0, again: 0.0009 },
    });
    expect(agreement(ops([0, 100]), ops([0.0009, 100]), elsewhere)).toMatchObject({ agrees: true });
    expect(agreement(ops([0, 100]), ops([0.0011, 100]), elsewhere)).toMatchObject({ agrees: false });
    expect(agreement(ops([0, 0]), ops([0, -0]), elsewhere)).toMatchObject({ agrees: true });
  });

  test.each([
    ['another operation', ops([1], { name: 'product' }), { field: 'operations[0]', recorded: 'sum', again: 'product' }],
    ['another shape', ops([1], { shape: [1, 1] }), { field: 'sum shape[1]', recorded: 'absent', again: 1 }],
    ['one that failed', ops([1], { error: 'no kernel' }), { field: 'sum failed', recorded: 'false', again: 'true' }],
    ['fewer values', ops([], { shape: [1] }), { field: 'sum values', recorded: 1, again: 0 }],
  ])('differ by %s', (_, again, difference) => {
    expect(agreement(ops([1]), again, elsewhere)).toMatchObject({ agrees: false, difference });
  });
});

test('counts have to be equal everywhere', () => {
  const counted = (weights: number) => {
    const record = architecture({ experiment: 'lenet-5', layers: [layer('conv1', 'conv2d', [28, 28, 6], weights, 6)] });
    if (record.outcome !== 'completed') throw new Error('not completed');
    return record.result;
  };
  const options = { sameBits: false, reference: [] };
  expect(agreement(counted(150), counted(150), options)).toEqual({ agrees: true, basis: 'every count' });
  expect(agreement(counted(150), counted(151), options)).toMatchObject({
    difference: { field: 'parameters', recorded: 156, again: 157 },
  });
});

test('facts of a data set have to be equal, its note need not', () => {
  const split = { images: 2, perClass: [1, 1], range: [0, 255] as [number, number] };
  const dataset = { name: 'cifar-10', fingerprint: 'f'.repeat(64), provenance: 'official' } as const;
  const facts: Result = { kind: 'data', dataset, imageShape: [32, 32, 3], train: split, test: split };
  const noted = { ...facts, dataset: { ...dataset, note: 'x' } };
  expect(agreement(facts, noted, bits)).toMatchObject({ agrees: true });
  expect(agreement(facts, { ...facts, test: { ...split, perClass: [2, 0] } }, bits)).toMatchObject({
    difference: { field: 'test.perClass[0]', recorded: 1, again: 2 },
  });
});

test('results of different kinds are a bug, not a difference', () => {
  const { result } = architecture({ experiment: 'x', layers: [layer('a', 'dense', [1])] }) as { result: Result };
  expect(() => agreement(training(0.5), result, bits)).toThrow('kind training');
});

describe('two records of one cell', () => {
  const cell = { experiment: 'mlp-1', seed: 2 };
  const completed = completedTraining({ ...cell, accuracy: 0.5 });
  const ended = diverged({ ...cell, reason: 'NaN in step 3' });

  test('are the same whatever they took, and wherever they ran', () => {
    const later = { ...completed, startedAt: '2027-01-01T00:00:00.000Z', seconds: 99 };
    expect(firstDifference(completed, later)).toBeUndefined();
    expect(firstDifference(ended, { ...ended, seconds: 99 })).toBeUndefined();
  });

  test.each([
    ['a bit of the result', completed, completedTraining({ ...cell, accuracy: 0.6 }), { epoch: 1 }],
    ['how they ended', completed, ended, { field: 'outcome', recorded: 'completed', again: 'diverged' }],
    ['why they diverged', ended, diverged({ ...cell, reason: 'NaN in step 4' }), { field: 'reason' }],
    ['where the curve ends', ended, { ...ended, curve: [] }, { epoch: 1, again: 'absent' }],
    ['what they are', completed, architecture({ ...cell, layers: [layer('a', 'dense', [1])] }), { field: 'kind' }],
    [
      'a reason for crashing',
      failed('crashed', { ...cell, reason: 'a' }),
      failed('crashed', { ...cell, reason: 'b' }),
      undefined,
    ],
  ])('differ in %s, or not at all', (_, left, right, difference) => {
    const found = firstDifference(left, right);
    if (difference === undefined) expect(found).toBeUndefined();
    else expect(found).toMatchObject(difference);
  });
});
