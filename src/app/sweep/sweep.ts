import type { BackendName } from '../../core/cell.js';
import { countsIn } from '../../data/deck/form.js';
import type { Ledger } from '../../ledger/ledger.js';
import { sweepExperiments } from '../../plan/sweep-points.js';
import type { OpenOptions } from '../run/open-run.js';
import { planExperiments, seedsOf, type PlannedRun, type Probing } from '../run/plan-run.js';
import { runPlanned, withProcesses, type EndedRun } from '../run/run.js';
import type { NewRunRequest } from '../run/run-request.js';
import { gridOf, type SweepAxes } from './sweep-grid.js';

/** A run of the variations of one experiment, on one backend. */
export interface SweepRequest extends Omit<NewRunRequest, 'what' | 'backends' | 'mostSeeds' | 'gate'> {
  readonly experiment: string;
  readonly backend: BackendName;
  readonly axes: SweepAxes;
}

/** Plans the grid, runs every cell that has no record yet, and judges the run. */
export async function sweep(
  ledger: Ledger,
  request: SweepRequest,
  surroundings: Pick<OpenOptions, 'stream' | 'signal'>,
): Promise<EndedRun> {
  return withProcesses(async (processes) => {
    const planned = await planSweep(ledger, request, { signal: surroundings.signal, probe: processes.probe });
    const { data, fresh = false } = request;
    return runPlanned(ledger, planned, { data, fresh, processes, ...surroundings });
  });
}

/** @throws CnnbenchError E_UNKNOWN_EXPERIMENT, E_USAGE, and what `chooseBackends` throws */
export async function planSweep(ledger: Ledger, request: SweepRequest, probing: Probing): Promise<PlannedRun> {
  const { backend, profile, axes } = request;
  const base = ledger.training(request.experiment);
  const grid = gridOf(base, axes, { backend, profile, seeds: [...seedsOf(request)] });
  const planned = await planExperiments(
    sweepExperiments(base, grid),
    { ...request, backends: [backend] },
    probing,
    countsIn(ledger.datasets),
  );
  return { ...planned, sweep: grid };
}
