import type { Conv2DBackpropInputAttrs } from '@tensorflow/tfjs-core';
import { explicitPadding, type Padding } from '../../padding.js';
import type { Conv2DInfo, Tf } from '../../tfjs.js';
import { checkWhole, shapeName } from './checks.js';

type Shape4D = [number, number, number, number];

/** Attributes that a convolution and both its gradients have. */
export type ConvolutionAttrs = Pick<Conv2DBackpropInputAttrs, 'strides' | 'pad' | 'dataFormat' | 'dimRoundingMode'> & {
  /** Of a forward convolution; tfjs has no gradients of dilated ones. */
  readonly dilations?: number | [number, number];
};

/**
 * Shapes and padding of a forward convolution, or of that which a gradient belongs to.
 *
 * @param input [N,H,W,C], or [N,C,H,W] where the attributes say so
 * @param filter [kh,kw,C,K]; depthwise, [kh,kw,C,M] for M results of each channel
 * @throws Error where no convolution has them: ranks, channels, fractions, negative sizes
 */
export function convolutionOf(
  tf: Tf,
  kernel: string,
  { strides, pad, dataFormat, dimRoundingMode, dilations = 1 }: ConvolutionAttrs,
  input: readonly number[],
  filter: readonly number[],
  depthwise = false,
): Conv2DInfo {
  if (input.length !== 4 || filter.length !== 4) {
    throw new Error(`${kernel} needs images and a filter of rank 4, got ${shapeName(input)} and ${shapeName(filter)}`);
  }
  const info = tf.backend_util.computeConv2DInfo(
    input as Shape4D,
    filter as Shape4D,
    strides,
    dilations,
    dataFormat === 'NHWC' ? explicitPadding(pad) : pad,
    dimRoundingMode,
    depthwise,
    tf.backend_util.convertConv2DDataFormat(dataFormat),
  );
  if (info.inChannels !== filter[2]) {
    throw new Error(
      `${kernel}: depth of input (${info.inChannels}) must match input depth for filter ${String(filter[2])}`,
    );
  }
  const { strideHeight, strideWidth, dilationHeight, dilationWidth, padInfo, outShape } = info;
  checkWhole(`${kernel}: strides`, [strideHeight, strideWidth], 1);
  checkWhole(`${kernel}: dilations`, [dilationHeight, dilationWidth], 1);
  checkWhole(`${kernel}: padding`, [padInfo.top, padInfo.bottom, padInfo.left, padInfo.right], 0);
  checkWhole(`${kernel}: the shape of the images`, input, 0);
  checkWhole(`${kernel}: the shape of the filter`, filter, 0);
  if (outShape.some((length) => length < 0)) {
    throw new Error(
      `${kernel}: windows of ${info.effectiveFilterHeight} by ${info.effectiveFilterWidth} are larger than the images ` +
        `of ${info.inHeight} by ${info.inWidth} with their padding`,
    );
  }
  // A quotient below zero may have been rounded to -0.
  const [outHeight, outWidth] = [info.outHeight + 0, info.outWidth + 0];
  return { ...info, outHeight, outWidth, outShape: outShape.map((length) => length + 0) as Shape4D };
}

/** Its padding in pixels. XNNPACK's own `same` is another one where the filter is shorter than the stride. */
export function paddingOf({ padInfo: { top, bottom, left, right } }: Conv2DInfo): Padding {
  return [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
}

/** Whether nothing is multiplied: no images, channels, filters, windows or taps. What comes of it is zero. */
export function isNothing({ inShape, outShape, filterShape }: Conv2DInfo): boolean {
  return [...inShape, ...outShape, ...filterShape].includes(0);
}
