import type { Dataset, ByteSplit } from '../core/dataset.js';
import { CnnbenchError } from '../core/errors.js';
import type { FileForm } from './catalog-entry.js';
import { checkCifar100Batch, checkCifarBatch, copyCifar100Batch, copyCifarBatch } from './cifar.js';
import { describeLocated, readContents, type FileContent, type LocatedFile } from './contents.js';
import { prepareBuiltIn } from './deck/built-in.js';
import { isInFiles, readDeckData } from './deck/read.js';
import { drawPart } from './deck/split.js';
import { sha256 } from './digest.js';
import { parseIdxImages, parseIdxLabels } from './idx.js';
import type { DataSource, DeckSource, FileSource } from './source.js';
import { drawStandInDataset } from './stand-in/stand-in.js';

export interface LoadOptions {
  /** Load the first n training images only. Default, and most: all. */
  readonly trainImages?: number | undefined;
  /** Load the first n test images only. Default, and most: all. */
  readonly testImages?: number | undefined;
}

/** A file, where its images go in its split, and what its content must hash to. */
interface Part extends LocatedFile<FileForm> {
  readonly sha256: string;
  /** Index in the split of the file's first image. */
  readonly first: number;
  /** Images to take: the first ones of the file. */
  readonly take: number;
}

function changed(what: string, cause?: unknown): CnnbenchError {
  return new CnnbenchError(
    'E_DATA_CHANGED',
    `The data changed during the run: ${what}.`,
    'Start the run again, and do not change the data folder while it runs.',
    { cause },
  );
}

/** The files that hold the first `count` images of a split, in canonical order. Files beyond them are left out. */
function partsOf({ files }: FileSource, split: FileForm['split'], count: number): Part[] {
  const parts: Part[] = [];
  const filled = { images: 0, labels: 0 };
  for (const file of files) {
    if (file.split !== split) continue;
    const first = file.format === 'idx-labels' ? filled.labels : filled.images;
    if (file.format !== 'idx-images') filled.labels += file.count;
    if (file.format !== 'idx-labels') filled.images += file.count;
    const take = Math.min(file.count, count - first);
    if (take > 0) parts.push({ ...file, file, first, take });
  }
  return parts;
}

/** Checks a content and copies what is wanted of it to its place in the split. */
function place(
  { imageShape, labels: coarse }: FileSource,
  { located, content }: FileContent<Part>,
  split: ByteSplit,
): void {
  const { file, first, take } = located;
  const [height, width, channels] = imageShape;
  const imageBytes = height * width * channels;
  const images = split.images.subarray(first * imageBytes, (first + take) * imageBytes);
  const labels = split.labels.subarray(first, first + take);
  const name = describeLocated(located);
  switch (file.format) {
    case 'idx-images':
      images.set(parseIdxImages(content, name, { count: file.count, height, width }).subarray(0, images.length));
      break;
    case 'idx-labels':
      labels.set(parseIdxLabels(content, name, file.count).subarray(0, take));
      break;
    case 'cifar-batch':
      checkCifarBatch(content, name, file.count);
      copyCifarBatch(content, images, labels);
      break;
    case 'cifar-100-batch':
      checkCifar100Batch(content, name, file.count);
      copyCifar100Batch(content, images, labels, coarse === 'coarse' ? 0 : 1);
  }
}

function emptySplit(
  { imageShape, files }: FileSource,
  split: FileForm['split'],
  wanted: number | undefined,
): ByteSplit {
  const [height, width, channels] = imageShape;
  const available = files
    .filter((file) => file.split === split && file.format !== 'idx-labels')
    .reduce((sum, file) => sum + file.count, 0);
  const count = Math.min(wanted ?? available, available);
  return { count, images: new Uint8Array(count * height * width * channels), labels: new Uint8Array(count) };
}

/** The data set of a deck: the same as when the run began, then the part that is wanted. */
async function loadDeckData(source: DeckSource, { trainImages, testImages }: LoadOptions): Promise<Dataset> {
  const { data, base, folders, identity } = source;
  if (base !== undefined) return prepareBuiltIn(data, await loadDataset(base, { trainImages, testImages }), identity);
  if (!isInFiles(data)) throw new TypeError(`no files came with ${data.name}`);
  let dataset: Dataset;
  try {
    dataset = await readDeckData(data, folders);
  } catch (error) {
    // They were all read when the source was resolved.
    if (!(error instanceof CnnbenchError) || error.code === 'E_DATA_DECODER') throw error;
    throw changed(error.message.replace(/\.$/, ''), error);
  }
  if (dataset.identity.fingerprint !== identity.fingerprint) throw changed(`${data.title} has other images or labels`);
  return { ...dataset, train: drawPart(dataset.train, trainImages), test: drawPart(dataset.test, testImages) };
}

/**
 * Loads a data set into memory: images [count, height, width, channels], one byte a value. A subset is the first
 * images in file order, and reads no file beyond those that hold it. Every file that is read is hashed again, so what
 * is trained on is what the source's fingerprint names. Beyond the result, one decompressed file is in memory at a time.
 *
 * @throws E_DATA_CHANGED when a file is gone or another than when the source was resolved
 */
export async function loadDataset(source: DataSource, options: LoadOptions = {}): Promise<Dataset> {
  if (source.kind === 'stand-in') return drawStandInDataset(source.name, options);
  if (source.kind === 'deck') return loadDeckData(source, options);
  const splits = {
    train: emptySplit(source, 'train', options.trainImages),
    test: emptySplit(source, 'test', options.testImages),
  };
  const parts = [...partsOf(source, 'train', splits.train.count), ...partsOf(source, 'test', splits.test.count)];
  try {
    for await (const { located, content } of readContents(source, parts)) {
      if (sha256(content) !== located.sha256) throw changed(`${describeLocated(located)} has other contents`);
      place(source, { located, content }, splits[located.file.split]);
    }
  } catch (error) {
    // Everything that can be wrong with a file was checked when the source was resolved.
    if (!(error instanceof CnnbenchError) || error.code === 'E_DATA_CHANGED') throw error;
    throw changed(error.message.replace(/\.$/, ''), error);
  }
  const { identity, imageShape, classes } = source;
  return { identity, imageShape, classes, ...splits };
}
