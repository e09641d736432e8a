import { describe, expect, test } from 'vitest';
import { randomStream } from '../../../src/core/random.js';
import type { ModelSpec } from '../../../src/model/spec.js';
import { initialWeights } from '../../../src/train/initialise.js';

const model: ModelSpec = {
  id: 'm',
  title: 'm',
  input: [12, 12, 3],
  layers: [
    { kind: 'conv2d', filters: 40, kernel: 5 },
    { kind: 'relu' },
    { kind: 'flatten' },
    { kind: 'dense', units: 30 },
  ],
};
const CONV = { fanIn: 75, fanOut: 1000 };
const DENSE = { fanIn: 8 * 8 * 40, fanOut: 30 };

describe.each([
  ['he-uniform', ({ fanIn }: typeof CONV) => Math.sqrt(6 / fanIn), () => 0],
  ['xavier-uniform', ({ fanIn, fanOut }: typeof CONV) => Math.sqrt(6 / (fanIn + fanOut)), () => 0],
  [
    'pytorch-default',
    ({ fanIn }: typeof CONV) => 1 / Math.sqrt(fanIn),
    ({ fanIn }: typeof CONV) => 1 / Math.sqrt(fanIn),
  ],
] as const)('%s', (scheme, kernelBound, biasBound) => {
  const layers = initialWeights(model, scheme, randomStream('m', 1, 'init'));

  test.each([
    [0, CONV, [5, 5, 3, 40]],
    [1, DENSE, [2560, 30]],
  ] as const)('layer %i is uniform within its bound, and fills it', (index, fans, shape) => {
    const { kernel, bias } = layers[index] as (typeof layers)[number];
    expect(kernel.shape).toEqual(shape);
    const bound = kernelBound(fans);
    const variance = kernel.values.reduce((sum, value) => sum + value * value, 0) / kernel.values.length;
    expect(Math.max(...kernel.values.map(Math.abs))).toBeLessThanOrEqual(Math.fround(bound));
    // A uniform distribution on +-a has variance a^2 / 3; 3,000 draws find it within 10 %.
    expect(variance / (bound ** 2 / 3)).toBeGreaterThan(0.9);
    expect(variance / (bound ** 2 / 3)).toBeLessThan(1.1);
    const largestBias = Math.max(...bias.values.map(Math.abs));
    expect(largestBias).toBeLessThanOrEqual(Math.fround(biasBound(fans)));
    expect(largestBias > 0).toBe(biasBound(fans) > 0);
  });
});

test('streams of different purposes, seeds and experiments differ; equal ones agree', () => {
  const first = (...args: Parameters<typeof randomStream>) => randomStream(...args)();
  const draws = [first('m', 1, 'init'), first('m', 1, 'shuffle'), first('m', 2, 'init'), first('n', 1, 'init')];
  expect(new Set(draws).size).toBe(4);
  expect(first('m', 1, 'init')).toBe(draws[0]);
});
