import { buildsOf } from '../core/build.js';
import { BACKENDS, cellId } from '../core/cell.js';
import type { Claim } from '../core/claim.js';
import type { Note } from '../core/note.js';
import { PROFILES } from '../core/experiment.js';
import { machineFacts, machineKey } from '../core/machine.js';
import { SCHEMA_VERSION } from '../core/record.js';
import type { DatasetIdentity } from '../core/dataset.js';
import type { BackendDescription, CellRecord, Environment } from '../core/record.js';
import type { Summary, SummaryCell } from '../core/summary.js';
import { judgeThresholds } from './gate/thresholds.js';
import type { MinAccuracy } from './gate/thresholds.js';
import { judgeClaims } from './judge/judge.js';
import type { JudgeOptions } from './judge/judge.js';
import { judgeReferences } from './judge/reference.js';
import type { ReferenceOptions } from './judge/reference.js';
import { verdictInShard } from './judge/shard-verdict.js';
import { timesToTarget } from './time-to-target.js';

export interface SummaryInput extends Omit<JudgeOptions, 'looks'>, Omit<ReferenceOptions, 'looks'> {
  readonly run: Summary['run'];
  /** What the reports show where all cells come from one machine; every record carries its own. */
  readonly environment: Environment;
  readonly records: readonly CellRecord[];
  readonly claims: readonly Claim[];
  readonly notes?: readonly Note[];
  readonly plannedExperiments: readonly string[];
  readonly minAccuracy: MinAccuracy;
  /** Title of an experiment; nothing for one that this version does not know. */
  readonly titleOf?: (experiment: string) => string | undefined;
  /** Title of a data set, as people write it. */
  readonly datasetTitleOf?: (dataset: string) => string | undefined;
  /** Why a record is of another version than this; nothing for one that is not. */
  readonly outdated?: (record: CellRecord) => string | undefined;
}

/**
 * Everything a report needs, from the records and the ledger. The order of the records makes no difference: cells come
 * by planned experiment, then by id, backend, profile and seed.
 */
export function buildSummary(input: SummaryInput): Summary {
  const records = inOrder(latestPerCell(input.records), input.plannedExperiments);
  const { looks, shard } = input.run;
  const machines = distinctMachines(records);
  const builds = buildsOf(records);
  const judged = records.map((record) => withoutOther(record, input));
  const claims = judgeClaims(input.claims, judged, { ...input, looks });
  return {
    schemaVersion: SCHEMA_VERSION,
    run: input.run,
    environment: input.environment,
    ...(machines.size > 1 && { machines: [...machines.values()] }),
    ...(builds.length > 1 && { builds: [...builds] }),
    backends: distinctBackends(records),
    cells: records.map((record) => ({
      ...flatten(record, input),
      ...outdatedOf(record, input),
      ...(machines.size > 1 && { machine: [...machines.keys()].indexOf(machineOf(record)) + 1 }),
    })),
    claims: shard === undefined ? claims : claims.map((claim) => verdictInShard(claim, shard)),
    notes: (input.notes ?? []).filter(({ deck }) => claims.some((claim) => claim.deck === deck)),
    thresholds: shard === undefined ? judgeThresholds(judged, input.minAccuracy) : [],
    references: shard === undefined ? judgeReferences(judged, { ...input, looks }) : [],
    timesToTarget: shard === undefined ? timesToTarget(input.claims, judged) : [],
  };
}

/** A record as it is judged: one of another recipe as if it had never been run, so that nothing is held against what is not its own. */
function withoutOther(record: CellRecord, { outdated }: SummaryInput): CellRecord {
  const reason = outdated?.(record);
  if (reason === undefined) return record;
  const { schemaVersion, cell, suite, recipeSha256, startedAt, seconds, environment } = record;
  return { schemaVersion, cell, suite, recipeSha256, startedAt, seconds, environment, outcome: 'skipped', reason };
}

function outdatedOf(record: CellRecord, { outdated }: SummaryInput): Pick<SummaryCell, 'outdated'> {
  const why = outdated?.(record);
  return why === undefined ? {} : { outdated: why };
}

/** One environment of each machine, in an order that does not depend on that of the records. */
function distinctMachines(records: readonly CellRecord[]): ReadonlyMap<string, Environment> {
  const known = records.map((record) => [machineOf(record), record.environment] as const);
  return new Map(known.toSorted(([a], [b]) => compareText(a, b)));
}

function machineOf({ environment }: CellRecord): string {
  return machineKey(machineFacts(environment));
}

/** One record a cell, the one that started last: a cell that was repeated must not count as two seeds. */
function latestPerCell(records: readonly CellRecord[]): readonly CellRecord[] {
  const latest = new Map<string, CellRecord>();
  for (const record of records) {
    const known = latest.get(cellId(record.cell));
    if (known === undefined || rank(record) > rank(known)) latest.set(cellId(record.cell), record);
  }
  return [...latest.values()];
}

/** Start time first, then contents, so that ties do not depend on the order of the records. */
function rank(record: CellRecord): string {
  return `${new Date(record.startedAt).toISOString()} ${JSON.stringify(record)}`;
}

function inOrder(records: readonly CellRecord[], planned: readonly string[]): readonly CellRecord[] {
  const place = new Map(planned.map((id, index) => [id, index]));
  const placeOf = ({ cell }: CellRecord) => place.get(cell.experiment) ?? planned.length;
  return records.toSorted(
    (a, b) =>
      placeOf(a) - placeOf(b) ||
      compareText(a.cell.experiment, b.cell.experiment) ||
      BACKENDS.indexOf(a.cell.backend) - BACKENDS.indexOf(b.cell.backend) ||
      PROFILES.indexOf(a.cell.profile) - PROFILES.indexOf(b.cell.profile) ||
      a.cell.seed - b.cell.seed,
  );
}

/** By code units: the same on every machine, whatever its locale. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function distinctBackends(records: readonly CellRecord[]): BackendDescription[] {
  const found = new Map(
    records.flatMap(({ backend }) => (backend ? [[JSON.stringify(backend), backend] as const] : [])),
  );
  return [...found]
    .toSorted(
      ([a, left], [b, right]) => BACKENDS.indexOf(left.name) - BACKENDS.indexOf(right.name) || compareText(a, b),
    )
    .map(([, backend]) => backend);
}

function flatten(record: CellRecord, { titleOf, datasetTitleOf }: SummaryInput): SummaryCell {
  const { cell, suite, outcome, seconds, startedAt } = record;
  const title = titleOf?.(cell.experiment);
  const labelled = (dataset: DatasetIdentity) => {
    const datasetTitle = datasetTitleOf?.(dataset.name);
    return {
      ...dataset,
      ...(datasetTitle !== undefined && { title: datasetTitle }),
      standIn: dataset.provenance === 'stand-in',
    };
  };
  const base = {
    ...cell,
    ...(title !== undefined && { title }),
    suite,
    outcome,
    seconds,
    startedAt,
    ...(record.fma && { fma: record.fma }),
    ...(record.backend?.software && { software: record.backend.software }),
  };
  if (record.outcome === 'diverged') {
    return { ...base, reason: record.reason, dataset: labelled(record.dataset), curve: record.curve };
  }
  if (record.outcome !== 'completed') return { ...base, reason: record.reason };
  const { result } = record;
  if (result.kind === 'architecture') return { ...base, parameters: result.parameters };
  if (result.kind === 'ops') return base;
  if (result.kind === 'data') {
    const { dataset: counted, train, test } = result;
    return { ...base, dataset: labelled(counted), trainImages: train.images, testImages: test.images };
  }
  const { dataset, epochs, trainImages, testImages, batchSize, testAccuracy, curve, symptoms, throughput } = result;
  return {
    ...base,
    dataset: labelled(dataset),
    epochs,
    trainImages,
    testImages,
    batchSize,
    testAccuracy,
    curve,
    ...(symptoms && { symptoms }),
    ...(throughput && { imagesPerSecond: throughput.imagesPerSecond, throughput }),
    parameters: result.parameters,
    weightsSha256: result.weightsSha256,
  };
}
