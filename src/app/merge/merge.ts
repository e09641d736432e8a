import { createHash } from 'node:crypto';
import { mkdir, readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { filesOf } from '../../core/deck.js';
import { CnnbenchError } from '../../core/errors.js';
import type { Summary } from '../../core/summary.js';
import type { Ledger } from '../../ledger/ledger.js';
import { writeAtomically } from '../../records/atomic.js';
import { copiesOf, writeDeckCopies } from '../../records/deck-copies.js';
import { writeManifest, type RunManifest } from '../../records/manifest.js';
import { readTrace, recordPath, tracePath } from '../../records/store.js';
import { namesIn, writeWholeFolder } from '../../records/whole-folder.js';
import { plain } from '../../report/escape.js';
import type { Objection } from '../objection.js';
import { portableCommand } from '../portable-command.js';
import { readRun, summarizeDirectory, writeReports, type Run } from '../summarize-runs.js';
import { missingCells, objectionsTo, planOf, type Allowed } from './objections.js';
import { pickRecords, type Pick, type Repeated } from './pick.js';

export interface MergeOptions extends Allowed {
  /** Folders of shards of one plan, or of unfinished runs of it. */
  readonly directories: readonly string[];
  /** A folder that is not there yet, or is empty. */
  readonly out: string;
}

export interface Merged {
  readonly out: string;
  readonly finished: boolean;
  /** Cells of the plan without a record, in its order; empty without --partial. */
  readonly missing: readonly string[];
  /** Cells that several folders had. */
  readonly repeated: readonly Repeated[];
  readonly summary: Summary;
}

/**
 * Puts the folders of one plan together to a run like any other. Everything is read and weighed before anything is written, the
 * folders stay as they are, and the new one is there as a whole or not at all. The same folders, in whatever order, give the
 * same bytes.
 *
 * @throws CnnbenchError E_NOT_MERGEABLE with every objection, E_OUT_FOREIGN, E_OUT_UNWRITABLE, E_WRITE
 */
export async function merge(ledger: Ledger, { directories, out, ...allowed }: MergeOptions): Promise<Merged> {
  await refuseFilled(out);
  const { runs, unreadable } = await readAll(directories);
  const { picks, repeated, objections } = pickRecords(runs);
  const traces = await tracesOf([...picks.values()]);
  refuse([...unreadable, ...objectionsTo(runs, allowed), ...objections, ...traces.objections]);

  const missing = missingCells(runs);
  const finished = missing.length === 0;
  const decks = filesOf(ledger.files, planOf(runs));
  const manifest = { ...manifestOf(runs), ...(decks.length > 0 && { decks: copiesOf(decks) }) };
  const summary = await writeWholeFolder(
    out,
    async (folder) => {
      await writeManifest(folder, manifest);
      await writeDeckCopies(folder, decks);
      await copyInto(folder, 'records', picks.values(), recordPath);
      if (traces.found.length > 0) await copyInto(folder, 'trace', traces.found, tracePath);
      const ofAll = await summarizeDirectory(ledger, folder);
      await writeReports(folder, ofAll);
      await writeManifest(folder, { ...manifest, finished });
      return ofAll;
    },
    { replaces: false },
  );
  return { out, finished, missing, repeated, summary };
}

/** Byte for byte, and on disk before the run is called finished. */
async function copyInto(folder: string, name: string, picks: Iterable<Pick>, pathOf: typeof recordPath): Promise<void> {
  await mkdir(join(folder, name));
  for (const { directory, record } of picks) {
    await writeAtomically(pathOf(folder, record.cell), await readFile(pathOf(directory, record.cell)));
  }
}

async function refuseFilled(out: string): Promise<void> {
  if ((await namesIn(out)).length === 0) return;
  const remedy = 'Choose a new or empty folder with --out.';
  throw new CnnbenchError('E_OUT_FOREIGN', `${out} is not empty; a merged run needs its own folder`, remedy);
}

interface ReadFolders {
  readonly runs: readonly Run[];
  readonly unreadable: readonly Objection[];
}

/** What can be read, and what speaks against the rest. */
async function readAll(directories: readonly string[]): Promise<ReadFolders> {
  const runs: Run[] = [];
  const unreadable: Objection[] = [];
  const seen = new Set<string>();
  for (const directory of directories) {
    const place = await realpath(directory).catch(() => directory);
    if (seen.has(place)) {
      unreadable.push({ what: `${directory} is given twice`, remedy: 'Give each folder once.' });
      continue;
    }
    seen.add(place);
    try {
      runs.push(await readRun(directory));
    } catch (error) {
      if (!(error instanceof CnnbenchError)) throw error;
      unreadable.push({ what: error.message, remedy: error.remedy });
    }
  }
  return { runs, unreadable };
}

/** The picked records that have a trace beside them. */
async function tracesOf(picks: readonly Pick[]): Promise<{ found: readonly Pick[]; objections: readonly Objection[] }> {
  const found: Pick[] = [];
  const objections: Objection[] = [];
  for (const pick of picks) {
    try {
      if ((await readTrace(pick.directory, pick.record.cell)) !== undefined) found.push(pick);
    } catch (error) {
      if (!(error instanceof CnnbenchError)) throw error;
      objections.push({ what: error.message, remedy: error.remedy });
    }
  }
  return { found, objections };
}

function refuse(objections: readonly Objection[]): void {
  if (objections.length === 0) return;
  const lines = objections.map(({ what, remedy }) => `  - ${plain(what)}.\n    ${plain(remedy)}`);
  throw new CnnbenchError(
    'E_NOT_MERGEABLE',
    `these folders cannot be merged:\n${lines.join('\n')}`,
    'Follow the remedies above. Nothing was written.',
  );
}

/** The run of the whole plan: started when its first part was, by that part's command. */
function manifestOf(runs: readonly Run[]): RunManifest {
  const manifests = runs.map(({ manifest }) => manifest).toSorted((left, right) => (rank(left) < rank(right) ? -1 : 1));
  const [{ schemaVersion, planId, startedAt, command, settings, sweep }] = manifests as [RunManifest, ...RunManifest[]];
  const ids = createHash('sha256').update(JSON.stringify(manifests.map(({ id }) => id)));
  return {
    schemaVersion,
    id: `merged-${ids.digest('hex').slice(0, 12)}`,
    ...{ startedAt, planId },
    command: portableCommand(command, ['--shard']),
    cells: [...planOf(runs)],
    finished: false,
    ...(settings && { settings }),
    ...(sweep && { sweep }),
  };
}

function rank({ startedAt, id }: RunManifest): string {
  return `${new Date(startedAt).toISOString()} ${id}`;
}
