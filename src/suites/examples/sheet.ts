import type { Expected, OpClaim } from '../../core/claim.js';
import type { OpsExperiment } from '../../core/experiment.js';
import type { Grid, Operation, Values } from '../../core/operation.js';
import type { Shape } from '../../core/model.js';
import type { OutcomePart } from '../../core/quantity.js';

/** One claim about what an operation leaves. Its full id is `deck/operation/id`. */
export interface OpRow extends Pick<
  OpClaim,
  'deck' | 'id' | 'place' | 'printed' | 'statement' | 'unit' | 'expected' | 'erratum' | 'mistake' | 'blame'
> {
  /** Of what its operation leaves. */
  readonly measure: OutcomePart | ((values: Values) => number | Shape | Grid);
  /** Points that a formula was tried on; the reports print their number. */
  readonly points?: (values: Values) => number;
}

/** An operation and everything that the decks print about it: what one adds to add a claim. */
export interface WorkedExample {
  readonly operation: Operation;
  readonly claims: readonly OpRow[];
}

/** The worked examples of one experiment, and so of one process a backend. */
export interface Sheet {
  readonly id: string;
  readonly title: string;
  readonly examples: readonly WorkedExample[];
}

export function experimentOf({ id, title, examples }: Sheet): OpsExperiment {
  return { kind: 'ops', suite: 'ops', id, title, operations: examples.map(({ operation }) => operation) };
}

export function claimsOf({ id: experiment, examples }: Sheet): readonly OpClaim[] {
  return examples.flatMap(({ operation: { name }, claims }) =>
    claims.map(({ measure, points, ...row }): OpClaim => ({
      kind: 'op',
      suite: 'ops',
      experiment,
      ...row,
      id: `${row.deck}/${name}/${row.id}`,
      measure: typeof measure === 'function' ? (values) => measure(values(name)) : { operation: name, part: measure },
      ...(points && { points: (values) => points(values(name)) }),
    })),
  );
}

/** The rows of a table, by the names of their columns. Throws RangeError for a table of another width. */
export function tableRows<const Column extends string>(
  { shape, values }: Values,
  columns: readonly Column[],
): readonly Readonly<Record<Column, number>>[] {
  const [height = 0, width = 0] = shape;
  if (width !== columns.length) throw new RangeError(`a table of ${width} columns where ${columns.length} belong`);
  return Array.from(
    { length: height },
    (_, row) =>
      Object.fromEntries(columns.map((name, column) => [name, values[row * width + column]])) as Record<Column, number>,
  );
}

const NO_MISMATCH: Expected = { low: 0, high: 0, words: '0 mismatches' };

export type FormulaRow<Point> = Pick<
  OpClaim,
  'deck' | 'id' | 'place' | 'printed' | 'statement' | 'erratum' | 'mistake' | 'blame'
> & {
  readonly holds: (point: Point) => boolean;
  /** Points the statement is about. Default: all. */
  readonly where?: (point: Point) => boolean;
};

/** A claim that holds on every point of a table, which is measured as the number of points where it does not. */
export function formula<Point>(
  read: (values: Values) => readonly Point[],
  { holds, where = () => true, ...row }: FormulaRow<Point>,
): OpRow {
  const tried = (values: Values) => {
    const points = read(values).filter(where);
    if (points.length === 0) throw new RangeError('there is no point to try the formula on');
    return points;
  };
  return {
    ...row,
    unit: 'mismatches',
    expected: NO_MISMATCH,
    measure: (values) => tried(values).filter((point) => !holds(point)).length,
    points: (values) => tried(values).length,
  };
}
