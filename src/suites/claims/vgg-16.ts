import type { Quantity } from '../../core/quantity.js';
import { countClaims, type CountRow } from './count-claims.js';

/** One row of deck 002's table below INPUT, as printed. `product` and `formula` are the arithmetic printed beside. */
interface TableRow {
  readonly layer: string;
  readonly row: string;
  readonly layout: string;
  readonly product?: string;
  readonly size: string;
  readonly formula?: string;
  readonly weights?: string;
  readonly biases?: string;
}

// prettier-ignore
const TABLE: readonly TableRow[] = [
  { layer: 'conv1_1', row: 'CONV3-64', layout: '[224x224x64]', product: '224*224*64', size: '3.2M', formula: '(3*3*3)*64', weights: '1,728', biases: '64' },
  { layer: 'conv1_2', row: 'CONV3-64', layout: '[224x224x64]', product: '224*224*64', size: '3.2M', formula: '(3*3*64)*64', weights: '36,864', biases: '64' },
  { layer: 'pool1', row: 'POOL2', layout: '[112x112x64]', product: '112*112*64', size: '800K' },
  { layer: 'conv2_1', row: 'CONV3-128', layout: '[112x112x128]', product: '112*112*128', size: '1.6M', formula: '(3*3*64)*128', weights: '73,728', biases: '128' },
  { layer: 'conv2_2', row: 'CONV3-128', layout: '[112x112x128]', product: '112*112*128', size: '1.6M', formula: '(3*3*128)*128', weights: '147,456', biases: '128' },
  { layer: 'pool2', row: 'POOL2', layout: '[56x56x128]', product: '56*56*128', size: '400K' },
  { layer: 'conv3_1', row: 'CONV3-256', layout: '[56x56x256]', product: '56*56*256', size: '800K', formula: '(3*3*128)*256', weights: '294,912', biases: '256' },
  { layer: 'conv3_2', row: 'CONV3-256', layout: '[56x56x256]', product: '56*56*256', size: '800K', formula: '(3*3*256)*256', weights: '589,824', biases: '256' },
  { layer: 'conv3_3', row: 'CONV3-256', layout: '[56x56x256]', product: '56*56*256', size: '800K', formula: '(3*3*256)*256', weights: '589,824', biases: '256' },
  { layer: 'pool3', row: 'POOL2', layout: '[28x28x256]', product: '28*28*256', size: '200K' },
  { layer: 'conv4_1', row: 'CONV3-512', layout: '[28x28x512]', product: '28*28*512', size: '400K', formula: '(3*3*256)*512', weights: '1,179,648', biases: '512' },
  { layer: 'conv4_2', row: 'CONV3-512', layout: '[28x28x512]', product: '28*28*512', size: '400K', formula: '(3*3*512)*512', weights: '2,359,296', biases: '512' },
  { layer: 'conv4_3', row: 'CONV3-512', layout: '[28x28x512]', product: '28*28*512', size: '400K', formula: '(3*3*512)*512', weights: '2,359,296', biases: '512' },
  { layer: 'pool4', row: 'POOL2', layout: '[14x14x512]', product: '14*14*512', size: '100K' },
  { layer: 'conv5_1', row: 'CONV3-512', layout: '[14x14x512]', product: '14*14*512', size: '100K', formula: '(3*3*512)*512', weights: '2,359,296', biases: '512' },
  { layer: 'conv5_2', row: 'CONV3-512', layout: '[14x14x512]', product: '14*14*512', size: '100K', formula: '(3*3*512)*512', weights: '2,359,296', biases: '512' },
  { layer: 'conv5_3', row: 'CONV3-512', layout: '[14x14x512]', product: '14*14*512', size: '100K', formula: '(3*3*512)*512', weights: '2,359,296', biases: '512' },
  { layer: 'pool5', row: 'POOL2', layout: '[7x7x512]', product: '7*7*512', size: '25K' },
  { layer: 'fc6', row: 'FC', layout: '[1x1x4096]', size: '4096', formula: '7*7*512*4096', weights: '102,760,448', biases: '4096' },
  { layer: 'fc7', row: 'FC', layout: '[1x1x4096]', size: '4096', formula: '4096*4096', weights: '16,777,216', biases: '4096' },
  { layer: 'fc8', row: 'FC', layout: '[1x1x1000]', size: '1000', formula: '4096*1000', weights: '4,096,000', biases: '1000' },
];

/**
 * Values of the table's Size column: the input and the output of every listed layer. ReLU works in place there and flatten has
 * no row.
 */
const VARIABLES: Quantity = { what: 'activations', of: ['input', 'conv*', 'pool*', 'fc*'] };

function rowsOf(row: TableRow): CountRow[] {
  const { layer: name, product, size, formula, weights, biases } = row;
  const place = `row ${row.row} (${name})`;
  const rows: CountRow[] = [
    {
      id: `${name}/layout`,
      printed: row.layout,
      statement: `Layout of ${place}.`,
      unit: 'shape',
      measure: { what: 'shape', of: name, as: 'volume' },
    },
    {
      id: `${name}/size`,
      printed: size,
      statement: product ? `Size of ${place}: ${product}=${size}.` : `Size of ${place}.`,
      unit: 'values',
      measure: { what: 'activations', of: name },
    },
  ];
  if (weights && formula) {
    rows.push({
      id: `${name}/weights`,
      printed: weights,
      statement: `Weights of ${place}: ${formula}=${weights}.`,
      unit: 'weights',
      measure: { what: 'weights', of: name },
    });
  }
  if (biases) {
    rows.push({
      id: `${name}/biases`,
      printed: biases,
      statement: `Biases of ${place}.`,
      unit: 'biases',
      measure: { what: 'biases', of: name },
    });
  }
  return rows;
}

const TABLE_CLAIMS = countClaims({ deck: '002', model: 'vgg-16', place: 'VGGNet, table' }, [
  {
    id: 'input/size',
    printed: '150K',
    statement: 'Size of row INPUT: 224*224*3=150K.',
    unit: 'values',
    measure: { what: 'activations', of: 'input' },
  },
  ...TABLE.flatMap(rowsOf),
]);

const SUMMARY_CLAIMS = countClaims({ deck: '002', model: 'vgg-16', place: 'VGGNet, below the table' }, [
  {
    id: 'total/variables',
    printed: '24M',
    statement: 'Total variables: the Size column adds up to 24M.',
    unit: 'values',
    measure: VARIABLES,
    erratum:
      "The table's own rows add up to 15.2M: input 150,528 + convolutions 13,547,520 + pools 1,530,368 + FC 9,192 = " +
      '15,237,608. With every ReLU output counted too it is 28,793,320. No sum of some of input, convolutions, ReLUs, pools and ' +
      'FC, and no VGG configuration (A, B, D, E) or input size (224 to 384) that was tried gives 24M. The line is that of the ' +
      'CS231n notes, where the same doubt is open (cs231n/cs231n.github.io issue 88).',
    mistake: '002/vgg-16-variables',
  },
  {
    id: 'total/memory',
    printed: '93MB',
    statement: 'Total memory of one forward pass: 24M * 4 bytes = 93MB an image.',
    unit: 'MiB',
    measure: { memory: VARIABLES },
    erratum:
      '15,237,608 * 4 bytes = 60,950,432 bytes = 61.0 MB = 58.1 MiB. The printed 93 follows from 24.4M values in MiB ' +
      '(24,400,000 * 4 / 1,048,576 = 93.1), so it agrees with the printed 24M; 24.0M would be 96 MB or 91.6 MiB.',
    mistake: '002/vgg-16-variables',
  },
  {
    id: 'total/parameters',
    printed: '138M',
    statement: 'Total parameters: 138M, weights and biases.',
    unit: 'parameters',
    measure: { what: 'parameters' },
  },
  {
    id: 'share/parameters-in-fc',
    printed: 'most',
    statement: 'Most of the parameters are in the FC layers.',
    unit: 'share',
    measure: { share: { what: 'parameters', of: 'fc*' }, of: { what: 'parameters' } },
  },
  {
    id: 'share/memory-in-first-two-conv-layers',
    printed: 'most',
    statement: 'Most of the variables (memory) are in the first 2 Conv Layers.',
    unit: 'share',
    measure: { share: { what: 'activations', of: ['conv1_1', 'conv1_2'] }, of: VARIABLES },
    erratum:
      '3,211,264 + 3,211,264 = 6,422,528 of 15,237,608 values are 42.1 %: no majority. Two other readings are true: no other ' +
      'layers have as many, so that it is the largest share; and of the first two stages, conv1_1 to conv2_2, it is a majority ' +
      '(9,633,792, 63.2 %). Three layers would do as well (8,028,160, 52.7 %).',
  },
]);

const POOLING_EXAMPLE = countClaims({ deck: '002', model: 'vgg-16', place: 'Pooling layer, Example' }, [
  {
    id: 'pooling-example',
    printed: '[112x112x64]',
    statement: 'A volume of [224x224x64] pooled with filter size 2 and stride 2 gives [112x112x64].',
    unit: 'shape',
    measure: { what: 'shape', of: 'pool1' },
  },
]);

export const VGG_16_CLAIMS = [...TABLE_CLAIMS, ...SUMMARY_CLAIMS, ...POOLING_EXAMPLE];
