import type { Grid } from '../../core/operation.js';
import { formula, tableRows, type OpRow, type Sheet, type WorkedExample } from './sheet.js';

/** Data D of decks 000 and 001, "Convolution: Example". */
export const DATA_5X5: Grid = [
  [0, 0, 1, 2, 2],
  [1, 2, 2, 1, 2],
  [0, 2, 0, 2, 1],
  [0, 1, 1, 1, 0],
  [1, 0, 0, 0, 1],
];

/**
 * Kernel K of the same slides, as deck 001's text and the products that both decks write out for m1 have it. The text of
 * deck 000 moves the first cell of rows two and three to the end of the line; its products show that only the
 * extraction does.
 */
export const KERNEL_3X3: Grid = [
  [0.0, 0.1, -0.1],
  [-0.2, 0.0, 0.1],
  [0.0, 0.0, 0.1],
];

const ARRANGEMENT =
  'Of all 2,520 arrangements of the nine printed numbers of K, on D as printed, turned or mirrored, one gives the ' +
  'printed output: 0.0 0.1 -0.1 / -0.2 0.1 0.0 / 0.0 0.0 0.1 on D as printed. K, and the products of ' +
  'm1 with it, show the last two numbers of its second row interchanged; m1 is -0.1 either way.';

function decksBoth(row: (deck: '000' | '001') => Omit<OpRow, 'deck'>): readonly OpRow[] {
  return (['000', '001'] as const).map((deck) => ({ deck, ...row(deck) }));
}

const PRODUCTS =
  '0\u00d70.0 + 0\u00d70.1 + 1\u00d7\u22120.1 + 1\u00d7\u22120.2 + 2\u00d70.0 + 2\u00d70.1 + 0\u00d70.0 + 2\u00d70.0 + 0\u00d70.1';

/** The 5x5 example of decks 000 and 001 with one stride. */
function exampleOfBoth(stride: number, places: readonly [string, string], output: string, erratum: string) {
  return {
    operation: {
      op: 'correlation',
      name: `example-5x5-stride-${stride}`,
      input: [DATA_5X5],
      filters: [[KERNEL_3X3]],
      stride,
      bias: [0],
    },
    claims: [
      ...decksBoth((deck) => ({
        id: 'm1',
        place: deck === '000' ? places[0] : `Convolution, Example, stride ${stride}`,
        printed: '-0.1',
        statement: `With stride ${stride}, m1 = ${PRODUCTS} = \u22120.1.`,
        unit: 'value',
        measure: { take: 'first' },
      })),
      ...decksBoth((deck) => ({
        id: 'output',
        place: deck === '000' ? places[1] : `Convolution, Example, stride ${stride}`,
        printed: output,
        statement: `Data D (5x5) with kernel K (3x3), bias 0.0 and stride ${stride} gives ${output}.`,
        unit: 'values',
        measure: { take: 'grid' },
        erratum,
        mistake: '000/example-5x5-kernel',
      })),
    ],
  } satisfies WorkedExample;
}

const IMAGE_5X5: Grid = [
  [3, 3, 2, 1, 0],
  [0, 0, 1, 3, 1],
  [3, 1, 2, 2, 3],
  [2, 0, 0, 2, 2],
  [2, 0, 0, 0, 1],
];
const KERNEL_012: Grid = [
  [0, 1, 2],
  [2, 2, 0],
  [0, 1, 2],
];
const COUNTED_3X3: Grid = [
  [0, 1, 2],
  [3, 4, 5],
  [6, 7, 8],
];
const COUNTED_2X2: Grid = [
  [0, 1],
  [2, 3],
];

const DECK_002: readonly WorkedExample[] = [
  {
    operation: { op: 'correlation', name: 'cross-correlation', input: [COUNTED_3X3], filters: [[COUNTED_2X2]] },
    claims: [
      {
        deck: '002',
        id: 'output',
        place: 'Convolution vs. Cross-correlation (cont.)',
        printed: '19 25 / 37 43',
        statement: '0 1 2 / 3 4 5 / 6 7 8 with the kernel 0 1 / 2 3 gives 19 25 / 37 43.',
        unit: 'values',
        measure: { take: 'grid' },
      },
      {
        deck: '002',
        id: 'first',
        place: 'Convolution vs. Cross-correlation (cont.)',
        printed: '19',
        statement: 'Its first output is 0 \u00d7 0 + 1 \u00d7 1 + 3 \u00d7 2 + 4 \u00d7 3 = 19.',
        unit: 'value',
        measure: { take: 'first' },
      },
      {
        deck: '002',
        id: 'size',
        place: 'Convolution vs. Cross-correlation (cont.)',
        printed: '2 \u00d7 2',
        statement: 'An input of 3 x 3 with F = 2, S = 1, P = 0 gives an output of 2 x 2.',
        unit: 'shape',
        measure: { take: 'size' },
      },
    ],
  },
  {
    operation: { op: 'correlation', name: 'example-1', input: [IMAGE_5X5], filters: [[KERNEL_012]] },
    claims: [
      {
        deck: '002',
        id: 'output',
        place: 'Example 1 (cont.), nine pictures',
        printed: '12.0 12.0 17.0 / 10.0 17.0 19.0 / 9.0 6.0 14.0',
        statement: 'The 5x5 image with the kernel 0 1 2 / 2 2 0 / 0 1 2 gives 12 12 17 / 10 17 19 / 9 6 14.',
        unit: 'values',
        measure: { take: 'grid' },
      },
      {
        deck: '002',
        id: 'size',
        place: 'Example 1',
        printed: '3 \u00d7 3',
        statement: 'An image of 5 x 5 with F = 3, S = 1, P = 0 gives an image of 3 x 3.',
        unit: 'shape',
        measure: { take: 'size' },
      },
    ],
  },
  {
    operation: {
      op: 'correlation',
      name: 'example-2',
      input: [IMAGE_5X5],
      filters: [[KERNEL_012]],
      stride: 2,
      padding: 1,
    },
    claims: [
      {
        deck: '002',
        id: 'output',
        place: 'Example 2, and the pictures of Example 2 (cont.)',
        printed: '6.0 17.0 3.0 / 8.0 17.0 13.0 / 6.0 4.0 4.0',
        statement: 'The same image and kernel with stride 2 and padding 1 give 6 17 3 / 8 17 13 / 6 4 4.',
        unit: 'values',
        measure: { take: 'grid' },
      },
      {
        deck: '002',
        id: 'size',
        place: 'Example 2',
        printed: '3 \u00d7 3',
        statement: 'An image of 5 x 5 with F = 3, S = 2, P = 1 gives an image of 3 x 3.',
        unit: 'shape',
        measure: { take: 'size' },
      },
    ],
  },
  {
    operation: {
      op: 'correlation',
      name: 'two-input-channels',
      input: [
        COUNTED_3X3,
        [
          [1, 2, 3],
          [4, 5, 6],
          [7, 8, 9],
        ],
      ],
      filters: [
        [
          COUNTED_2X2,
          [
            [1, 2],
            [3, 4],
          ],
        ],
      ],
    },
    claims: [
      {
        deck: '002',
        id: 'first',
        place: 'Multiple Input Channels',
        printed: '56',
        statement:
          'With two channels the first output is (1 \u00d7 1 + 2 \u00d7 2 + 4 \u00d7 3 + 5 \u00d7 4) + (0 \u00d7 0 + 1 \u00d7 1 + 3 \u00d7 2 + 4 \u00d7 3) = 56.',
        unit: 'value',
        measure: { take: 'first' },
      },
    ],
  },
];

const DECK_003: readonly WorkedExample[] = [
  {
    operation: {
      op: 'correlation',
      name: 'filter-sum',
      // The products as printed, over a filter of ones. The first of the nine is lost before the first plus sign.
      input: [
        [
          [1, 0, 0],
          [0, 1, 1],
          [0, 0, 1],
        ],
      ],
      filters: [
        [
          [
            [1, 1, 1],
            [1, 1, 1],
            [1, 1, 1],
          ],
        ],
      ],
    },
    // Nobody can check the sum: the term that makes it 4 is not in the text. Published records hold the operation.
    claims: [],
  },
  {
    operation: { op: 'relu', name: 'relu', values: Array.from({ length: 41 }, (_, index) => (index - 20) / 4) },
    claims: [
      formula((values) => tableRows(values, ['x', 'y']), {
        deck: '003',
        id: 'definition',
        place: 'CNN : Convolution',
        printed: 'ReLU y = max(0, x)',
        statement: 'ReLU is y = max(0, x).',
        holds: ({ x, y }) => y === Math.max(0, x),
      }),
    ],
  },
];

/** Worked examples of convolutions: what was printed against what is computed. */
export const CORRELATION: Sheet = {
  id: 'ops-correlation',
  title: 'worked examples of convolution',
  examples: [
    exampleOfBoth(
      1,
      ['slide 21', 'slide 22'],
      '-0.1 -0.1 -0.2 / 0.3 -0.2 0.1 / 0.3 -0.3 0.1',
      `With K as printed the output is -0.1 -0.2 -0.1 / 0.1 0.0 0.0 / 0.3 -0.3 0.0: its second number is 0\u00d70.0 + 1\u00d70.1 + 2\u00d7\u22120.1 + 2\u00d7\u22120.2 + 2\u00d70.0 + 1\u00d70.1 + 2\u00d70.0 + 0\u00d70.0 + 2\u00d70.1 = \u22120.2. ${ARRANGEMENT}`,
    ),
    exampleOfBoth(
      2,
      ['slide 23', 'slide 24'],
      '-0.1 -0.2 / 0.3 0.1',
      `With K as printed the output is -0.1 -0.1 / 0.3 0.0, the corners of the output with stride 1. The printed numbers are the corners of the output that the slide before prints for stride 1. ${ARRANGEMENT}`,
    ),
    ...DECK_002,
    ...DECK_003,
  ],
};
