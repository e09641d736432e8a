import type { Blame, CountClaim, DataClaim, Expected, MeasuredValues, OpClaim } from '../../core/claim.js';
import { messageOf } from '../../core/errors.js';
import type { Grid, Values } from '../../core/operation.js';
import { agreesWithGrid, parseGrid } from '../../core/printed-grid.js';
import { agreesWithPrinted, parsePrinted } from '../../core/printed.js';
import type { DataFact } from '../../core/quantity.js';
import { isFailure, type CellRecord, type DataResult, type OpsResult } from '../../core/record.js';
import type { ClaimVerdict } from '../../core/summary.js';
import type { Shape } from '../../core/model.js';
import { spatial, written } from '../../model/count-quantity.js';
import { sizeOf } from '../../model/summary.js';
import { isReal } from '../comparable.js';
import type { Judgement } from './training.js';

type Measured = number | Shape | Grid;

/** What a claim stands for, as the summary has it. */
export function expectedOfMeasured({ expected, printed }: CountClaim | OpClaim | DataClaim): ClaimVerdict['expected'] {
  if (expected !== undefined) return expected.low === expected.high ? expected.low : expected.words;
  const grid = parseGrid(printed);
  if (grid !== undefined) return grid.values.map((row) => [...row]);
  const parsed = parsePrinted(printed);
  return parsed.kind === 'number' ? parsed.value : [...parsed.shape];
}

/**
 * Values that a backend computed against what is printed, element by element.
 *
 * @param records the claim's experiment on one backend
 */
export function judgeOp(claim: OpClaim, records: readonly CellRecord[]): Judgement {
  const results = records.flatMap((record) =>
    record.outcome === 'completed' && record.result.kind === 'ops' ? [record.result] : [],
  );
  const judged = judgeResults(claim, records, results, (result) => measureOp(claim, valuesOf(result)));
  const [first] = results;
  if (claim.points === undefined || first === undefined || typeof judged.measured !== 'number') return judged;
  const points = claim.points(valuesOf(first)).toLocaleString('en-US');
  if (judged.verdict === 'reproduced') return { ...judged, reason: `holds in all ${points} points` };
  return judged.verdict === 'erratum'
    ? judged
    : { ...judged, reason: `fails in ${judged.measured} of ${points} points` };
}

/**
 * Counts of a data set's files against what is printed. What is not the real data set is not compared.
 *
 * @param records the claim's experiment on one backend
 */
export function judgeData(claim: DataClaim, records: readonly CellRecord[]): Judgement {
  const results = records.flatMap((record) =>
    record.outcome === 'completed' && record.result.kind === 'data' ? [record.result] : [],
  );
  const unreal = results.find(({ dataset }) => !isReal(dataset));
  if (unreal !== undefined) {
    const what = unreal.dataset.provenance === 'stand-in' ? 'stand-in images' : 'unrecognised data files';
    return { verdict: 'not run', reason: `${unreal.dataset.name} is not available: only ${what} were counted` };
  }
  const judged = judgeResults(claim, records, results, (result: DataResult) => countFact(claim.measure, result));
  const variant = results.find(({ dataset }) => dataset.provenance === 'known-variant')?.dataset;
  if (variant === undefined || judged.verdict === 'not run') return judged;
  return { ...judged, reason: `${judged.reason} (known variant of ${variant.name}: ${variant.note ?? 'see docs'})` };
}

function judgeResults<Result>(
  claim: OpClaim | DataClaim,
  records: readonly CellRecord[],
  results: readonly Result[],
  measure: (result: Result) => Measured,
): Judgement {
  const failure = records.find(isFailure);
  if (failure !== undefined) return { verdict: 'not reproduced', reason: `${failure.outcome}: ${failure.reason}` };
  if (results.length === 0) {
    const [absent] = records;
    const why = absent !== undefined && 'reason' in absent ? `${absent.outcome}: ${absent.reason}` : undefined;
    return { verdict: 'not run', reason: why ?? `${claim.experiment} was not run` };
  }
  try {
    return compare(claim, results.map(measure));
  } catch (error) {
    return { verdict: 'not reproduced', reason: messageOf(error) };
  }
}

/** The value, the shape or the rows that a claim is about. Throws RangeError where an operation left no such thing. */
export function measureOp({ measure }: OpClaim, values: MeasuredValues): Measured {
  if (typeof measure === 'function') return measure(values);
  const { operation, part } = measure;
  const left = values(operation);
  const shape = left.shape.length === 4 ? left.shape.slice(1) : left.shape;
  switch (part.take) {
    case 'first':
      return left.values[0] ?? NaN;
    case 'size':
      return spatial(shape);
    case 'height':
      return spatial(shape)[0];
    case 'shape':
      return written(shape, part.as);
    case 'grid':
      return asGrid(left).map((row) => row.slice(0, part.columns));
  }
}

/** The values as rows: of [H, W], or of the first filter of [H, W, filters]. */
function asGrid({ shape, values }: Values): Grid {
  const [height = 0, width = 0, filters = 1] = shape;
  return Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (__, x) => values[(y * width + x) * filters] as number),
  );
}

/** What was counted in the files of a data set. */
function countFact(fact: DataFact, { imageShape, train, test }: DataResult): number | Shape {
  const perClass = train.perClass.map((count, index) => count + (test.perClass[index] ?? 0));
  const images = train.images + test.images;
  switch (fact) {
    case 'training-images':
      return train.images;
    case 'test-images':
      return test.images;
    case 'images':
      return images;
    case 'images-per-class': {
      const mean = images / perClass.length;
      return perClass.reduce((worst, count) => (Math.abs(count - mean) > Math.abs(worst - mean) ? count : worst));
    }
    case 'classes':
      return train.perClass.filter((count, index) => count > 0 && (test.perClass[index] ?? 0) > 0).length;
    case 'resolution':
      return spatial(imageShape);
    case 'channels':
      return imageShape[2] ?? NaN;
    case 'values':
      return sizeOf(imageShape);
    case 'range':
      return Math.max(train.range[1], test.range[1]) - Math.min(train.range[0], test.range[0]);
  }
}

/** Looks up what an operation left, and refuses what no claim can be measured on. */
export function valuesOf({ values }: OpsResult): MeasuredValues {
  return (name) => {
    const found = values.find((candidate) => candidate.name === name);
    if (found === undefined) throw new RangeError(`the record has no operation "${name}"`);
    if (found.error !== undefined) throw new RangeError(`the backend did not compute "${name}": ${found.error}`);
    return found;
  };
}

/** Every record has to hold. */
function compare(claim: OpClaim | DataClaim, measured: readonly Measured[]): Judgement {
  const wrong = measured.find((value) => !agrees(claim, value));
  const shown = wrong ?? measured[0];
  const base = shown === undefined ? {} : { measured: tidy(shown) };
  if (wrong === undefined) return { ...base, verdict: 'reproduced', reason: reasonOf(claim) };
  const erratum = erratumOf(claim);
  if (erratum !== undefined) return { ...base, ...erratum };
  return { ...base, verdict: 'not reproduced', reason: 'not what is printed' };
}

/** Whether a measured value is what the claim stands for. */
export function agrees({ expected, printed }: CountClaim | OpClaim | DataClaim, measured: Measured): boolean {
  if (expected !== undefined) return inside(expected, measured);
  const grid = parseGrid(printed);
  if (grid !== undefined) return isGrid(measured) && agreesWithGrid(grid, measured);
  return !isGrid(measured) && agreesWithPrinted(parsePrinted(printed), measured);
}

function inside({ low, high }: Expected, measured: Measured): boolean {
  return typeof measured === 'number' && low <= measured && measured <= high;
}

function isGrid(measured: Measured): measured is Grid {
  return typeof measured !== 'number' && Array.isArray(measured[0]);
}

/** The verdict that a claim has where it does not hold and the deck's mistake is known. */
export function erratumOf({ erratum, mistake, blame }: CountClaim | OpClaim | DataClaim): Judgement | undefined {
  if (erratum === undefined) return undefined;
  const reason = blame === undefined ? erratum : `${erratum} ${blameInWords(blame)}`;
  return { verdict: 'erratum', reason, ...(mistake && { mistake }), ...(blame && { blame }) };
}

function blameInWords({ slide, extraction }: Blame): string {
  return `Slide or extraction of its text? For the slide: ${slide} For the extraction: ${extraction}`;
}

function reasonOf({ expected, printed }: OpClaim | DataClaim): string {
  if (expected !== undefined) return expected.words;
  const grid = parseGrid(printed);
  const exact = grid === undefined || JSON.stringify(grid.low) === JSON.stringify(grid.high);
  return exact ? 'equal' : 'every element within its printed digits';
}

/** Float32 sums without the digits that float32 does not have: six decimals, and no sign of zero. */
function tidy(measured: Measured): number | number[] | number[][] {
  const round = (value: number) => Math.round(value * 1e6) / 1e6 + 0;
  if (typeof measured === 'number') return round(measured);
  return isGrid(measured) ? measured.map((row) => row.map(round)) : measured.map(round);
}
