import type { Quantity } from '../../core/quantity.js';
import { countClaims, type CountRow } from './count-claims.js';

/** Rows of deck 001's torchsummary table: the printed name, the layer it is in our model, printed shape and Param #. */
const TABLE = [
  ['Conv2d-1', 'conv1', '[-1, 32, 22, 22]', '1,600'],
  ['ReLU-2', 'relu1', '[-1, 32, 22, 22]', '0'],
  ['Conv2d-3', 'conv2', '[-1, 64, 16, 16]', '100,416'],
  ['ReLU-4', 'relu2', '[-1, 64, 16, 16]', '0'],
  ['Conv2d-5', 'conv3', '[-1, 128, 10, 10]', '401,536'],
  ['ReLU-6', 'relu3', '[-1, 128, 10, 10]', '0'],
  ['Conv2d-7', 'conv4', '[-1, 256, 4, 4]', '1,605,888'],
  ['ReLU-8', 'relu4', '[-1, 256, 4, 4]', '0'],
  ['Flatten-9', 'flatten', '[-1, 4096]', '0'],
  ['Linear-10', 'dense1', '[-1, 128]', '524,416'],
  ['ReLU-11', 'relu5', '[-1, 128]', '0'],
  ['Linear-12', 'dense2', '[-1, 10]', '1,290'],
] as const;

const PLACE = 'Simple Convolutional Neural Network, torchsummary table';

/** The table stands under the listing of another net. */
const MISTAKE = '001/torchsummary-of-another-net';

const INPUT: Quantity = { what: 'activations', of: 'input' };
const PARAMETERS: Quantity = { what: 'parameters' };
/** torchsummary's "forward/backward pass size": every layer's output twice, for the activation and for its gradient. */
const PASS: Quantity = { sum: [{ what: 'activations' }, { what: 'activations' }] };

const ROWS = TABLE.flatMap(([row, name, shape, count]): CountRow[] => [
  {
    id: `torchsummary/${row}/shape`,
    printed: shape,
    statement: `Output Shape of ${row}.`,
    unit: 'shape',
    measure: { what: 'shape', of: name, as: 'channels-first' },
  },
  {
    id: `torchsummary/${row}/parameters`,
    printed: count,
    statement: `Param # of ${row}.`,
    unit: 'parameters',
    measure: { what: 'parameters', of: name },
  },
]);

const TOTALS: readonly CountRow[] = [
  {
    id: 'torchsummary/total-parameters',
    printed: '2,635,146',
    statement: 'Total params.',
    unit: 'parameters',
    measure: { what: 'parameters' },
  },
  {
    id: 'torchsummary/trainable-parameters',
    printed: '2,635,146',
    statement: 'Trainable params: all of them.',
    unit: 'parameters',
    measure: { what: 'parameters' },
  },
  {
    id: 'torchsummary/input-size',
    printed: '0.00',
    statement: 'Input size (MB), which is MiB of 32-bit floats.',
    unit: 'MiB',
    measure: { memory: INPUT },
  },
  {
    id: 'torchsummary/pass-size',
    printed: '0.78',
    statement: 'Forward/backward pass size (MB): twice the outputs of all layers.',
    unit: 'MiB',
    measure: { memory: PASS },
  },
  {
    id: 'torchsummary/parameters-size',
    printed: '10.05',
    statement: 'Params size (MB).',
    unit: 'MiB',
    measure: { memory: PARAMETERS },
  },
  {
    id: 'torchsummary/total-size',
    printed: '10.83',
    statement: 'Estimated Total Size (MB): input, forward/backward pass and parameters.',
    unit: 'MiB',
    measure: { memory: { sum: [INPUT, PASS, PARAMETERS] } },
  },
];

/** The table on the model it belongs to: case 1, with Linear(4*4*256, 128) and Linear(128, 10). */
const ON_CASE_1 = countClaims({ deck: '001', model: 'cnn-fashion', place: PLACE }, [...ROWS, ...TOTALS]);

/** The table on the model whose listing it stands under: one Linear(4*4*256, 10). */
const ON_ITS_LISTING = countClaims({ deck: '001', model: 'cnn-fashion-conv-only', place: PLACE }, [
  {
    id: 'torchsummary/Linear-10/shape',
    printed: '[-1, 128]',
    statement: 'Output Shape of Linear-10, for the listing the table stands under.',
    unit: 'shape',
    measure: { what: 'shape', of: 'dense', as: 'channels-first' },
    erratum:
      'The listing has one dense layer, Linear(4*4*256, 10), with 10 outputs. 128 are those of dense1 in the listing of case 1.',
    mistake: MISTAKE,
  },
  {
    id: 'torchsummary/Linear-10/parameters',
    printed: '524,416',
    statement: 'Param # of Linear-10, for the listing the table stands under.',
    unit: 'parameters',
    measure: { what: 'parameters', of: 'dense' },
    erratum:
      "The listing's Linear(4*4*256, 10) has 4096 * 10 + 10 = 40,970. The printed 524,416 = 4096 * 128 + 128 is dense1 of case 1.",
    mistake: MISTAKE,
  },
  {
    id: 'torchsummary/total-parameters',
    printed: '2,635,146',
    statement: 'Total params, for the listing the table stands under.',
    unit: 'parameters',
    measure: { what: 'parameters' },
    erratum:
      'The listing has 1,600 + 100,416 + 401,536 + 1,605,888 + 40,970 = 2,150,410. The printed total is that of case 1, which ' +
      'has 524,416 + 1,290 in place of 40,970: 484,736 more.',
    mistake: MISTAKE,
  },
]);

export const TORCHSUMMARY_CLAIMS = [...ON_CASE_1, ...ON_ITS_LISTING];
