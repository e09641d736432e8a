import { copyFile, mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { filesOf } from '../../core/deck.js';
import { CnnbenchError } from '../../core/errors.js';
import type { Ledger } from '../../ledger/ledger.js';
import { readManifest, writeManifest } from '../../records/manifest.js';
import { copiesOf, writeDeckCopies } from '../../records/deck-copies.js';
import { recordPath } from '../../records/store.js';
import { namesIn, writeWholeFolder } from '../../records/whole-folder.js';
import { portableCommand } from '../portable-command.js';
import { summarizeDirectory, writeReports, type Run } from '../summarize-runs.js';

/**
 * Refuses a folder that holds something else than this run, before anything is written.
 *
 * @throws CnnbenchError E_OUT_FOREIGN
 */
export async function refuseForeignFolder(run: Run, target: string): Promise<void> {
  if ((await namesIn(target)).length === 0) return;
  const there = await readManifest(target);
  if (there?.id === run.manifest.id) return;
  throw new CnnbenchError(
    'E_OUT_FOREIGN',
    there === undefined
      ? `${target} is not empty and contains no cnnbench run`
      : `${target} contains another run, ${there.id}; ${run.directory} is ${run.manifest.id}`,
    'Choose another folder with --out.',
  );
}

/**
 * Puts the records of a run into a folder of their own, with summary, report and curves as this version writes them, and
 * without the folders of this machine in its command. The folder is there as a whole or not at all; an earlier copy of the
 * same run is replaced. A run that lies there itself only gets its reports again.
 *
 * @throws CnnbenchError E_WRITE, E_OUT_UNWRITABLE
 */
export async function copyRun(ledger: Ledger, run: Run, target: string): Promise<void> {
  if (await isSame(run.directory, target)) {
    await writeReports(target, await summarizeDirectory(ledger, target));
    return;
  }
  await writeWholeFolder(target, (folder) => fill(ledger, run, folder), { replaces: true });
}

async function fill(ledger: Ledger, { directory, manifest, records }: Run, folder: string): Promise<void> {
  await mkdir(join(folder, 'records'));
  for (const { cell } of records) await copyFile(recordPath(directory, cell), recordPath(folder, cell));
  const decks = filesOf(ledger.files, manifest.cells);
  await writeDeckCopies(folder, decks);
  await writeManifest(folder, {
    ...manifest,
    ...(decks.length > 0 && { decks: copiesOf(decks) }),
    command: portableCommand(manifest.command),
  });
  await writeReports(folder, await summarizeDirectory(ledger, folder));
}

async function isSame(left: string, right: string): Promise<boolean> {
  const there = await realpath(right).catch(() => undefined);
  return there !== undefined && there === (await realpath(left));
}
