import type { Pixels } from '../../core/dataset.js';

/** A picture as decoded, channels last. */
export interface RawImage {
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
  readonly values: Pixels;
}

/** A split as its files hold it. Every reader gives one. */
export interface RawSplit {
  readonly count: number;
  /** In the order of the files. Whoever reads them is done with one before the next. */
  readonly images: () => AsyncIterable<RawImage> | Iterable<RawImage>;
  /** Numbers as they are, or the words of a table. */
  readonly labels: readonly (number | string)[];
  /** Names by label, where the files have them. */
  readonly classes?: readonly string[];
  /** How messages name an image. */
  readonly nameOf: (index: number) => string;
}

/** Images of one size that lie one after the other. */
export function* equalImages(
  values: Pixels,
  { height, width, channels }: Omit<RawImage, 'values'>,
): Generator<RawImage> {
  const size = height * width * channels;
  for (let at = 0; at < values.length; at += size) {
    yield { height, width, channels, values: values.subarray(at, at + size) };
  }
}

/** The splits of several files as one, in the order of the files. */
export function joinSplits(parts: readonly RawSplit[]): RawSplit {
  const [first] = parts;
  if (first === undefined) throw new TypeError('no files');
  if (parts.length === 1) return first;
  return {
    count: parts.reduce((sum, { count }) => sum + count, 0),
    async *images() {
      for (const { images } of parts) yield* images();
    },
    labels: parts.flatMap(({ labels }) => labels),
    ...(first.classes && { classes: first.classes }),
    nameOf(index) {
      let left = index;
      const part = parts.find(({ count }) => left < count || ((left -= count), false)) ?? first;
      return part.nameOf(left);
    },
  };
}
