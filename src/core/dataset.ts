/** `fashion-mnist`: one of the ledger. */
export type DatasetName = string;

/**
 * What stands behind the bytes that were trained on.
 * - `official`: every file has the pinned digest of the official release.
 * - `known-variant`: some file has a digest that is listed with what is different about it.
 * - `unknown`: the user named files whose digests nobody listed.
 * - `stand-in`: procedurally drawn images, because the data set could not be had. Never compared with a deck.
 */
export type Provenance = 'official' | 'known-variant' | 'unknown' | 'stand-in';

/** Identity of a data set as used, carried by every record. */
export interface DatasetIdentity {
  readonly name: DatasetName;
  /** SHA-256 over the per-file SHA-256 digests of the decompressed contents, in canonical file order. */
  readonly fingerprint: string;
  readonly provenance: Provenance;
  /** What is different about a known variant; absent otherwise. */
  readonly note?: string;
}

/** One split in memory. Images are [count, height, width, channels] (NHWC), one byte a value, 0 to 255. */
export interface Split {
  readonly count: number;
  readonly images: Uint8Array;
  /** Class index of each image, 0 to 9. */
  readonly labels: Uint8Array;
}

/** A loaded data set. */
export interface Dataset {
  readonly identity: DatasetIdentity;
  readonly imageShape: readonly [height: number, width: number, channels: number];
  readonly classes: readonly string[];
  readonly train: Split;
  readonly test: Split;
}
