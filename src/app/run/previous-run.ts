import { readdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { summarySchema, type Summary } from '../../core/summary.js';
import { parseJson } from '../../records/parse.js';
import { readText } from '../../records/read-file.js';
import { changesSince, type Changes } from '../../stats/changes.js';

/** As many of the latest summaries are looked at. */
const MOST_SUMMARIES = 10;

/**
 * What differs from the last time: from the latest earlier run beside this one, or in its folder, that has some of its cells. To be
 * asked before the reports of this run are written. Nothing where there is none; a summary that cannot be read is left out.
 *
 * @param directory folder of the run
 */
export async function changesSinceLastTime(directory: string, summary: Summary): Promise<Changes | undefined> {
  const parent = dirname(resolve(directory));
  const folders = await readdir(parent, { withFileTypes: true }).catch(() => []);
  const paths = folders.flatMap((entry) => (entry.isDirectory() ? [join(parent, entry.name, 'summary.json')] : []));
  const written = await Promise.all(
    paths.map(async (path) => ({
      path,
      time: await stat(path).then(
        ({ mtimeMs }) => mtimeMs,
        () => undefined,
      ),
    })),
  );
  const latest = written
    .flatMap(({ path, time }) => (time === undefined ? [] : [{ path, time }]))
    .toSorted((a, b) => b.time - a.time)
    .slice(0, MOST_SUMMARIES);
  for (const { path } of latest) {
    const earlier = await summaryAt(path);
    if (earlier === undefined || earlier.run.startedAt > summary.run.startedAt) continue;
    const changes = changesSince(earlier, summary);
    if (changes !== undefined) return changes;
  }
  return undefined;
}

async function summaryAt(path: string): Promise<Summary | undefined> {
  try {
    return parseJson(summarySchema, await readText(path), (why) => new Error(why));
  } catch {
    return undefined;
  }
}
