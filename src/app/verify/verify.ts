import { cellId, SAME_BITS_BACKENDS } from '../../core/cell.js';
import { CnnbenchError } from '../../core/errors.js';
import { datasetUsed, type CellRecord, type Environment, type Outcome } from '../../core/record.js';
import type { DataSource } from '../../data/source.js';
import { standInIdentity } from '../../data/stand-in/stand-in.js';
import type { Ledger } from '../../ledger/ledger.js';
import { planCells, type PlannedCell } from '../../plan/plan.js';
import { jobFor } from '../../runner/parent/resume.js';
import { runUnkept } from '../../runner/parent/run-unkept.js';
import { agreement, type Agreement } from '../../stats/agreement.js';
import { isReal } from '../../stats/comparable.js';
import { expectedOfAccuracy } from '../../stats/judge/training.js';
import { chooseBackends } from '../run/choose-backends.js';
import { runProgress, type ProgressStream } from '../run/progress.js';
import { resolveSources } from '../run/sources.js';
import { selectRecords, type Verifiable } from './select-records.js';

export interface VerifyOptions {
  readonly ledger: Ledger;
  /** Records, or folders of them. */
  readonly paths: readonly string[];
  /** How many of the records. Default: all. */
  readonly sample?: number | undefined;
  readonly dataDir?: string | undefined;
  readonly allowDownload: boolean;
  readonly timeoutMs: number;
  readonly stream: ProgressStream;
  readonly signal: AbortSignal;
}

/** Where an accuracy lies by what a slide prints. */
export interface ClaimPosition {
  readonly id: string;
  readonly printed: string;
  readonly recorded: 'below' | 'inside' | 'above';
  readonly again: 'below' | 'inside' | 'above';
}

/** What running a cell again came to. */
export type Verification = {
  readonly cell: string;
  /** What the record was made by, and what it was held against. */
  readonly environments: { readonly recorded: Environment; readonly again: Environment };
} & (
  | (Agreement & { readonly ran: true; readonly claims: readonly ClaimPosition[] })
  | { readonly ran: false; readonly reason: string }
);

export interface Verified {
  readonly verifications: readonly Verification[];
  /** Records of a folder that have no result. */
  readonly withoutResult: readonly { readonly cell: string; readonly outcome: Outcome }[];
}

/**
 * Runs cells again, with the backend, seed, profile and data of their records, and compares what they come to.
 *
 * @throws CnnbenchError E_NOT_VERIFIABLE, E_RECORD_INVALID, E_RECORD_NOT_FOUND for the records; E_BACKEND_UNAVAILABLE;
 * E_DATA_UNAVAILABLE where the data is not that of the record; codes of the data
 */
export async function verify(options: VerifyOptions): Promise<Verified> {
  const { ledger, timeoutMs, stream, signal } = options;
  const { records, withoutResult } = await selectRecords(ledger, options.paths, options.sample);
  await chooseBackends([...new Set(records.map(({ cell }) => cell.backend))], signal);
  const sources = await sourcesOf(records, options);
  const cells = records.map((record) => planAgain(ledger, record));
  const settingsOf = (record: Verifiable | undefined) => ({ fma: record?.fma === true, trace: false, timeoutMs });
  const again = await runUnkept(cells, {
    jobFor(planned) {
      const record = records[cells.indexOf(planned)];
      const source = record && sources.get(record);
      return jobFor(new Map(source && [[source.name, source]]), settingsOf(record))(planned);
    },
    observer: runProgress(cells, stream, () => performance.now()),
    signal,
  });
  return {
    verifications: records.map((record, index) => compare(ledger, record, again[index] as CellRecord)),
    withoutResult: withoutResult.map(({ cell, outcome }) => ({ cell: cellId(cell), outcome })),
  };
}

/** 0 where all agree, 1 where one does not, else 3 where one could not be run. */
export function exitCodeOfVerifications(verifications: readonly Verification[]): 0 | 1 | 3 {
  if (verifications.some((each) => each.ran && !each.agrees)) return 1;
  return verifications.some(({ ran }) => !ran) ? 3 : 0;
}

function planAgain(ledger: Ledger, { cell }: Verifiable): PlannedCell {
  const { cells } = planCells([ledger.experiment(cell.experiment)], [cell.backend], [cell.seed], cell.profile);
  return cells[0] as PlannedCell;
}

/** The data of each record that has any. The scripted backend reads none. */
async function sourcesOf(
  records: readonly Verifiable[],
  { ledger, dataDir, allowDownload, stream, signal }: VerifyOptions,
): Promise<ReadonlyMap<Verifiable, DataSource>> {
  const needing = records.flatMap((record) => {
    const dataset = datasetUsed(record);
    return dataset === undefined || record.cell.backend === 'fake' ? [] : [{ record, dataset }];
  });
  const onFiles = needing.filter(({ dataset }) => dataset.provenance !== 'stand-in');
  const found = await resolveSources(
    ledger,
    onFiles.map(({ record }) => ledger.experiment(record.cell.experiment)),
    { dataDir, allowDownload, allowStandIn: false, stream, signal },
  );
  return new Map(
    needing.map(({ record, dataset }): [Verifiable, DataSource] => {
      const { name, provenance, fingerprint } = dataset;
      const drawn = {
        kind: 'stand-in',
        name,
        origin: 'generated by cnnbench',
        identity: standInIdentity(name),
      } as const;
      const source = provenance === 'stand-in' ? drawn : found.get(name);
      if (source?.identity.fingerprint === fingerprint) return [record, source];
      throw new CnnbenchError(
        'E_DATA_UNAVAILABLE',
        `${cellId(record.cell)} was made with other files of ${name}: ${provenance}, fingerprint ${fingerprint.slice(0, 12)}; ` +
          `here is ${source?.identity.provenance ?? 'none'}, ${source?.identity.fingerprint.slice(0, 12) ?? ''}, from ${source?.origin ?? 'nowhere'}`,
        'Use --data-dir with those files; docs/data.md lists them.',
      );
    }),
  );
}

function compare(ledger: Ledger, record: Verifiable, again: CellRecord): Verification {
  const cell = cellId(record.cell);
  const environments = { recorded: record.environment, again: again.environment };
  if (again.outcome === 'diverged') {
    const difference = { field: 'outcome', recorded: record.outcome, again: `diverged: ${again.reason}` };
    return { cell, environments, ran: true, agrees: false, basis: 'the outcome', difference, claims: [] };
  }
  if (again.outcome !== 'completed') {
    return { cell, environments, ran: false, reason: `${again.outcome}: ${again.reason}` };
  }
  const { experiment, profile, backend } = record.cell;
  const provenance = datasetUsed(record)?.provenance;
  const kind = provenance === 'stand-in' ? 'stand-in' : 'real';
  const reference = provenance === 'unknown' ? undefined : ledger.referenceOf(experiment, profile, kind);
  const sameBits = SAME_BITS_BACKENDS.includes(backend) && record.fma === undefined;
  const agreed = agreement(record.result, again.result, { sameBits, reference: reference?.accuracies ?? [] });
  return { cell, environments, ran: true, ...agreed, claims: positions(ledger, record, again) };
}

/** Information, not part of the verdict: an accuracy near the end of the printed interval may fall on either side of it. */
function positions({ claims }: Ledger, record: Verifiable, again: Verifiable): readonly ClaimPosition[] {
  if (record.result.kind !== 'training' || again.result.kind !== 'training') return [];
  const [was, is] = [record.result, again.result];
  if (record.cell.profile !== 'full' || !isReal(was.dataset)) return [];
  return claims.flatMap((claim) => {
    if (claim.kind !== 'accuracy' || claim.experiment !== record.cell.experiment) return [];
    const { low, high } = expectedOfAccuracy(claim);
    const place = (value: number) => (value < low ? 'below' : value > high ? 'above' : 'inside');
    const { id, printed } = claim;
    return [{ id, printed, recorded: place(was.testAccuracy), again: place(is.testAccuracy) }];
  });
}
