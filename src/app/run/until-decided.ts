import type { Ledger } from '../../ledger/ledger.js';
import type { Plan, PlannedCell } from '../../plan/plan.js';
import { undecidedIn, type Undecided } from '../../stats/judge/undecided.js';
import { counted } from '../../stats/wording.js';
import type { PlannedRun } from './plan-run.js';
import { summarizeDirectory } from '../summarize-runs.js';
import type { OpenRun } from './open-run.js';
import type { ProgressStream } from './progress.js';

/**
 * Runs a plan look by look: after each one, only the experiments go on that have something undecided.
 *
 * @param looks numbers of seeds, ascending; the plan has the cells of the last one
 */
export async function runUntilDecided(
  ledger: Ledger,
  { plan }: PlannedRun,
  looks: readonly number[],
  run: OpenRun,
  stream: ProgressStream,
): Promise<void> {
  const [first = 0, ...later] = looks;
  await run.run(cellsOfFirstLook(plan, looks));
  let seen = first;
  for (const [index, seeds] of later.entries()) {
    const summary = await summarizeDirectory(ledger, run.directory().path);
    const open = undecidedIn(summary, ledger.claims, plan.profile);
    const more = plan.cells.filter(
      ({ cell }) => cell.seed > seen && cell.seed <= seeds && open.some((each) => isOf(each, cell)),
    );
    stream.write(`Look ${index + 1} of ${looks.length}: ${stateInWords(open, seeds)}\n`);
    if (more.length === 0) break;
    await run.run(more);
    seen = seeds;
  }
}

/** What is run before anything is looked at. */
export function cellsOfFirstLook(
  { cells }: Pick<Plan, 'cells'>,
  [first = 0]: readonly number[],
): readonly PlannedCell[] {
  return cells.filter(({ cell }) => cell.seed <= first);
}

function isOf({ experiment, backend }: Undecided, cell: PlannedCell['cell']): boolean {
  return cell.experiment === experiment && cell.backend === backend;
}

function stateInWords(open: readonly Undecided[], seeds: number): string {
  if (open.length === 0) return 'everything is decided';
  const names = open.map(({ experiment, backend }) => `${experiment} on ${backend}`).join(', ');
  return `${counted(open.length, 'experiment')} undecided, continuing with ${seeds} seeds: ${names}`;
}
