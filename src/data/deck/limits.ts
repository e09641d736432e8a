import { CnnbenchError } from '../../core/errors.js';

/** What the data of a deck may be at most: a file of a stranger must not fill the memory. */
export const LIMITS = {
  /** Of a file, on disk and inflated, bytes. Files that are read piece by piece (Parquet) may be larger on disk. */
  file: 2 ** 30,
  /** Of all images of a split, as they are trained on, bytes. */
  split: 2 ** 31,
  /** Of a split. */
  images: 2_000_000,
  /** Of one PNG or JPEG file, bytes. */
  picture: 2 ** 26,
  /** Of one decoded picture. */
  pixels: 2 ** 24,
} as const;

/** @throws CnnbenchError E_DATA_LIMIT where `found` is above `most` */
export function checkLimit(what: string, found: number, most: number, unit: string): void {
  if (found <= most) return;
  throw new CnnbenchError(
    'E_DATA_LIMIT',
    `${what}: ${found.toLocaleString('en')} ${unit}; at most ${most.toLocaleString('en')} are read.`,
    'Use a part of the data, or smaller images; docs/decks-data.md has the limits.',
  );
}
