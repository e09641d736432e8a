import { BACKENDS, type BackendName } from '../../core/cell.js';
import { isOverSeeds, type Claim } from '../../core/claim.js';
import type { Known } from '../../core/known.js';
import type { CellRecord } from '../../core/record.js';
import type { ClaimVerdict } from '../../core/summary.js';
import type { Shape } from '../../core/model.js';
import { adjustForMany } from './adjust-claims.js';
import { judgeCount } from './count.js';
import { isComplete, lookInWords, seenAt, spendOver } from './looks.js';
import type { Look } from './looks.js';
import { expectedOfMeasured, judgeData, judgeOp } from './measured.js';
import { expectedOfAccuracy, expectedOfRelation, judgeAccuracy, judgeRelation } from './training.js';
import type { Judgement } from './training.js';

export interface JudgeOptions {
  /** Ids of the experiments that the run planned. A claim that needs any other one without a record is left out. */
  readonly plannedExperiments: Iterable<string>;
  /** Input shape of an architecture, which its record does not carry; `undefined` for one nobody knows. */
  readonly modelInput: (model: string) => Shape | undefined;
  /** Numbers of seeds at which the run was judged, with `--until-decided`. Absent: once, with all seeds. */
  readonly looks?: readonly number[] | undefined;
  /** Settings of the recipe of an experiment that its page does not say. */
  readonly unstatedOf?: ((experiment: string) => readonly string[]) | undefined;
  /** What is known from elsewhere of a claim that a run leaves unjudged. */
  readonly knownOf?: ((claim: Claim) => Known | undefined) | undefined;
}

/**
 * A verdict for every claim that this run is about, on every backend that has records for it; without a backend where
 * there are none yet. Claims in the order of the ledger, backends in the order of BACKENDS.
 *
 * @param records one record a cell, seeds in ascending order
 */
export function judgeClaims(
  claims: readonly Claim[],
  records: readonly CellRecord[],
  options: JudgeOptions,
): ClaimVerdict[] {
  const recordsOf = (id: string) => records.filter(({ cell }) => cell.experiment === id);
  const planned = new Set(options.plannedExperiments);
  const verdicts = claims.flatMap((claim) => {
    const needed = experimentsOf(claim);
    const found = needed.map(recordsOf);
    if (!needed.every((id, index) => planned.has(id) || found[index]?.length)) return [];
    const backends = BACKENDS.filter((name) => found.flat().some(({ cell }) => cell.backend === name));
    const known = options.knownOf?.(claim);
    const described = (judgement: Judgement, backend?: BackendName): ClaimVerdict => ({
      ...describeClaim(claim),
      ...(backend && { backend }),
      ...judgement,
      reason: judgement.reason + unstatedInWords(claim, options),
      ...(judgement.verdict === 'not run' && known && { known }),
    });
    if (backends.length === 0) return [described(NO_RECORD)];
    return backends.map((backend) => {
      const here = found.map((each) => each.filter(({ cell }) => cell.backend === backend));
      return described(judgeByLooks(claim, here, options), backend);
    });
  });
  return adjustForMany(verdicts);
}

/** `; the page does not say: epochs, initialise`. */
function unstatedInWords(claim: Claim, { unstatedOf }: JudgeOptions): string {
  const settings = isOverSeeds(claim) ? new Set(experimentsOf(claim).flatMap((id) => unstatedOf?.(id) ?? [])) : [];
  const names = [...settings];
  return names.length === 0 ? '' : `; the page does not say: ${names.join(', ')}`;
}

const NO_RECORD: Judgement = { verdict: 'not run', reason: 'the run has no record of it yet' };

/** Ids of the experiments whose records decide a claim. */
export function experimentsOf(claim: Claim): readonly string[] {
  switch (claim.kind) {
    case 'relation':
      return [claim.experiment, claim.comparedWith];
    case 'count':
      return claim.comparedWith === undefined ? [claim.model] : [claim.model, claim.comparedWith];
    case 'accuracy':
    case 'score':
    case 'op':
    case 'data':
      return [claim.experiment];
  }
}

/**
 * The verdict of the first look that decides, else of the last one whose seeds are all there: a decision that was taken
 * stays, whatever further seeds, trained for another claim, would say.
 */
function judgeByLooks(claim: Claim, here: readonly (readonly CellRecord[])[], options: JudgeOptions): Judgement {
  const isTrained = isOverSeeds(claim);
  if (options.looks === undefined || !isTrained) return judge(claim, here, options);
  const looks = spendOver(options.looks).map((look) => ({ look, seen: here.map((each) => seenAt(look, each)) }));
  const complete = looks.filter(({ look, seen }) => seen.every((records) => isComplete(look, records)));
  const judged = complete.map(({ look, seen }) => withLook(judge(claim, seen, options, look), look));
  return judged.find(isDecided) ?? judged.at(-1) ?? tooEarly(judge(claim, here, options), looks[0]?.look);
}

function isDecided({ verdict }: Judgement): boolean {
  return verdict === 'reproduced' || verdict === 'not reproduced';
}

function withLook(judgement: Judgement, look: Look): Judgement {
  if (judgement.verdict === 'not run') return judgement;
  return { ...judgement, look: look.number, reason: judgement.reason + lookInWords(look, isDecided(judgement)) };
}

/** What may not be decided before the first look, unless no seed could change it. */
function tooEarly({ verdict, reason, seeds, measured }: Judgement, first: Look | undefined): Judgement {
  if (verdict === 'not run' || first === undefined) return { verdict, reason };
  const why = `too early: the first look is at ${first.seeds} seeds`;
  return { verdict: 'inconclusive', reason: why, ...(seeds && { seeds }), ...(measured !== undefined && { measured }) };
}

function judge(
  claim: Claim,
  [records = [], otherRecords = []]: readonly (readonly CellRecord[])[],
  options: JudgeOptions,
  look?: Look,
): Judgement {
  switch (claim.kind) {
    case 'accuracy':
    case 'score':
      return judgeAccuracy(claim, records, look);
    case 'relation': {
      const missing =
        records.length === 0 ? claim.experiment : otherRecords.length === 0 ? claim.comparedWith : undefined;
      if (missing !== undefined) return { verdict: 'not run', reason: `the run has no record of ${missing} here yet` };
      return judgeRelation(claim, records, otherRecords, look);
    }
    case 'count':
      return judgeCount(
        claim,
        experimentsOf(claim).map((model, index) => ({
          model,
          records: index === 0 ? records : otherRecords,
          input: options.modelInput(model),
        })),
      );
    case 'op':
      return judgeOp(claim, records);
    case 'data':
      return judgeData(claim, records);
  }
}

type Description = Omit<ClaimVerdict, keyof Judgement | 'backend' | 'known'>;

/** What the ledger says of a claim: a verdict without its judgement. */
export function describeClaim(claim: Claim): Description {
  const { id, suite, kind, deck, place, statement, printed } = claim;
  const base = { id, suite, kind, deck, place, statement, printed };
  switch (claim.kind) {
    case 'accuracy':
    case 'score': {
      const unit = claim.kind === 'score' && claim.score === 'loss' ? 'loss' : 'fraction';
      return { ...base, expected: expectedOfAccuracy(claim).value, unit, experiment: claim.experiment };
    }
    case 'relation':
      return { ...base, expected: expectedOfRelation(claim), unit: 'points', experiment: claim.experiment };
    case 'count':
      return { ...base, expected: expectedOfMeasured(claim), unit: claim.unit, experiment: claim.model };
    case 'op':
    case 'data':
      return { ...base, expected: expectedOfMeasured(claim), unit: claim.unit, experiment: claim.experiment };
  }
}
