import type { Grid } from '../../core/operation.js';
import { formula, tableRows, type OpRow, type Sheet } from './sheet.js';

/** Deck 004, "Example of ConvNet". */
export const MAX_POOL_INPUT: Grid = [
  [1, 3, 2, 1, 3],
  [2, 9, 1, 1, 5],
  [1, 3, 2, 3, 2],
  [8, 3, 5, 1, 0],
  [5, 6, 1, 2, 9],
];

const SHIFT = ['f', 's', 'pooled', 'unchanged', 'pixels', 'unchangedPixels'] as const;

/** How much larger the share of unchanged values is with pooling than without. */
function gainOfPooling(size: number, stride: number): OpRow['measure'] {
  return (values) => {
    const row = tableRows(values, SHIFT).find(({ f, s }) => f === size && s === stride);
    if (row === undefined) throw new RangeError(`there is no pooling of ${size} with stride ${stride}`);
    return row.unchanged / row.pooled - row.unchangedPixels / row.pixels;
  };
}

/** Worked examples of pooling, and the invariance that it is said to give. */
export const POOLING: Sheet = {
  id: 'ops-pooling',
  title: 'worked examples of pooling',
  examples: [
    {
      operation: { op: 'max-pool', name: 'max-pooling', input: MAX_POOL_INPUT, size: 2, stride: 2 },
      claims: [
        {
          deck: '004',
          id: 'output',
          place: 'Example of ConvNet, the five slides with f=2, s=2',
          printed: '9 9 / 9 9 / 8 6',
          statement:
            'Max pooling of the 5x5 grid with f = 2 and s = 2 gives 9 9 / 9 9 / 8 6 in its first two columns (the text lost the third).',
          unit: 'values',
          measure: { take: 'grid', columns: 2 },
          erratum:
            'f = 2, s = 2 on 5x5 gives floor((5-2)/2)+1 = 2 rows, not 3: 9 2 / 8 5. Of all f from 1 to 5, s from 1 to 5 and paddings up to f/2, two give the printed numbers in the first two columns of three rows: f = 3, s = 1 without padding and f = 3, s = 2 with padding 1, both 9 9 5 / 9 9 5 / 8 6 9. The hyper-parameters belong to another example.',
        },
      ],
    },
    {
      operation: {
        op: 'average-pool',
        name: 'average-pooling',
        input: [
          [2, 2, 7, 3],
          [9, 4, 6, 1],
          [8, 5, 2, 4],
          [3, 1, 2, 6],
        ],
        size: 2,
        stride: 2,
      },
      claims: [
        {
          deck: '004',
          id: 'output',
          place: 'Pooling layer: Average pooling',
          printed: '4.25 4.25 / 4.25 3.5',
          statement: 'Average pooling of the 4x4 grid with f = 2 and s = 2 gives 4.25 4.25 / 4.25 3.5.',
          unit: 'values',
          measure: { take: 'grid' },
        },
      ],
    },
    {
      operation: { op: 'pooling-of-shifted', name: 'pooling-invariance', side: 32 },
      claims: [
        {
          deck: '002',
          id: 'small-translations',
          place: 'Pooling layer',
          printed: 'invariance to small translations of the input',
          statement:
            'When an image of random numbers moves by one pixel, more of its values stay the same with 2x2 max pooling of stride 2 than without (difference of the shares).',
          unit: 'share',
          expected: { low: 0.05, high: 1, words: '5 points or more' },
          measure: gainOfPooling(2, 2),
        },
        {
          deck: '002',
          id: 'small-translations-overlapping',
          place: 'Pooling layer',
          printed: 'invariance to small translations of the input',
          statement: 'The same with overlapping 3x3 max pooling of stride 1.',
          unit: 'share',
          expected: { low: 0.05, high: 1, words: '5 points or more' },
          measure: gainOfPooling(3, 1),
        },
      ],
    },
    {
      operation: { op: 'convolution-of-shifted', name: 'convolution-and-translation', side: 16 },
      claims: (
        [
          ['002', 'What are learnt in CNNs?', 'The patterns they learn are translation invariant'],
          ['003', 'Back to Image Classification : MLP', 'Preserves the spatial structure'],
          [
            '004',
            'Why convolutions?',
            'useful in one part of the image is probably useful in another part of the image',
          ],
        ] as const
      ).map(([deck, place, printed]) =>
        formula((values) => tableRows(values, ['kernel', 'values', 'differing']), {
          deck,
          id: 'shared-weights',
          place,
          printed,
          statement:
            'A kernel finds the same pattern everywhere: the convolution of a moved image is the moved convolution, away from the border.',
          holds: ({ differing }) => differing === 0,
        }),
      ),
    },
    {
      operation: { op: 'dense-of-shuffled', name: 'flattening', side: 8 },
      claims: (
        [
          ['000', 'slides 15 and 16', 'Remove spatial information of the data'],
          ['001', 'From MLP to CNN', 'Remove spatial information of the data'],
          ['003', 'Back to Image Classification: MLP', 'Spatial structure is lost'],
        ] as const
      ).map(([deck, place, printed]) =>
        formula((values) => tableRows(values, ['outputs', 'differing']), {
          deck,
          id: 'spatial-information',
          place,
          printed,
          statement:
            'A dense layer cannot tell an image from one with its pixels in another order: with its weights in that order, too, every output is the same.',
          holds: ({ differing }) => differing === 0,
        }),
      ),
    },
  ],
};
