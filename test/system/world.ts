import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { summarySchema, type Summary } from '../../src/core/summary.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { cnnbench, start, type CliResult } from './cnnbench.js';

type Variables = Readonly<Record<string, string>>;

/**
 * A folder of the test's own and the command line in it, without a network and with an empty cache.
 *
 * @param script what the backend `fake` does
 */
export async function world(script = '') {
  const cwd = await temporaryFolder();
  const env = { XDG_CACHE_HOME: join(cwd, 'cache'), CNNBENCH_OFFLINE: '1', CNNBENCH_FAKE: script };
  const call = (args: readonly string[], more: Variables = {}) => cnnbench(args, { cwd, env: { ...env, ...more } });
  return {
    cwd,
    env,
    /** The folder `out`, where runs are told to go. */
    out: join(cwd, 'out'),
    call,
    start: (args: readonly string[], more: Variables = {}) => start(args, { cwd, env: { ...env, ...more } }),
    /** A run that a test starts from, and its exit code: the fixture is wrong, too, where that is another. */
    given: async (args: readonly string[], exit = 0, more: Variables = {}): Promise<CliResult> => {
      const result = await call(args, more);
      expect(result, `cnnbench ${args.join(' ')}`).toMatchObject({ code: exit });
      return result;
    },
    read: (...path: string[]) => readFile(join(cwd, ...path), 'utf8'),
    records: async (folder = 'out') => (await readdir(join(cwd, folder, 'records')).catch(() => [])).sort(),
    summary: (folder = 'out') => summaryIn(join(cwd, folder)),
  };
}

export async function summaryIn(folder: string): Promise<Summary> {
  return summarySchema.parse(JSON.parse(await readFile(join(folder, 'summary.json'), 'utf8')));
}
