import { expect, test } from 'vitest';
import { modelSchema, type LayerSpec } from '../../../src/core/model.js';
import { summarize } from '../../../src/model/summary.js';

/** Of one layer: output shape, weights, biases, running statistics, multiply-accumulates; worked out by hand. */
const ROWS: readonly (readonly [input: readonly number[], layer: LayerSpec, counts: readonly (string | number)[]])[] = [
  [[6, 8, 3], { kind: 'conv2d', filters: 4, kernel: [3, 5], stride: [2, 1] }, ['2x4x4', 180, 4, 0, 180 * 8]],
  [[6, 8, 3], { kind: 'conv2d', filters: 4, kernel: 3, padding: 'same', stride: 2 }, ['3x4x4', 108, 4, 0, 108 * 12]],
  [[7, 7, 1], { kind: 'conv2d', filters: 1, kernel: 3, dilation: 2, bias: false }, ['3x3x1', 9, 0, 0, 81]],
  [[7, 7, 4], { kind: 'conv2d', filters: 6, kernel: 3, groups: 2, padding: 1 }, ['7x7x6', 108, 6, 0, 108 * 49]],
  [[10, 3], { kind: 'conv1d', filters: 2, kernel: 4 }, ['7x2', 24, 2, 0, 24 * 7]],
  [[10, 3], { kind: 'conv1d', filters: 2, kernel: 3, dilation: 2, padding: 'causal' }, ['10x2', 18, 2, 0, 180]],
  [[4, 4, 3], { kind: 'conv2d-transpose', filters: 2, kernel: 3, stride: 2 }, ['9x9x2', 54, 2, 0, 54 * 16]],
  [
    [4, 4, 3],
    { kind: 'conv2d-transpose', filters: 2, kernel: 3, stride: 2, padding: 'same' },
    ['8x8x2', 54, 2, 0, 864],
  ],
  [
    [4, 4, 3],
    { kind: 'conv2d-transpose', filters: 2, kernel: 4, stride: 2, padding: 1, outputPadding: 1 },
    ['9x9x2', 96, 2, 0, 1536],
  ],
  [[5, 5, 3], { kind: 'depthwise-conv2d', multiplier: 2, kernel: 3 }, ['3x3x6', 54, 6, 0, 54 * 9]],
  [[5, 5, 3], { kind: 'separable-conv2d', filters: 8, kernel: 3 }, ['3x3x8', 27 + 24, 8, 0, 51 * 9]],
  [[5, 7, 3], { kind: 'max-pool', size: 2, padding: 'same' }, ['3x4x3', 0, 0, 0, 0]],
  [[9, 3], { kind: 'average-pool1d', size: 3, stride: 2 }, ['4x3', 0, 0, 0, 0]],
  [[9, 3], { kind: 'global-max-pool1d' }, ['3', 0, 0, 0, 0]],
  [[5, 7, 3], { kind: 'batch-norm' }, ['5x7x3', 3, 3, 6, 0]],
  [[5, 7], { kind: 'layer-norm' }, ['5x7', 7, 7, 0, 0]],
  [[5, 7], { kind: 'dense', units: 2 }, ['5x2', 14, 2, 0, 70]],
  [
    [5, 7, 3],
    {
      kind: 'zero-padding',
      padding: [
        [1, 2],
        [3, 0],
      ],
    },
    ['8x10x3', 0, 0, 0, 0],
  ],
  [[5, 3], { kind: 'zero-padding1d', padding: [1, 2] }, ['8x3', 0, 0, 0, 0]],
  [[5, 7, 3], { kind: 'upsampling', size: [2, 3] }, ['10x21x3', 0, 0, 0, 0]],
  [[28, 28, 1], { kind: 'reshape', shape: [28, 28] }, ['28x28', 0, 0, 0, 0]],
  [[12], { kind: 'embedding', vocabulary: 100, features: 16 }, ['12x16', 1600, 0, 0, 0]],
  [[12, 16], { kind: 'simple-rnn', units: 8 }, ['8', 192, 8, 0, 192 * 12]],
  [[12, 16], { kind: 'lstm', units: 8, returnSequences: true }, ['12x8', 768, 32, 0, 768 * 12]],
  [[12, 16], { kind: 'lstm', units: 8, biases: 2 }, ['8', 768, 64, 0, 768 * 12]],
  [[12, 16], { kind: 'gru', units: 8 }, ['8', 576, 48, 0, 576 * 12]],
  [[12, 16], { kind: 'gru', units: 8, resetAfter: false }, ['8', 576, 24, 0, 576 * 12]],
];

test.each(ROWS)('of %o, %o has the counts %o', (input, layer, expected) => {
  const model = modelSchema.parse({ id: 'm', title: 'm', input, layers: [layer] });
  expect(model.layers).toEqual([layer]);
  const [found] = summarize(model).layers;
  const { outputShape, weights, biases, nonTrainable, macs } = found ?? { outputShape: [] };
  expect([outputShape.join('x'), weights, biases, nonTrainable, macs]).toEqual(expected);
});

test.each<[LayerSpec, readonly number[], string]>([
  [{ kind: 'conv2d', filters: 4, kernel: 3, groups: 2 }, [5, 5, 3], '2 groups do not divide 3 channels and 4 filters'],
  [{ kind: 'conv2d', filters: 4, kernel: 6 }, [5, 5, 3], 'an input of 5x5x3 is too small'],
  [{ kind: 'conv2d', filters: 4, kernel: 3, dilation: 3 }, [5, 5, 3], 'an input of 5x5x3 is too small'],
  [{ kind: 'conv1d', filters: 4, kernel: 3 }, [5, 5, 3], 'needs an input of rank 2, got 5x5x3'],
  [{ kind: 'dense', units: 4 }, [5, 5, 3], 'needs an input of rank 1, got 5x5x3: put a flatten before it'],
  [{ kind: 'reshape', shape: [5, 5] }, [5, 6], 'cannot make 5x5 of 5x6: the number of values is another'],
  [{ kind: 'max-pool', size: [2, 4], padding: [2, 1] }, [5, 5, 1], 'padding 2 is more than half of 2'],
  [
    { kind: 'conv2d-transpose', filters: 1, kernel: 3, stride: 2, padding: 1, outputPadding: 2 },
    [5, 5, 1],
    'an output padding of 2 is not less than the stride',
  ],
  [
    { kind: 'conv2d-transpose', filters: 1, kernel: 3, stride: 2, padding: 'same', outputPadding: 1 },
    [5, 5, 1],
    'an output padding goes with a padding in pixels, not with same',
  ],
])('refuses %o on %o: %s', (layer, input, why) => {
  expect(() => summarize({ id: 'm', title: 'm', input, layers: [layer] })).toThrow(`m/${layer.kind}-1: ${why}`);
});
