import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** A process, told apart from every other that has, had or will have its number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Linux: clock ticks from the start of the system to that of the process. */
  readonly started?: string | undefined;
  /** Linux: id of this start of the system. */
  readonly boot?: string | undefined;
  /** Digest of what tells machines, and the containers on them, apart. No name can be read from it. */
  readonly machine: string;
}

/** `elsewhere`: on another machine, or in another container, whose processes cannot be seen from here. */
export type Whereabouts = 'alive' | 'dead' | 'elsewhere';

/** This process. */
export function ownIdentity(): ProcessIdentity {
  const started = stateOf(process.pid)?.started;
  const boot = textOf('/proc/sys/kernel/random/boot_id');
  return {
    pid: process.pid,
    ...(started !== undefined && { started }),
    ...(boot !== undefined && { boot }),
    machine: machineDigest(),
  };
}

/** Whether a process that once said who it was still runs. */
export function whereaboutsOf(identity: ProcessIdentity, own: ProcessIdentity = ownIdentity()): Whereabouts {
  if (identity.machine !== own.machine) return 'elsewhere';
  if (identity.boot !== own.boot || !hasProcess(identity.pid)) return 'dead';
  const state = stateOf(identity.pid);
  if (state === undefined) return 'alive'; // No Linux, or the process of another user that may not be looked at.
  return state.isGone || (identity.started !== undefined && identity.started !== state.started) ? 'dead' : 'alive';
}

/** Whether there is a process of this number: perhaps another one than had it before. */
export function hasProcess(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** From proc_pid_stat(5): field 3, the state, and field 22, the start. The name in field 2 may hold anything, brackets too. */
function stateOf(pid: number): { readonly isGone: boolean; readonly started: string | undefined } | undefined {
  const stat = textOf(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { isGone: ['Z', 'X'].includes(fields[0] ?? ''), started: fields[22 - 3] };
}

/** A container has a host name and process numbers of its own, often with the machine id of its image. */
function machineDigest(): string {
  const facts = [textOf('/etc/machine-id'), hostname(), processNamespace()];
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 16);
}

function processNamespace(): string | undefined {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return undefined;
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}
