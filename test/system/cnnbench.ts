import { spawn, type ChildProcess } from 'node:child_process';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';

/** The launcher. */
export const BIN = fileURLToPath(new URL('../../bin/run.js', import.meta.url));

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What it may read from stdin, a pipe. Default: stdin is /dev/null. */
  readonly input?: string;
  /** In a process group of its own, which can be killed as a whole. */
  readonly detached?: boolean;
}

/** Starts the built command line as a user would. No network is tried: the cache is a folder of the test's own. */
export function start(
  args: readonly string[],
  { cwd, env, input, detached }: CliOptions = {},
): { child: ChildProcess; result: Promise<CliResult> } {
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_ENV|CNNBENCH_)/.test(name)),
  );
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd: cwd ?? tmpdir(),
    env: { ...inherited, NO_COLOR: '1', ...env },
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    ...(detached === true && { detached }),
  });
  // A command that does not read its input may have ended before it is written.
  child.stdin?.on('error', () => undefined).end(input);
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const result = new Promise<CliResult>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
  return { child, result };
}

export function cnnbench(args: readonly string[], options?: CliOptions): Promise<CliResult> {
  return start(args, options).result;
}
