import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ledger } from '../../ledger/ledger.js';
import { compareWithOracle, ORACLE } from '../../parity/ladder.js';
import { PROBLEMS } from '../../parity/problems/index.js';
import { RUNGS, type Rung } from '../../parity/task.js';
import { readGolden } from '../../records/golden.js';
import { forkParity } from '../../runner/parent/fork-parity.js';
import { probeBackend } from '../../runner/parent/probe-backend.js';
import type { DataChoice } from '../run/data-choice.js';
import type { ProgressStream } from '../run/progress.js';
import { resolveSources } from '../run/sources.js';
import { trainedAccuracy } from './accuracy.js';
import { chooseParityBackends } from './choose-parity-backends.js';
import { parityCost } from './estimate-parity.js';
import { parityProgress } from './parity-progress.js';
import { summarizeParity, type ParityResult } from './parity-table.js';
import { chooseSubjects } from './subjects.js';

export interface ParityRequest {
  /** Names of backends, or comma lists of them. Default: every one that works here but the oracle. */
  readonly backends?: readonly string[] | undefined;
  /** Experiments, suites or patterns. Default: one experiment for each model. */
  readonly experiments?: readonly string[] | undefined;
  /** Default: all. */
  readonly rungs?: readonly Rung[] | undefined;
  readonly seed: number;
  /** Go on after a rung that diverged. */
  readonly keepGoing?: boolean;
  /** Longest a process may take. */
  readonly timeoutMs: number;
  readonly data: DataChoice;
}

/**
 * Holds backends against the oracle, rung by rung.
 *
 * @throws CnnbenchError E_UNKNOWN_EXPERIMENT, E_USAGE, what `chooseParityBackends` throws, codes of the data
 */
export async function parity(
  ledger: Ledger,
  request: ParityRequest,
  { stream, signal }: { readonly stream: ProgressStream; readonly signal: AbortSignal },
): Promise<ParityResult> {
  const { seed, timeoutMs, data } = request;
  const subjects = chooseSubjects(
    ledger.experiments,
    request.experiments,
    ledger.files.map(({ deck }) => deck),
  );
  const rungs = RUNGS.filter((rung) => request.rungs?.includes(rung) ?? true);
  const chosen = await chooseParityBackends(request.backends, stream, signal);
  const backends = chosen.map(({ name }) => name);
  const descriptions = new Map(chosen.map(({ name, description }) => [name, description]));
  if (rungs.includes('golden') && !descriptions.has(ORACLE)) {
    const probe = await probeBackend(ORACLE, signal);
    if (probe.works) descriptions.set(ORACLE, probe.description);
  }
  const software = new Set(chosen.filter((backend) => backend.software).map(({ name }) => name));
  const jobs = availableParallelism();
  const { allowDownload } = data;
  stream.write(`${parityCost({ ledger, backends, software, subjects, rungs, jobs, allowDownload })}\n`);
  const isTrained = rungs.some((rung) => rung !== 'ops' && rung !== 'golden');
  const trained = isTrained ? subjects.map(({ experiment }) => experiment) : [];
  const sources = await resolveSources(ledger, trained, { ...data, stream, signal });

  const folder = await mkdtemp(join(tmpdir(), 'cnnbench-parity-'));
  try {
    const results = await compareWithOracle({
      ...{ trajectories: ledger.trajectories, problems: PROBLEMS },
      ...{ backends, subjects, rungs, seed, jobs },
      keepGoing: request.keepGoing ?? false,
      compute: forkParity({
        ...{ folder, timeoutMs, signal },
        sourceOf: (task) => (task.kind === 'training' ? sources.get(task.experiment.dataset) : undefined),
      }),
      readReference: readGolden,
      accuracyOf: trainedAccuracy({ software, seed, sources, timeoutMs, signal }),
      observer: parityProgress(stream),
    });
    const compared = [...new Set([...results.map(({ backend }) => backend), ...backends])];
    return {
      oracle: ORACLE,
      seed,
      data: [...sources.values()].map(({ identity }) => ({ ...identity, title: ledger.dataset(identity.name).title })),
      backends: compared.map((backend) => summarizeParity(backend, descriptions.get(backend), results)),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** 1 where a backend diverges or a computation crashed. */
export function exitCodeOfParity({ backends }: ParityResult): 0 | 1 {
  return backends.some(({ verdict }) => verdict === 'diverges' || verdict === 'crashed') ? 1 : 0;
}
