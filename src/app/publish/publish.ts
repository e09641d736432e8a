import { existsSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { CnnbenchError } from '../../core/errors.js';
import type { Ledger } from '../../ledger/ledger.js';
import { renderTable, type PublishedRun, type TableName } from '../../report/publication.js';
import { portableCommand } from '../portable-command.js';
import { readRun, summarizePaths, type Run } from '../summarize-runs.js';
import { copyRun, refuseForeignFolder } from './copy-run.js';
import { refuseUnlessAllowed, type Allowance } from './objections.js';
import { readPage, writePage } from './page-file.js';

/** Where published runs go without --out, beside the page. */
const PUBLISHED = join('results', 'published');

export interface PublishOptions {
  /** Folders of runs. */
  readonly directories: readonly string[];
  /** The page that gets the tables. */
  readonly into: string;
  /** The folder for the records of the only run. Default: where they are if that is published, else below `PUBLISHED`, by the name of the run's folder. */
  readonly out?: string | undefined;
  readonly allow: readonly Allowance[];
}

/** What was published. */
export interface Published {
  readonly page: string;
  /** Whether the page is another than before. */
  readonly changed: boolean;
  readonly tables: readonly TableName[];
  /** Folders with the records behind the tables. */
  readonly folders: readonly string[];
  /** What was objected, and allowed. */
  readonly caveats: readonly string[];
}

/**
 * Publishes runs: their tables into a page, the records behind them into folders of their own. Everything is read and
 * weighed before anything is written; the page comes last, so that it never shows what is not there.
 *
 * @throws CnnbenchError E_NOT_PUBLISHABLE, E_USAGE for a page without a place for tables, E_OUT_FOREIGN, E_RECORD_NOT_FOUND,
 * E_RECORD_INVALID, E_OUT_UNWRITABLE, E_WRITE
 */
export async function publish(ledger: Ledger, { directories, into, out, allow }: PublishOptions): Promise<Published> {
  const page = await readPage(into);
  const runs = await Promise.all(directories.map(readRun));
  const folders = targets(runs, into, out);
  const caveats = refuseUnlessAllowed(ledger, runs, allow);
  const summary = await summarizePaths(ledger, directories);
  const copies = runs.map((run, index) => ({ run, folder: folders[index] as string }));
  for (const { run, folder } of copies) await refuseForeignFolder(run, folder);
  for (const { run, folder } of copies) await copyRun(ledger, run, folder);
  const published = copies.map(({ run, folder }) => describeRun(run, folder, into));
  const changed = await writePage(page, (name) => renderTable(name, { summary, runs: published, caveats }));
  return { page: into, changed, tables: page.tables, folders, caveats };
}

function targets(runs: readonly Run[], page: string, out: string | undefined): readonly string[] {
  if (out !== undefined && runs.length > 1) {
    throw new CnnbenchError('E_USAGE', '--out is for a single run', 'Publish several runs without it.');
  }
  const folders = out === undefined ? runs.map(({ directory }) => besidePage(directory, page)) : [out];
  const twice = folders.find((folder, index) => folders.indexOf(folder) !== index);
  if (twice === undefined) return folders;
  throw new CnnbenchError('E_USAGE', `two runs would be published to ${twice}`, 'Rename one of the folders.');
}

/** A run that was published for another page of the same repository stays where it is: one copy is enough. */
function besidePage(directory: string, page: string): string {
  const parent = dirname(resolve(directory));
  const isPublished = parent.endsWith(`${sep}${PUBLISHED}`) && repositoryOf(directory) === repositoryOf(page);
  return isPublished ? directory : join(dirname(page), PUBLISHED, basename(resolve(directory)));
}

/** The git checkout that a file or folder is in, else the folder that it is in. */
function repositoryOf(file: string): string {
  const folder = dirname(resolve(file));
  for (let above = folder; above !== dirname(above); above = dirname(above)) {
    if (existsSync(join(above, '.git'))) return above;
  }
  return folder;
}

function describeRun({ manifest, records }: Run, folder: string, page: string): PublishedRun {
  const environments = new Map(records.map(({ environment }) => [JSON.stringify(environment), environment]));
  return {
    name: basename(resolve(folder)),
    report: addressOf(join(folder, 'report.md'), dirname(page)),
    startedAt: manifest.startedAt,
    command: portableCommand(manifest.command),
    outcomes: records.map(({ outcome }) => outcome),
    seconds: records.reduce((sum, { seconds }) => sum + seconds, 0),
    environments: [...environments.values()],
  };
}

/** Relative address of a file, every character of it safe in a link. */
function addressOf(file: string, folder: string): string {
  return relative(resolve(folder), resolve(file))
    .split(sep)
    .map((part) => encodeURIComponent(part).replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`))
    .join('/');
}
