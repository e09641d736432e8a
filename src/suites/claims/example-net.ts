import { countClaims, type CountRow } from './count-claims.js';

/** Rows of deck 004's "Neural network example" below Input: layer, row, shape, size, number of parameters, its arithmetic. */
const TABLE = [
  ['conv1', 'CONV1', '(28, 28, 8)', '6272', '608', ' (A): (5*5*3+1)*8=608'],
  ['pool1', 'POOL1', '(14, 14, 8)', '1568', '0', ''],
  ['conv2', 'CONV2', '(10, 10, 16)', '1600', '3216', ' (B): (5*5*8+1)*16=3216'],
  ['pool2', 'POOL2', '(5, 5, 16)', '400', '0', ''],
  ['fc3', 'FC3', '(120, 1)', '120', '48120', ' (C): 400*120+120=48120'],
  ['fc4', 'FC4', '(84, 1)', '84', '10164', ' (D): 120*84+84=10164'],
  ['output', 'Softmax', '(10, 1)', '10', '850', ' (E): 84*10+10=850'],
] as const;

const ROWS = TABLE.flatMap(([name, row, shape, size, count, arithmetic]): CountRow[] => [
  {
    id: `${name}/shape`,
    printed: shape,
    statement: `Activation shape of ${row}; a vector is printed as a column.`,
    unit: 'shape',
    measure: { what: 'shape', of: name, as: 'column' },
  },
  {
    id: `${name}/size`,
    printed: size,
    statement: `Activation size of ${row}.`,
    unit: 'values',
    measure: { what: 'activations', of: name },
  },
  {
    id: `${name}/parameters`,
    printed: count,
    statement: `Number of parameters of ${row}${arithmetic}.`,
    unit: 'parameters',
    measure: { what: 'parameters', of: name },
  },
]);

const TABLE_CLAIMS = countClaims({ deck: '004', model: 'example-net', place: 'Neural network example, third slide' }, [
  {
    id: 'input/size',
    printed: '3072',
    statement: 'Activation size of the input, (32, 32, 3).',
    unit: 'values',
    measure: { what: 'activations', of: 'input' },
  },
  ...ROWS,
]);

const SOLUTION_CLAIMS = countClaims(
  { deck: '004', model: 'example-net', place: 'Neural network example, second slide' },
  [
    {
      id: 'fc4/inputs',
      printed: '128',
      statement: 'Inputs of FC4 in (D): 128*84+84 = 10164.',
      unit: 'inputs',
      measure: { what: 'inputs', of: 'fc4' },
      erratum:
        '128*84+84 = 10,836, not the printed 10,164. FC4 is fed by the 120 outputs of FC3, and 120*84+84 = 10,164, as the next ' +
        'slide writes it.',
      blame: {
        slide:
          'the result beside it is right, and the deck corrects the line on the next slide, as one does who found a slip of the pen.',
        extraction:
          'the two blocks of formulas are otherwise the same, character for character; a 0 read as an 8 is all it takes.',
      },
    },
  ],
);

export const EXAMPLE_NET_CLAIMS = [...TABLE_CLAIMS, ...SOLUTION_CLAIMS];
