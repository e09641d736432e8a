import type { CountClaim, CountedModel, Expected } from '../../core/claim.js';
import { messageOf } from '../../core/errors.js';
import { agreesWithPrinted, parsePrinted } from '../../core/printed.js';
import { isFailure, type CellRecord, type LayerCount } from '../../core/record.js';
import type { Shape } from '../../core/model.js';
import { countQuantity } from '../../model/count-quantity.js';
import type { Judgement } from './training.js';

type Printed = ReturnType<typeof parsePrinted>;
type PrintedNumber = Extract<Printed, { kind: 'number' }>;

/** The count or shape that a claim stands for. */
export function expectedOfCount({ printed, expected }: CountClaim): number | Shape | string {
  if (expected !== undefined) return expected.words;
  const parsed = parsePrinted(printed);
  return parsed.kind === 'number' ? parsed.value : parsed.shape;
}

/**
 * A count against what is printed: integers and shapes equal, rounded numbers inside the interval of their digits.
 *
 * @param records the architecture's experiment on one backend
 * @param input shape of one input example, [H, W, C] or [features]
 */
export function judgeCount(claim: CountClaim, records: readonly CellRecord[], input: Shape | undefined): Judgement {
  const failure = records.find(isFailure);
  if (failure !== undefined) return { verdict: 'not reproduced', reason: `${failure.outcome}: ${failure.reason}` };
  const layers = records.flatMap(layersOf);
  const [absent] = records;
  if (layers.length === 0 || input === undefined) {
    const why = absent !== undefined && 'reason' in absent ? `${absent.outcome}: ${absent.reason}` : undefined;
    return { verdict: 'not run', reason: why ?? `${claim.model} was not built and counted` };
  }
  try {
    return compareCounts(
      claim,
      layers.map((each) => measureCount(claim, { input, layers: each })),
    );
  } catch (error) {
    return { verdict: 'not reproduced', reason: `the record has no such quantity: ${messageOf(error)}` };
  }
}

/** The quantity that a claim is about. Throws RangeError where the model has no such layer. */
export function measureCount({ measure }: CountClaim, model: CountedModel): number | Shape {
  return typeof measure === 'function' ? measure(model) : countQuantity(measure, model);
}

/** Every record has to hold: the same architecture counted differently is no reproduction. */
export function compareCounts(claim: CountClaim, counts: readonly (number | Shape)[]): Judgement {
  const printed = claim.expected === undefined ? parsePrinted(claim.printed) : numberWithin(claim.expected);
  const wrong = counts.find((count) => !agreesWithPrinted(printed, count));
  if (wrong === undefined) {
    const reason = printed.kind === 'shape' || printed.exact ? 'equal' : `within ${rangeOf(printed, claim)}`;
    return { ...measuredAs(counts[0]), verdict: 'reproduced', reason };
  }
  if (claim.erratum !== undefined) return { ...measuredAs(wrong), verdict: 'erratum', reason: claim.erratum };
  return { ...measuredAs(wrong), verdict: 'not reproduced', reason: difference(wrong, printed, claim) };
}

function layersOf(record: CellRecord): readonly (readonly LayerCount[])[] {
  return record.outcome === 'completed' && record.result.kind === 'architecture' ? [record.result.layers] : [];
}

function measuredAs(count: number | Shape | undefined): Pick<Judgement, 'measured'> {
  return count === undefined ? {} : { measured: typeof count === 'number' ? count : [...count] };
}

function difference(measured: number | Shape, printed: Printed, claim: CountClaim): string {
  if (printed.kind === 'shape' || typeof measured !== 'number') return 'not the printed shape';
  if (!printed.exact) return `outside ${rangeOf(printed, claim)}`;
  const more = measured - printed.value;
  return `${Math.abs(more).toLocaleString('en-US')} ${more > 0 ? 'more' : 'less'} than printed`;
}

/** What a claim says that a printed string stands for. */
function numberWithin({ low, high }: Expected): PrintedNumber {
  return { kind: 'number', value: (low + high) / 2, low, high, exact: false };
}

function rangeOf({ low, high }: PrintedNumber, { expected }: CountClaim): string {
  if (expected !== undefined) return expected.words;
  return `${low.toLocaleString('en-US')} to ${high.toLocaleString('en-US')}, which the printed digits stand for`;
}
