import type { Values } from '../../core/operation.js';
import { formula, tableRows, type FormulaRow, type OpRow, type Sheet } from './sheet.js';

const COLUMNS = ['i', 'k', 's', 'p', 'extent', 'stride', 'padding', 'zeros', 'o'] as const;
type Point = Readonly<Record<(typeof COLUMNS)[number], number>>;
const points = (values: Values): readonly Point[] => tableRows(values, COLUMNS);

/** Several choices were equal in this point, so that it says nothing. */
const UNDECIDED = -1;

interface Table {
  readonly id: string;
  readonly title: string;
  readonly where: (point: Point) => boolean;
  readonly padding: readonly [printed: string, value: (point: Point) => number];
  readonly output: readonly [printed: string, value: (point: Point) => number];
}

const TABLES: readonly Table[] = [
  {
    id: 'no-padding-unit-stride',
    title: 'No zero padding, unit strides',
    where: ({ s, p }) => s === 1 && p === 0,
    padding: ["p' = k - 1", ({ k }) => k - 1],
    output: ["o' = i' + (k - 1)", ({ i, k }) => i + (k - 1)],
  },
  {
    id: 'padding-unit-stride',
    title: 'Zero padding, unit strides',
    where: ({ s }) => s === 1,
    padding: ["p' = k - p - 1", ({ k, p }) => k - p - 1],
    output: ["o' = i' + (k - 1) - 2p", ({ i, k, p }) => i + (k - 1) - 2 * p],
  },
  {
    id: 'no-padding-strides',
    title: 'No zero padding, non-unit strides',
    where: ({ s, p }) => s > 1 && p === 0,
    padding: ["p' = k - 1", ({ k }) => k - 1],
    output: ["o' = s(i' - 1) + k", ({ i, k, s }) => s * (i - 1) + k],
  },
];

/** The rows of one table of deck 002. */
function tableClaims({ id, title, where, padding, output }: Table): readonly OpRow[] {
  const row = (
    part: string,
    printed: string,
    statement: string,
    holds: FormulaRow<Point>['holds'],
    decided: FormulaRow<Point>['holds'] = () => true,
  ) =>
    formula(points, {
      deck: '002',
      id: `${id}/${part}`,
      place: `Transposed Convolution (cont.), "${title}, transposed"`,
      printed,
      statement: `${title}: ${statement}`,
      where: (point) => where(point) && decided(point),
      holds,
    });
  const [paddingPrinted, paddingOf] = padding;
  const [outputPrinted, outputOf] = output;
  return [
    row('kernel', "k' = k", 'one input spreads over k x k outputs.', ({ k, extent }) => extent === k),
    row(
      'stride',
      "s' = 1",
      'the direct convolution that equals it has stride 1.',
      ({ stride }) => stride === 1,
      ({ stride }) => stride !== UNDECIDED,
    ),
    row(
      'padding',
      paddingPrinted,
      `the direct convolution that equals it has the padding ${paddingPrinted}.`,
      (point) => point.padding === paddingOf(point),
      (point) => point.padding !== UNDECIDED,
    ),
    row('output', outputPrinted, `its size is ${outputPrinted}.`, (point) => point.o === outputOf(point)),
  ];
}

const MATRIX = ['i', 'k', 's', 'p', 'o', 'toProduct', 'toTransposedProduct'] as const;
const products = (values: Values) => tableRows(values, MATRIX);

/** Transposed convolution: the three tables of deck 002, and the matrix behind them. */
export const TRANSPOSED: Sheet = {
  id: 'ops-transposed',
  title: 'transposed convolution, and convolution as a matrix',
  examples: [
    {
      operation: { op: 'transposed-grid', name: 'transposed', upTo: { i: 5, k: 5, s: 3 } },
      claims: [
        ...TABLES.flatMap(tableClaims),
        formula(points, {
          deck: '002',
          id: 'no-padding-strides/zeros',
          place: 'Transposed Convolution (cont.), "No zero padding, non-unit strides, transposed"',
          printed: 'adding s - 1 zeros between each input unit',
          statement: 'The direct convolution that equals it reads the input with s - 1 zeros between its units.',
          where: ({ s, p, zeros }) => s > 1 && p === 0 && zeros !== UNDECIDED,
          holds: ({ s, zeros }) => zeros === s - 1,
        }),
      ],
    },
    {
      operation: { op: 'convolution-matrix', name: 'matrix', upTo: { i: 5, k: 3, s: 2, p: 2 } },
      claims: [
        formula(products, {
          deck: '002',
          id: 'convolution',
          place: 'Transposed convolution',
          printed: 'Convolution can be interpreted as a matrix multiplication',
          statement: 'A convolution is the product of a matrix C, made of the kernel, with the flattened image.',
          holds: ({ toProduct }) => toProduct === 0,
        }),
        formula(products, {
          deck: '002',
          id: 'transposed',
          place: 'Transposed convolution',
          printed: 'convolution C <-> transposed convolution C^T',
          statement: 'The transposed convolution is the product with the transposed matrix C^T.',
          holds: ({ toTransposedProduct }) => toTransposedProduct === 0,
        }),
      ],
    },
  ],
};
