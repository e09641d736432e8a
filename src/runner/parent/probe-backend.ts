import type { BackendName } from '../../core/cell.js';
import type { BackendDescription } from '../../core/record.js';
import { askChild, type Child } from './child-process.js';
import type { Message, MissingKernels, ProbeRequest } from '../protocol.js';

export type ProbeResult =
  | {
      readonly name: BackendName;
      readonly works: true;
      readonly description: BackendDescription;
      /** Where suites were looked at, too. */
      readonly gigaflops?: number | undefined;
      /** Suites that it cannot train, and why. */
      readonly missingKernels: readonly MissingKernels[];
    }
  | { readonly name: BackendName; readonly works: false; readonly reason: string; readonly remedy: string };

/** Longest that a backend may take to start and multiply, seconds. */
const PATIENCE = 60;

/** Backends that compile their kernels at first use; a driver may do so for minutes on a GPU that is newer than they are. */
const LONGER_PATIENCE: Partial<Record<BackendName, number>> = { gpu: 1800, webgpu: 300 };

/** Looks whether a backend works. Never throws but for an abort. */
export type Probe = (name: BackendName, signal: AbortSignal) => Promise<ProbeResult>;

/**
 * Starts a backend in a process of its own and checks a product of matrices. Never throws but for an abort.
 *
 * @param suites whose models are looked at for kernels that the backend lacks; its speed is measured then, too
 */
export async function probeBackend(
  name: BackendName,
  signal: AbortSignal,
  suites?: ProbeRequest['suites'],
): Promise<ProbeResult> {
  return probeBy(askChild, { type: 'probe', backend: name, ...(suites && { suites }) }, signal);
}

/** The same in a process that is there. */
export async function probeBy(ask: Child['ask'], request: ProbeRequest, signal: AbortSignal): Promise<ProbeResult> {
  const name = request.backend;
  let description: BackendDescription | undefined;
  const result = await ask<ProbeResult>(
    request,
    { timeoutMs: (LONGER_PATIENCE[name] ?? PATIENCE) * 1000, signal },
    (message) => {
      switch (message.type) {
        case 'started':
          description = message.backend;
          return undefined;
        case 'failed':
          return { name, works: false, reason: reasonOf(message), remedy: message.remedy };
        case 'probed':
          return (
            description && {
              name,
              works: true,
              description,
              gigaflops: message.gigaflops,
              missingKernels: message.missingKernels,
            }
          );
        default:
          return undefined;
      }
    },
  );
  if (!('died' in result)) return result;
  const remedy =
    result.died === 'timed-out'
      ? 'Try again when the machine is less busy; if it takes as long again, report it.'
      : 'Reinstall with "npm ci"; if it dies again, report it with the output of "cnnbench doctor --json".';
  return { name, works: false, reason: result.reason, remedy };
}

/** That it is unavailable is what the caller says. */
function reasonOf({ code, message }: Extract<Message, { type: 'failed' }>): string {
  return code === 'E_BACKEND_UNAVAILABLE' ? message : `${code}: ${message}`;
}
