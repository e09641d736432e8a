import type { Conv2DAttrs } from '@tensorflow/tfjs-core';

export type Padding = Conv2DAttrs['pad'];

/**
 * A pad in pixels as explicit padding, [[0, 0], [top, bottom], [left, right], [0, 0]] of NHWC; other pads unchanged.
 *
 * For a pad in pixels `computeConv2DInfo` of tfjs-core 4.22 takes both output lengths from the kernel height and the
 * vertical stride (`computeOutputShape2D`). With a kernel that is not square, or unequal strides, the width is then wrong,
 * and the wasm kernel writes past its buffer. For explicit padding it computes each length from its own axis, and where
 * both agree the geometry is the same. A kernel may convert: tfjs takes the shape of an output from what the kernel
 * returns, and hands the same pad to the kernels of the gradients. All three have to convert, or their shapes disagree.
 */
export function explicitPadding(pad: Padding): Padding {
  if (typeof pad !== 'number') return pad;
  return [
    [0, 0],
    [pad, pad],
    [pad, pad],
    [0, 0],
  ];
}
