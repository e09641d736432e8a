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
