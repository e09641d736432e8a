import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Conv2DInfo } from '../../tfjs.js';
import { DirectConvolution, withoutPadding, zerosAround } from '../module/direct.js';
import { geometryOf, type Geometry } from '../module/geometry.js';
import type { KernelModule } from '../module/kernel-module.js';
import { isSpectral, SpectralConvolution } from '../module/spectral.js';
import { newTensor, newZeros, type KernelCaller } from './call.js';
import type { Conv2DGradients } from './conv2d-gradients.js';
import { isNothing } from './convolution-of.js';

/** A convolution and its gradients on tensors, by transforms or over the windows, whichever needs less work. */
export class Convolutions implements Conv2DGradients {
  readonly #spectral: SpectralConvolution;
  readonly #direct: DirectConvolution;

  /** @param isLive whether a tensor still has this data id */
  constructor(module: KernelModule, isLive: (dataId: object) => boolean) {
    this.#spectral = new SpectralConvolution(module, isLive);
    this.#direct = new DirectConvolution(module);
  }

  /** x [N,H,W,C], filter [kh,kw,C,K] -> y [N,Ho,Wo,K] */
  forward(caller: KernelCaller, info: Conv2DInfo, x: TensorInfo, filter: TensorInfo): TensorInfo {
    if (isNothing(info)) return newZeros(caller, info.outShape);
    const geometry = geometryOf(info);
    const at = (tensor: TensorInfo) => caller.heap.getMemoryOffset(tensor.dataId);
    return newTensor(caller, info.outShape, (y) => {
      if (isSpectral(geometry))
        this.#spectral.forward(geometry, at(x), { address: at(filter), values: filter.dataId }, y);
      else {
        withZeros(caller, geometry, x, (padded) => {
          this.#direct.forward(withoutPadding(geometry), at(padded), at(filter), y);
        });
      }
    });
  }

  /** dy [N,Ho,Wo,K], filter [kh,kw,C,K] -> dx [N,H,W,C] */
  inputGradient(caller: KernelCaller, info: Conv2DInfo, dy: TensorInfo, filter: TensorInfo): TensorInfo {
    const { heap, call, dispose } = caller;
    const geometry = geometryOf(info);
    const at = (tensor: TensorInfo) => heap.getMemoryOffset(tensor.dataId);
    if (isSpectral(geometry)) {
      return newTensor(caller, info.inShape, (dx) => {
        this.#spectral.inputGradient(geometry, at(dy), { address: at(filter), values: filter.dataId }, dx);
      });
    }
    const wide = withoutPadding(geometry);
    const { batch, channels } = geometry;
    const dx = newTensor(caller, [batch, wide.height.input, wide.width.input, channels], (address) => {
      this.#direct.inputGradient(wide, at(dy), at(filter), address);
    });
    if (!needsZeros(geometry)) return dx;
    const begin = [0, geometry.height.padding, geometry.width.padding, 0];
    const cropped = call('Slice', { x: dx }, { begin, size: [...info.inShape] });
    dispose(dx);
    return cropped;
  }

  /** x [N,H,W,C], dy [N,Ho,Wo,K] -> dw [kh,kw,C,K] */
  filterGradient(caller: KernelCaller, info: Conv2DInfo, x: TensorInfo, dy: TensorInfo): TensorInfo {
    const geometry = geometryOf(info);
    const at = (tensor: TensorInfo) => caller.heap.getMemoryOffset(tensor.dataId);
    return newTensor(caller, info.filterShape, (dw) => {
      if (isSpectral(geometry)) this.#spectral.filterGradient(geometry, at(x), at(dy), dw);
      else {
        withZeros(caller, geometry, x, (padded) => {
          this.#direct.filterGradient(withoutPadding(geometry), at(padded), at(dy), dw);
        });
      }
    });
  }

  dispose(): void {
    this.#spectral.dispose();
  }
}

function needsZeros({ height, width }: Geometry): boolean {
  return [...zerosAround(height), ...zerosAround(width)].some((zeros) => zeros > 0);
}

/** Lends x with the zeros of its padding around it. */
function withZeros(
  { call, dispose }: KernelCaller,
  geometry: Geometry,
  x: TensorInfo,
  use: (padded: TensorInfo) => void,
): void {
  if (!needsZeros(geometry)) return use(x);
  const paddings = [[0, 0], zerosAround(geometry.height), zerosAround(geometry.width), [0, 0]];
  const padded = call('PadV2', { x }, { paddings, constantValue: 0 });
  try {
    use(padded);
  } finally {
    dispose(padded);
  }
}
