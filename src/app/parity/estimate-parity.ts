import type { BackendName } from '../../core/cell.js';
import type { Ledger } from '../../ledger/ledger.js';
import { ORACLE, type Subject } from '../../parity/ladder.js';
import type { Rung } from '../../parity/task.js';
import { downloadsOf } from '../../data/catalog.js';
import { estimateSeconds } from '../../plan/estimate.js';
import { duration } from '../format.js';
import { LONGEST_SECONDS } from './accuracy.js';

export interface ParityCost {
  readonly ledger: Pick<Ledger, 'dataset'>;
  readonly backends: readonly BackendName[];
  /** Backends whose GPU a processor plays. */
  readonly software: ReadonlySet<BackendName>;
  readonly subjects: readonly Subject[];
  readonly rungs: readonly Rung[];
  /** Experiments that are computed at the same time. */
  readonly jobs: number;
  readonly allowDownload: boolean;
}

/** Seconds of a backend on rungs that no experiment's size decides, roughly, on two cores. */
const SECONDS = { ops: 10, golden: 30 } as const;

/** Of the time of an experiment's smoke training, what a few batches on the lower rungs take; at least so many seconds. */
const LOWER_SHARE = 0.1;
const LOWER_SECONDS = 3;

/** What it is going to take, before anything is fetched or computed: by the estimates that a run's plan has. */
export function parityCost({ ledger, backends, software, subjects, rungs, jobs, allowDownload }: ParityCost): string {
  const all = [...new Set([ORACLE, ...backends])];
  const trained = rungs.filter((rung) => rung !== 'ops' && rung !== 'golden');
  const fixed = (['ops', 'golden'] as const)
    .filter((rung) => rungs.includes(rung))
    .reduce((sum, rung) => sum + all.length * SECONDS[rung], 0);
  const perSubject = subjects.flatMap(({ experiment }) =>
    all.map((backend) => {
      const training = estimateSeconds(experiment, backend, 'smoke', software.has(backend));
      const accuracy = rungs.includes('accuracy') && training <= LONGEST_SECONDS ? training : 0;
      const lower =
        trained.length === 0 ? 0 : Math.max(LOWER_SECONDS, LOWER_SHARE * Math.min(training, LONGEST_SECONDS));
      return accuracy + lower;
    }),
  );
  const seconds = fixed + perSubject.reduce((sum, each) => sum + each, 0) / Math.min(jobs, subjects.length);
  const names = new Set(trained.length === 0 ? [] : subjects.map(({ experiment }) => experiment.dataset));
  const bytes = [...names]
    .flatMap((name) => downloadsOf(ledger.dataset(name)))
    .reduce((sum, each) => sum + each.bytes, 0);
  const download =
    bytes > 0 && allowDownload ? `; missing data sets are downloaded first, up to ${Math.round(bytes / 1e6)} MB` : '';
  return `${all.join(', ')} on the rungs ${rungs.join(', ')}: about ${duration(seconds)} on two cores (estimated)${download}`;
}
