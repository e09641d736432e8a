import type { Grid, Operation } from '../core/operation.js';
import type { WrittenClaim } from './claim-schema.js';

type WrittenExample = Extract<WrittenClaim, { example: unknown }>['example'];

/** An operation, or why a written example is none, and which of its keys says so. */
export type ReadExample = { readonly operation: Operation } | { readonly key: string; readonly why: string };

class Unreadable extends Error {
  constructor(
    readonly key: string,
    message: string,
  ) {
    super(message);
  }
}

/**
 * The operation of a worked example. Its fields stand in one order, because the digest of a recipe is of its text.
 *
 * @param name unique in the deck
 */
export function readExample(name: string, example: WrittenExample): ReadExample {
  try {
    return { operation: operationOf(name, example) };
  } catch (error) {
    if (error instanceof Unreadable) return { key: error.key, why: error.message };
    throw error;
  }
}

/** The options of all examples: each has those of its word, which the schema has seen to. */
interface Options {
  readonly input: string | readonly unknown[];
  readonly kernel: string | readonly unknown[];
  readonly left: unknown;
  readonly right: unknown;
  readonly weights: unknown;
  readonly size: number;
  readonly label: number;
  readonly stride?: number;
  readonly padding?: number;
  readonly bias?: unknown;
}

function operationOf(name: string, example: WrittenExample): Operation {
  const [[word, fields]] = Object.entries(example) as [[string, unknown]];
  const options = fields as Options;
  const { input, kernel, padding, bias, stride, size, left, right, weights, label } = options;
  const given = { ...(stride !== undefined && { stride }), ...(padding !== undefined && { padding }) };
  switch (word) {
    case 'correlate':
    case 'convolve': {
      const images = channelsOf('input', input);
      const taps = channelsOf('kernel', kernel);
      if (images.length !== taps.length) {
        throw new Unreadable('kernel', `the input has ${images.length} channels, and the kernel ${taps.length}`);
      }
      refuseLarge(images[0] as Grid, taps[0] as Grid, padding ?? 0);
      const filter = word === 'correlate' ? taps : taps.map((grid) => grid.toReversed().map((row) => row.toReversed()));
      return {
        op: 'correlation',
        name,
        input: images,
        filters: [filter],
        ...given,
        ...(bias !== undefined && { bias: [bias as number] }),
      };
    }
    case 'maxPool':
    case 'averagePool': {
      const image = gridOf('input', input);
      if (Math.min(image.length, image[0]?.length ?? 0) < size)
        throw new Unreadable('size', 'the window is larger than the input');
      return { op: word === 'maxPool' ? 'max-pool' : 'average-pool', name, input: image, size, stride: stride ?? size };
    }
    case 'pad':
      return { op: 'correlation', name, input: [gridOf('input', input)], filters: [[[[1]]]], ...given };
    case 'product': {
      const [a, b] = [gridOf('left', left), gridOf('right', right)];
      if (a[0]?.length !== b.length)
        throw new Unreadable('right', `it has ${b.length} rows, and the left one ${a[0]?.length ?? 0} columns`);
      return { op: 'product', name, left: a, right: b };
    }
    case 'dense': {
      const [vector, rows] = [numbersOf('input', input), gridOf('weights', weights)];
      if (rows[0]?.length !== vector.length) {
        throw new Unreadable(
          'weights',
          `they have ${rows[0]?.length ?? 0} columns, and the input has ${vector.length} numbers`,
        );
      }
      const added = bias === undefined ? undefined : numbersOf('bias', bias);
      if (added !== undefined && added.length !== rows.length)
        throw new Unreadable('bias', `it takes ${rows.length} numbers, one an output`);
      return { op: 'dense', name, input: vector, weights: rows, ...(added && { bias: added }) };
    }
    case 'crossEntropy': {
      const of = 'logits' in options ? 'logits' : 'probabilities';
      const values = numbersOf(of, (options as unknown as Readonly<Record<string, unknown>>)[of]);
      if (label >= values.length) throw new Unreadable('label', `there are ${values.length} classes, from 0`);
      const outside = values.some((value) => value <= 0 || value > 1);
      if (of === 'probabilities' && outside) throw new Unreadable(of, 'they are above 0, and at most 1');
      return { op: 'cross-entropy', name, of, values, label };
    }
    case 'relu':
    case 'sigmoid':
    case 'tanh':
    case 'softmax':
      return {
        op: 'activation',
        name,
        function: word,
        values: typeof fields === 'number' ? [fields] : numbersOf(word, fields),
      };
    default:
      throw new TypeError(`no example "${word}"`);
  }
}

function refuseLarge(image: Grid, kernel: Grid, padding: number): void {
  const room = (length: number, taps: number) => length + 2 * padding - taps;
  if (room(image.length, kernel.length) < 0 || room(image[0]?.length ?? 0, kernel[0]?.length ?? 0) < 0) {
    throw new Unreadable('kernel', 'it is larger than the input with its padding');
  }
}

function channelsOf(key: string, written: string | readonly unknown[]): Grid[] {
  const isList = Array.isArray(written) && written.every((each) => typeof each === 'string');
  const grids = isList ? written.map((each) => gridOf(key, each)) : [gridOf(key, written)];
  const sides = new Set(grids.map((grid) => `${grid.length}x${grid[0]?.length ?? 0}`));
  if (sides.size > 1) throw new Unreadable(key, `the channels are of different sizes: ${[...sides].join(', ')}`);
  return grids;
}

function gridOf(key: string, written: unknown): Grid {
  const rows = typeof written === 'string' ? written.split('/').map((row) => numbersOf(key, row)) : (written as Grid);
  const [first] = rows;
  if (rows.some((row) => row.length !== first?.length)) throw new Unreadable(key, 'its rows are of different lengths');
  return rows;
}

const NUMBER = /^-?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;

function numbersOf(key: string, written: unknown): number[] {
  if (typeof written !== 'string') return [...(written as readonly number[])];
  const words = written
    .replaceAll('\u2212', '-')
    .trim()
    .split(/[\s,]+/);
  const wrong = words.find((word) => !NUMBER.test(word));
  if (wrong !== undefined) throw new Unreadable(key, `"${wrong.slice(0, 40)}" is not a number`);
  return words.map(Number);
}
