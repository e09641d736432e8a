import { describe, expect, test } from 'vitest';
import { randomStream } from '../../../src/core/random.js';
import type { HostTensor } from '../../../src/core/tensor.js';
import type { ModelSpec } from '../../../src/core/model.js';
import { initialWeights, tensorsOf, type LayerWeights } from '../../../src/train/initialise.js';

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
    const [kernel, bias] = tensorsOf(layers[index] as LayerWeights) as [HostTensor, HostTensor];
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

describe('what a layer lacks', () => {
  const drawn = (layers: ModelSpec['layers']) =>
    initialWeights({ id: 'm', title: 'm', input: [4, 4, 2], layers }, 'pytorch-default', randomStream('m', 1, 'init'));

  test('is not drawn: without biases the kernel has the same bits', () => {
    const [plain] = drawn([{ kind: 'conv2d', filters: 3, kernel: 3, bias: false }]);
    const [biased] = drawn([{ kind: 'conv2d', filters: 3, kernel: 3 }]);
    expect(plain).toEqual({ layer: 'conv2d-1', tensors: biased?.tensors.slice(0, 1) });
    expect(biased?.tensors[1]?.shape).toEqual([3]);
  });
});

test('streams of different purposes, seeds and experiments differ; equal ones agree', () => {
  const first = (...args: Parameters<typeof randomStream>) => randomStream(...args)();
  const draws = [first('m', 1, 'init'), first('m', 1, 'shuffle'), first('m', 2, 'init'), first('n', 1, 'init')];
  expect(new Set(draws).size).toBe(4);
  expect(first('m', 1, 'init')).toBe(draws[0]);
});
