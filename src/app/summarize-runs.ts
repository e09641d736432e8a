import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { cellId, experimentOfCell } from '../core/cell.js';
import { CnnbenchError } from '../core/errors.js';
import type { Policy } from '../core/policy.js';
import { SCHEMA_VERSION, type CellRecord } from '../core/record.js';
import { summarySchema, type Summary } from '../core/summary.js';
import type { SweepGrid, SweepResult } from '../core/sweep.js';
import type { Ledger } from '../ledger/ledger.js';
import { outputsOf } from '../model/fits-data.js';
import { sweepPoints } from '../plan/sweep-points.js';
import { writeAtomically } from '../records/atomic.js';
import { captureEnvironment } from '../records/environment.js';
import { cellsOfPlan, expectManifest, readManifest, type RunManifest } from '../records/manifest.js';
import { parseJson, RESTORE } from '../records/parse.js';
import { readText } from '../records/read-file.js';
import { parseRecord, readRecord, readRecords, unreadable } from '../records/store.js';
import { renderReport } from '../report/render.js';
import { minAccuracyBy } from '../stats/gate/policy.js';
import { thresholdOf } from '../stats/gate/thresholds.js';
import { differencesIn, memberOf } from '../stats/population.js';
import { buildSummary } from '../stats/summarize.js';
import { analyseSweep } from '../stats/sweep/analyse-sweep.js';
import { knownOf } from './known-verdicts.js';
import { outdated } from './outdated.js';

/** A run as its folder has it. */
export interface Run {
  readonly directory: string;
  readonly manifest: RunManifest;
  readonly records: readonly CellRecord[];
}

/** @throws CnnbenchError E_RECORD_NOT_FOUND, E_RECORD_INVALID */
export async function readRun(directory: string): Promise<Run> {
  return { directory, manifest: await expectManifest(directory), records: await readRecords(directory) };
}

/** The summary of a run, judged by the ledger; its thresholds are those of the policy. */
export async function summarizeDirectory(ledger: Ledger, directory: string, policy: Policy = {}): Promise<Summary> {
  return summarizeRun(ledger, await readRun(directory), policy);
}

/** The same of a run that has been read. */
export function summarizeRun(
  ledger: Ledger,
  { manifest, records }: Pick<Run, 'manifest' | 'records'>,
  policy: Policy = {},
): Summary {
  const present = new Set(records.map((record) => cellId(record.cell)));
  const summary = summarizeRecords(
    ledger,
    records,
    [...new Set(manifest.cells.map(experimentOfCell))],
    {
      id: manifest.id,
      startedAt: manifest.startedAt,
      command: manifest.command,
      plannedCells: manifest.cells.length,
      finished: manifest.cells.every((cell) => present.has(cell)),
      ...(manifest.looks && { looks: manifest.looks }),
      ...shardIn(manifest),
    },
    policy,
  );
  return manifest.sweep === undefined ? summary : { ...summary, sweep: sweepResult(ledger, manifest.sweep, records) };
}

function shardIn({ shard }: RunManifest): Pick<Summary['run'], 'shard'> {
  if (shard === undefined) return {};
  const { index, count, plan } = shard;
  return { shard: { index, count, cellsOfPlan: plan.length } };
}

/** What a sweep found, with the grid's points as the recipes of this version have them. */
function sweepResult(ledger: Ledger, grid: SweepGrid, records: readonly CellRecord[]): SweepResult {
  return analyseSweep({
    grid,
    points: sweepPoints(ledger.training(grid.experiment), grid).map(({ experiment, ...settings }) => ({
      ...settings,
      experiment: experiment.id,
    })),
    records: records.filter((record) => outdated(ledger, record) === undefined),
    claims: ledger.claims.flatMap((claim) =>
      claim.kind === 'accuracy' && claim.experiment === grid.experiment ? [claim] : [],
    ),
  });
}

/** The summary of the records of one run, by the claims and the references of the ledger. */
export function summarizeRecords(
  ledger: Ledger,
  records: readonly CellRecord[],
  plannedExperiments: readonly string[],
  run: Summary['run'],
  policy: Policy = {},
): Summary {
  refuseMixedFma(records);
  return buildSummary({
    run,
    environment: records.at(-1)?.environment ?? captureEnvironment(),
    records,
    claims: ledger.claims,
    notes: ledger.notes ?? [],
    plannedExperiments,
    modelInput: (model) => ledger.model(model).input,
    minAccuracy: minAccuracyBy(policy, (experiment, profile) => {
      const accuracies = ledger.referenceOf(experiment, profile, 'real')?.accuracies;
      return accuracies && thresholdOf(accuracies, outputsOf(ledger.training(experiment).model));
    }),
    referenceOf: ledger.referenceOf,
    knownOf: (claim) => knownOf(ledger, claim),
    unstatedOf: (id) => {
      const experiment = ledger.known(id);
      return experiment?.kind === 'training' ? (experiment.unstated ?? []) : [];
    },
    titleOf: (experiment) => ledger.known(experiment)?.title,
    datasetTitleOf: (name) => ledger.datasets.find((dataset) => dataset.name === name)?.title,
    outdated: (record) => outdated(ledger, record),
  });
}

function refuseMixedFma(records: readonly CellRecord[]): void {
  const [difference] = differencesIn(records, ['fma'], memberOf);
  if (difference === undefined) return;
  const [fused, plain] = difference.values.map(({ cells: [first] }) => first).toSorted((a) => (a.fma ? -1 : 1));
  const names = [fused, plain].map((record) => record && cellId(record.cell));
  throw new CnnbenchError(
    'E_RECORD_INVALID',
    `${names[0]} was run with --wasm-fma and ${names[1]} without: they cannot be reported together`,
    ONE_BY_ONE,
  );
}

/** Writes `summary.json`, `report.md` and its pictures into the folder of the run. Returns the path of the report. */
export async function writeReports(directory: string, summary: Summary): Promise<string> {
  await writeAtomically(join(directory, 'summary.json'), `${JSON.stringify(summary, undefined, 2)}\n`);
  const { text, files } = renderReport(summary, 'markdown', {});
  for (const file of files) await writeAtomically(join(directory, file.name), file.text);
  const path = join(directory, 'report.md');
  await writeAtomically(path, text);
  return path;
}

/**
 * The summary behind the arguments of `report`: folders of runs, records, or one `summary.json`.
 *
 * @throws CnnbenchError E_RECORD_NOT_FOUND, E_RECORD_INVALID; two records of one cell are refused, and so are records with
 * and without --wasm-fma
 */
export async function summarizePaths(ledger: Ledger, paths: readonly string[], policy: Policy = {}): Promise<Summary> {
  const [only, ...others] = paths as [string, ...string[]];
  if (others.length === 0) {
    if (await isDirectory(only)) return summarizeDirectory(ledger, only, policy);
    const found = await recordsOrSummary(only);
    if ('cells' in found) return found;
  }
  const records = (await Promise.all(paths.map(recordsAt))).flat();
  const ids = records.map((record) => cellId(record.cell));
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw apart(paths, `two of them have cell ${twice}`);
  const manifests = await Promise.all(paths.map(readManifest));
  const looks = commonLooks(paths, manifests);
  const planned = new Set([...ids, ...manifests.flatMap((manifest) => (manifest ? cellsOfPlan(manifest) : []))]);
  const experiments = ledger.experiments.filter(({ id }) => records.some((record) => record.cell.experiment === id));
  return summarizeRecords(
    ledger,
    records,
    experiments.map(({ id }) => id),
    {
      id: 'combined',
      startedAt: records.map((record) => record.startedAt).sort()[0] ?? new Date(0).toISOString(),
      command: `npx cnnbench report ${paths.join(' ')}`,
      plannedCells: planned.size,
      finished: planned.size === ids.length,
      ...(looks && { looks: [...looks] }),
    },
    policy,
  );
}

/** Seeds that were added until something was decided are judged as such; with others they have no common rule. */
function commonLooks(
  paths: readonly string[],
  manifests: readonly (RunManifest | undefined)[],
): readonly number[] | undefined {
  const looks = manifests.map((manifest) => manifest?.looks);
  if (new Set(looks.map((each) => each?.join())).size > 1) {
    throw apart(paths, 'not all were run with the same --until-decided');
  }
  return looks[0];
}

/**
 * What is behind one path: the records of a run's folder, a record, or a `summary.json`.
 *
 * @throws CnnbenchError E_RECORD_NOT_FOUND, E_RECORD_INVALID
 */
export async function recordsOrSummary(path: string): Promise<{ readonly records: readonly CellRecord[] } | Summary> {
  if (await isDirectory(path)) {
    return { records: (await readRun(path)).records };
  }
  const text = await readText(path).catch(unreadable(path));
  if (isSummary(text)) return parseJson(summarySchema, text, (why) => invalid(path, why));
  return { records: [parseRecord(path, text)] };
}

async function recordsAt(path: string): Promise<CellRecord[]> {
  return (await isDirectory(path)) ? readRecords(path) : [await readRecord(path)];
}

async function isDirectory(path: string): Promise<boolean> {
  return (await stat(path).catch(unreadable(path))).isDirectory();
}

/** Whether a file means to be a summary: it lists cells. Whether it is a valid one is said when it is parsed. */
function isSummary(text: string): boolean {
  return /"cells"\s*:/.test(text);
}

/** What cannot be taken together. */
function apart(paths: readonly string[], why: string): CnnbenchError {
  return new CnnbenchError('E_RECORD_INVALID', `${paths.join(' and ')} cannot be combined: ${why}`, ONE_BY_ONE);
}

const ONE_BY_ONE = 'Use a separate command for each.';

function invalid(path: string, why: string): CnnbenchError {
  return new CnnbenchError(
    'E_RECORD_INVALID',
    `${path} is not a record or summary of schema version ${SCHEMA_VERSION}: ${why}`,
    `${RESTORE}.`,
  );
}
