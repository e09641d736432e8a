import fc from 'fast-check';
import type { NamedAttrMap, NamedTensorMap, Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Tf } from '../../../src/backends/tfjs.js';
import { explicitPadding, type Padding } from '../../../src/backends/padding.js';
import { loadBackends, randomNumbers, relativeError } from '../../conformance/oracle.js';

let tf: Tf;
beforeAll(async () => {
  tf = await loadBackends();
});

const geometry = (kernel: [number, number], strides: [number, number], pad: Padding) => {
  const info = tf.backend_util.computeConv2DInfo([2, 11, 12, 3], [...kernel, 3, 4], strides, 1, pad);
  const { top, bottom, left, right } = info.padInfo;
  return { out: [info.outHeight, info.outWidth], pads: [top, bottom, left, right] };
};

const side = fc.integer({ min: 1, max: 5 });
const step = fc.integer({ min: 1, max: 3 });
const pixels = fc.integer({ min: 0, max: 4 });

describe('a pad in pixels made explicit', () => {
  test('gives each axis the length of its own kernel and stride', () => {
    fc.assert(
      fc.property(side, side, step, step, pixels, (kernelHeight, kernelWidth, strideHeight, strideWidth, pad) => {
        const windows = (length: number, kernel: number, stride: number) =>
          Array.from({ length: length + 2 * pad }, (_, at) => at).filter(
            (at) => at % stride === 0 && at + kernel <= length + 2 * pad,
          ).length;
        const { out, pads } = geometry([kernelHeight, kernelWidth], [strideHeight, strideWidth], explicitPadding(pad));
        expect(out).toEqual([windows(11, kernelHeight, strideHeight), windows(12, kernelWidth, strideWidth)]);
        expect(pads).toEqual([pad, pad, pad, pad]);
      }),
    );
  });

  test('changes nothing for a square kernel with equal strides', () => {
    fc.assert(
      fc.property(side, step, pixels, (kernel, stride, pad) => {
        const [shape, strides] = [[kernel, kernel] as [number, number], [stride, stride] as [number, number]];
        expect(geometry(shape, strides, explicitPadding(pad))).toEqual(geometry(shape, strides, pad));
      }),
    );
  });

  test.each<[Padding]>([
    ['valid'],
    ['same'],
    [
      [
        [0, 0],
        [1, 2],
        [3, 4],
        [0, 0],
      ],
    ],
  ])('%j stays as it is', (pad) => {
    expect(explicitPadding(pad)).toBe(pad);
  });
});

test('both gradients on wasm take a pad in pixels with a kernel that is not square and unequal strides', async () => {
  const random = randomNumbers(1);
  const [xShape, wShape, strides] = [
    [2, 9, 8, 3],
    [3, 2, 3, 4],
    [2, 1],
  ] as const;
  const x = random.values(2 * 9 * 8 * 3);
  const w = random.values(3 * 2 * 3 * 4);
  // Height (9 + 2 - 3) / 2 + 1, width 8 + 2 - 2 + 1.
  const dyShape = [2, 5, 9, 4] as const;
  const dy = random.values(2 * 5 * 9 * 4);
  const gradientsOn = async (backend: 'wasm' | 'cpu', pad: Padding) => {
    await tf.setBackend(backend);
    const tensors = {
      x: tf.tensor4d(x, [...xShape]),
      filter: tf.tensor4d(w, [...wShape]),
      dy: tf.tensor4d(dy, [...dyShape]),
    };
    const run = (name: string, inputs: NamedTensorMap, attrs: object): Tensor => {
      const common = { strides, pad, dataFormat: 'NHWC', ...attrs } as unknown as NamedAttrMap;
      return tf.engine().runKernel(name, inputs, common) as unknown as Tensor;
    };
    const results = [
      run('Conv2DBackpropInput', { dy: tensors.dy, filter: tensors.filter }, { inputShape: xShape }),
      run('Conv2DBackpropFilter', { x: tensors.x, dy: tensors.dy }, { filterShape: wShape }),
    ];
    const values = await Promise.all(results.map(async (result) => (await result.data()) as Float32Array));
    tf.dispose([results, Object.values(tensors)]);
    return values;
  };
  const actual = await gradientsOn('wasm', 1);
  const oracle = await gradientsOn('cpu', [
    [0, 0],
    [1, 1],
    [1, 1],
    [0, 0],
  ]);
  oracle.forEach((values, index) =>
    expect(relativeError(actual[index] as Float32Array, values)).toBeLessThanOrEqual(2e-6),
  );
});
