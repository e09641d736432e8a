import type { CountClaim, CountedModel } from '../../core/claim.js';
import { messageOf } from '../../core/errors.js';
import { parsePrinted } from '../../core/printed.js';
import { isFailure, type CellRecord, type LayerCount } from '../../core/record.js';
import type { Shape } from '../../core/model.js';
import { countQuantity } from '../../model/count-quantity.js';
import { agrees, erratumOf } from './measured.js';
import type { Judgement } from './training.js';

type PrintedNumber = Extract<ReturnType<typeof parsePrinted>, { kind: 'number' }>;

/** One architecture of a claim on one backend. */
interface Side {
  readonly model: string;
  /** Of the experiment that builds it. */
  readonly records: readonly CellRecord[];
  /** Shape of one input example, [H, W, C] or [features]. */
  readonly input: Shape | undefined;
}

/** A count against what is printed: integers and shapes equal, rounded numbers inside the interval of their digits. */
export function judgeCount(claim: CountClaim, sides: readonly Side[]): Judgement {
  const failure = sides.flatMap(({ records }) => records).find(isFailure);
  if (failure !== undefined) return { verdict: 'not reproduced', reason: `${failure.outcome}: ${failure.reason}` };
  const counted = sides.map(({ records, input }) =>
    records.flatMap(layersOf).map((layers) => ({ input: input ?? [], layers })),
  );
  const missing = sides.find(({ input }, index) => input === undefined || counted[index]?.length === 0);
  if (missing !== undefined) {
    const [absent] = missing.records;
    const why = absent !== undefined && 'reason' in absent ? `${absent.outcome}: ${absent.reason}` : undefined;
    return { verdict: 'not run', reason: why ?? `${missing.model} was not built and counted` };
  }
  const [models = [], others = []] = counted;
  const pairs = models.flatMap((model) =>
    claim.comparedWith === undefined ? [[model]] : others.map((other) => [model, other]),
  );
  try {
    return compareCounts(
      claim,
      pairs.map(([model, other]) => measureCount(claim, model as CountedModel, other)),
    );
  } catch (error) {
    return { verdict: 'not reproduced', reason: `the record has no such quantity: ${messageOf(error)}` };
  }
}

/**
 * The quantity that a claim is about. Throws RangeError where the model has no such layer.
 *
 * @param other of a claim that compares two architectures, the second
 */
export function measureCount(claim: CountClaim, model: CountedModel, other?: CountedModel): number | Shape {
  const { measure, comparedWith } = claim;
  const countIn = (each: CountedModel) =>
    typeof measure === 'function' ? measure(each) : countQuantity(measure, each);
  const own = countIn(model);
  if (comparedWith === undefined) return own;
  const compared = other === undefined ? undefined : countIn(other);
  if (typeof own === 'number' && typeof compared === 'number') return own / compared;
  throw new RangeError(`no number of ${claim.model} over one of ${comparedWith}`);
}

/** Every record has to hold: the same architecture counted differently is no reproduction. */
export function compareCounts(claim: CountClaim, counts: readonly (number | Shape)[]): Judgement {
  const wrong = counts.find((count) => !agrees(claim, count));
  if (wrong === undefined) return { ...measuredAs(counts[0]), verdict: 'reproduced', reason: agreement(claim) };
  const judged = erratumOf(claim) ?? { verdict: 'not reproduced', reason: difference(wrong, claim) };
  return { ...measuredAs(wrong), ...judged };
}

function agreement({ expected, printed }: CountClaim): string {
  if (expected !== undefined) return expected.low === expected.high ? expected.words : `within ${expected.words}`;
  const parsed = parsePrinted(printed);
  return parsed.kind === 'shape' || parsed.exact ? 'equal' : `within ${digitsOf(parsed)}`;
}

function layersOf(record: CellRecord): readonly (readonly LayerCount[])[] {
  return record.outcome === 'completed' && record.result.kind === 'architecture' ? [record.result.layers] : [];
}

function measuredAs(count: number | Shape | undefined): Pick<Judgement, 'measured'> {
  return count === undefined ? {} : { measured: typeof count === 'number' ? count : [...count] };
}

function difference(measured: number | Shape, { expected, printed }: CountClaim): string {
  if (expected !== undefined) return `${expected.low === expected.high ? 'not' : 'outside'} ${expected.words}`;
  const parsed = parsePrinted(printed);
  if (parsed.kind === 'shape' || typeof measured !== 'number') return 'not the printed shape';
  if (!parsed.exact) return `outside ${digitsOf(parsed)}`;
  const more = measured - parsed.value;
  return `${Math.abs(more).toLocaleString('en-US')} ${more > 0 ? 'more' : 'less'} than printed`;
}

function digitsOf({ low, high }: PrintedNumber): string {
  return `${low.toLocaleString('en-US')} to ${high.toLocaleString('en-US')}, which the printed digits stand for`;
}
