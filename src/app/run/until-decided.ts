import type { Ledger } from '../../ledger/ledger.js';
import type { PlannedCell } from '../../plan/plan.js';
import type { RunDirectory } from '../../records/run-directory.js';
import { undecidedIn, type Undecided } from '../../stats/judge/undecided.js';
import { counted } from '../../stats/wording.js';
import type { PlannedRun } from './plan-run.js';
import { summarizeDirectory } from '../summarize-runs.js';
import { openRun, type OpenOptions } from './open-run.js';

/**
 * Runs a plan look by look: after each one, only the experiments go on that have something undecided.
 *
 * @param planned with the cells of the most seeds there may be
 * @param looks numbers of seeds, ascending
 */
export async function runUntilDecided(
  ledger: Ledger,
  planned: PlannedRun,
  looks: readonly number[],
  options: OpenOptions,
): Promise<RunDirectory> {
  const { plan } = planned;
  const [first = 0, ...later] = looks;
  const atFirst = plan.cells.filter(({ cell }) => cell.seed <= first);
  const run = await openRun(ledger, planned, atFirst, options);
  let { directory } = run;
  let seen = first;
  for (const [index, seeds] of later.entries()) {
    const summary = await summarizeDirectory(ledger, directory.path);
    const open = undecidedIn(summary, ledger.claims, plan.profile);
    const more = plan.cells.filter(
      ({ cell }) => cell.seed > seen && cell.seed <= seeds && open.some((each) => isOf(each, cell)),
    );
    options.stream.write(`Look ${index + 1} of ${looks.length}: ${stateInWords(open, seeds)}\n`);
    if (more.length === 0) break;
    directory = await run.goOn(more);
    seen = seeds;
  }
  return directory;
}

function isOf({ experiment, backend }: Undecided, cell: PlannedCell['cell']): boolean {
  return cell.experiment === experiment && cell.backend === backend;
}

function stateInWords(open: readonly Undecided[], seeds: number): string {
  if (open.length === 0) return 'nothing is undecided';
  const names = open.map(({ experiment, backend }) => `${experiment} on ${backend}`).join(', ');
  return `${counted(open.length, 'experiment')} undecided, on to ${seeds} seeds: ${names}`;
}
