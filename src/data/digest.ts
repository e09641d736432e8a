import { createHash } from 'node:crypto';

/** SHA-256 as 64 lower-case hexadecimal digits. */
export function sha256(bytes: NodeJS.ArrayBufferView | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/**
 * A data set's fingerprint: SHA-256 over the files' SHA-256 digests (of decompressed contents, as hexadecimal digits,
 * each ended by a newline) in canonical file order.
 */
export function fingerprintOf(digests: readonly string[]): string {
  return sha256(digests.map((digest) => `${digest}\n`).join(''));
}
