import { createHash } from 'node:crypto';

/**
 * SHA-256 of weights: for each tensor in model order its shape as text, then its values as little-endian float32.
 * Equal digests mean equal bits.
 */
export function weightsDigest(weights: readonly { shape: readonly number[]; values: Float32Array }[]): string {
  const hash = createHash('sha256');
  for (const { shape, values } of weights) {
    hash.update(`[${shape.join(',')}]`);
    const bytes = new DataView(new ArrayBuffer(values.length * 4));
    values.forEach((value, index) => bytes.setFloat32(index * 4, value, true));
    hash.update(bytes);
  }
  return hash.digest('hex');
}

export interface OrderDigest {
  /** The examples of the next steps. */
  add(batches: readonly Uint32Array[]): void;
  /** After this nothing can be added. */
  hex(): string;
}

/**
 * SHA-256 of the order in which examples are trained on: their indices in the split as little-endian uint32, step after step.
 */
export function orderDigest(): OrderDigest {
  const hash = createHash('sha256');
  return {
    add(batches) {
      for (const examples of batches) {
        const bytes = new DataView(new ArrayBuffer(examples.length * 4));
        examples.forEach((example, index) => bytes.setUint32(index * 4, example, true));
        hash.update(bytes);
      }
    },
    hex: () => hash.digest('hex'),
  };
}
