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
      'floor((10-2)/2)+1 = 5. Whether the slide or its text extraction repeats the cells cannot be told from the text.',
  },
  { name: 'c5', row: '5, Convolution', maps: '120', size: '1×1', kernel: '5×5' },
];

function rowsOf({ name, row, maps, size, kernel, stride, erratum }: TableRow): CountRow[] {
  const mistake = erratum && { erratum };
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

export const LENET_5_CLAIMS = countClaims({ deck: '004', model: 'lenet-5', place: 'LeNet-5: Architecture in table' }, [
  ...TABLE.flatMap(rowsOf),
  nodesRow('f6', '84'),
  nodesRow('output', '10'),
]);
