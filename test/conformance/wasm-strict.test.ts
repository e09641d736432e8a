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

  test.for([[[3]], [[2, 2]], [[2, 2, 2, 2]]] as const)('a bias %j on a product [1, 2, 2]', ([shape]) => {
    const attrs = { transposeA: false, transposeB: false };
    for (const activation of ['linear', 'relu', 'elu']) {
      // Two rows of two are what a [2, 2] bias fits; stock takes one row.
      if (kernels === 'module' && activation !== 'elu' && shape.length === 2) continue;
      const operands = { a: tf.ones([1, 2, 2]), b: tf.ones([1, 2, 2]), bias: tf.ones([...shape]) };
      expectRefusal(() => run('_FusedMatMul', operands, { ...attrs, activation }), /bias|broadcast/);
      tf.dispose(operands);
    }
  });
});
