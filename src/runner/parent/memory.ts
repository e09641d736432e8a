import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

/** How a system says what memory a process takes, and how long to wait between two looks, milliseconds. */
interface Gauge {
  readonly intervalMs: number;
  /** Bytes that the process takes; undefined where it is gone. */
  read(pid: number): Promise<number | undefined>;
}

const GAUGES: Partial<Record<NodeJS.Platform, Gauge>> = {
  linux: { intervalMs: 100, read: readProc },
  // Every look is a process of its own.
  darwin: { intervalMs: 1000, read: readPs },
};

/** Whether the memory of a process can be watched on this system. */
export function canWatchMemory(platform: NodeJS.Platform = process.platform): boolean {
  return GAUGES[platform] !== undefined;
}

/**
 * Calls `exceeded` with the bytes taken, once, when a process takes more than `limit` bytes of memory. All of it counts:
 * V8's heap, WebAssembly's, what native code allocated. Does nothing where that cannot be known.
 */
export async function watchMemory(
  pid: number,
  limit: number,
  exceeded: (bytes: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const gauge = GAUGES[process.platform];
  if (gauge === undefined) return;
  while (await pause(gauge.intervalMs, true, { signal, ref: false }).catch(() => false)) {
    const bytes = await gauge.read(pid);
    if (bytes === undefined || bytes <= limit) continue;
    exceeded(bytes);
    return;
  }
}

/** Linux: resident memory and what of it was swapped out, proc(5). */
async function readProc(pid: number): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kibibytes = [...status.matchAll(/^Vm(?:RSS|Swap):\s+(\d+) kB$/gm)].map(([, value]) => Number(value));
  return kibibytes.length === 0 ? undefined : kibibytes.reduce((sum, each) => sum + each, 0) * 1024;
}

/** POSIX: resident memory as `ps` says it, KiB. */
export async function readPs(pid: number): Promise<number | undefined> {
  const result = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)]).catch(() => undefined);
  const kibibytes = Number(result?.stdout.trim());
  return Number.isFinite(kibibytes) && kibibytes > 0 ? kibibytes * 1024 : undefined;
}
