import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CnnbenchError } from '../../core/errors.js';
import type { Policy } from '../../core/policy.js';
import type { CellRecord } from '../../core/record.js';
import type { Summary } from '../../core/summary.js';
import type { Ledger } from '../../ledger/ledger.js';
import { captureEnvironment } from '../../records/environment.js';
import { cellsOfPlan, readManifest } from '../../records/manifest.js';
import { readRecords } from '../../records/store.js';
import { gate, type GateResult } from '../../stats/gate/gate.js';
import { lintRecords, type LintFinding } from '../../stats/gate/lint.js';
import { loadPolicy, type LoadedPolicy } from './load-policy.js';

/** What a gate goes by. */
export interface PolicyChoice {
  /** The file of the policy. Default: cnnbench.config.* in the current folder, if there is one. */
  readonly policy?: string | undefined;
  /** Let a warning fail it, too. */
  readonly strict?: boolean;
}

/** @throws CnnbenchError E_BAD_POLICY */
export async function choosePolicy({ experiments }: Ledger, choice: PolicyChoice): Promise<LoadedPolicy> {
  const { policy, ...loaded } = await loadPolicy(experiments, choice.policy);
  return { ...loaded, policy: choice.strict === true ? { ...policy, strict: true } : policy };
}

/** The gate of a run that has just ended, by the policy that its summary was made with. */
export async function gateRun(directory: string, summary: Summary, policy: Policy): Promise<GateResult> {
  return gate(summary, policy, await lintDirectories([directory]), captureEnvironment());
}

function noFolder(path: string): CnnbenchError {
  const message = `${path} is a file; the gate also needs the records of the run`;
  return new CnnbenchError('E_RECORD_NOT_FOUND', message, `Use the run folder: cnnbench gate ${dirname(path)}`);
}

/**
 * The seed lint over folders of runs, all of them together: of some shards of a plan, what the others have is left out. A folder
 * without a `run.json` has no plan to hold its records against.
 *
 * @throws CnnbenchError E_RECORD_NOT_FOUND where one is no folder, E_RECORD_INVALID
 */
export async function lintDirectories(directories: readonly string[]): Promise<readonly LintFinding[]> {
  const runs = await Promise.all(
    directories.map(async (directory) => {
      if ((await stat(directory)).isFile()) throw noFolder(directory);
      const manifest = await readManifest(directory);
      return { records: await readRecords(directory), planned: manifest && cellsOfPlan(manifest) };
    }),
  );
  const records: readonly CellRecord[] = runs.flatMap((run) => run.records);
  const plans = runs.map(({ planned }) => planned);
  const isPlanned = plans.every((plan) => plan !== undefined);
  return isPlanned ? lintRecords(records, [...new Set(plans.flat())]) : lintRecords(records);
}
