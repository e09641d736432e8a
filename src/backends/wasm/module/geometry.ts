import type { Conv2DInfo } from '../../tfjs.js';

/** A 2-D convolution, NHWC, as the kernels see it. Padding is in pixels, and what it adds at the far edges follows from the rest. */
export interface Geometry {
  readonly batch: number;
  readonly height: Axis;
  readonly width: Axis;
  readonly channels: number;
  readonly filters: number;
}

/** One of the two axes that the filter slides along. */
export interface Axis {
  readonly input: number;
  readonly output: number;
  readonly taps: number;
  readonly stride: number;
  readonly dilation: number;
  /** Zeros before the input. */
  readonly padding: number;
}

export function geometryOf(info: Conv2DInfo): Geometry {
  return {
    batch: info.batchSize,
    height: {
      input: info.inHeight,
      output: info.outHeight,
      taps: info.filterHeight,
      stride: info.strideHeight,
      dilation: info.dilationHeight,
      padding: info.padInfo.top,
    },
    width: {
      input: info.inWidth,
      output: info.outWidth,
      taps: info.filterWidth,
      stride: info.strideWidth,
      dilation: info.dilationWidth,
      padding: info.padInfo.left,
    },
    channels: info.inChannels,
    filters: info.outChannels,
  };
}

/** From the first to the last number of the input that one window covers, both counted. */
export function windowLength({ taps, dilation }: Axis): number {
  return (taps - 1) * dilation + 1;
}

/** Multiply-adds of the convolution, and of either of its gradients. */
export function multiplyAdds({ batch, height, width, channels, filters }: Geometry): number {
  return batch * height.output * width.output * height.taps * width.taps * channels * filters;
}
