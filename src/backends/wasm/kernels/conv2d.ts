import type { Conv2DAttrs, FusedConv2DAttrs, KernelConfig, KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import type { Conv2DInfo, Tf } from '../../tfjs.js';
import type { KernelModule } from '../module/kernel-module.js';
import { withBias } from './bias.js';
import { kernelCaller, newZeros, type KernelCaller } from './call.js';
import { checkBias, checkFloats } from './checks.js';
import { convolutionOf, isNothing, paddingOf } from './convolution-of.js';
import type { Convolutions } from './convolutions.js';
import { inParts, needsParts } from './fused.js';

/** x [N,H,W,C], filter [kh,kw,C,K] -> [N,Ho,Wo,K]. Other formats than NHWC go to `stock`. */
export function conv2d(tf: Tf, convolutions: Convolutions, stock: KernelFunc): KernelConfig {
  return {
    kernelName: 'Conv2D',
    backendName: 'wasm',
    kernelFunc: (params) => {
      const { x, filter } = params.inputs as { x: TensorInfo; filter: TensorInfo };
      const attrs = params.attrs as unknown as Conv2DAttrs;
      if (attrs.dataFormat !== 'NHWC') return stock(params);
      checkFloats('Conv2D', { x, filter });
      const info = convolutionOf(tf, 'Conv2D', attrs, x.shape, filter.shape);
      return convolutions.forward(kernelCaller(tf, params.backend), info, x, filter);
    },
  };
}

/** The same with a bias, [K] or what broadcasts, and a ReLU or nothing after it; other activations go to `stock`. */
export function fusedConv2d(tf: Tf, convolutions: Convolutions, module: KernelModule, stock: KernelFunc): KernelConfig {
  return {
    kernelName: 'FusedConv2D',
    backendName: 'wasm',
    kernelFunc: (params) => {
      const { x, filter, bias } = params.inputs as { x: TensorInfo; filter: TensorInfo; bias?: TensorInfo };
      const attrs = params.attrs as unknown as FusedConv2DAttrs;
      if (attrs.dataFormat !== 'NHWC') return stock(params);
      checkFloats('FusedConv2D', { x, filter });
      const info = convolutionOf(tf, 'FusedConv2D', attrs, x.shape, filter.shape);
      checkBias(tf, 'FusedConv2D', bias, info.outShape);
      const caller = kernelCaller(tf, params.backend);
      const isSimple = attrs.activation === 'linear' || attrs.activation === 'relu';
      if (!isSimple) return fusedByStock(caller, info, params, stock);
      const y = convolutions.forward(caller, info, x, filter);
      return withBias(module, caller, y, bias, attrs.activation === 'relu');
    },
  };
}

/** Stock's convolutions, plain and fused, with our checks, a padding that it computes rightly, and a bias of any shape that broadcasts. */
export function stockConvolutions(tf: Tf, stock: (name: string) => KernelFunc): KernelConfig[] {
  return (['Conv2D', 'FusedConv2D'] as const).map((kernelName) => {
    const other = stock(kernelName);
    const kernelFunc: KernelFunc = (params) => {
      const { x, filter, bias } = params.inputs as { x: TensorInfo; filter: TensorInfo; bias?: TensorInfo };
      const attrs = params.attrs as unknown as Conv2DAttrs;
      if (attrs.dataFormat !== 'NHWC') return other(params);
      checkFloats(kernelName, { x, filter });
      const info = convolutionOf(tf, kernelName, attrs, x.shape, filter.shape);
      checkBias(tf, kernelName, bias, info.outShape);
      const caller = kernelCaller(tf, params.backend);
      if (kernelName === 'FusedConv2D') return fusedByStock(caller, info, params, other);
      if (isNothing(info)) return newZeros(caller, info.outShape);
      return other({ ...params, attrs: { ...params.attrs, pad: paddingOf(info) } });
    };
    return { kernelName, backendName: 'wasm', kernelFunc };
  });
}

function fusedByStock(
  caller: KernelCaller,
  info: Conv2DInfo,
  params: Parameters<KernelFunc>[0],
  stock: KernelFunc,
): TensorInfo {
  if (isNothing(info) || needsParts(params.inputs, info.outShape)) return inParts(caller, 'Conv2D', params);
  return stock({ ...params, attrs: { ...params.attrs, pad: paddingOf(info) } }) as TensorInfo;
}
