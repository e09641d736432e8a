import type { KernelConfig, ResizeBilinearGradAttrs, TensorInfo } from '@tensorflow/tfjs-core';
import type { Tf } from '../../tfjs.js';
import { kernelCaller, newTensor, newZeros, withTemporary, type KernelCaller } from './call.js';
import { checkFloats, shapeName } from './checks.js';

/** What a pixel along one axis is made of: the pixels of the input at `low` and `high`, with `share` of the second. */
interface Source {
  readonly low: number;
  readonly high: number;
  readonly share: number;
}

/**
 * Gradients of both ways to resize images: dy [N,Ho,Wo,C], images [N,H,W,C] -> [N,H,W,C]. Stock's know nothing of half-pixel centres, and
 * that of the nearest pixel is now and then one pixel off; tfjs's pure-JavaScript backend fails for images that are not square.
 */
export function resizeGradients(tf: Tf): KernelConfig[] {
  const config = (
    kernelName: string,
    sources: (caller: KernelCaller, input: number, output: number, attrs: ResizeBilinearGradAttrs) => readonly Source[],
  ): KernelConfig => ({
    kernelName,
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs, backend }) => {
      const { dy, images } = inputs as { dy: TensorInfo; images: TensorInfo };
      checkFloats(kernelName, { dy });
      const [batch, height, width, channels] = images.shape as [number, number, number, number];
      const [outBatch, outHeight, outWidth, outChannels] = dy.shape as [number, number, number, number];
      const fits = images.shape.length === 4 && dy.shape.length === 4 && batch === outBatch && channels === outChannels;
      if (!fits) {
        throw new Error(`${kernelName}: dy ${shapeName(dy.shape)} does not fit the images ${shapeName(images.shape)}`);
      }
      const caller = kernelCaller(tf, backend);
      const given = attrs as unknown as ResizeBilinearGradAttrs;
      const lines = sources(caller, height, outHeight, given);
      const places = sources(caller, width, outWidth, given);
      const dx = newZeros(caller, images.shape);
      const [from, to] = [caller.heap.typedArrayFromHeap(dy), caller.heap.typedArrayFromHeap(dx)];
      const add = (at: number, value: number) => void (to[at] = (to[at] as number) + value);
      let next = 0;
      for (let image = 0; image < batch; image++) {
        for (const line of lines) {
          const top = (image * height + line.low) * width * channels;
          const bottom = (image * height + line.high) * width * channels;
          for (const place of places) {
            const [left, right] = [place.low * channels, place.high * channels];
            for (let channel = 0; channel < channels; channel++) {
              const value = from[next++] as number;
              const below = value * line.share;
              add(top + left + channel, (value - below) * (1 - place.share));
              if (place.share !== 0) add(top + right + channel, (value - below) * place.share);
              if (line.share === 0) continue;
              add(bottom + left + channel, below * (1 - place.share));
              if (place.share !== 0) add(bottom + right + channel, below * place.share);
            }
          }
        }
      }
      return dx;
    },
  });
  return [
    config('ResizeBilinearGrad', (_, input, output, { alignCorners, ...attrs }) => {
      const { halfPixelCenters = false } = attrs as { halfPixelCenters?: boolean };
      const ends = alignCorners && output > 1 ? 1 : 0;
      const scale = Math.fround((input - ends) / (output - ends));
      return Array.from({ length: output }, (__, index) => {
        const at = halfPixelCenters ? (index + 0.5) * scale - 0.5 : index * scale;
        const low = Math.min(input - 1, Math.max(0, Math.floor(at)));
        const high = Math.min(input - 1, Math.max(0, Math.ceil(at)));
        return { low, high, share: low === high ? 0 : at - low };
      });
    }),
    // Which pixel is the nearest depends on roundings: the forward kernel says it.
    config('ResizeNearestNeighborGrad', (caller, input, output, { alignCorners, ...attrs }) => {
      if (input === 0 || output === 0) return [];
      const fill = (_: number, tensor: TensorInfo) =>
        caller.heap.typedArrayFromHeap(tensor).set(Float32Array.from({ length: input }, (__, index) => index));
      const { halfPixelCenters = false } = attrs as { halfPixelCenters?: boolean };
      const options = { alignCorners, halfPixelCenters, size: [output, 1] };
      return withTemporary(caller, (keep) => {
        const images = keep(newTensor(caller, [1, input, 1, 1], fill));
        const nearest = keep(caller.call('ResizeNearestNeighbor', { images }, options));
        return Array.from(caller.heap.typedArrayFromHeap(nearest), (low) => ({ low, high: low, share: 0 }));
      });
    }),
  ];
}
