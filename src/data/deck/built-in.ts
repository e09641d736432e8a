import type { Dataset, DatasetIdentity, Pixels, Split } from '../../core/dataset.js';
import type { DeckData } from '../../core/deck-data.js';
import { complaint } from './complain.js';
import { prepare } from './prepare.js';
import { fingerprintWith } from './read.js';

type Shape = Dataset['imageShape'];

/** A built-in set as a deck wants it. */
export function prepareBuiltIn(data: DeckData, base: Dataset, identity: DatasetIdentity): Dataset {
  const imageShape = preparedShape(data, base.imageShape);
  const split = (of: Split): Split => ({ ...of, images: prepareAll(data, of, base.imageShape, imageShape) });
  const classes = namesOf(data, base.classes);
  return { identity, imageShape, classes, scale: data.scale, train: split(base.train), test: split(base.test) };
}

/** The shape that a built-in set has when a deck is done with it. */
export function preparedShape(
  { prepare: { channels, resize, pad } = {} }: Pick<DeckData, 'prepare'>,
  shape: Shape,
): Shape {
  const [height, width] = resize ?? shape;
  const [above = 0, below = 0, left = 0, right = 0] = pad ?? [];
  return [height + above + below, width + left + right, channels ?? shape[2]];
}

function prepareAll({ prepare: steps }: DeckData, { count, images }: Split, from: Shape, to: Shape): Pixels {
  if (steps === undefined) return images;
  const [height, width, channels] = from;
  const [size, prepared] = [height * width * channels, to[0] * to[1] * to[2]];
  const target = new Uint8Array(count * prepared);
  for (let index = 0; index < count; index++) {
    const values = images.subarray(index * size, (index + 1) * size);
    target.set(prepare({ height, width, channels: channels as 1 | 3, values }, steps).values, index * prepared);
  }
  return target;
}

/** @throws E_DATA_CLASS where a deck has another number of classes than the set */
export function namesOf(
  { classes, title }: Pick<DeckData, 'classes' | 'title'>,
  own: readonly string[],
): readonly string[] {
  const count = typeof classes === 'object' ? classes.length : (classes ?? own.length);
  if (count !== own.length)
    throw complaint('E_DATA_CLASS', `${title} has ${own.length} classes; the deck says ${count}.`);
  return typeof classes === 'object' ? classes : own;
}

/**
 * Of a built-in set as it is, scaled to [-1, 1] as the built-in decks are: the set's own, so that results compare. Otherwise a digest of it
 * and of what the deck does to it.
 */
export function builtInIdentity(
  { name, source, scale, prepare: steps }: DeckData,
  base: DatasetIdentity,
): DatasetIdentity {
  const half = (values: readonly number[] | undefined) => values?.every((value) => value === 0.5) === true;
  const coarse = source.format === 'built-in' ? source.labels : undefined;
  const isPlain =
    steps === undefined && coarse === undefined && scale.divide === 255 && half(scale.mean) && half(scale.sd);
  if (isPlain) return { ...base, name };
  const { channels, resize, pad } = steps ?? {};
  const more = JSON.stringify([coarse ?? '', channels ?? 0, resize ?? [], pad ?? []]);
  return { ...base, name, fingerprint: fingerprintWith(base.fingerprint, scale, more) };
}
