/** A file of the Python Package Index or a mirror of it. */
export interface Wheel {
  readonly project: string;
  readonly version: string;
  /** Name of the file: pip is told its tags, so that it takes this one whatever Python it runs on. */
  readonly file: string;
  readonly sha256: string;
  /** Of the file, in units of 1e6 bytes, rounded. */
  readonly megabytes: number;
}
