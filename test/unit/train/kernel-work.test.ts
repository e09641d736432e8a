import { expect, test } from 'vitest';
import { multiplyAddsOf } from '../../../src/train/kernel-work.js';

const tensor = (...shape: number[]) => ({ dataId: {}, shape, dtype: 'float32' as const });

/** 9 numbers of 2 channels for each of 3 by 2 outputs of 5 filters, 4 images. */
const CONVOLUTION = 4 * 3 * 2 * 5 * 3 * 3 * 2;
const [x, filter, y] = [tensor(4, 5, 4, 2), tensor(3, 3, 2, 5), tensor(4, 3, 2, 5)];

test.each([
  ['BatchMatMul', { a: tensor(2, 7), b: tensor(7, 3) }, {}, tensor(2, 3), 42],
  ['BatchMatMul', { a: tensor(7, 2), b: tensor(3, 7) }, { transposeA: true, transposeB: true }, tensor(2, 3), 42],
  ['BatchMatMul', { a: tensor(4, 2, 7), b: tensor(4, 7, 3) }, {}, tensor(4, 2, 3), 168],
  ['_FusedMatMul', { a: tensor(2, 7), b: tensor(7, 3), bias: tensor(3) }, {}, tensor(2, 3), 42],
  ['Conv2D', { x, filter }, {}, y, CONVOLUTION],
  ['FusedConv2D', { x, filter, bias: tensor(5) }, {}, y, CONVOLUTION],
  ['Conv2DBackpropInput', { dy: y, filter }, { inputShape: x.shape }, x, CONVOLUTION],
  ['Conv2DBackpropFilter', { x, dy: y }, { filterShape: filter.shape }, filter, CONVOLUTION],
  ['Add', { a: x, b: x }, {}, x, 0],
])('multiply-adds of %s', (name, inputs, attrs, output, expected) => {
  expect(multiplyAddsOf({ name, inputs, attrs }, output)).toBe(expected);
});
