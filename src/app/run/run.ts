import type { Policy } from '../../core/policy.js';
import type { Summary } from '../../core/summary.js';
import type { Ledger } from '../../ledger/ledger.js';
import { markFinished } from '../../records/run-directory.js';
import { sharedExecutor, type SharedExecutor } from '../../runner/parent/fork.js';
import type { Changes } from '../../stats/changes.js';
import type { GateResult } from '../../stats/gate/gate.js';
import { choosePolicy, gateRun } from '../gate/gate-run.js';
import type { LoadedPolicy } from '../gate/load-policy.js';
import { summarizeDirectory, writeReports } from '../summarize-runs.js';
import { openRun, type OpenOptions } from './open-run.js';
import { planNewRun, type PlannedRun, type Probing } from './plan-run.js';
import { changesSinceLastTime } from './previous-run.js';
import { planResumption } from './resume-run.js';
import type { RunRequest } from './run-request.js';
import { cellsOfFirstLook, runUntilDecided } from './until-decided.js';

/** A run that has ended, judged, with its reports written. */
export interface EndedRun {
  readonly directory: string;
  readonly summary: Summary;
  /** From the last run of the same cells; absent where there is none. */
  readonly changes?: Changes;
  readonly reportPath: string;
  /** Where it was asked for. */
  readonly gate?: { readonly result: GateResult; readonly policy: LoadedPolicy };
}

/** Plans what is asked for, runs every cell that has no record yet, and judges the run. */
export async function run(
  ledger: Ledger,
  request: RunRequest,
  surroundings: Pick<OpenOptions, 'stream' | 'signal'>,
): Promise<EndedRun> {
  const policy = request.gate && (await choosePolicy(ledger, request.gate));
  const ended = await withProcesses(async (processes) => {
    const planned = await planRun(ledger, request, { signal: surroundings.signal, probe: processes.probe });
    const fresh = 'what' in request && request.fresh === true;
    const options = { data: request.data, fresh, processes, ...surroundings };
    return runPlanned(ledger, planned, options, policy?.policy);
  });
  if (policy === undefined) return ended;
  return { ...ended, gate: { result: await gateRun(ended.directory, ended.summary, policy.policy), policy } };
}

/** What would be run. */
export function planRun(ledger: Ledger, request: RunRequest, probing: Probing): Promise<PlannedRun> {
  return 'what' in request ? planNewRun(ledger, request, probing) : planResumption(ledger, request, probing);
}

/** Processes that are gone when the work is done. */
export async function withProcesses<Result>(work: (processes: SharedExecutor) => Promise<Result>): Promise<Result> {
  const processes = sharedExecutor();
  return work(processes).finally(() => processes.close());
}

/** Runs every cell of a plan that has no record yet, and judges the run. Thresholds are those of the policy. */
export async function runPlanned(
  ledger: Ledger,
  planned: PlannedRun,
  options: OpenOptions,
  policy?: Policy,
): Promise<EndedRun> {
  const { looks, plan, cells } = planned;
  const opened = await openRun(ledger, planned, looks === undefined ? cells : cellsOfFirstLook(plan, looks), options);
  const { path, lock } = opened.directory();
  try {
    await (looks === undefined ? opened.run(cells) : runUntilDecided(ledger, planned, looks, opened, options.stream));
    const summary = await summarizeDirectory(ledger, path, policy);
    const changes = await changesSinceLastTime(path, summary);
    const reportPath = await writeReports(path, summary);
    await markFinished(opened.directory());
    return { directory: path, summary, ...(changes && { changes }), reportPath };
  } finally {
    lock.release();
  }
}
