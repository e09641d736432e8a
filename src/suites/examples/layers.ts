import type { Values } from '../../core/operation.js';
import type { OpClaim } from '../../core/claim.js';
import { formula, tableRows, type OpRow, type Sheet } from './sheet.js';

/** A coefficient: how often the output at (y, x) holds input (row, column, channel) times tap (m, n, channel). */
interface Coefficient {
  readonly y: number;
  readonly x: number;
  readonly row: number;
  readonly column: number;
  readonly channel: number;
  readonly m: number;
  readonly n: number;
  readonly kernelChannel: number;
  readonly value: number;
}

/** Unit responses, [pixels, outHeight, outWidth, taps], as coefficients. */
function coefficients(
  width: number,
  channels: number,
  kernelWidth: number,
): (values: Values) => readonly Coefficient[] {
  return ({ shape, values }) => {
    const [, outHeight = 0, outWidth = 0, taps = 0] = shape;
    return values.map((value, place) => {
      const tap = place % taps;
      const output = Math.floor(place / taps) % (outHeight * outWidth);
      const pixel = Math.floor(place / (taps * outHeight * outWidth));
      return {
        value,
        y: Math.floor(output / outWidth),
        x: output % outWidth,
        row: Math.floor(pixel / (width * channels)),
        column: Math.floor(pixel / channels) % width,
        channel: pixel % channels,
        m: Math.floor(tap / (kernelWidth * channels)),
        n: Math.floor(tap / channels) % kernelWidth,
        kernelChannel: tap % channels,
      };
    });
  };
}

const bit = (holds: boolean) => (holds ? 1 : 0);
const BY_BILINEARITY = 'shown for every input and kernel, from the responses to all pairs of units';

/** m1 holds v1 w1, v2 w2, v4 w3 and v5 w4, and nothing else. Row-major places in 3x3 data and a 2x2 kernel. */
const M1_TERMS: readonly string[] = ['0,0', '1,1', '3,2', '4,3'];

/** Rows of the layer grid. */
const LAYER = ['kind', 'inputs', 'extent', 'out', 'weights', 'biases', 'outputs'] as const;
type LayerPoint = Readonly<Record<(typeof LAYER)[number], number>>;
const layers = (values: Values) => tableRows(values, LAYER);
const isConvolution = ({ kind }: LayerPoint) => kind === 0;
const isDense = ({ kind }: LayerPoint) => kind === 1;
const isPool = ({ kind }: LayerPoint) => kind > 1;

type Source = Pick<OpClaim, 'deck' | 'id' | 'place' | 'printed' | 'statement'>;

function ofConvolutions(source: Source, holds: (point: LayerPoint) => boolean, where = isConvolution): OpRow {
  return formula(layers, { ...source, where, holds });
}

/** The real dense layers of every MLP with two hidden layers whose four widths the grid has. */
function mlps(values: Values) {
  const dense = layers(values).filter(isDense);
  const after = (width: number) => dense.filter(({ inputs }) => inputs === width);
  return dense.flatMap((first) =>
    after(first.outputs).flatMap((second) => after(second.outputs).map((third) => [first, second, third] as const)),
  );
}

const CHANNELS_MATCH: readonly Source[] = [
  {
    deck: '000',
    id: 'must-match',
    place: 'slide 19',
    printed: '#channels of data = #channels of kernel (must)',
    statement: 'Data and kernel must have the same number of channels: any other pair is refused.',
  },
  {
    deck: '001',
    id: 'must-match',
    place: 'Understand convolution',
    printed: '#channels of data must = #channels of kernel',
    statement: 'Data and kernel must have the same number of channels: any other pair is refused.',
  },
  {
    deck: '002',
    id: 'must-match',
    place: 'Convolution operator (cont.), In summary',
    printed: 'The filters depth is always equal to the input volume depth',
    statement: 'The depth of a filter is that of the input: any other is refused.',
  },
];

/** What convolutions and layers are made of: which products they sum, and how many parameters they have. */
export const LAYERS: Sheet = {
  id: 'ops-layers',
  title: 'what a convolution sums, and what layers are made of',
  examples: [
    {
      operation: { op: 'unit-responses', name: 'feature-map', input: [3, 3, 1], kernel: [2, 2], as: 'correlation' },
      claims: (['000', '001'] as const).map((deck) =>
        formula(coefficients(3, 1, 2), {
          deck,
          id: 'm1',
          place: deck === '000' ? 'slide 17' : 'From MLP to CNN',
          printed: 'm1 = v1w1 + v2w2 + v4w3 + v5w4 + b',
          statement: `m1 = v1 w1 + v2 w2 + v4 w3 + v5 w4 + b, ${BY_BILINEARITY}.`,
          where: ({ y, x }) => y === 0 && x === 0,
          holds: ({ row, column, m, n, value }) => value === bit(M1_TERMS.includes(`${3 * row + column},${2 * m + n}`)),
        }),
      ),
    },
    {
      operation: {
        op: 'correlation',
        name: 'bias',
        input: [
          [
            [0, 0, 0],
            [0, 0, 0],
            [0, 0, 0],
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
        bias: [3, -5],
      },
      // On zeros a bias that replaces the sum looks like one that is added to it: see identities.ts. Published records hold it.
      claims: [],
    },
    {
      operation: { op: 'unit-responses', name: 'correlation', input: [4, 4, 1], kernel: [2, 2], as: 'correlation' },
      claims: [
        formula(coefficients(4, 1, 2), {
          deck: '002',
          id: 'formula-2',
          place: 'Convolution vs. Cross-correlation, (2)',
          printed: 'Out(x, y) = sum_m sum_n In(x + m, y + n) K(m, n)',
          statement: `What CNNs compute is the cross-correlation (2), ${BY_BILINEARITY}.`,
          holds: ({ y, x, row, column, m, n, value }) => value === bit(row === y + m && column === x + n),
        }),
        formula(coefficients(4, 1, 2), {
          deck: '003',
          id: 'elementwise',
          place: 'CNN : Convolution',
          printed: 'calculate the sum of elementwise multiplication',
          statement: `Sliding over the tensor, each output is the sum of the products of filter and region, element by element, ${BY_BILINEARITY}.`,
          holds: ({ y, x, row, column, m, n, value }) => value === bit(row === y + m && column === x + n),
        }),
      ],
    },
    {
      operation: { op: 'unit-responses', name: 'convolution', input: [3, 3, 1], kernel: [2, 2], as: 'convolution' },
      claims: [
        formula(coefficients(3, 1, 2), {
          deck: '002',
          id: 'formula-1',
          place: 'Convolution vs. Cross-correlation, (1)',
          printed: 'Out(x, y) = sum_m sum_n In(x - m, y - n) K(m, n)',
          statement: `Convolution (1) is cross-correlation with the kernel turned by 180 degrees, on full padding, ${BY_BILINEARITY}.`,
          holds: ({ y, x, row, column, m, n, value }) => value === bit(row === y - m && column === x - n),
        }),
      ],
    },
    {
      operation: { op: 'unit-responses', name: 'channels', input: [3, 3, 2], kernel: [2, 2], as: 'correlation' },
      claims: [
        formula(coefficients(3, 2, 2), {
          deck: '004',
          id: 'sum-over-channels',
          place: 'nn.Conv2d',
          printed: 'out(N_i, C_out_j) = bias(C_out_j) + sum_k weight(C_out_j, k) * input(N_i, k)',
          statement: `An output channel is the sum over the input channels of cross-correlations, channel by channel, ${BY_BILINEARITY}.`,
          holds: ({ y, x, row, column, channel, m, n, kernelChannel, value }) =>
            value === bit(row === y + m && column === x + n && channel === kernelChannel),
        }),
      ],
    },
    {
      operation: { op: 'channel-grid', name: 'channels-of-data-and-kernel', upTo: 4 },
      claims: CHANNELS_MATCH.map((source) =>
        formula((values) => tableRows(values, ['data', 'kernel', 'accepted']), {
          ...source,
          holds: ({ data, kernel, accepted }) => accepted === bit(data === kernel),
        }),
      ),
    },
    {
      operation: { op: 'layer-grid', name: 'layer', upTo: 5 },
      claims: [
        ofConvolutions(
          {
            deck: '002',
            id: 'weights',
            place: 'Convolution operator (cont.), In summary',
            printed: 'F x F x D_in x K weights',
            statement: 'A convolution layer has F x F x D_in weights per filter, F x F x D_in x K in all.',
          },
          ({ extent: f, inputs, out, weights }) => weights === f * f * inputs * out,
        ),
        ofConvolutions(
          {
            deck: '002',
            id: 'biases',
            place: 'Convolution operator (cont.), In summary',
            printed: 'K biases',
            statement: 'A convolution layer of K filters has K biases.',
          },
          ({ out, biases }) => biases === out,
        ),
        ofConvolutions(
          {
            deck: '002',
            id: 'depth',
            place: 'Convolution operator (cont.), (3)',
            printed: 'D_out = K',
            statement: 'The depth of the output is the number of filters.',
          },
          ({ out, outputs }) => outputs === out,
        ),
        ofConvolutions(
          {
            deck: '004',
            id: 'weights',
            place: 'Summary of notation',
            printed: 'Weights: f[l] x f[l] x n_C[l-1] x n_C[l]',
            statement: 'A convolution layer has f x f x n_C[l-1] x n_C[l] weights.',
          },
          ({ extent: f, inputs, out, weights }) => weights === f * f * inputs * out,
        ),
        ofConvolutions(
          {
            deck: '004',
            id: 'depth',
            place: 'Summary of notation',
            printed: 'number of filters = number of channels of the output "image"',
            statement: 'n_C[l], the number of filters, is the number of channels of the output.',
          },
          ({ out, outputs }) => outputs === out,
        ),
        ofConvolutions(
          {
            deck: '003',
            id: 'one-filter',
            place: 'CNN : Convolution',
            printed: '1 Filter = 1 Activation Map',
            statement: 'One filter, whatever its depth, gives one activation map.',
          },
          ({ outputs }) => outputs === 1,
          (point) => isConvolution(point) && point.out === 1,
        ),
        ofConvolutions(
          {
            deck: '002',
            id: 'full-connections',
            place: 'Fully connected layer',
            printed: 'full connections to all activations in the previous layer',
            statement: 'Each neuron of a fully connected layer has one weight for each input.',
          },
          ({ weights, inputs, outputs }) => weights === inputs * outputs,
          isDense,
        ),
        formula(mlps, {
          deck: '003',
          id: 'mlp-weights',
          place: 'Back to Image Classification: MLP',
          printed: '3072 x h1 + h1 h2 + h2 x 10',
          statement: 'An MLP with hidden layers of h1 and h2 has inputs x h1 + h1 x h2 + h2 x outputs weights.',
          holds: ([first, second, third]) =>
            first.weights + second.weights + third.weights ===
            first.inputs * first.out + first.out * second.out + second.out * third.out,
        }),
        formula(mlps, {
          deck: '003',
          id: 'mlp-biases',
          place: 'Back to Image Classification: MLP',
          printed: '3072 + h1 + h2 + 10',
          statement: 'As many biases go with the weights of the line above: inputs + h1 + h2 + outputs.',
          holds: ([first, second, third]) =>
            first.biases + second.biases + third.biases === first.inputs + first.out + second.out + third.out,
          erratum:
            'Hidden and output neurons have a bias each, h1 + h2 + 10, and inputs have none: the printed sum is 3,072 more. As a number ' +
            'of nodes it would be right, but the slide counts parameters; and 3072 -> h1 -> h2 -> 10 would be the net.',
          blame: {
            slide: 'the line stands alone below the number of weights, where a number of biases belongs.',
            extraction:
              'it is handwriting, and a few slides on the same text has plus signs and arrows mixed in one line, "3072^+ \\xrightarrow".',
          },
        }),
        ofConvolutions(
          {
            deck: '004',
            id: 'linear-output',
            place: 'Quick comparison nn.Linear versus nn.Conv2d',
            printed: 'Output size (N, H_out)',
            statement: 'A linear layer of H_out features gives (N, H_out), whatever H_in is.',
          },
          ({ out, outputs }) => outputs === out,
          isDense,
        ),
        ...(
          [
            ['003', 'CNN : Pooling', 'No parameter involved!!!'],
            ['004', 'Summary of pooling', 'No parameters to learn!'],
          ] as const
        ).map(([deck, place, printed]) =>
          ofConvolutions(
            { deck, id: 'pooling-parameters', place, printed, statement: 'A pooling layer has no parameters.' },
            ({ weights, biases }) => weights + biases === 0,
            isPool,
          ),
        ),
      ],
    },
  ],
};
