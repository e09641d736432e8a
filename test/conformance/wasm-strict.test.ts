import type { NamedAttrMap, Tensor } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Tf } from '../../src/backends/tfjs.js';
import { startTunedWasm, type TunedWasm } from '../../src/backends/wasm/tuned.js';
import '@tensorflow/tfjs-layers';

const SETS = ['module', 'xnnpack'] as const;

describe.for(SETS)('%s: what stock refuses is refused', (kernels) => {
  let tuned: TunedWasm;
  let tf: Tf;
  beforeAll(async () => {
    tuned = await startTunedWasm({ kernels, threads: kernels === 'module' ? 2 : 1 });
    ({ tf } = tuned);
  });
  afterAll(() => tuned.stop());

  const run = (kernel: string, inputs: Record<string, Tensor>, attrs: object) =>
    tf.tidy(() => [
      ...tf
        .engine()
        .runKernel<Tensor>(kernel, inputs, attrs as NamedAttrMap)
        .dataSync(),
    ]);
  /** A refusal leaves nothing behind. */
  const expectRefusal = (compute: () => unknown, why: RegExp) => {
    const before = tf.memory();
    expect(() => tf.tidy(() => void compute())).toThrow(why);
    expect(tf.memory()).toEqual(before);
  };

  test.for([
    [[2, 3], [4, 2], false, false, /inner shapes \(3\) and \(4\)/],
    [[2, 3], [2, 3], false, false, /inner shapes \(3\) and \(2\)/],
    [[3, 2], [4, 2], true, false, /inner shapes \(3\) and \(4\)/],
    [[2, 3], [2, 4], false, true, /inner shapes \(3\) and \(4\)/],
    [[3, 2], [2, 4], true, true, /inner shapes \(3\) and \(4\)/],
    [[2, 3], [3], false, false, /rank 2/],
    [[3], [3, 2], false, false, /rank 2/],
    [[], [], false, false, /rank 2/],
    [[2, 2, 3], [3, 3, 2], false, false, /broadcast/],
    [[1, 2, 3], [1, 4, 2], false, false, /inner shapes/],
  ] as const)('product of %j and %j, transposed %j, %j', ([a, b, transposeA, transposeB, why]) => {
    const attrs = { transposeA, transposeB, activation: 'linear' };
    for (const kernel of ['BatchMatMul', '_FusedMatMul']) {
      expectRefusal(() => run(kernel, { a: tf.ones([...a]), b: tf.ones([...b]) }, attrs), why);
    }
    if (a.length > 1 && b.length > 1) {
      expectRefusal(() => tf.matMul(tf.ones([...a]), tf.ones([...b]), transposeA, transposeB), why);
    }
  });

  test.for(['int32', 'bool'] as const)('product of %s', (dtype) => {
    const attrs = { transposeA: false, transposeB: true, activation: 'linear' };
    for (const kernel of ['BatchMatMul', '_FusedMatMul']) {
      expectRefusal(
        () => run(kernel, { a: tf.ones([2, 2]), b: tf.ones([2, 2], dtype) }, attrs),
        /float32, got b of (int32|bool)/,
      );
    }
  });

  test.for([[[3]], [[2, 2, 2, 2]]] as const)('a bias %j on a product [1, 2, 2]', ([shape]) => {
    const attrs = { transposeA: false, transposeB: false };
    for (const activation of ['linear', 'relu', 'elu']) {
      const operands = { a: tf.ones([1, 2, 2]), b: tf.ones([1, 2, 2]), bias: tf.ones([...shape]) };
      expectRefusal(() => run('_FusedMatMul', operands, { ...attrs, activation }), /bias|broadcast/);
      tf.dispose(operands);
    }
  });

  const CONVOLUTION = { strides: [1, 1], pad: 'valid', dataFormat: 'NHWC', dilations: [1, 1], activation: 'linear' };
  /** Shapes and attributes that stand for a convolution, forward and of both gradients. */
  interface Convolution {
    x?: number[];
    filter?: number[];
    dy?: number[];
    attrs?: object;
  }
  const kernelsOf = ({ x = [1, 4, 4, 2], filter = [3, 3, 2, 5], dy = [1, 2, 2, 5], attrs = {} }: Convolution) => {
    const [inputShape, filterShape] = [x, filter];
    const all = { ...CONVOLUTION, ...attrs };
    return {
      Conv2D: () => run('Conv2D', { x: tf.ones(x), filter: tf.ones(filter) }, all),
      FusedConv2D: () => run('FusedConv2D', { x: tf.ones(x), filter: tf.ones(filter) }, all),
      Conv2DBackpropInput: () =>
        run('Conv2DBackpropInput', { dy: tf.ones(dy), filter: tf.ones(filter) }, { ...all, inputShape }),
      Conv2DBackpropFilter: () =>
        run('Conv2DBackpropFilter', { x: tf.ones(x), dy: tf.ones(dy) }, { ...all, filterShape }),
    };
  };
  const GRADIENTS = ['Conv2DBackpropInput', 'Conv2DBackpropFilter'] as const;
  const ALL = ['Conv2D', 'FusedConv2D', ...GRADIENTS] as const;

  test.for([
    ['a channel too many', { x: [1, 4, 4, 3] }, /depth of input \(3\)/],
    ['no rank 4', { x: [4, 4, 2] }, /rank 4/],
    ['half a stride', { attrs: { strides: [0.5, 1] } }, /strides must be whole/],
    ['stride 0', { attrs: { strides: 0 } }, /strides must be whole/],
    ['a negative stride', { attrs: { strides: [1, -1] } }, /strides must be whole/],
    ['dilation 1.5', { attrs: { dilations: 1.5 } }, /dilations must be whole/],
    ['negative padding', { attrs: { pad: -1 } }, /padding must be whole/],
    ['half a pixel', { attrs: { pad: 0.5 } }, /padding must be whole/],
    ['no such padding', { attrs: { pad: 'full' } }, /Unknown padding/],
    ['a large window', { x: [1, 1, 1, 2] }, /windows of 3 by 3 are larger than the images of 1 by 1/],
    ['a window wide by dilation', { attrs: { dilations: 4 } }, /windows of 9 by 9 are larger/],
  ] as const)('a convolution with %s', ([, problem, why]) => {
    const computations = kernelsOf(problem as Convolution);
    for (const kernel of ALL) {
      // Gradients have no dilation.
      if ('attrs' in problem && 'dilations' in problem.attrs && kernel.includes('Backprop')) continue;
      expectRefusal(computations[kernel], why);
    }
  });

  test.for([
    ['too small', { dy: [1, 1, 2, 5] }],
    ['of other images', { dy: [0, 2, 2, 5] }],
    ['of other channels', { dy: [1, 2, 2, 6] }],
    ['of another rank', { dy: [2, 2, 5] }],
  ] as const)('dy %s', ([, problem]) => {
    const computations = kernelsOf(problem as unknown as Convolution);
    for (const kernel of GRADIENTS) expectRefusal(computations[kernel], /dy \[.*\] is not the shape/);
  });

  test('dy that is larger, of a filter', () => {
    expectRefusal(kernelsOf({ dy: [1, 3, 2, 5] }).Conv2DBackpropFilter, /dy \[1, 3, 2, 5\] is not the shape/);
  });

  test('dy that is larger, of an input: what is beyond the output does not count, as in stock', () => {
    const dy = tf.randomUniform([2, 8, 9, 8], -1, 1, 'float32', 1);
    for (const side of [3, 7]) {
      const filter = tf.randomUniform([side, side, 8, 8], -1, 1, 'float32', 2);
      const attrs = { ...CONVOLUTION, pad: 'same', inputShape: [1, 4, 4, 8] };
      const cropped = tf.slice(dy, [0, 0, 0, 0], [1, 4, 4, 8]);
      expect(run('Conv2DBackpropInput', { dy, filter }, attrs)).toEqual(
        run('Conv2DBackpropInput', { dy: cropped, filter }, attrs),
      );
      tf.dispose([filter, cropped]);
    }
    dy.dispose();
  });

  test.for(['x', 'filter', 'dy'] as const)('integers as %s of a convolution', (name) => {
    const tensors = { x: tf.ones([1, 4, 4, 2]), filter: tf.ones([3, 3, 2, 5]), dy: tf.ones([1, 2, 2, 5]) };
    const operands = { ...tensors, [name]: tf.cast(tensors[name], 'int32') };
    const attrs = { ...CONVOLUTION, inputShape: [1, 4, 4, 2], filterShape: [3, 3, 2, 5] };
    for (const kernel of ALL) {
      const names = kernel.endsWith('Input')
        ? ['dy', 'filter']
        : kernel.endsWith('Filter')
          ? ['x', 'dy']
          : ['x', 'filter'];
      const inputs = Object.fromEntries(names.map((each) => [each, operands[each as typeof name]]));
      if (names.includes(name)) expectRefusal(() => run(kernel, inputs, attrs), /float32/);
    }
    tf.dispose([tensors, operands]);
  });

  test.for([
    ['no channels', { x: [1, 4, 4, 0], filter: [3, 3, 0, 5] }],
    ['no filters', { filter: [3, 3, 2, 0], dy: [1, 2, 2, 0] }],
    ['no images', { x: [0, 4, 4, 2], dy: [0, 2, 2, 5] }],
    ['no window', { x: [1, 2, 2, 2], dy: [1, 0, 0, 5] }],
    ['no window, for a stride', { x: [1, 1, 1, 2], dy: [1, 0, 0, 5], attrs: { strides: 2 } }],
    ['no pixels', { x: [1, 0, 0, 2], attrs: { pad: 2 } }],
    ['many channels of none', { x: [2, 16, 16, 0], filter: [7, 7, 0, 16], dy: [2, 10, 10, 16] }],
  ] as const)('a convolution of %s is zero, and so are its gradients', ([, problem]) => {
    const computations = kernelsOf(problem as unknown as Convolution);
    // What a tensor that is gone leaves in memory.
    tf.dispose([9, 18, 90, 1000].map((size) => tf.fill([size], 7)));
    for (const kernel of ALL)
      expect(
        computations[kernel]().every((value) => value === 0),
        kernel,
      ).toBe(true);
  });

  test('the gradient of images in another format is left to stock', () => {
    const attrs = { ...CONVOLUTION, dataFormat: 'NCHW', inputShape: [1, 2, 4, 4] };
    const dy = tf.randomUniform([1, 5, 2, 2], -1, 1, 'float32', 1);
    const filter = tf.randomUniform([3, 3, 2, 5], -1, 1, 'float32', 2);
    const [channelsLast, filters] = [tf.transpose(dy, [0, 2, 3, 1]), tf.clone(filter)];
    const found = run('Conv2DBackpropInput', { dy, filter }, attrs);
    const wanted = tf.tidy(() => {
      const given = { ...CONVOLUTION, inputShape: [1, 4, 4, 2] } as NamedAttrMap;
      const dx = tf.engine().runKernel<Tensor>('Conv2DBackpropInput', { dy: channelsLast, filter: filters }, given);
      return [...tf.transpose(dx, [0, 3, 1, 2]).dataSync()];
    });
    found.forEach((value, index) => expect(value).toBeCloseTo(wanted[index] as number, 5));
    expectRefusal(
      () => run('Conv2DBackpropInput', { dy: channelsLast, filter }, attrs),
      /dy \[1, 2, 2, 5\] is not the shape/,
    );
    tf.dispose([dy, filter, channelsLast, filters]);
  });
});

test.for([0, -1, NaN, 1.5, Infinity, '2'])('%s threads are refused', async (threads) => {
  for (const kernels of SETS) {
    const started = startTunedWasm({ kernels, threads: threads as number });
    await expect(started).rejects.toMatchObject({ code: 'E_USAGE', message: expect.stringContaining('threads') });
  }
});

test.for(SETS)('%s: a second stop does nothing', async (kernels) => {
  const first = await startTunedWasm({ kernels });
  await first.stop();
  const second = await startTunedWasm({ kernels });
  const { tf } = second;
  const registered = tf.getKernelsForBackend('wasm').length;
  await first.stop();
  expect(tf.getKernelsForBackend('wasm')).toHaveLength(registered);
  await Promise.all([second.stop(), second.stop()]);
  expect(tf.matMul([[2]], [[3]]).dataSync()[0]).toBe(6);
});
