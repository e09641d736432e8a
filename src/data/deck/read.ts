import type { Dataset, DatasetIdentity, Pixels, Split } from '../../core/dataset.js';
import type { DeckData, ImageSource, Preparation } from '../../core/deck-data.js';
import { LARGEST_SIDE } from '../../core/deck-data.js';
import { sha256 } from '../digest.js';
import { readCifar } from './cifar.js';
import { classesOf, refuseEmptyClass } from './classes.js';
import { complaint } from './complain.js';
import { readCsv } from './csv.js';
import { readIdx } from './idx.js';
import { readImageFolder } from './image-folder.js';
import { checkLimit, LIMITS } from './limits.js';
import { readNpz } from './npz.js';
import { readParquet } from './parquet.js';
import { prepare } from './prepare.js';
import { joinSplits, type RawImage, type RawSplit } from './raw.js';
import { drawTest } from './split.js';

export type FileSpec = Exclude<ImageSource, { format: 'built-in' }>;
/** The data of a deck whose images are in files. */
export type FileData = DeckData & { readonly source: FileSpec };

export function isInFiles(data: DeckData): data is FileData {
  return data.source.format !== 'built-in';
}

/**
 * Reads the files of a deck's data: decoded, prepared, checked, the test set drawn where the deck says so. All of it is in memory.
 *
 * @param folders absolute: where paths are looked for, in this order
 * @throws the codes of the readers
 */
export async function readDeckData(data: FileData, folders: readonly string[]): Promise<Dataset> {
  const { source, title } = data;
  const [rawTrain, rawTest] = [await readSplit(source, 'train', folders), await readSplit(source, 'test', folders)];
  if (rawTrain === undefined) throw new TypeError('no training images');
  const classes = classesOf(data, rawTrain, rawTest);
  const labels = classes.labelsOf(rawTrain);
  const testLabels = rawTest && classes.labelsOf(rawTest);
  const train = await gather(rawTrain, data.prepare ?? {});
  const named = { count: rawTrain.count, images: train.images, labels };
  let splits: { train: Split; test: Split };
  if (rawTest === undefined || testLabels === undefined) {
    if (data.split === undefined) throw new TypeError('no test set');
    splits = drawTest(named, data.split, title);
  } else {
    const test = await gather(rawTest, data.prepare ?? {}, train);
    splits = { train: named, test: { count: rawTest.count, images: test.images, labels: testLabels } };
  }
  refuseEmptyClass(splits.train.labels, classes.names, title);
  const dataset = { imageShape: train.shape, classes: classes.names, scale: data.scale, ...splits };
  return { identity: identityOf(data, dataset), ...dataset };
}

async function readSplit(
  source: FileSpec,
  split: 'train' | 'test',
  folders: readonly string[],
): Promise<RawSplit | undefined> {
  if (source[split] === undefined) return undefined;
  const all = async (paths: readonly string[], read: (path: string) => Promise<RawSplit>) => {
    const parts: RawSplit[] = [];
    for (const path of paths) parts.push(await read(path));
    return joinSplits(parts);
  };
  switch (source.format) {
    case 'idx':
      return readIdx(folders, source[split]);
    case 'cifar-10':
      return all(source[split], (path) => readCifar(folders, path, 1, 0));
    case 'cifar-100':
      return all(source[split], (path) => readCifar(folders, path, 2, source.labels === 'coarse' ? 0 : 1));
    case 'image-folder':
      return readImageFolder(folders, source[split]);
    case 'npz':
      return readNpz(folders, source[split], source);
    case 'parquet':
      return all(source[split], (path) => readParquet(folders, path, source));
    case 'csv':
      return all(source[split], (path) => readCsv(folders, path, source));
  }
}

interface Gathered {
  readonly shape: readonly [height: number, width: number, channels: number];
  readonly images: Pixels;
}

/**
 * All images of a split as one array.
 *
 * @param like what these images must be like: the training images
 * @throws E_DATA_SIZE where an image has another size than the first one
 */
async function gather(raw: RawSplit, preparation: Preparation, like?: Gathered): Promise<Gathered> {
  let shape = like?.shape;
  let images: Pixels | undefined;
  let index = 0;
  for await (const found of raw.images()) {
    const image = prepare(found, preparation);
    const own = [image.height, image.width, image.channels] as const;
    shape ??= own;
    if (own.join() !== shape.join()) {
      throw complaint(
        'E_DATA_SIZE',
        `${raw.nameOf(index)} is ${own.join(' x ')}${describe(found, image)}; the images before it are ${shape.join(' x ')}.`,
      );
    }
    images ??= roomFor(raw, image, like);
    if (images instanceof Uint8Array && !(image.values instanceof Uint8Array)) images = Float32Array.from(images);
    images.set(image.values, index * image.values.length);
    index++;
  }
  if (shape === undefined || images === undefined)
    throw complaint('E_DATA_SIZE', `${raw.nameOf(0)}: there are no images.`);
  return { shape, images };
}

function describe(found: RawImage, prepared: RawImage): string {
  return found.height === prepared.height && found.width === prepared.width ? '' : ' after its preparation';
}

function roomFor(raw: RawSplit, { height, width, values }: RawImage, like: Gathered | undefined): Pixels {
  if (Math.max(height, width) > LARGEST_SIDE) {
    throw complaint(
      'E_DATA_SIZE',
      `${raw.nameOf(0)} is ${height} x ${width}; a side has at most ${LARGEST_SIDE} pixels.`,
    );
  }
  const floats = !(values instanceof Uint8Array) || (like !== undefined && !(like.images instanceof Uint8Array));
  checkLimit(raw.nameOf(0), raw.count * values.length * (floats ? 4 : 1), LIMITS.split, 'bytes in all images');
  return new (floats ? Float32Array : Uint8Array)(raw.count * values.length);
}

/**
 * Digest of decoded pixels and labels: SHA-256 of the lines shape, number of classes, type and SHA-256 of the training images, SHA-256 of their labels
 * (two bytes each, the low one first), and the same of the test images. Decoders differ, so it is not of the files.
 */
export function pixelsDigest({
  imageShape,
  classes,
  train,
  test,
}: Pick<Dataset, 'imageShape' | 'classes' | 'train' | 'test'>): string {
  const digests = [train, test].flatMap(({ images, labels }) => [
    `${images instanceof Uint8Array ? 'uint8' : 'float32'} ${sha256(images)}`,
    sha256(Uint16Array.from(labels)),
  ]);
  return sha256([imageShape.join(' '), String(classes.length), ...digests].map((line) => `${line}\n`).join(''));
}

/** The digest of what the network sees: of the pixels and of how they are scaled. */
function identityOf({ name, scale, sha256: stated }: FileData, dataset: Omit<Dataset, 'identity'>): DatasetIdentity {
  const pixels = pixelsDigest(dataset);
  const provenance = stated === undefined || stated === pixels ? 'deck' : 'unknown';
  return { name, fingerprint: fingerprintWith(pixels, scale), provenance };
}

/** One digest of the images and their scaling. */
export function fingerprintWith(images: string, { divide, mean, sd }: DeckData['scale'], more = ''): string {
  return sha256(`${images}\n${JSON.stringify([divide, mean ?? [], sd ?? []])}\n${more}`);
}
