import type { PixelScale } from './deck-data.js';

/** `fashion-mnist`: one of the ledger. */
export type DatasetName = string;

/**
 * What stands behind the values that were trained on.
 * - `official`: every file has the pinned digest of the official release.
 * - `known-variant`: some file has a digest that is listed with what is different about it.
 * - `deck`: files that a deck names, with the digest that it states if it states one.
 * - `unknown`: the user named files whose digests nobody listed, or the deck's files have another digest than it states.
 * - `stand-in`: procedurally drawn images, because the data set could not be had. Never compared with a deck.
 */
export const PROVENANCES = ['official', 'known-variant', 'deck', 'unknown', 'stand-in'] as const;
export type Provenance = (typeof PROVENANCES)[number];

/** Identity of a data set as used, carried by every record. */
export interface DatasetIdentity {
  readonly name: DatasetName;
  /**
   * Of a built-in set as it is: SHA-256 over the per-file SHA-256 digests of the decompressed contents, in canonical file order. Of the
   * set of a deck: over decoded pixels, labels and scaling.
   */
  readonly fingerprint: string;
  readonly provenance: Provenance;
  /** What is different about a known variant; absent otherwise. */
  readonly note?: string;
}

/** Values of pixels: bytes, or what the files hold as numbers. */
export type Pixels = Uint8Array | Float32Array;

/** Class indices: two bytes each where there are more than 256 classes. */
export type Labels = Uint8Array | Uint16Array;

/** One split in memory. Images are [count, height, width, channels] (NHWC). */
export interface Split {
  readonly count: number;
  readonly images: Pixels;
  /** Class index of each image. */
  readonly labels: Labels;
}

/** A split of bytes with at most 256 classes: what the files of the built-in sets and the stand-ins are. */
export interface ByteSplit extends Split {
  readonly images: Uint8Array;
  readonly labels: Uint8Array;
}

/** A loaded data set. */
export interface Dataset {
  readonly identity: DatasetIdentity;
  readonly imageShape: readonly [height: number, width: number, channels: number];
  readonly classes: readonly string[];
  /** How values become what the network sees. Absent: bytes to [-1, 1]. */
  readonly scale?: PixelScale | undefined;
  readonly train: Split;
  readonly test: Split;
}
