import type { Blame, CountedModel } from '../../core/claim.js';
import { sizeOf } from '../../model/summary.js';
import { channelsOf, inputShape } from '../../model/count-quantity.js';
import { countClaims, nodesRow, type CountRow } from './count-claims.js';

/** A convolution or pooling row of deck 004's table, cell by cell. */
interface TableRow {
  readonly name: string;
  readonly row: string;
  readonly maps: string;
  readonly size: string;
  readonly kernel: string;
  /** Left out where the shapes cannot show it: row 5 has a single output position. */
  readonly stride?: string;
  readonly erratum?: string;
}

/** The table is known by its text only. */
const ROW_4_BLAME: Blame = {
  slide: 'the row is whole, and copying the row above and changing its name only is how a table is filled in by hand.',
  extraction:
    'all five cells, with 16 maps and tanh, are those of row 3, and the text around it is damaged: the head of the table is torn ' +
    'apart, and the numbers of rows 2 and 6 stand in stray array brackets.',
};

const TABLE: readonly TableRow[] = [
  { name: 'c1', row: '1, Convolution', maps: '6', size: '28×28', kernel: '5×5', stride: '1' },
  { name: 's2', row: '2, Average Pooling', maps: '6', size: '14×14', kernel: '2×2', stride: '2' },
  { name: 'c3', row: '3, Convolution', maps: '16', size: '10×10', kernel: '5×5', stride: '1' },
  {
    name: 's4',
    row: '4, Average Pooling',
    maps: '16',
    size: '10×10',
    kernel: '5×5',
    stride: '1',
    erratum:
      'Size, kernel and stride repeat row 3. 5x5 with stride 1 on 10x10 would give floor((10-5)/1)+1 = 6, not the printed 10, ' +
      'and the 5x5 convolution of row 5 gives its printed 1x1 only from 5x5, which is 2x2 pooling with stride 2: ' +
      'floor((10-2)/2)+1 = 5.',
  },
  { name: 'c5', row: '5, Convolution', maps: '120', size: '1×1', kernel: '5×5' },
];

function rowsOf({ name, row, maps, size, kernel, stride, erratum }: TableRow): CountRow[] {
  const mistake = erratum && { erratum, mistake: '004/lenet-5-row-4', blame: ROW_4_BLAME };
  const rows: CountRow[] = [
    {
      id: `${name}/maps`,
      printed: maps,
      statement: `Feature maps of row ${row}.`,
      unit: 'maps',
      measure: { what: 'channels', of: name },
    },
    {
      id: `${name}/size`,
      printed: size,
      statement: `Size of row ${row}.`,
      unit: 'shape',
      measure: { what: 'size', of: name },
      ...mistake,
    },
    {
      id: `${name}/kernel`,
      printed: kernel,
      statement: `Kernel size of row ${row}.`,
      unit: 'shape',
      measure: { what: 'kernel', of: name },
      ...mistake,
    },
  ];
  if (stride) {
    rows.push({
      id: `${name}/stride`,
      printed: stride,
      statement: `Stride of row ${row}.`,
      unit: 'pixels',
      measure: { what: 'stride', of: name },
      ...mistake,
    });
  }
  return rows;
}

/** Of all convolutions of a net, the largest share of its inputs that one output depends on: F x F x C_in of H x W x C_in. */
function largestShare(model: CountedModel): number {
  const shares = model.layers
    .filter(({ kind }) => /^conv2d$/i.test(kind))
    .map(({ name, weights, outputShape }) => weights / channelsOf(outputShape) / sizeOf(inputShape(model, name)));
  return Math.max(...shares);
}

const WHY_CONVOLUTIONS = countClaims({ deck: '004', model: 'lenet-5', place: 'Why convolutions?' }, [
  {
    id: 'sparsity',
    printed: 'In each layer, each output value depends only on small number of inputs',
    statement:
      "In each convolution of the deck's own LeNet-5 an output depends on less than half of the inputs (largest share of all layers).",
    unit: 'share',
    expected: { low: 0, high: 0.5, words: 'less than half' },
    measure: largestShare,
    erratum:
      'In the first convolution an output depends on 5*5*1 = 25 of 1,024 inputs (2.4 %), in the third layer on 5*5*6 = 150 of 1,176 ' +
      '(12.8 %), in the fifth on 5*5*16 = 400 of 400: all of them, as in a fully connected layer. It holds where the kernel is ' +
      'smaller than its input, so not "in each layer".',
  },
]);

const TABLE_CLAIMS = countClaims({ deck: '004', model: 'lenet-5', place: 'LeNet-5: Architecture in table' }, [
  ...TABLE.flatMap(rowsOf),
  nodesRow('f6', '84'),
  nodesRow('output', '10'),
]);

export const LENET_5_CLAIMS = [...TABLE_CLAIMS, ...WHY_CONVOLUTIONS];
