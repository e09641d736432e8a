import { spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { CnnbenchError, type ErrorCode } from '../core/errors.js';

/** A program and the words that come before all others: `python3 -m pip`. */
export type Tool = readonly [file: string, ...words: string[]];

export interface ToolRun {
  readonly cwd: string;
  /** What the tool writes is appended here. */
  readonly log: string;
  readonly signal: AbortSignal;
  /** Of the error when it fails. */
  readonly code: ErrorCode;
  /** What it was to do: "npm could not install tfjs-node". */
  readonly failure: string;
  readonly remedy: string;
  /** Says from what it wrote that it failed for another reason than `code`. */
  readonly otherReason?: (said: string) => CnnbenchError | undefined;
}

/** The first of several programs that is there and says its version. */
export async function findTool(
  candidates: readonly Tool[],
  { signal, what, remedy }: { signal: AbortSignal; what: string; remedy: string },
): Promise<Tool> {
  for (const [file, ...words] of candidates) {
    const { code } = await execute(file, [...words, '--version'], { signal, cwd: undefined }, () => undefined);
    if (code === 0) return [file, ...words];
  }
  const tried = candidates.map((words) => words.join(' ')).join(', ');
  throw new CnnbenchError('E_SETUP_TOOL', `${what} is needed and was not found (tried ${tried})`, remedy);
}

/** Runs a tool to its end. Throws what `run` says when it fails, with the last of what it wrote. */
export async function runTool([file, ...words]: Tool, args: readonly string[], run: ToolRun): Promise<void> {
  const write = (text: Buffer | string) => appendFileSync(run.log, text);
  write(`\n$ ${[file, ...words, ...args].join(' ')}\n`);
  let last = '';
  const { code, killedBy, problem } = await execute(file, [...words, ...args], run, (chunk) => {
    write(chunk);
    last = (last + chunk.toString('utf8')).slice(-KEPT_OUTPUT);
  });
  if (code === 0) return;
  const how = problem ?? (killedBy === null ? `exit code ${code}` : `ended by ${killedBy}`);
  const other = run.otherReason?.(last);
  if (other !== undefined) throw other;
  if (/No space left on device|ENOSPC/.test(last)) {
    throw new CnnbenchError(
      'E_WRITE',
      `${run.failure}: the disk is full`,
      'Free some space, then run the same command again.',
    );
  }
  const said =
    last
      .trim()
      .split('\n')
      .findLast((line) => /error/i.test(line)) ??
    last.trim().split('\n').at(-1) ??
    '';
  throw new CnnbenchError(
    run.code,
    `${run.failure} (${how}${said === '' ? '' : `: ${said.trim().slice(0, 300)}`}); full log: ${run.log}`,
    run.remedy,
  );
}

/** How much of what a tool writes is searched for its reason, characters. */
const KEPT_OUTPUT = 4000;

interface ToolEnd {
  readonly code: number | null;
  readonly killedBy: NodeJS.Signals | null;
  /** Why it could not be started. */
  readonly problem?: string;
}

/** Without a shell. A tool and its children are one group, so that an interruption leaves none of them. */
function execute(
  file: string,
  args: readonly string[],
  { cwd, signal }: { cwd: string | undefined; signal: AbortSignal },
  onOutput: (chunk: Buffer) => void,
): Promise<ToolEnd> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const onAbort = () => {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    };
    signal.addEventListener('abort', onAbort, { once: true });
    child.stdout.on('data', onOutput);
    child.stderr.on('data', onOutput);
    const end = (ended: ToolEnd) => {
      signal.removeEventListener('abort', onAbort);
      if (signal.aborted) reject(signal.reason as Error);
      else resolve(ended);
    };
    child.on('error', ({ message }) => end({ code: null, killedBy: null, problem: message }));
    child.on('close', (code, killedBy) => end({ code, killedBy }));
  });
}
