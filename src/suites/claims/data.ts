import type { DataClaim } from '../../core/claim.js';
import type { DatasetName } from '../../core/dataset.js';

/** The experiment that counts a data set. */
export function countingOf(dataset: DatasetName): string {
  return `data-${dataset}`;
}

type Row = Pick<DataClaim, 'id' | 'printed' | 'statement' | 'unit' | 'expected' | 'measure'>;

function dataClaims(
  source: Pick<DataClaim, 'deck' | 'place'> & { readonly dataset: DatasetName },
  rows: readonly Row[],
): readonly DataClaim[] {
  const { deck, place, dataset } = source;
  return rows.map((row) => ({
    kind: 'data',
    suite: 'data',
    deck,
    place,
    experiment: countingOf(dataset),
    ...row,
    id: `${deck}/${dataset}/${row.id}`,
  }));
}

function rows(images: { readonly kind: 'Grayscale' | 'Color'; readonly side: string; readonly train: string }): Row[] {
  return [
    {
      id: 'channels',
      printed: `${images.kind} images`,
      statement: `The images are ${images.kind === 'Color' ? 'in colour: three channels' : 'grayscale: one channel'}.`,
      unit: 'channels',
      expected: images.kind === 'Color' ? exactly(3, 'channels') : exactly(1, 'channel'),
      measure: 'channels',
    },
    {
      id: 'resolution',
      printed: images.side,
      statement: `Their resolution is ${images.side}.`,
      unit: 'shape',
      measure: 'resolution',
    },
    {
      id: 'training-images',
      printed: `${images.train} samples`,
      statement: `The training set has ${images.train} samples.`,
      unit: 'images',
      measure: 'training-images',
    },
    {
      id: 'test-images',
      printed: '10000 samples',
      statement: 'The testing set has 10000 samples.',
      unit: 'images',
      measure: 'test-images',
    },
    {
      id: 'classes',
      printed: images.kind === 'Color' ? 'airplane ... truck' : 'T-shirt ... Ankle Boot',
      statement: 'As many labels occur as names are listed: 10.',
      unit: 'classes',
      expected: exactly(10, 'classes'),
      measure: 'classes',
    },
  ];
}

function exactly(value: number, noun: string): DataClaim['expected'] {
  return { low: value, high: value, words: `${value.toLocaleString('en-US')} ${noun}` };
}

const FASHION = rows({ kind: 'Grayscale', side: '28x28', train: '60000' });
const CIFAR = rows({ kind: 'Color', side: '32x32', train: '50000' });

/** Sizes of the data sets, counted in their files. */
export const DATA_CLAIMS: readonly DataClaim[] = [
  ...dataClaims({ deck: '000', place: 'slide 1, again slide 30', dataset: 'fashion-mnist' }, FASHION),
  ...dataClaims({ deck: '000', place: 'slide 5', dataset: 'cifar-10' }, CIFAR),
  ...dataClaims({ deck: '001', place: 'Fashion-MNIST dataset, twice', dataset: 'fashion-mnist' }, FASHION),
  ...dataClaims({ deck: '001', place: 'Cifar-10 dataset', dataset: 'cifar-10' }, CIFAR),
  ...dataClaims({ deck: '002', place: 'CIFAR', dataset: 'cifar-10' }, [
    {
      id: 'images',
      printed: '60000',
      statement: 'CIFAR-10 consists of 60000 images.',
      unit: 'images',
      measure: 'images',
    },
    { id: 'resolution', printed: '32x32', statement: 'They are 32x32.', unit: 'shape', measure: 'resolution' },
    {
      id: 'channels',
      printed: 'colour images',
      statement: 'They are in colour: three channels.',
      unit: 'channels',
      expected: exactly(3, 'channels'),
      measure: 'channels',
    },
    {
      id: 'classes',
      printed: '10 classes',
      statement: 'They are in 10 classes.',
      unit: 'classes',
      measure: 'classes',
    },
    {
      id: 'images-per-class',
      printed: '6000 images',
      statement: 'Every class has 6000 images (the count that is furthest from the mean).',
      unit: 'images',
      measure: 'images-per-class',
    },
    {
      id: 'training-images',
      printed: '50000 images',
      statement: 'There are 50000 training images.',
      unit: 'images',
      measure: 'training-images',
    },
    {
      id: 'test-images',
      printed: '10000 images',
      statement: 'There are 10000 test images.',
      unit: 'images',
      measure: 'test-images',
    },
  ]),
  ...dataClaims({ deck: '002', place: 'MNIST', dataset: 'mnist' }, [
    {
      id: 'training-images',
      printed: '60,000 training images',
      statement: 'MNIST contains 60,000 training images.',
      unit: 'images',
      expected: exactly(60_000, 'images'),
      measure: 'training-images',
    },
    {
      id: 'test-images',
      printed: '10,000 testing images',
      statement: 'MNIST contains 10,000 testing images.',
      unit: 'images',
      expected: exactly(10_000, 'images'),
      measure: 'test-images',
    },
  ]),
  ...dataClaims({ deck: '003', place: 'Back to Image Classification: Pixels, MLP', dataset: 'cifar-10' }, [
    {
      id: 'values',
      printed: '3072',
      statement: 'An image of CIFAR-10 has 32 x 32 x 3 = 3072 values.',
      unit: 'values',
      measure: 'values',
    },
    {
      id: 'range',
      printed: '0 ~ 255',
      statement: 'Pixels are numbers from 0 to 255, and both ends occur (largest less smallest).',
      unit: 'difference',
      expected: exactly(255, 'between the ends'),
      measure: 'range',
    },
  ]),
];
