import { exportCells } from '../app/export-csv.js';
import { announceGate, gateAsJson } from '../app/gate/announce-gate.js';
import { plannedHere, type PlannedRun } from '../app/run/plan-run.js';
import { planDocument } from '../app/run/plan-table.js';
import type { EndedRun } from '../app/run/run.js';
import { overviewDocument } from '../report/sections/overview.js';
import { exitCodeOf } from '../stats/gate/exit-code.js';
import { BaseCommand } from './base-command.js';
import { shown } from './shown.js';

/** What the commands share that run cells into a folder. */
export abstract class RunCommand extends BaseCommand {
  protected untilInterrupted(): AbortSignal {
    return this.interruption('Finished cells are saved: run the same command again to resume.');
  }

  protected showPlan(planned: PlannedRun): unknown {
    const plan = plannedHere(planned);
    this.log(shown(planDocument(plan)));
    return plan;
  }

  /** The result table goes to stdout, and where the report is to stderr. */
  protected async showRun(
    { summary, changes, reportPath, gate }: EndedRun,
    flags: Parameters<typeof exportCells>[1],
  ): Promise<unknown> {
    await exportCells(summary, flags);
    this.log(shown(overviewDocument(summary, changes)));
    process.stderr.write(`Report: ${reportPath}\n`);
    process.exitCode = exitCodeOf(summary, gate?.result);
    if (gate === undefined) return summary;
    await announceGate(gate.result, gate.policy);
    return { ...summary, gate: gateAsJson(gate.result, gate.policy) };
  }
}
