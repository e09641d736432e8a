import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { ComputedMultiplyAdds, KernelCall } from '../../additions.js';
import type { Tf } from '../../tfjs.js';
import { geometryOf } from '../module/geometry.js';
import { isSpectral, multiplyAddsOfSpectra } from '../module/spectral.js';
import { convolutionOf } from './convolution-of.js';

/** What a convolution by transforms multiplies and adds in place of what it is by definition; the transforms are not counted. */
export function computedMultiplyAdds(tf: Tf): ComputedMultiplyAdds {
  return ({ name, inputs, attrs }: KernelCall) => {
    if (!name.includes('Conv2D')) return undefined;
    const { x, filter } = inputs as Partial<Record<string, TensorInfo>>;
    const given = attrs as Parameters<typeof convolutionOf>[2] & { inputShape?: number[]; filterShape?: number[] };
    const [input, weights] = [x?.shape ?? given.inputShape, filter?.shape ?? given.filterShape];
    if (given.dataFormat !== 'NHWC' || input === undefined || weights === undefined) return undefined;
    const geometry = geometryOf(convolutionOf(tf, name, given, input, weights));
    return isSpectral(geometry) ? multiplyAddsOfSpectra(geometry) : undefined;
  };
}
