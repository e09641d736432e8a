import type { Pixels } from '../../core/dataset.js';
import type { ImageSource } from '../../core/deck-data.js';
import { complaint } from './complain.js';
import { locate, readBounded } from './files.js';
import { checkLimit, LIMITS } from './limits.js';
import { readNpy, type NpyArray } from './npy.js';
import { labelsOf, pixelsOf } from './numbers.js';
import { equalImages, type RawSplit } from './raw.js';
import { openZip } from './zip.js';

type NpzSource = Extract<ImageSource, { format: 'npz' }>;

/** Images and labels of two arrays of an archive that `numpy.savez` or `savez_compressed` wrote. */
export async function readNpz(
  folders: readonly string[],
  { file, images, labels }: NpzSource['train'],
  form: Pick<NpzSource, 'layout' | 'shape'>,
): Promise<RawSplit> {
  const zip = openZip(await readBounded(await locate(folders, file), LIMITS.file), file);
  const array = (name: string): NpyArray => {
    const what = `the array ${name} in ${file}`;
    const content = zip.read(`${name}.npy`);
    if (content !== undefined) return readNpy(content, what);
    const names = zip.names.map((entry) => entry.replace(/\.npy$/, '')).join(', ');
    throw complaint('E_DATA_FORMAT', `${file} has no array "${name}"; it has ${names}.`);
  };
  const pictures = array(images);
  const [count = 0] = pictures.shape;
  const nameOf = (index: number) => `image ${index} of ${images} in ${file}`;
  checkLimit(`${images} in ${file}`, count, LIMITS.images, 'images');
  const { height, width, channels, channelsFirst } = formOf(pictures, form, `${images} in ${file}`);
  if (!('numbers' in pictures.values)) throw complaint('E_DATA_FORMAT', `${images} in ${file} holds words, no pixels.`);
  const size = height * width * channels;
  const values = pixelsOf(pictures.values.numbers, (index) => nameOf(Math.floor(index / size)));
  const ordered = channelsFirst ? toChannelsLast(values, height * width, channels) : values;
  return {
    count,
    images: () => equalImages(ordered, { height, width, channels }),
    labels: labelsIn(array(labels), count, `${labels} in ${file}`),
    nameOf,
  };
}

interface ArrayForm {
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
  readonly channelsFirst: boolean;
}

function formOf(
  { shape }: NpyArray,
  { layout, shape: stated }: Pick<NpzSource, 'layout' | 'shape'>,
  what: string,
): ArrayForm {
  const [, ...image] = shape;
  const refuse = (why: string) => complaint('E_DATA_SIZE', `${what} is ${shape.join(' x ')}: ${why}.`);
  if (shape.includes(0)) throw refuse('it is empty');
  const channelsFirst = layout === 'channels-first' && (image.length === 3 || image.length === 1);
  if (image.length === 1) {
    if (stated === undefined) throw refuse('flat images need their shape in the deck');
    const [height, width, channels] = stated;
    if (height * width * channels !== image[0]) throw refuse(`the deck says ${stated.join(' x ')} an image`);
    return { height, width, channels, channelsFirst };
  }
  const [first = 0, second = 0, third = 1] = image;
  const [height, width, channels] = channelsFirst ? [second, third, first] : [first, second, third];
  if (image.length > 3 || image.length < 2 || (channels !== 1 && channels !== 3)) {
    throw refuse('images are n x height x width, or with 1 or 3 channels last, or first where the deck says so');
  }
  if (stated !== undefined && (stated[0] !== height || stated[1] !== width || stated[2] !== channels)) {
    throw refuse(`the deck says ${stated.join(' x ')} an image`);
  }
  return { height, width, channels, channelsFirst };
}

function toChannelsLast(values: Pixels, plane: number, channels: number): Pixels {
  if (channels === 1) return values;
  const turned = new (values instanceof Uint8Array ? Uint8Array : Float32Array)(values.length);
  const size = plane * channels;
  for (let to = 0; to < values.length; to++) {
    const within = to % size;
    turned[to] = values[to - within + (within % channels) * plane + Math.floor(within / channels)] as number;
  }
  return turned;
}

function labelsIn({ shape, values }: NpyArray, count: number, what: string): readonly (number | string)[] {
  const [length, ...rest] = shape;
  if (length !== count || rest.some((size) => size !== 1)) {
    throw complaint(
      'E_DATA_SIZE',
      `${what} is ${shape.join(' x ')}; expected ${count} labels, as whole numbers or words.`,
    );
  }
  return 'numbers' in values ? labelsOf(values.numbers, (index) => `label ${index} of ${what}`) : values.words;
}
