import type { Values } from '../../core/operation.js';
import { formula, tableRows, type OpRow, type Sheet, type WorkedExample } from './sheet.js';

const CONVOLUTION = ['height', 'width', 'k', 's', 'p', 'd', 'outHeight', 'outWidth', 'sum'] as const;
type ConvolutionPoint = Readonly<Record<(typeof CONVOLUTION)[number], number>>;
const convolutions = (values: Values) => tableRows(values, CONVOLUTION);

const POOL = ['height', 'width', 'f', 's', 'channels', 'outHeight', 'outWidth', 'outChannels'] as const;
const pools = (values: Values) => tableRows(values, POOL);

const whole = (value: number) => Number.isInteger(value);
const plain = ({ p, d }: ConvolutionPoint) => p === 0 && d === 1;

/** Formulas (3) and (4) of deck 002 as they are printed: without the floor that its (7) has. */
function withoutFloor<Point extends Readonly<Record<'height' | 'width' | 'outHeight' | 'outWidth', number>>>(
  read: (values: Values) => readonly Point[],
  row: Pick<OpRow, 'place' | 'printed'> & {
    readonly where: (point: Point) => boolean;
    readonly size: (length: number, point: Point) => number;
  },
): OpRow {
  const { place, printed, where, size } = row;
  return formula(read, {
    ...{ deck: '002', id: 'without-floor', place, printed, where },
    statement: `${printed}, for every size, as the formula has no condition.`,
    holds: (point) => point.outHeight === size(point.height, point) && point.outWidth === size(point.width, point),
    erratum:
      'The result is rounded down, as formula (7) of the same deck has it. The formula holds where S divides: it gives 55.25 for the first ' +
      "layer of AlexNet, (224 - 11 + 2*2)/4 + 1, and 112.5 for those of ResNet and DenseNet, (224 - 7 + 2*3)/2 + 1, all on the deck's " +
      'slide "First Layer". No net has a fraction of a pixel: they have 55 and 112.',
    mistake: '002/sizes-without-floor',
  });
}

/** (S_D - K) / S + 1, as decks 000, 001 and 003 print it: for whole results only. */
function withoutPadding(row: Pick<OpRow, 'deck' | 'place' | 'printed'>): OpRow {
  return formula(convolutions, {
    ...row,
    id: 'without-padding',
    statement: `${row.printed}, wherever that is a whole number; of other sizes it says nothing.`,
    where: (point) => plain(point) && whole((point.height - point.k) / point.s),
    holds: ({ height, k, s, outHeight }) => outHeight === (height - k) / s + 1,
  });
}

/** (size - k + 2p) / s + 1 along one axis, for whole results. */
function withPadding(
  row: Pick<OpRow, 'deck' | 'id' | 'place' | 'printed'>,
  axis: 'height' | 'width',
  out: 'outHeight' | 'outWidth',
): OpRow {
  const size = (point: ConvolutionPoint) => (point[axis] - point.k + 2 * point.p) / point.s + 1;
  return formula(convolutions, {
    ...row,
    statement: `${row.printed}, wherever that is a whole number.`,
    where: (point) => point.d === 1 && whole(size(point)),
    holds: (point) => point[out] === size(point),
  });
}

const CONVOLUTION_SIZES: WorkedExample = {
  operation: { op: 'convolution-grid', name: 'output-size', upTo: { i: 9, k: 4, s: 3, p: 2, d: 3 } },
  claims: [
    withoutPadding({ deck: '000', place: 'slides 22 and 24', printed: 'S_o = (S_D - K) / S + 1' }),
    withoutPadding({ deck: '001', place: 'Convolution, Example', printed: 'S_o = (S_D - K) / S + 1' }),
    withoutPadding({ deck: '003', place: 'CNN : Convolution', printed: 'O = (I - F) / S + 1' }),
    withPadding(
      {
        deck: '002',
        id: 'width',
        place: 'Convolution operator (cont.), (3)',
        printed: 'W_out = (W_in - F + 2P) / S + 1',
      },
      'width',
      'outWidth',
    ),
    withPadding(
      {
        deck: '002',
        id: 'height',
        place: 'Convolution operator (cont.), (3)',
        printed: 'H_out = (H_in - F + 2P) / S + 1',
      },
      'height',
      'outHeight',
    ),
    withPadding(
      {
        deck: '003',
        id: 'with-padding',
        place: 'CNN : Convolution',
        printed: 'O_w = (I_w + 2 P_aw - F_w) / S_w + 1',
      },
      'width',
      'outWidth',
    ),
    formula(convolutions, {
      deck: '002',
      id: 'dilated',
      place: 'Dilated convolutions, (7)',
      printed: 'o = floor((i + 2p - k - (k - 1)(d - 1)) / s) + 1',
      statement:
        'o = floor((i + 2p - k - (k - 1)(d - 1)) / s) + 1, for every i, k, s, p and d that tfjs takes (it refuses a stride and a dilation above 1 at once).',
      holds: ({ height: i, k, s, p, d, outHeight: o }) => o === Math.floor((i + 2 * p - k - (k - 1) * (d - 1)) / s) + 1,
    }),
    ...(
      [
        ['height', 'outHeight', 'n_H'],
        ['width', 'outWidth', 'n_W'],
      ] as const
    ).map(([axis, out, symbol]) =>
      formula(convolutions, {
        deck: '004',
        id: axis,
        place: 'Summary of notation',
        printed: `${symbol}[l] = floor((${symbol}[l-1] + 2p - f) / s + 1)`,
        statement: `${symbol}[l] = floor((${symbol}[l-1] + 2p[l] - f[l]) / s[l] + 1).`,
        where: ({ d }) => d === 1,
        holds: (point) => point[out] === Math.floor((point[axis] + 2 * point.p - point.k) / point.s + 1),
      }),
    ),
    formula(convolutions, {
      deck: '003',
      id: 'shrinks',
      place: 'CNN: Padding',
      printed: 'O = (I - F) / S + 1 <= I - F + 1 < I',
      statement: 'Without padding every filter of more than one pixel shrinks the image: O <= I - F + 1 < I.',
      where: (point) => plain(point) && point.k > 1,
      holds: ({ height: i, k, s, outHeight: o }) => {
        const exact = (i - k) / s + 1;
        return o <= i - k + 1 && i - k + 1 < i && (o === exact || !whole(exact));
      },
    }),
    withoutFloor(convolutions, {
      place: 'Convolution operator (cont.), (3)',
      printed: 'W_out = (W_in - F + 2P) / S + 1, H_out = (H_in - F + 2P) / S + 1',
      where: ({ d }) => d === 1,
      size: (length, { k, p, s }) => (length - k + 2 * p) / s + 1,
    }),
    formula(convolutions, {
      deck: '002',
      id: 'resolution',
      place: 'Blocks',
      printed: 'padding to maintain the resolution',
      statement:
        'With a padding of (F - 1) / 2 and stride 1 a convolution of more than one pixel keeps height and width.',
      where: ({ k, s, p, d }) => s === 1 && d === 1 && k > 1 && p === (k - 1) / 2,
      holds: ({ height, outHeight, width, outWidth }) => height === outHeight && width === outWidth,
    }),
    formula(convolutions, {
      deck: '003',
      id: 'remedy',
      place: 'CNN: Padding',
      printed: 'Remedy this via, "Padding"',
      statement: 'A padding of (F - 1) / 2 keeps the size with stride 1.',
      where: ({ k, s, p, d }) => s === 1 && d === 1 && k > 1 && p === (k - 1) / 2,
      holds: ({ height, outHeight, width, outWidth }) => height === outHeight && width === outWidth,
    }),
    {
      deck: '003',
      id: 'i5-f3-s1',
      place: 'CNN : Convolution',
      printed: '3',
      statement: 'I = 5, F = 3 and S = 1 give (5 - 3) / 1 + 1 = 3.',
      unit: 'size',
      measure: (values) =>
        convolutions(values).find((point) => point.height === 5 && point.k === 3 && point.s === 1 && plain(point))
          ?.outHeight ?? NaN,
    },
  ],
};

/** (size - f) / s + 1 of formula (4), for whole results. */
function pooled(row: Pick<OpRow, 'id' | 'printed'>, axis: 'height' | 'width', out: 'outHeight' | 'outWidth'): OpRow {
  return formula(pools, {
    deck: '002',
    place: 'Pooling operator, (4)',
    ...row,
    statement: `${row.printed}, wherever that is a whole number.`,
    where: (point) => whole((point[axis] - point.f) / point.s),
    holds: (point) => point[out] === (point[axis] - point.f) / point.s + 1,
  });
}

function poolSizes(kind: 'max' | 'average'): WorkedExample {
  const name = `${kind}-pool-size`;
  return {
    operation: { op: `${kind}-pool-grid`, name, upTo: { i: 10, f: 4, s: 4 } },
    claims: [
      pooled({ id: 'width', printed: 'W_out = (W_in - F) / S + 1' }, 'width', 'outWidth'),
      pooled({ id: 'height', printed: 'H_out = (H_in - F) / S + 1' }, 'height', 'outHeight'),
      formula(pools, {
        deck: '002',
        id: 'depth',
        place: 'Pooling operator, (4)',
        printed: 'D_out = D_in',
        statement: `${kind === 'max' ? 'Max' : 'Average'} pooling keeps the depth: D_out = D_in.`,
        holds: ({ channels, outChannels }) => channels === outChannels,
      }),
      withoutFloor(pools, {
        place: 'Pooling operator, (4)',
        printed: 'W_out = (W_in - F) / S + 1, H_out = (H_in - F) / S + 1',
        where: () => true,
        size: (length, { f, s }) => (length - f) / s + 1,
      }),
      formula(pools, {
        deck: '002',
        id: 'fewer-coefficients',
        place: 'Pooling layer',
        printed: 'to reduce the number of feature-map coefficients to process',
        statement: `${kind === 'max' ? 'Max' : 'Average'} pooling of more than one pixel leaves fewer values than it gets.`,
        where: ({ f }) => f > 1,
        holds: ({ height, width, channels, outHeight, outWidth, outChannels }) =>
          outHeight * outWidth * outChannels < height * width * channels,
      }),
      formula(pools, {
        deck: '004',
        id: 'channels',
        place: 'Example of ConvNet, pooling',
        printed: 'we can apply the pooling over many channels in the image',
        statement: `${kind === 'max' ? 'Max' : 'Average'} pooling takes each channel by itself: as many come out as go in.`,
        holds: ({ channels, outChannels }) => channels === outChannels,
      }),
      formula(pools, {
        deck: '003',
        id: 'divided',
        place: 'CNN : Pooling',
        printed: 'O = I / Po',
        statement: 'With a stride of the pool size, O = I / Po, wherever that is a whole number.',
        where: ({ f, s, height }) => f === s && whole(height / f),
        holds: ({ height, f, outHeight }) => outHeight === height / f,
      }),
      formula(pools, {
        deck: '004',
        id: 'reduces',
        place: 'Summary of pooling',
        printed: 'Reduce the size of "input" image',
        statement: `${kind === 'max' ? 'Max' : 'Average'} pooling of more than one pixel makes the image smaller.`,
        where: ({ f }) => f > 1,
        holds: ({ height, width, outHeight, outWidth }) => outHeight < height && outWidth < width,
      }),
    ],
  };
}

const ORDER_IN_WORDS = {
  'as shown': '',
  'channels-first': '',
  "as Keras's heading": ", in the order of Keras, which the slide's heading names",
  "as PyTorch's call": ', the output of the nn.Conv2d that the slide prints',
} as const;

const KERAS_OR_PYTORCH =
  "The slide's heading says Keras, its code is PyTorch's nn.Conv2d(in_channels, out_channels, kernel_size), and its shapes are in the order of " +
  'Keras. nn.Conv2d has the channels first, here (4,28,28), and refuses (32,32,3) and (32,32,1) for want of the right number of channels: ' +
  'it takes the first length, 32, for them. The same slide of deck 000 has (3,32,32) and (4,28,28).';

/** Shapes as decks print them, of one convolution: [H, W, filters], or [filters, H, W]. */
function convolutionShapes(
  input: readonly [height: number, width: number, channels: number],
  filters: number,
  kernel: number,
  claims: readonly (Pick<OpRow, 'deck' | 'place' | 'printed'> & {
    readonly order?: 'channels-first' | "as Keras's heading" | "as PyTorch's call";
  })[],
): WorkedExample {
  const [height, width, channels] = input;
  return {
    operation: {
      op: 'convolution-shape',
      name: `kernels-${filters}x${kernel}x${kernel}x${channels}`,
      input: [1, height, width, channels],
      filters,
      kernel,
    },
    claims: claims.map(({ order, ...row }) => ({
      ...row,
      id: order === "as PyTorch's call" ? 'shape-of-nn-conv2d' : 'shape',
      statement: `${filters} ${filters === 1 ? 'kernel' : 'kernels'} of ${kernel} x ${kernel} x ${channels} on ${input.join(' x ')} ${filters === 1 ? 'gives' : 'give'} ${row.printed}${ORDER_IN_WORDS[order ?? 'as shown']}.`,
      unit: 'shape',
      measure: {
        take: 'shape',
        ...(order !== undefined && order !== "as Keras's heading" && { as: 'channels-first' }),
      },
      ...(order === "as PyTorch's call" && { erratum: KERAS_OR_PYTORCH, mistake: '001/channels-last-of-nn-conv2d' }),
    })),
  };
}

/** Sizes: formulas over whole grids, and the shapes that decks print. */
export const SHAPES: Sheet = {
  id: 'ops-shapes',
  title: 'output sizes over a grid of i, k, s, p, d',
  examples: [
    CONVOLUTION_SIZES,
    poolSizes('max'),
    poolSizes('average'),
    convolutionShapes([32, 32, 3], 1, 5, [
      { deck: '000', place: 'slides 25 and 29', printed: '(1,28,28)', order: 'channels-first' },
      { deck: '001', place: 'Understand convolution', printed: '(28,28,1)' },
      { deck: '002', place: 'Explanation (cont.)', printed: '28 \u00d7 28 \u00d7 1' },
    ]),
    convolutionShapes([32, 32, 1], 1, 5, [
      { deck: '000', place: 'slide 29', printed: '(1,28,28)', order: 'channels-first' },
    ]),
    convolutionShapes([32, 32, 3], 4, 5, [
      { deck: '000', place: 'slides 25 and 28', printed: '(4,28,28)', order: 'channels-first' },
      { deck: '001', place: 'Convolution layer in Keras', printed: '(28,28,4)', order: "as Keras's heading" },
      { deck: '001', place: 'Convolution layer in Keras', printed: '(28,28,4)', order: "as PyTorch's call" },
    ]),
    convolutionShapes([32, 32, 1], 4, 5, [
      { deck: '000', place: 'slide 28', printed: '(4,28,28)', order: 'channels-first' },
      { deck: '001', place: 'Convolution layer in Keras', printed: '(28,28,4)', order: "as Keras's heading" },
      { deck: '001', place: 'Convolution layer in Keras', printed: '(28,28,4)', order: "as PyTorch's call" },
    ]),
    convolutionShapes([32, 32, 3], 6, 5, [
      { deck: '002', place: 'Explanation (cont.)', printed: '28 \u00d7 28 \u00d7 6' },
    ]),
    {
      operation: { op: 'pool-shape', name: 'pooling-224', input: [1, 224, 224, 64], size: 2, stride: 2 },
      claims: [
        {
          deck: '002',
          id: 'shape',
          place: 'Pooling layer, Example',
          printed: '[112 \u00d7 112 \u00d7 64]',
          statement: '[224 x 224 x 64] pooled with filter size 2 and stride 2 gives [112 x 112 x 64].',
          unit: 'shape',
          measure: { take: 'shape' },
        },
      ],
    },
    {
      operation: { op: 'convolution-shape', name: 'simplest-case', input: [2, 8, 8, 3], filters: 4, kernel: 3 },
      claims: [
        formula(({ shape }) => shape.map((length, axis) => ({ length, axis })), {
          deck: '004',
          id: 'activations',
          place: 'Summary of notation',
          printed: 'A[l] -> m x n_H x n_W x n_C',
          statement:
            'A[l] is m x n_H x n_W x n_C: m = 2 images of 8 x 8 with n_C = 4 filters of 3 x 3 give 2 x 6 x 6 x 4.',
          holds: ({ length, axis }) => length === [2, Math.floor(8 - 3 + 1), Math.floor(8 - 3 + 1), 4][axis],
        }),
        {
          deck: '004',
          id: 'height-kept',
          place: 'nn.Conv2d, and Quick comparison nn.Linear versus nn.Conv2d',
          printed: 'Input size (N, C_in, H, W), Output size (N, C_out, H, W)',
          statement:
            '"In the simplest case", stride 1 and no padding, the output keeps H and W (here 8, with a 3x3 kernel).',
          unit: 'size',
          expected: { low: 8, high: 8, words: 'H = 8' },
          measure: { take: 'height' },
          erratum:
            'H_out = floor((8 + 0 - 3) / 1 + 1) = 6 by the formula of the same deck. H and W stay only for a 1x1 kernel or with padding (f-1)/2. The slide before prints (N, C_out, H_out, W_out), as PyTorch does; the indices are missing here.',
        },
      ],
    },
  ],
};
