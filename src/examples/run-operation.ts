import type { Grid, Operation, OperationOf, Values } from '../core/operation.js';
import { constant } from './draw.js';
import { channelGrid, convolutionGrid, layerGrid, poolGrid } from './grids.js';
import { affineScores, denseGrid, dilatedGrid } from './identities.js';
import type { Primitives } from './primitives.js';
import { convolutionMatrix, unitResponses } from './linear-maps.js';
import { convolutionOfShifted, denseOfShuffled, poolingOfShifted } from './shifts.js';
import { transposedGrid } from './transposed.js';

/** Runs one operation of the `ops` suite. What it leaves is described at the operation's type. */
export async function runOperation(primitives: Primitives, operation: Operation): Promise<Values> {
  switch (operation.op) {
    case 'correlation':
      return correlation(primitives, operation);
    case 'max-pool':
    case 'average-pool': {
      const { op, input, size, stride } = operation;
      const kind = op === 'max-pool' ? 'max' : 'average';
      const { shape, values } = await primitives.pool(kind, imageOf([input]), { size, stride });
      return { shape: shape.slice(1, 3), values };
    }
    case 'relu': {
      const { values } = operation;
      const result = await primitives.relu({ shape: [values.length], values });
      return { shape: [values.length, 2], values: values.flatMap((x, index) => [x, result.values[index] as number]) };
    }
    case 'activation': {
      const { function: what, values } = operation;
      const input = { shape: [values.length], values };
      const result = await (what === 'relu' ? primitives.relu(input) : primitives.apply(what, input));
      return { shape: [1, values.length], values: result.values };
    }
    case 'product':
      return primitives.matMul(matrixOf(operation.left), matrixOf(operation.right));
    case 'dense': {
      const { input, weights, bias } = operation;
      const column = { shape: [input.length, 1], values: input };
      const { values } = await primitives.matMul(matrixOf(weights), column);
      const outputs = { shape: [1, 1, 1, values.length], values };
      const sums = bias === undefined ? outputs : await primitives.addBias(outputs, bias);
      return { shape: [1, values.length], values: sums.values };
    }
    case 'cross-entropy': {
      const { of, values, label } = operation;
      const logs = await primitives.apply(of === 'logits' ? 'log-softmax' : 'log', { shape: [values.length], values });
      return { shape: [1, 1], values: [-(logs.values[label] ?? NaN)] };
    }
    case 'convolution-shape': {
      const { input, filters, kernel } = operation;
      const filter = constant([kernel, kernel, input[3], filters], 0);
      const { shape } = await primitives.conv2d(constant(input, 0), filter, { stride: 1, padding: 0, dilation: 1 });
      return { shape, values: [] };
    }
    case 'pool-shape': {
      const { input, size, stride } = operation;
      const { shape } = await primitives.pool('max', constant(input, 0), { size, stride });
      return { shape, values: [] };
    }
    case 'convolution-grid':
      return convolutionGrid(primitives, operation.upTo);
    case 'max-pool-grid':
      return poolGrid(primitives, 'max', operation.upTo);
    case 'average-pool-grid':
      return poolGrid(primitives, 'average', operation.upTo);
    case 'unit-responses':
      return unitResponses(primitives, operation);
    case 'convolution-matrix':
      return convolutionMatrix(primitives, operation.upTo);
    case 'transposed-grid':
      return transposedGrid(primitives, operation.upTo);
    case 'layer-grid':
      return layerGrid(primitives, operation.upTo);
    case 'channel-grid':
      return channelGrid(primitives, operation.upTo);
    case 'pooling-of-shifted':
      return poolingOfShifted(primitives, operation.side);
    case 'convolution-of-shifted':
      return convolutionOfShifted(primitives, operation.side);
    case 'dense-of-shuffled':
      return denseOfShuffled(primitives, operation.side);
    case 'dilated-grid':
      return dilatedGrid(primitives, operation.upTo);
    case 'dense-grid':
      return denseGrid(primitives, operation.upTo);
    case 'affine-scores':
      return affineScores(primitives, operation);
  }
}

async function correlation(
  primitives: Primitives,
  { input, filters, stride = 1, padding = 0, bias }: OperationOf<'correlation'>,
): Promise<Values> {
  const geometry = { stride, padding, dilation: 1 };
  const sums = await primitives.conv2d(imageOf(input), filterOf(filters), geometry);
  const { shape, values } = bias === undefined ? sums : await primitives.addBias(sums, bias);
  return { shape: shape.slice(1), values };
}

function matrixOf(grid: Grid): Values {
  return { shape: sidesOf(grid), values: grid.flat() };
}

/** [1, H, W, C] of one grid a channel. */
function imageOf(channels: readonly Grid[]): Values {
  const [height, width] = sidesOf(channels[0]);
  const values = pixels(height, width).flatMap(([y, x]) => channels.map((grid) => grid[y]?.[x] as number));
  return { shape: [1, height, width, channels.length], values };
}

/** [H, W, C, filters] of one list of grids a filter. */
function filterOf(filters: readonly (readonly Grid[])[]): Values {
  const [height, width] = sidesOf(filters[0]?.[0]);
  const channels = filters[0]?.length ?? 0;
  const values = pixels(height, width).flatMap(([y, x]) =>
    Array.from({ length: channels }, (_, channel) =>
      filters.map((filter) => filter[channel]?.[y]?.[x] as number),
    ).flat(),
  );
  return { shape: [height, width, channels, filters.length], values };
}

function sidesOf(grid: Grid | undefined): [height: number, width: number] {
  return [grid?.length ?? 0, grid?.[0]?.length ?? 0];
}

function pixels(height: number, width: number): [y: number, x: number][] {
  return Array.from({ length: height * width }, (_, place) => [Math.floor(place / width), place % width]);
}
