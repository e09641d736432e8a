import type { Claim, CountClaim } from '../../core/claim.js';
import { datasetOf, type Experiment } from '../../core/experiment.js';
import type { CellRecord } from '../../core/record.js';
import type { ClaimVerdict } from '../../core/summary.js';
import type { Ledger } from '../../ledger/ledger.js';
import { symbolicCounts } from '../../model/counts.js';
import { planCells } from '../../plan/plan.js';
import { jobFor } from '../../runner/parent/resume.js';
import { runUnkept } from '../../runner/parent/run-unkept.js';
import { compareCounts, measureCount } from '../../stats/judge/count.js';
import { describeClaim, judgeClaims } from '../../stats/judge/judge.js';
import type { Judgement } from '../../stats/judge/training.js';
import { knownOf } from '../known-verdicts.js';
import { resolveSources } from '../run/sources.js';

export interface JudgeNowOptions {
  readonly dataDir?: string | undefined;
  readonly signal: AbortSignal;
}

/** The backend of a judgement without a run: the oracle, which works everywhere. */
const BACKEND = 'js';

const CELL_TIMEOUT_MS = 120_000;

/**
 * Verdicts in seconds, without a run: counts from the symbolic layers, worked examples and formulas on the `js` backend,
 * data sets where they are at hand. What has to be trained is `not run`, and says how it would be. Leaves no record.
 */
export async function judgeNow(
  ledger: Ledger,
  claims: readonly Claim[],
  options: JudgeNowOptions,
): Promise<ClaimVerdict[]> {
  const measured = claims.filter((claim) => claim.kind === 'op' || claim.kind === 'data');
  const ids = new Set(measured.map(({ experiment }) => experiment));
  const experiments = ledger.experiments.filter(({ id }) => ids.has(id));
  const records = await measure(ledger, experiments, options);
  const judged = new Map(
    judgeClaims(measured, records, { plannedExperiments: ids, modelInput: () => undefined }).map((verdict) => [
      verdict.id,
      verdict,
    ]),
  );
  return claims.map((claim): ClaimVerdict => {
    switch (claim.kind) {
      case 'count':
        return { ...describeClaim(claim), ...judgeSymbolically(claim, ledger) };
      case 'op':
      case 'data': {
        const verdict = judged.get(claim.id);
        if (verdict?.backend !== undefined) return verdict;
        return { ...describeClaim(claim), verdict: 'not run', reason: absence(claim, ledger.known(claim.experiment)) };
      }
      case 'accuracy':
      case 'score':
      case 'relation': {
        const ids = claim.kind === 'relation' ? [claim.experiment, claim.comparedWith] : [claim.experiment];
        const reason = `needs training: cnnbench run ${ids.join(' ')} --profile full`;
        const known = knownOf(ledger, claim);
        return { ...describeClaim(claim), verdict: 'not run', reason, ...(known && { known }) };
      }
    }
  });
}

function judgeSymbolically(claim: CountClaim, ledger: Ledger): Judgement {
  const counted = (id: string) => {
    const model = ledger.model(id);
    return { input: model.input, layers: symbolicCounts(model).layers };
  };
  const other = claim.comparedWith === undefined ? undefined : counted(claim.comparedWith);
  return compareCounts(claim, [measureCount(claim, counted(claim.model), other)]);
}

function absence({ kind }: Claim, experiment: Experiment | undefined): string {
  const dataset = kind === 'data' && experiment !== undefined ? datasetOf(experiment) : undefined;
  if (dataset === undefined) return 'it was not run';
  return `${dataset} is not on this machine: run "cnnbench data pull ${dataset}", or use --data-dir`;
}

/** All cells at once: nothing is timed here. */
async function measure(
  ledger: Ledger,
  experiments: readonly Experiment[],
  options: JudgeNowOptions,
): Promise<readonly CellRecord[]> {
  const sources = await resolveSources(ledger, experiments, {
    dataDir: options.dataDir,
    allowStandIn: true,
    allowDownload: false,
    stream: { write: () => undefined },
    signal: options.signal,
  });
  // A stand-in says nothing about a data set: no need to draw and count it.
  const atHand = experiments.filter((experiment) => {
    const dataset = datasetOf(experiment);
    return dataset === undefined || sources.get(dataset)?.kind === 'files';
  });
  const { cells } = planCells(atHand, [BACKEND], [0], 'quick');
  const run = {
    jobFor: jobFor(sources, { fma: false, trace: false, timeoutMs: CELL_TIMEOUT_MS }),
    signal: options.signal,
  };
  return (await Promise.all(cells.map((cell) => runUnkept([cell], run)))).flat();
}
