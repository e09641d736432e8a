import type { Grid, Operation, Values } from '../../../../src/core/operation.js';
import { naivePrimitives as right } from '../../../../src/examples/naive.js';
import type { Primitives } from '../../../../src/examples/primitives.js';

type Four = [number, number, number, number];
const four = ({ shape }: Values) => shape as Four;

/** The same image with its values moved to other places. */
function moved(image: Values, from: (place: Four) => Four): Values {
  const [, height, width, channels] = four(image);
  const values = image.values.map((_, index) => {
    const place: Four = [
      Math.floor(index / (height * width * channels)),
      Math.floor(index / (width * channels)) % height,
      Math.floor(index / channels) % width,
      index % channels,
    ];
    const [n, y, x, c] = from(place);
    return image.values[((n * height + y) * width + x) * channels + c] as number;
  });
  return { shape: image.shape, values };
}

const turned = (filter: Values) => {
  const [height, width] = four(filter);
  return moved(filter, ([i, j, c, f]) => [height - 1 - i, width - 1 - j, c, f]);
};

/** Zeros below and to the right: what a length that is rounded up needs. */
function widened(image: Values, by: number): Values {
  const [batch, height, width, channels] = four(image);
  const shape = [batch, height + by, width + by, channels];
  const values = new Array<number>(shape.reduce((product, length) => product * length, 1)).fill(0);
  image.values.forEach((value, index) => {
    const [c, x] = [index % channels, Math.floor(index / channels) % width];
    const [y, n] = [Math.floor(index / (channels * width)) % height, Math.floor(index / (channels * width * height))];
    values[((n * (height + by) + y) * (width + by) + x) * channels + c] = value;
  });
  return { shape, values };
}

function withoutOdd({ shape, values }: Values): Values {
  return { shape, values: values.map((value, index) => (index % 2 === 1 ? 0 : value)) };
}

/** Operations that compute something else: what a program, or a slide, may well get wrong. */
export const OPERATION_MUTATIONS: Readonly<Record<string, Partial<Primitives>>> = {
  'a convolution turns its kernel': {
    conv2d: (image, filter, geometry) => right.conv2d(image, turned(filter), geometry),
  },
  'a convolution rounds up': {
    conv2d: (image, filter, geometry) => right.conv2d(widened(image, geometry.stride - 1), filter, geometry),
  },
  'a convolution pads once more': {
    conv2d: (image, filter, geometry) => right.conv2d(image, filter, { ...geometry, padding: geometry.padding + 1 }),
  },
  'a convolution leaves its padding out': {
    conv2d: (image, filter, geometry) => right.conv2d(image, filter, { ...geometry, padding: 0 }),
  },
  'a convolution moves by one pixel more': {
    conv2d: (image, filter, geometry) => right.conv2d(image, filter, { ...geometry, stride: geometry.stride + 1 }),
  },
  'a convolution leaves its dilation out': {
    conv2d: (image, filter, geometry) => right.conv2d(image, filter, { ...geometry, dilation: 1 }),
  },
  'a convolution reads the first channel only': {
    conv2d: (image, filter, geometry) =>
      right.conv2d(
        moved(image, ([n, y, x]) => [n, y, x, 0]),
        filter,
        geometry,
      ),
  },
  'a convolution takes any number of channels': {
    conv2d: (image, filter, geometry) =>
      right.conv2d(image, filter, geometry).catch(() => ({ shape: [1, 1, 1, 1], values: [1] })),
  },
  'a convolution has one filter more': {
    conv2d: async (image, filter, geometry) => {
      const { shape, values } = await right.conv2d(image, filter, geometry);
      return { shape: [...shape.slice(0, 3), (shape[3] ?? 0) + 1], values };
    },
  },
  'a convolution weighs each place by itself': {
    conv2d: async (image, filter, geometry) => {
      const { shape, values } = await right.conv2d(image, filter, geometry);
      return { shape, values: values.map((value, index) => value * (1 + index)) };
    },
  },
  'a transposed convolution turns its kernel': {
    conv2dTranspose: (output, filter, ...rest) => right.conv2dTranspose(output, turned(filter), ...rest),
  },
  'a transposed convolution is wider by one': {
    conv2dTranspose: async (...args) => widened(await right.conv2dTranspose(...args), 1),
  },
  'a transposed convolution reads every second value': {
    conv2dTranspose: (output, ...rest) => right.conv2dTranspose(withoutOdd(output), ...rest),
  },
  'pooling rounds up': {
    pool: (kind, image, window) => right.pool(kind, widened(image, window.stride - 1), window),
  },
  'pooling moves by one pixel more': {
    pool: (kind, image, { size, stride }) => right.pool(kind, image, { size, stride: stride + 1 }),
  },
  'pooling does nothing': { pool: async (_, image) => image },
  'a maximum is an average': { pool: (_, image, window) => right.pool('average', image, window) },
  'an average is a maximum': { pool: (_, image, window) => right.pool('max', image, window) },
  'pooling adds a channel': {
    pool: async (kind, image, window) => {
      const { shape, values } = await right.pool(kind, image, window);
      return { shape: [...shape.slice(0, 3), (shape[3] ?? 0) + 1], values };
    },
  },
  'no bias is added': { addBias: async (sums) => sums },
  'biases go to the next filter': {
    addBias: (sums, bias) => right.addBias(sums, [...bias.slice(1), bias[0] as number]),
  },
  'a product reads places in their order': {
    matMul: async (left, other) =>
      right.matMul({ ...left, values: left.values.map((value, place) => value + place ** 2) }, other),
  },
  'a dense layer leaves its bias out': { dense: (input, weights) => right.dense(input, weights, [0, 0, 0, 0, 0]) },
  'ReLU lets a tenth through': {
    relu: async ({ shape, values }) => ({ shape, values: values.map((value) => (value > 0 ? value : value / 10)) }),
  },
  'layers have no biases': { layer: (question) => ({ ...right.layer(question), biases: 0 }) },
  'a layer has a bias more': {
    layer: (question) => {
      const layer = right.layer(question);
      return { ...layer, biases: layer.biases + 1 };
    },
  },
  'weights are shared among inputs': {
    layer: (question) => {
      const layer = right.layer(question);
      const inputs = question.kind === 'dense' ? question.inputs : question.channels;
      return { ...layer, weights: layer.weights / inputs };
    },
  },
  'pooling has weights': {
    layer: (question) => {
      const layer = right.layer(question);
      return 'size' in question ? { ...layer, weights: question.size ** 2 } : layer;
    },
  },
  'a layer has an output more': {
    layer: (question) => {
      const layer = right.layer(question);
      return { ...layer, outputs: layer.outputs + 1 };
    },
  },
};

/** Columns of the tables that grids of sizes leave, as `core/operation.ts` describes them. */
export const COLUMNS: Partial<Readonly<Record<Operation['op'], readonly string[]>>> = {
  relu: ['x', 'y'],
  'convolution-grid': ['height', 'width', 'k', 's', 'p', 'd', 'outHeight', 'outWidth', 'sum'],
  'max-pool-grid': ['height', 'width', 'f', 's', 'channels', 'outHeight', 'outWidth', 'outChannels'],
  'average-pool-grid': ['height', 'width', 'f', 's', 'channels', 'outHeight', 'outWidth', 'outChannels'],
  'convolution-matrix': ['i', 'k', 's', 'p', 'o', 'toProduct', 'toTransposedProduct'],
  'transposed-grid': ["i'", 'k', 's', 'p', "k'", "s'", "p'", 'zeros', "o'"],
  'layer-grid': ['kind', 'inputs', 'extent', 'out', 'weights', 'biases', 'outputs'],
  'channel-grid': ['data', 'kernel', 'accepted'],
  'convolution-of-shifted': ['kernel', 'values', 'differing'],
  'dense-of-shuffled': ['outputs', 'differing'],
  'dilated-grid': ['height', 'width', 'k', 's', 'p', 'd', 'outHeight', 'outWidth', 'refused', 'differing'],
  'dense-grid': ['inputs', 'units', 'fromProduct', 'fromConvolution'],
};

/** The same operation on other operands, by the operand that is another one. Grids of sizes have none: see their columns. */
export function otherOperands(operation: Operation): Readonly<Record<string, readonly Operation[]>> {
  switch (operation.op) {
    case 'correlation': {
      const { input, filters, stride = 1, padding = 0, bias } = operation;
      return {
        input: [
          ...channelsChanged(input).map((changed) => ({ ...operation, input: changed })),
          { ...operation, input: input.map(withRow) },
          { ...operation, input: input.map(withRow).map(withRow) },
        ],
        filter: [
          ...filters.flatMap((filter, index) =>
            channelsChanged(filter).map((changed) => ({ ...operation, filters: filters.with(index, changed) })),
          ),
          { ...operation, filters: filters.map((filter) => filter.map(withRow)) },
        ],
        stride: [{ ...operation, stride: stride + 1 }],
        padding: [{ ...operation, padding: padding + 1 }],
        ...(bias && { bias: bias.map((value, index) => ({ ...operation, bias: bias.with(index, value + 1) })) }),
      };
    }
    case 'max-pool':
    case 'average-pool': {
      const { input, size, stride } = operation;
      return {
        input: gridsChanged(input, 8).map((changed) => ({ ...operation, input: changed })),
        size: [{ ...operation, size: size + 1 }],
        stride: [{ ...operation, stride: stride + 1 }],
      };
    }
    case 'convolution-shape': {
      const { input, filters, kernel } = operation;
      return {
        input: [{ ...operation, input: [input[0], input[1] + 1, input[2] + 1, input[3]] }],
        filters: [{ ...operation, filters: filters + 1 }],
        kernel: [{ ...operation, kernel: kernel + 1 }],
      };
    }
    case 'pool-shape': {
      const { input, size, stride } = operation;
      return {
        input: [{ ...operation, input: [input[0], input[1] + 2, input[2] + 2, input[3] + 1] }],
        size: [{ ...operation, size: size + 2 }],
        stride: [{ ...operation, stride: stride + 1 }],
      };
    }
    case 'affine-scores':
      return { points: gridsChanged(operation.points, 1).map((points) => ({ ...operation, points })) };
    case 'unit-responses':
      return { as: [{ ...operation, as: operation.as === 'correlation' ? 'convolution' : 'correlation' }] };
    default:
      return {};
  }
}

/** Every value of every channel, one after the other, one more. */
function channelsChanged(channels: readonly Grid[]): readonly (readonly Grid[])[] {
  return channels.flatMap((grid, index) => gridsChanged(grid, 1).map((changed) => channels.with(index, changed)));
}

function gridsChanged(grid: Grid, by: number): readonly Grid[] {
  return grid.flatMap((row, y) => row.map((value, x) => grid.with(y, row.with(x, value + by))));
}

function withRow(grid: Grid): Grid {
  return [...grid, (grid[0] ?? []).map(() => 0)];
}
