import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Flags } from '@oclif/core';
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

const POLICY = {
  helpValue: 'FILE',
  description: 'what the gate goes by, JSON or TypeScript (default: cnnbench.config.json or .ts here, if there is one)',
};
const STRICT = { description: 'let a warning of the gate fail it, too: an inconclusive claim or comparison' };

/** Flags of a command that is a gate. */
export const GATE_FLAGS = { policy: Flags.string(POLICY), strict: Flags.boolean(STRICT) };

/** Those of a command that has a gate at its end. */
export const CLOSING_GATE_FLAGS = {
  gate: Flags.boolean({ description: 'exit with 1 when the gate fails, as "cnnbench gate" on the folder of the run' }),
  policy: Flags.string({ ...POLICY, dependsOn: ['gate'] }),
  strict: Flags.boolean({ ...STRICT, dependsOn: ['gate'] }),
};

/** The policy that these flags ask for. @throws CnnbenchError E_BAD_POLICY */
export async function choosePolicy(
  { experiments }: Ledger,
  flags: { readonly policy: string | undefined; readonly strict: boolean },
): Promise<LoadedPolicy> {
  const { policy, ...loaded } = await loadPolicy(experiments, flags.policy);
  return { ...loaded, policy: flags.strict ? { ...policy, strict: true } : policy };
}

/** The gate of a run that has just ended, by the policy that its summary was made with. */
export async function gateRun(directory: string, summary: Summary, policy: Policy): Promise<GateResult> {
  return gate(summary, policy, await lintDirectories([directory]), captureEnvironment());
}

function noFolder(path: string): CnnbenchError {
  const message = `${path} is a file, and the gate looks at the records behind it, too`;
  return new CnnbenchError('E_RECORD_NOT_FOUND', message, `Name the folder of the run: cnnbench gate ${dirname(path)}`);
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
