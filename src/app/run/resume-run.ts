import { parseCellId, type Cell } from '../../core/cell.js';
import { countsIn } from '../../data/deck/form.js';
import { CnnbenchError } from '../../core/errors.js';
import type { Ledger } from '../../ledger/ledger.js';
import { planCell, planCells, planOf, type Plan, type PlanOptions } from '../../plan/plan.js';
import { cellsOfPlan, expectManifest, type RunManifest } from '../../records/manifest.js';
import { readRecords, recordPath } from '../../records/store.js';
import { chooseBackends } from './choose-backends.js';
import { gateOfShard, type PlannedRun, type Probing } from './plan-run.js';
import type { ResumeRequest, RunLimits } from './run-request.js';

/**
 * Plans the cells of a run again, from its folder.
 *
 * @throws CnnbenchError E_USAGE; E_RECORD_NOT_FOUND where there is no run; E_RECORD_INVALID; E_OUT_FOREIGN for one of a version
 * that did not keep its settings; E_UNKNOWN_EXPERIMENT for one that this version does not have; and what `chooseBackends` throws
 */
export async function planResumption(
  ledger: Ledger,
  { resume: out, gate, ...limits }: ResumeRequest,
  { signal, probe }: Probing,
): Promise<PlannedRun> {
  const manifest = await expectManifest(out);
  if (gate !== undefined && manifest.shard !== undefined) throw gateOfShard();
  const settings = settingsOf(manifest, out, limits);
  const cells = cellsOf(manifest, out);
  const chosen = await chooseBackends([...new Set(cells.map(({ backend }) => backend))], signal, probe?.(settings));
  const plan = planAgain(ledger, cells, manifest.looks, {
    countsOf: countsIn(ledger.datasets),
    software: chosen.flatMap(({ name, software }) => (software ? [name] : [])),
    limitSeconds: settings.timeoutMs / 1000,
  });
  return {
    experiments: [...new Set(plan.cells.map(({ experiment }) => experiment))],
    plan,
    cells: manifest.shard === undefined ? plan.cells : plan.cells.filter(({ id }) => manifest.cells.includes(id)),
    ...(manifest.shard && { shard: { index: manifest.shard.index, count: manifest.shard.count } }),
    settings,
    looks: manifest.looks,
    out,
    command: manifest.command,
    sweep: manifest.sweep,
    // Where recipes of its records have changed, these run again.
    resumes: (await hasChangedRecipes(plan, out)) ? undefined : manifest,
  };
}

/** Those of the folder; what no result depends on may be given again. */
function settingsOf(
  { settings, command }: RunManifest,
  out: string,
  { threads, timeoutMs, memoryLimit, checkpointSeconds }: RunLimits,
): PlannedRun['settings'] {
  if (settings === undefined) {
    const message = `${out} was made by a version of cnnbench that did not save what --resume needs`;
    throw new CnnbenchError('E_OUT_FOREIGN', message, `Run its command again, with --out ${out}: ${command}`);
  }
  return {
    ...settings,
    ...(threads !== undefined && { threads }),
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(memoryLimit !== undefined && { memoryLimit }),
    ...(checkpointSeconds !== undefined && { checkpointSeconds }),
  };
}

/** Of the whole plan, also where the folder is a shard of it. */
function cellsOf(manifest: RunManifest, out: string): [Cell, ...Cell[]] {
  const parsed = cellsOfPlan(manifest).map((id) => {
    const cell = parseCellId(id);
    if (cell === undefined) throw invalid(out, `"${id.slice(0, 200)}" is not a cell`);
    return cell;
  });
  const [first, ...others] = parsed;
  if (first === undefined) throw invalid(out, 'it has no cells');
  if (others.some(({ profile }) => profile !== first.profile)) throw invalid(out, 'its cells have several profiles');
  return [first, ...others];
}

/** With looks, the plan is that of the most seeds, and the folder has the cells of the looks so far. */
function planAgain(ledger: Ledger, cells: [Cell, ...Cell[]], looks: RunManifest['looks'], options: PlanOptions): Plan {
  const [{ profile }] = cells;
  if (looks === undefined) {
    return planOf(
      cells.map((cell) => planCell(ledger.experiment(cell.experiment), cell, options)),
      profile,
    );
  }
  const experiments = [...new Set(cells.map(({ experiment }) => experiment))].map((id) => ledger.experiment(id));
  const backends = [...new Set(cells.map(({ backend }) => backend))];
  const seeds = Array.from({ length: looks.at(-1) ?? 0 }, (_, index) => index + 1);
  return planCells(experiments, backends, seeds, profile, options);
}

async function hasChangedRecipes({ cells }: Plan, out: string): Promise<boolean> {
  const made = new Map((await readRecords(out)).map((record) => [recordPath(out, record.cell), record.recipeSha256]));
  const isChanged = (recipe: string | undefined, today: string) => recipe !== undefined && recipe !== today;
  return cells.some(({ cell, recipeSha256 }) => isChanged(made.get(recordPath(out, cell)), recipeSha256));
}

function invalid(out: string, why: string): CnnbenchError {
  return new CnnbenchError(
    'E_RECORD_INVALID',
    `${out}/run.json does not describe a run: ${why}`,
    'Restore the file, or run its command again with another --out.',
  );
}
