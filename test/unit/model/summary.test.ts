import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LayerSpec, ModelSpec, Shape } from '../../../src/core/model.js';
import { sizeOf, summarize } from '../../../src/model/summary.js';
import { outputLength } from '../../../src/model/layers/windows.js';

function only(layer: LayerSpec, input: Shape) {
  const [summary] = summarize({ id: 'one', title: 'One layer', input, layers: [layer] }).layers;
  if (!summary) throw new Error('one layer in, one layer out');
  return summary;
}

/**
 * Windows of PyTorch's pooling, counted one by one: with `ceil` one more may hang over the end, if it starts before the end
 * of the input (the padding in front counted, that behind not).
 */
function countWindows(input: number, size: number, stride: number, padding: number, ceil: boolean): number {
  let windows = 0;
  for (let start = -padding; ; start += stride) {
    const inside = start + size <= input + padding;
    const hanging = ceil && windows > 0 && start < input && start - stride + size < input + padding;
    if (!inside && !hanging) return windows;
    windows++;
  }
}

/** Positions of a window that is slid over a padded axis, counted one by one. */
function countPositions(input: number, kernel: number, stride: number, padding: number): number {
  let positions = 0;
  for (let start = -padding; start + kernel <= input + padding; start += stride) positions++;
  return positions;
}

describe('output lengths', () => {
  test('are the number of positions of a sliding window', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 64 }),
        fc.integer({ min: 1, max: 16 }),
        fc.integer({ min: 1, max: 6 }),
        fc.nat(5),
        (input, kernel, stride, padding) => {
          fc.pre(kernel <= input + 2 * padding);
          expect(outputLength(input, kernel, stride, padding)).toBe(countPositions(input, kernel, stride, padding));
        },
      ),
    );
  });

  test('with ceil count a last window that hangs over the edge', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 5 }),
        fc.nat(4),
        fc.boolean(),
        (input, size, stride, padding, ceil) => {
          fc.pre(size <= input + 2 * padding && 2 * padding <= size);
          expect(outputLength(input, size, stride, padding, ceil)).toBe(
            countWindows(input, size, stride, padding, ceil),
          );
        },
      ),
    );
    expect([outputLength(112, 3, 2, 0, true), outputLength(112, 3, 2, 0)]).toEqual([56, 55]);
  });

  test('of convolutions and poolings follow along both axes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 8, max: 40 }),
        fc.integer({ min: 8, max: 40 }),
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 4 }),
        fc.nat(3),
        (height, width, kernel, stride, padding) => {
          const conv = only({ kind: 'conv2d', filters: 5, kernel, stride, padding }, [height, width, 3]);
          const along = (length: number) => countPositions(length, kernel, stride, padding);
          expect(conv.outputShape).toEqual([along(height), along(width), 5]);
          const pool = only({ kind: 'max-pool', size: kernel, stride }, [height, width, 3]);
          const under = (length: number) => countPositions(length, kernel, stride, 0);
          expect(pool.outputShape).toEqual([under(height), under(width), 3]);
        },
      ),
    );
  });
});

describe('parameters', () => {
  test('of 10 filters of 3x3x3 are 280: the question deck 004 leaves open', () => {
    const { weights, biases } = only({ kind: 'conv2d', filters: 10, kernel: 3 }, [32, 32, 3]);
    expect([weights, biases, weights + biases]).toEqual([270, 10, 280]);
  });

  test('of a convolution do not depend on the size of the image, those of a dense layer do', () => {
    const conv = (side: number) => only({ kind: 'conv2d', filters: 4, kernel: 5 }, [side, side, 3]).weights;
    expect(conv(28)).toBe(conv(224));
    const dense = (side: number) => only({ kind: 'dense', units: 4 }, [side * side]).weights;
    expect([dense(28), dense(224)]).toEqual([3136, 200_704]);
  });

  test('are none for pooling, activations, dropout and flatten', () => {
    const layers: LayerSpec[] = [
      { kind: 'average-pool', size: 2 },
      { kind: 'tanh' },
      { kind: 'dropout', rate: 0.5 },
      { kind: 'flatten' },
    ];
    const { totals } = summarize({ id: 'free', title: 'Free', input: [8, 8, 3], layers });
    expect(totals).toEqual({ weights: 0, biases: 0, parameters: 0, nonTrainable: 0, activations: 4 * 48, macs: 0 });
  });
});

test('multiply-accumulates are those of the inner loops, counted one by one', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 4, max: 9 }),
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 2 }),
      fc.integer({ min: 1, max: 3 }),
      (side, kernel, stride, channels) => {
        const conv = only({ kind: 'conv2d', filters: 2, kernel, stride }, [side, side, channels]);
        let macs = 0;
        for (let top = 0; top + kernel <= side; top += stride) {
          for (let left = 0; left + kernel <= side; left += stride) macs += 2 * kernel * kernel * channels;
        }
        expect(conv.macs).toBe(macs);
      },
    ),
  );
});

describe('a summary', () => {
  const model: ModelSpec = {
    id: 'small',
    title: 'Small',
    input: [6, 6, 1],
    layers: [
      { kind: 'conv2d', name: 'stem', filters: 2, kernel: 3 },
      { kind: 'relu' },
      { kind: 'flatten' },
      { kind: 'dense', units: 4 },
      { kind: 'relu' },
      { kind: 'dense', units: 2 },
    ],
  };

  test('names a layer by its spec, else by kind and position', () => {
    expect(summarize(model).layers.map((layer) => layer.name)).toEqual([
      'stem',
      'relu-1',
      'flatten-1',
      'dense-1',
      'relu-2',
      'dense-2',
    ]);
  });

  test('hands each output to the next layer and adds everything up', () => {
    const { layers, totals } = summarize(model);
    layers.slice(1).forEach((layer, index) => expect(layer.inputShape).toBe(layers[index]?.outputShape));
    expect(layers.map((layer) => layer.activations)).toEqual([32, 32, 32, 4, 4, 2]);
    expect(layers.every((layer) => layer.activations === sizeOf(layer.outputShape))).toBe(true);
    expect(totals).toEqual({ weights: 154, biases: 8, parameters: 162, nonTrainable: 0, activations: 106, macs: 424 });
  });
});

describe('branches', () => {
  const nested: ModelSpec = {
    id: 'nested',
    title: 'Nested',
    input: [8, 8, 3],
    layers: [
      { kind: 'conv2d', filters: 4, kernel: 3, padding: 1, bias: false },
      {
        kind: 'concat',
        name: 'block',
        branches: [
          [{ kind: 'conv2d', filters: 2, kernel: 1 }, { kind: 'relu' }],
          [
            {
              kind: 'add',
              branches: [[{ kind: 'conv2d', filters: 4, kernel: 3, padding: 1 }, { kind: 'batch-norm' }], []],
            },
          ],
          [],
        ],
      },
      { kind: 'relu' },
      { kind: 'global-average-pool' },
      { kind: 'dense', units: 5, bias: false },
    ],
  };

  test('give their layers the path as name, and come before the layer that joins them', () => {
    expect(summarize(nested).layers.map(({ name, outputShape }) => `${name} ${outputShape.join('x')}`)).toEqual([
      'conv2d-1 8x8x4',
      'block/branch1/conv2d-1 8x8x2',
      'block/branch1/relu-1 8x8x2',
      'block/branch2/add-1/branch1/conv2d-1 8x8x4',
      'block/branch2/add-1/branch1/batch-norm-1 8x8x4',
      'block/branch2/add-1 8x8x4',
      'block 8x8x10',
      'relu-1 8x8x10',
      'global-average-pool-1 10',
      'dense-1 5',
    ]);
  });

  test('are counted like other layers, a normalisation with two parameters a channel and two that are not trained', () => {
    const { layers, totals } = summarize(nested);
    const convolutions = 3 * 3 * 3 * 4 + 4 * 2 + 3 * 3 * 4 * 4;
    expect(totals).toEqual({
      weights: convolutions + 4 + 10 * 5,
      biases: 2 + 4 + 4,
      parameters: convolutions + 4 + 10 * 5 + 10,
      nonTrainable: 8,
      activations: 64 * (4 + 2 + 2 + 4 + 4 + 4 + 10 + 10) + 10 + 5,
      macs: 64 * convolutions + 50,
    });
    expect(layers.find(({ name }) => name === 'block')).toMatchObject({
      branches: 3,
      weights: 0,
      inputShape: [8, 8, 4],
    });
  });

  test.each<[string, LayerSpec]>([
    [
      'one/b: 4x4x2 and 4x4x1 do not fit together',
      { kind: 'add', name: 'b', branches: [[{ kind: 'conv2d', filters: 2, kernel: 1 }], []] },
    ],
    [
      'one/b: 2x2x1 and 4x4x1 do not fit together',
      { kind: 'concat', name: 'b', branches: [[{ kind: 'max-pool', size: 2 }], []] },
    ],
    ['one/b: needs two branches or more', { kind: 'add', name: 'b', branches: [[]] }],
    [
      'one/b/branch2/dense-1: needs an input of rank 1',
      { kind: 'add', name: 'b', branches: [[], [{ kind: 'dense', units: 1 }]] },
    ],
  ])('that do not fit are refused: %s', (message, layer) => {
    const build = () => summarize({ id: 'one', title: 'One', input: [4, 4, 1], layers: [layer] });
    expect(build).toThrow(RangeError);
    expect(build).toThrow(message);
  });
});

describe('a layer that does not fit is refused, naming model and layer', () => {
  test.each<[string, LayerSpec, Shape, string]>([
    [
      'a kernel larger than the image',
      { kind: 'conv2d', name: 'c', filters: 1, kernel: 5 },
      [4, 4, 1],
      'one/c: an input of 4x4x1 is too small',
    ],
    [
      'a kernel one pixel too large, with stride 2',
      { kind: 'conv2d', name: 'c', filters: 1, kernel: 5, stride: 2 },
      [4, 4, 1],
      'too small',
    ],
    [
      'a pool larger than the image',
      { kind: 'max-pool', name: 'p', size: 3 },
      [2, 2, 1],
      'one/p: an input of 2x2x1 is too small',
    ],
    [
      'a pool with more padding than window',
      { kind: 'max-pool', name: 'p', size: 3, padding: 2 },
      [4, 4, 1],
      'one/p: padding 2 is more than half of 3',
    ],
    [
      'a dense layer on an image',
      { kind: 'dense', name: 'd', units: 2 },
      [4, 4, 1],
      'one/d: needs an input of rank 1, got 4x4x1',
    ],
    [
      'a convolution on a vector',
      { kind: 'conv2d', name: 'c', filters: 1, kernel: 1 },
      [16],
      'one/c: needs an input of rank 3, got 16',
    ],
  ])('%s', (_, layer, input, message) => {
    expect(() => only(layer, input)).toThrow(RangeError);
    expect(() => only(layer, input)).toThrow(message);
  });
});
