import type { Values } from '../../core/operation.js';
import { formula, tableRows, type OpRow, type Sheet } from './sheet.js';

const DILATED = ['height', 'width', 'k', 's', 'p', 'd', 'outHeight', 'outWidth', 'refused', 'differing'] as const;
type DilatedPoint = Readonly<Record<(typeof DILATED)[number], number>>;
const dilations = (values: Values) => tableRows(values, DILATED);
const dense = (values: Values) => tableRows(values, ['inputs', 'units', 'fromProduct', 'fromConvolution']);

/** Formula (7) along one axis. */
function dilatedLength(length: number, { k, s, p, d }: DilatedPoint): number {
  return Math.floor((length + 2 * p - k - (k - 1) * (d - 1)) / s) + 1;
}

/** What the two filters sum on the image below, in its four places. */
const SUMS = [
  [27, 37, 57, 67],
  [59, 85, 137, 163],
] as const;
const BIASES = [3, -5] as const;

const WX_PLUS_B: readonly Pick<OpRow, 'deck' | 'place' | 'printed'>[] = [
  {
    deck: '002',
    place: 'Fully connected layer',
    printed: 'can hence be computed with a matrix multiplication followed by a bias offset',
  },
  { deck: '004', place: 'One layer of a Convolutional Network', printed: 'z[1] = W[1] a[0] + b[1]' },
];

/** One operation that is another one, by their values. */
export const IDENTITIES: Sheet = {
  id: 'ops-identities',
  title: 'dilation, dense layers, biases and XOR by their values',
  examples: [
    {
      operation: { op: 'dilated-grid', name: 'dilation', upTo: { i: 7, k: 3, s: 2, p: 1, d: 3 } },
      claims: [
        formula(dilations, {
          deck: '002',
          id: 'inflated-kernel',
          place: 'Dilated convolutions, Concept 1',
          printed: '"inflate" the kernel by inserting spaces between the kernel elements',
          statement:
            'A dilated convolution gives the values of an ordinary one whose kernel has d - 1 zeros between its elements (where the backend ' +
            'computes it).',
          where: ({ refused }) => refused === 0,
          holds: ({ differing }) => differing === 0,
        }),
        // PyTorch 2.15 takes both at once, and gives the values of the inflated kernel: for i up to 7, k and s to 3, p to 1, d to 3.
        formula(dilations, {
          deck: '002',
          id: 'with-stride',
          place: 'Dilated convolutions, (7)',
          printed: 'o = floor((i + 2p - k - (k - 1)(d - 1)) / s) + 1',
          statement:
            'Formula (7) for strides and dilations above 1 at once. tfjs refuses both together: where it does, the backend computed the ' +
            'ordinary convolution with the inflated kernel.',
          where: ({ s, d }) => s > 1 && d > 1,
          holds: (point) =>
            point.outHeight === dilatedLength(point.height, point) &&
            point.outWidth === dilatedLength(point.width, point),
        }),
      ],
    },
    {
      operation: { op: 'dense-grid', name: 'dense', upTo: 5 },
      claims: [
        ...WX_PLUS_B.map((source) =>
          formula(dense, {
            ...source,
            id: 'matrix-and-bias',
            statement: 'A dense layer gives the values of a product with its weights and a bias added.',
            holds: ({ fromProduct }) => fromProduct === 0,
          }),
        ),
        formula(dense, {
          deck: '004',
          id: 'as-convolution',
          place: 'Quick comparison nn.Linear versus nn.Conv2d',
          printed: 'H_in (in_features) as C_in (in_channels), H_out (out_features) as C_out',
          statement:
            'A linear layer is a 1x1 convolution of one pixel with in_features channels and out_features filters.',
          holds: ({ fromConvolution }) => fromConvolution === 0,
        }),
      ],
    },
    {
      operation: {
        op: 'correlation',
        name: 'bias',
        input: [
          [
            [0, 1, 2],
            [3, 4, 5],
            [6, 7, 8],
          ],
        ],
        filters: [
          [
            [
              [1, 2],
              [3, 4],
            ],
          ],
          [
            [
              [5, 6],
              [7, 8],
            ],
          ],
        ],
        bias: BIASES,
      },
      claims: [
        formula(({ values }) => values.map((value, place) => ({ value, place: place >> 1, filter: place % 2 })), {
          deck: '002',
          id: 'offset',
          place: 'Convolution operator (cont.), In summary',
          printed: 'and then offset by d-th bias',
          statement: 'The d-th depth slice of the output is the d-th sum offset by the d-th bias, everywhere.',
          holds: ({ value, place, filter }) => value === (SUMS[filter]?.[place] ?? NaN) + (BIASES[filter] ?? NaN),
        }),
      ],
    },
    {
      operation: {
        op: 'affine-scores',
        name: 'xor',
        points: [
          [0, 0],
          [0, 1],
          [1, 0],
          [1, 1],
        ],
      },
      claims: [
        formula(parametersOf, {
          deck: '003',
          id: 'limitation-of-linear-classifiers',
          place: 'Review, Limitation of Linear Classifier',
          printed: 'XOR Gate',
          statement:
            'No linear classifier computes XOR, whose four inequalities are b <= 0, w2 + b > 0, w1 + b > 0, w1 + w2 + b <= 0: for each ' +
            'parameter the scores of (0,1) and (1,0) sum to those of (0,0) and (1,1), so that one sum would have to be above 0 and not.',
          holds: ([none, second, first, both]) => second + first === none + both,
        }),
      ],
    },
  ],
};

/** The scores of the four points, parameter by parameter. */
function parametersOf({ shape, values }: Values): readonly (readonly [number, number, number, number])[] {
  const [points = 0, parameters = 0] = shape;
  if (points !== 4) throw new RangeError(`${points} points where four belong`);
  const score = (point: number, parameter: number) => values[point * parameters + parameter] as number;
  return Array.from({ length: parameters }, (_, parameter) => [
    score(0, parameter),
    score(1, parameter),
    score(2, parameter),
    score(3, parameter),
  ]);
}
