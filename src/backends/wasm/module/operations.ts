/** Arguments of each operation of assembly/index.ts: the fields of its class, in their order. All are 32 bits wide. */
export const OPERATIONS = {
  packPanel: ['source', 'rowStep', 'columnStep', 'rows', 'columns', 'target'],
  product: ['a', 'aRowStep', 'aStep', 'b', 'c', 'm', 'n', 'k'],
  convolve: convolution(),
  filterGradient: convolution(),
  inputGradient: convolution(),
  spectrumOf: transform(),
  tensorOf: transform(),
  spectralProduct: spectral(),
  spectralCorrelation: spectral(),
  adam: [
    'value',
    'gradient',
    'first',
    'second',
    'newValue',
    'newFirst',
    'newSecond',
    'count',
    'beta1',
    'beta2',
    'rest1',
    'rest2',
    'correction1',
    'correction2',
    'learningRate',
    'epsilon',
  ],
  sumRows: ['x', 'sum', 'rows', 'columns'],
  addBias: ['x', 'bias', 'rows', 'columns', 'relu'],
  normalise: ['bytes', 'images', 'count'],
} as const;

function convolution() {
  return [
    'x',
    'filter',
    'y',
    'runs',
    'runCount',
    'length',
    'batch',
    'outHeight',
    'outWidth',
    'filters',
    'imageStep',
    'rowStep',
    'columnStep',
  ] as const;
}

function transform() {
  return [
    'tensor',
    'rowStep',
    'lineStep',
    'columnStep',
    'spectrum',
    'rows',
    'room',
    'channels',
    'height',
    'width',
    'tall',
    'wide',
    'lineOffset',
    'lineDistance',
    'columnOffset',
    'columnDistance',
    'across',
    'along',
    'scale',
  ] as const;
}

function spectral() {
  return [
    'a',
    'b',
    'c',
    'aRoom',
    'bRoom',
    'cRoom',
    'aChannels',
    'bChannels',
    'cChannels',
    'frequencies',
    'middle',
    'backward',
    'accumulate',
    'rows',
  ] as const;
}

/** Fields that are float32; the others are int32. */
const FLOATS: ReadonlySet<string> = new Set([
  'scale',
  'beta1',
  'beta2',
  'rest1',
  'rest2',
  'correction1',
  'correction2',
  'learningRate',
  'epsilon',
]);

export type Operation = keyof typeof OPERATIONS;
export type Arguments<O extends Operation> = Readonly<Record<(typeof OPERATIONS)[O][number], number>>;

export const OPERATION_NAMES = Object.keys(OPERATIONS) as readonly Operation[];

/** Most fields that an operation has. */
export const MOST_FIELDS = Math.max(...Object.values(OPERATIONS).map((fields) => fields.length));

/** Writes the arguments of an operation into the heap, at `address`. */
export function writeArguments<O extends Operation>(
  buffer: ArrayBufferLike,
  address: number,
  operation: O,
  values: Arguments<O>,
): void {
  const fields: readonly string[] = OPERATIONS[operation];
  const view = new DataView(buffer, address, 4 * fields.length);
  for (const [index, field] of fields.entries()) {
    const value = (values as Readonly<Record<string, number>>)[field] as number;
    if (FLOATS.has(field)) view.setFloat32(4 * index, value, true);
    else view.setInt32(4 * index, value, true);
  }
}
