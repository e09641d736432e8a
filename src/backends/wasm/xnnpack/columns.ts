import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Conv2DInfo } from '../../tfjs.js';
import type { KernelCaller } from '../kernels/call.js';

/** Bytes of the column buffer; images are taken in chunks that keep within it, one at the least. */
const COLUMN_BYTES = 64 * 2 ** 20;

/**
 * dx as dy times the transposed filter, which gives every product, [N Ho Wo, kh kw C], added up where windows overlap
 * (col2im). Needs no more multiplications than the forward pass, whatever stride and padding.
 */
export function backpropByColumns(
  { call, dispose, heap }: KernelCaller,
  dy: TensorInfo,
  filter: TensorInfo,
  info: Conv2DInfo,
) {
  const { batchSize, outHeight, outWidth, outChannels } = info;
  const positions = outHeight * outWidth;
  const products = info.filterHeight * info.filterWidth * info.inChannels;
  const chunk = Math.max(1, Math.floor(COLUMN_BYTES / (4 * positions * products)));

  const matrix = call('Transpose', { x: { ...filter, shape: [products, outChannels] } }, { perm: [1, 0] });
  const dx = heap.makeOutput([...info.inShape], 'float32');
  heap.typedArrayFromHeap(dx).fill(0);
  for (let first = 0; first < batchSize; first += chunk) {
    const images = Math.min(chunk, batchSize - first);
    const slice = { begin: [first, 0, 0, 0], size: [images, outHeight, outWidth, outChannels] };
    const part = images === batchSize ? dy : call('Slice', { x: dy }, slice);
    const a = { ...part, shape: [1, images * positions, outChannels] };
    const b = { ...matrix, shape: [1, outChannels, products] };
    const columns = call('BatchMatMul', { a, b }, { transposeA: false, transposeB: false });
    // A view of the heap is good only until the next allocation, so both are taken here.
    addColumns(heap.typedArrayFromHeap(columns), heap.typedArrayFromHeap(dx), first, images, info);
    dispose(columns);
    if (part !== dy) dispose(part);
  }
  dispose(matrix);
  return dx;
}

/** Adds each row of `columns`, one window of one image, to the pixels of `dx` that it came from. */
function addColumns(columns: Float32Array, dx: Float32Array, first: number, images: number, info: Conv2DInfo): void {
  const { inHeight, inWidth, inChannels, outHeight, outWidth, filterHeight, filterWidth, padInfo } = info;
  let from = 0;
  for (let image = first; image < first + images; image++) {
    for (let row = 0; row < outHeight; row++) {
      for (let column = 0; column < outWidth; column++) {
        const left = column * info.strideWidth - padInfo.left;
        const begin = Math.max(0, -left);
        const length = (Math.min(filterWidth, inWidth - left) - begin) * inChannels;
        for (let a = 0; a < filterHeight; a++, from += filterWidth * inChannels) {
          const y = row * info.strideHeight - padInfo.top + a;
          if (y < 0 || y >= inHeight) continue;
          const source = from + begin * inChannels;
          const to = ((image * inHeight + y) * inWidth + left + begin) * inChannels;
          for (let k = 0; k < length; k++) dx[to + k] = (dx[to + k] as number) + (columns[source + k] as number);
        }
      }
    }
  }
}
