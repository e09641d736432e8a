import type { CellRecord, CurvePoint, DataResult, OpsResult, TrainingResult } from '../core/record.js';
import { intervalOf } from './inference/interval.js';
import { standardDeviation } from './inference/sample.js';
import { counted, percent } from './wording.js';

/** Whether a cell that was run again came to what its record says. */

export type Result = Extract<CellRecord, { outcome: 'completed' }>['result'];

/** The first thing that two results do not have in common. */
export interface Difference {
  /** 1-based; absent for what belongs to no epoch. */
  readonly epoch?: number;
  /** As the record names it; of an operation, with its name. */
  readonly field: string;
  readonly recorded: number | string;
  readonly again: number | string;
}

export interface Agreement {
  readonly agrees: boolean;
  /** What was compared, as a clause. */
  readonly basis: string;
  /** Present if and only if they do not agree. */
  readonly difference?: Difference;
}

/** Relative to the largest value of an operation: float32 sums in another order. */
const OPS_TOLERANCE = 1e-5;

/** Outside of 99% on each side: one honest cell in a hundred is called different, at the most. */
const TAIL_99 = 0.005;

export interface AgreementOptions {
  /** The backend gives the same bits on every machine. */
  readonly sameBits: boolean;
  /** Final accuracies of the reference of the same recipe, profile and kind of data; empty where there is none. */
  readonly reference: readonly number[];
}

/** @throws Error where the two are of different kinds: they were not of the same cell */
export function agreement(recorded: Result, again: Result, { sameBits, reference }: AgreementOptions): Agreement {
  if (recorded.kind === 'training' && again.kind === 'training') {
    return sameBits
      ? conclude('every bit but times', trainingDifferences(recorded, again))
      : accuracyAgreement(recorded, again, reference);
  }
  if (recorded.kind === 'ops' && again.kind === 'ops') {
    const tolerance = sameBits ? 0 : OPS_TOLERANCE;
    const basis = sameBits ? 'every bit' : `values within ${OPS_TOLERANCE} of the largest of their operation`;
    return conclude(basis, opsDifferences(recorded, again, tolerance));
  }
  if (recorded.kind === 'data' && again.kind === 'data') {
    return conclude('every count', fieldDifferences(factsOf(recorded), factsOf(again)));
  }
  if (recorded.kind === 'architecture' && again.kind === 'architecture') {
    return conclude('every count', fieldDifferences(recorded, again));
  }
  throw new Error(`a result of kind ${recorded.kind} was run again as ${again.kind}`);
}

/**
 * The first bit, times aside, that two records of one cell do not have in common; nothing where they are the same. How a cell
 * ended counts, and why one diverged.
 */
export function firstDifference(recorded: CellRecord, again: CellRecord): Difference | undefined {
  if (recorded.outcome === 'completed' && again.outcome === 'completed') {
    const [left, right] = [recorded.result, again.result];
    if (left.kind !== right.kind) return { field: 'kind', recorded: left.kind, again: right.kind };
    return agreement(left, right, { sameBits: true, reference: [] }).difference;
  }
  if (recorded.outcome === 'diverged' && again.outcome === 'diverged') {
    const [end] = fieldDifferences({ reason: recorded.reason }, { reason: again.reason });
    return curveDifferences(recorded.curve, again.curve)[0] ?? end;
  }
  return fieldDifferences({ outcome: recorded.outcome }, { outcome: again.outcome })[0];
}

function conclude(basis: string, differences: readonly Difference[]): Agreement {
  const [difference] = differences;
  return difference === undefined ? { agrees: true, basis } : { agrees: false, basis, difference };
}

/** What is known of a training before its first step, and after its last one. */
const START = ['trainImages', 'testImages', 'batchSize', 'epochs', 'parameters', 'initialWeightsSha256'] as const;
const END = ['testAccuracy', 'weightsSha256'] as const;

/** In the order in which they arise: the start, epoch after epoch, the end. Times are never compared. */
function trainingDifferences(recorded: TrainingResult, again: TrainingResult): readonly Difference[] {
  return [
    ...startDifferences(recorded, again),
    ...curveDifferences(recorded.curve, again.curve),
    ...fieldDifferences(fieldsOf(recorded, END), fieldsOf(again, END)),
  ];
}

/** Drawn alike whatever the backend. */
function startDifferences(recorded: TrainingResult, again: TrainingResult): readonly Difference[] {
  const fields = ordersKnown(recorded, again) ? ([...START, 'orderSha256'] as const) : START;
  return fieldDifferences(fieldsOf(recorded, fields), fieldsOf(again, fields));
}

/** Records of earlier versions do not say in which order the examples came. */
function ordersKnown(recorded: TrainingResult, again: TrainingResult): boolean {
  return recorded.orderSha256 !== undefined && again.orderSha256 !== undefined;
}

function curveDifferences(recorded: readonly CurvePoint[], again: readonly CurvePoint[]): readonly Difference[] {
  return Array.from({ length: Math.max(recorded.length, again.length) }, (_, index) => {
    const [left, right] = [recorded[index], again[index]].map(untimed);
    return fieldDifferences(left ?? {}, right ?? {}).map((difference) => ({ epoch: index + 1, ...difference }));
  }).flat();
}

function fieldsOf(
  result: TrainingResult,
  fields: readonly (keyof TrainingResult)[],
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(fields.map((field) => [field, result[field]]));
}

function untimed(point: CurvePoint | undefined) {
  if (point === undefined) return undefined;
  const { epoch, trainLoss, testLoss, testAccuracy } = point;
  return { epoch, trainLoss, testLoss, testAccuracy };
}

/**
 * The same start weights and order of the examples, which every backend is given; and the two accuracies against the 99%
 * prediction range of their difference. With a reference of n seeds and standard deviation s: |a - b| <= t(0.995, n - 1) s
 * sqrt(2), because the difference of two further draws has variance 2 sigma^2 and s is independent of both (Hahn 1969,
 * Journal of the American Statistical Association 64; Hahn and Meeker 1991, chapter 4). Without one: what a test set of
 * this size alone allows two equally good nets, z(0.995) sqrt(2 p (1 - p) / images), p their mean. Both are generous to a
 * run of the same seed.
 */
function accuracyAgreement(recorded: TrainingResult, again: TrainingResult, reference: readonly number[]): Agreement {
  const sd = standardDeviation(reference);
  const range = sd === undefined ? testSetRange(recorded, again) : predictionRange(reference.length, sd);
  const from =
    sd === undefined
      ? `what ${counted(recorded.testImages, 'test image')} tell apart; there is no reference`
      : `the 99% prediction range of a difference by the reference of ${counted(reference.length, 'seed')}`;
  const start = ordersKnown(recorded, again) ? 'start and order' : 'the start';
  const basis = `every bit of ${start}, accuracies within ${(100 * range).toFixed(2)} points, ${from}`;
  // Accuracies are multiples of one image; half of one absorbs the rounding of the subtraction.
  const apart = Math.abs(recorded.testAccuracy - again.testAccuracy) > range + 0.5 / recorded.testImages;
  const accuracies = { recorded: percent(recorded.testAccuracy), again: percent(again.testAccuracy) };
  return conclude(basis, [
    ...startDifferences(recorded, again),
    ...(apart ? [{ field: 'testAccuracy', ...accuracies }] : []),
  ]);
}

/** Half the width of the 99% range that holds the difference of two more draws of a normal population. */
export function predictionRange(n: number, sd: number): number {
  return intervalOf({ value: 0, standardError: sd * Math.SQRT2, degreesOfFreedom: n - 1 }, TAIL_99).high;
}

/** Of the normal distribution, 0.995 (NIST/SEMATECH e-Handbook, 1.3.6.7.1). */
const NORMAL_QUANTILE_995 = 2.5758293035489;

function testSetRange(recorded: TrainingResult, again: TrainingResult): number {
  const p = (recorded.testAccuracy + again.testAccuracy) / 2;
  return NORMAL_QUANTILE_995 * Math.sqrt((2 * p * (1 - p)) / Math.min(recorded.testImages, again.testImages));
}

function opsDifferences(recorded: OpsResult, again: OpsResult, tolerance: number): readonly Difference[] {
  const names = fieldDifferences(
    { operations: recorded.values.map(({ name }) => name) },
    { operations: again.values.map(({ name }) => name) },
  );
  if (names.length > 0) return names;
  return recorded.values.flatMap((left, index): readonly Difference[] => {
    const right = again.values[index];
    if (right === undefined) return [];
    const named = (differences: readonly Difference[]) =>
      differences.map((difference) => ({ ...difference, field: `${left.name} ${difference.field}` }));
    // The words of an error are the backend's own, and it may change them.
    const frame = ({ shape, values, error }: typeof left) => ({
      shape,
      values: values.length,
      failed: String(error !== undefined),
    });
    const framed = named(fieldDifferences(frame(left), frame(right)));
    if (framed.length > 0) return framed;
    const largest = left.values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const position = left.values.findIndex(
      (value, at) => !(Math.abs(value - (right.values[at] as number)) <= tolerance * largest),
    );
    if (position < 0) return [];
    const [was, is] = [left.values[position] as number, right.values[position] as number];
    return named([{ field: `values[${position}]`, recorded: was, again: is }]);
  });
}

/** Whose words it is and how they are noted is no fact of the data. */
function factsOf({ dataset, imageShape, train, test }: DataResult) {
  return { name: dataset.name, fingerprint: dataset.fingerprint, imageShape, train, test };
}

/** Leaves of two values of plain JSON that differ, by their paths, in the order of the first. */
function fieldDifferences(recorded: unknown, again: unknown, path = ''): readonly Difference[] {
  if (isBranch(recorded) && isBranch(again)) {
    const keys = [...new Set([...Object.keys(recorded), ...Object.keys(again)])];
    const step = (key: string) => (Array.isArray(recorded) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`);
    return keys.flatMap((key) => fieldDifferences(recorded[key], again[key], step(key)));
  }
  if (Object.is(recorded, again) || (recorded === 0 && again === 0)) return [];
  return [{ field: path, recorded: leaf(recorded), again: leaf(again) }];
}

function isBranch(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function leaf(value: unknown): number | string {
  return typeof value === 'number'
    ? value
    : value === undefined
      ? 'absent'
      : typeof value === 'string'
        ? value
        : JSON.stringify(value);
}
