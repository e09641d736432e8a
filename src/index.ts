/** The library: what `import ... from 'cnnbench'` has. docs/library.md explains it. */
import { z } from 'zod';
import { onlyFrom, withDecks } from './app/decks/with-decks.js';
import { run as runRequest, type EndedRun } from './app/run/run.js';
import { summarizeRun, type Run } from './app/summarize-runs.js';
import { CnnbenchError } from './core/errors.js';
import { PROFILES } from './core/experiment.js';
import type { Policy } from './core/policy.js';
import type { Summary } from './core/summary.js';
import { seedsUpTo } from './plan/seeds.js';
import { builtInLedger } from './suites/built-in.js';

export { readRun, type Run } from './app/summarize-runs.js';
export { CnnbenchError, type ErrorCode } from './core/errors.js';
export type { Policy } from './core/policy.js';
export type { CellRecord } from './core/record.js';
export type { ClaimVerdict, Summary } from './core/summary.js';

const count = z.number().int().min(1);
const seeds = z.union([count.max(1000).transform(seedsUpTo), z.array(z.number().int().min(0)).min(1)]);

const optionsSchema = z.strictObject({
  /** Suites, experiments or patterns. Default: all, of `decks` where there are some. */
  what: z.array(z.string()).min(1).optional(),
  /** Files of decks, besides the built-in ones. */
  decks: z.array(z.string()).min(1).optional(),
  /** Default: every fast one that works here. */
  backends: z.array(z.string()).min(1).optional(),
  /** Default: quick. */
  profile: z.enum(PROFILES).optional(),
  /** How many, or which ones. Default: as many as the profile takes. */
  seeds: seeds.optional(),
  /** Instead of `seeds`: add seeds until the claims are decided, up to so many. */
  untilDecided: count.min(2).max(1000).optional(),
  /** Folder of the run. Default: below results/runs. */
  out: z.string().optional(),
  /** Run every cell again. */
  fresh: z.boolean().optional(),
  threads: count.optional(),
  /** Longest that a cell may take. */
  timeoutSeconds: z.number().positive().optional(),
  /** Looked at before the cache, the system and the network. */
  dataDir: z.string().optional(),
  /** Default: true. */
  standIn: z.boolean().optional(),
  /** Default: false. */
  offline: z.boolean().optional(),
  /** Ends the run: what has its record keeps it. */
  signal: z.instanceof(AbortSignal).optional(),
  /** Gets what `cnnbench run` writes to stderr. */
  onProgress: z.custom<(text: string) => void>((value) => typeof value === 'function').optional(),
});
export type RunOptions = Readonly<z.input<typeof optionsSchema>>;

/**
 * Does what `cnnbench run` does, and goes on where the same run was interrupted.
 *
 * @throws CnnbenchError E_USAGE for options that are wrong, and what docs/errors.md lists
 */
export async function run(options: RunOptions = {}): Promise<Pick<EndedRun, 'directory' | 'summary' | 'reportPath'>> {
  const parsed = optionsSchema.safeParse(options);
  if (!parsed.success) throw badOptions(parsed.error);
  const {
    what = ['all'],
    decks = [],
    profile = 'quick',
    untilDecided: mostSeeds,
    timeoutSeconds,
    ...rest
  } = parsed.data;
  const {
    dataDir,
    standIn = true,
    offline = false,
    signal = new AbortController().signal,
    onProgress,
    ...cells
  } = rest;
  if (mostSeeds !== undefined && cells.seeds !== undefined) throw usage('seeds: untilDecided has its own');
  const request = {
    ...{ ...cells, what, profile, mostSeeds },
    ...(timeoutSeconds !== undefined && { timeoutMs: timeoutSeconds * 1000 }),
    data: { dataDir, allowStandIn: standIn, allowDownload: !offline },
    command: 'run() of the library',
  };
  const stream = { write: (text: string) => onProgress?.(text) };
  const known = await withDecks(builtInLedger(), { files: decks, builtIn: true });
  return runRequest(decks.length > 0 ? onlyFrom(known, decks) : known, request, { stream, signal });
}

/**
 * Judges the claims of the built-in decks, and of those whose copies the folder of the run has, by its records.
 *
 * @throws CnnbenchError where a copy of a deck is not what it was
 */
export async function judge(run: Run, policy: Policy = {}): Promise<Summary> {
  const ledger = await withDecks(builtInLedger(), { files: [], builtIn: true }, [run.directory]);
  return summarizeRun(ledger, run, policy);
}

function badOptions({ issues }: z.ZodError): CnnbenchError {
  return usage(issues.map(({ path, message }) => [...path.map(String), message].join(': ')).join('; '));
}

function usage(message: string): CnnbenchError {
  return new CnnbenchError('E_USAGE', `run(): ${message}`, 'docs/library.md has the options.');
}
