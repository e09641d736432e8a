import { CnnbenchError } from '../core/errors.js';
import type { CatalogEntry } from './catalog-entry.js';
import type { LocatedFile } from './contents.js';
import { inspectFiles, type FileReport, type OfficialFile } from './inspect.js';
import { locateFiles, type Located } from './locate.js';

/** What a folder of official data holds of a data set. */
export interface OfficialFiles {
  /** Official files in canonical order. */
  readonly files: readonly OfficialFile[];
  /** Whether they are the whole data set. */
  readonly complete: boolean;
  /** Files that are there and not used, because they are broken or not the official ones. */
  readonly rejected: readonly Exclude<FileReport, OfficialFile>[];
  /** Why the set is not complete; empty when it is. */
  readonly reason: string;
}

/** One sentence on a file that is not used. */
function describeRejected(report: Exclude<FileReport, OfficialFile>): string {
  if (report.status === 'broken') return report.problem.message;
  return `${report.path} is not the official ${report.name} (its SHA-256 is ${report.sha256}).`;
}

/** Why files are not used, one sentence each, without repetition: a broken archive is one problem, not six. */
export function describeRejections(rejected: OfficialFiles['rejected']): string[] {
  return [...new Set(rejected.map(describeRejected))];
}

function isOfficial(report: FileReport): report is OfficialFile {
  return report.status === 'official';
}

/**
 * Looks for a complete official data set in a folder that nobody named explicitly: the cache or a system folder. A file
 * that is not official is left out of consideration, and what else the folder holds is looked at instead.
 */
export async function findOfficial(entry: CatalogEntry, folder: string): Promise<OfficialFiles> {
  const ignored = new Set<string>();
  const rejected: Exclude<FileReport, OfficialFile>[] = [];
  const inspected = new Map<string, FileReport>();
  const key = ({ file, path }: LocatedFile) => `${file.role} ${path}`;
  for (;;) {
    let located: Located | undefined;
    try {
      located = await locateFiles(entry, folder, ignored);
    } catch (error) {
      // Nobody asked for this folder: that it may not be looked into is one more reason, no end.
      if (!(error instanceof CnnbenchError)) throw error;
      return { files: [], complete: false, rejected, reason: error.message };
    }
    const found = located?.files ?? [];
    const fresh = found.filter((file) => !inspected.has(key(file)));
    const reports = await inspectFiles(entry, fresh);
    fresh.forEach((file, index) => inspected.set(key(file), reports[index] as FileReport));
    const all = found.map((file) => inspected.get(key(file)) as FileReport);
    const bad = all.filter((report) => !isOfficial(report));
    for (const report of bad) ignored.add(report.path);
    rejected.push(...bad);
    if (bad.length > 0) continue;
    const complete = located?.missing.length === 0;
    const lacks = located === undefined ? `${folder} has no files of it` : `it lacks ${located.missing.join(', ')}`;
    const reason = complete ? '' : [...describeRejections(rejected), ...(rejected.length > 0 ? [] : [lacks])].join(' ');
    return { files: all.filter(isOfficial), complete, rejected, reason };
  }
}
