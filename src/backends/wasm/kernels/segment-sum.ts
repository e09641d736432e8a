import type { KernelConfig, TensorInfo, UnsortedSegmentSumAttrs } from '@tensorflow/tfjs-core';
import type { Tf } from '../../tfjs.js';
import { kernelCaller, newTensor } from './call.js';
import { checkWhole, shapeName } from './checks.js';

/** Bytes of the sums that are kept in float64 at once. */
const SUMS_BYTES = 64 * 2 ** 20;

/**
 * Adds up the rows of each segment: the gradient of `gather`, and so of an embedding. Rows of a segment that there is not, are left out.
 *
 * x [N,...], segmentIds [N] -> [numSegments,...].
 */
export function unsortedSegmentSum(tf: Tf): KernelConfig {
  return {
    kernelName: 'UnsortedSegmentSum',
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs, backend }) => {
      const { x, segmentIds } = inputs as { x: TensorInfo; segmentIds: TensorInfo };
      const { numSegments } = attrs as unknown as UnsortedSegmentSumAttrs;
      checkWhole('UnsortedSegmentSum: the number of segments', [numSegments], 0);
      if (segmentIds.dtype !== 'int32' || !['float32', 'int32'].includes(x.dtype)) {
        throw new Error(
          `UnsortedSegmentSum on wasm needs float32 or int32, and ids of int32, got ${x.dtype} and ${segmentIds.dtype}`,
        );
      }
      if (segmentIds.shape.length !== 1 || x.shape.length === 0 || x.shape[0] !== segmentIds.shape[0]) {
        throw new Error(
          `UnsortedSegmentSum on wasm needs an id for each row, got ${shapeName(x.shape)} and ${shapeName(segmentIds.shape)}`,
        );
      }
      const [rows, ...rest] = x.shape as [number, ...number[]];
      const columns = tf.util.sizeFromShape(rest);
      const width = Math.max(1, Math.min(columns, Math.floor(SUMS_BYTES / (8 * Math.max(1, numSegments)))));
      const caller = kernelCaller(tf, backend);
      const compute = (_: number, result: TensorInfo) => {
        const [ids, from, to] = [segmentIds, x, result].map((each) => caller.heap.typedArrayFromHeap(each)) as [
          Float32Array,
          Float32Array,
          Float32Array,
        ];
        for (let first = 0; first < columns; first += width) {
          const count = Math.min(width, columns - first);
          const sums = new Float64Array(numSegments * count);
          for (let row = 0; row < rows; row++) {
            const segment = ids[row] as number;
            if (segment < 0 || segment >= numSegments) continue;
            for (let column = 0; column < count; column++) {
              const at = segment * count + column;
              sums[at] = (sums[at] as number) + (from[row * columns + first + column] as number);
            }
          }
          for (let segment = 0; segment < numSegments; segment++) {
            to.set(sums.subarray(segment * count, (segment + 1) * count), segment * columns + first);
          }
        }
      };
      return newTensor(caller, [numSegments, ...rest], compute, x.dtype as 'float32' | 'int32');
    },
  };
}
