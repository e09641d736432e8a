import type { BackendName } from '../core/cell.js';
import type { BackendDescription } from '../core/record.js';
import { converse } from './fork.js';
import type { MissingKernels } from './protocol.js';

export type ProbeResult =
  | {
      readonly name: BackendName;
      readonly works: true;
      readonly description: BackendDescription;
      readonly gigaflops: number;
      /** Suites that it cannot train, and why. */
      readonly missingKernels: readonly MissingKernels[];
    }
  | { readonly name: BackendName; readonly works: false; readonly reason: string; readonly remedy: string };

const PROBE_TIMEOUT_MS = 60_000;

/** The driver of a GPU may first compile kernels for it, which takes minutes. */
const GPU_PROBE_TIMEOUT_MS = 15 * 60_000;

/** Starts a backend in a process of its own and lets it multiply two matrices. Never throws but for an abort. */
export async function probeBackend(name: BackendName, signal: AbortSignal): Promise<ProbeResult> {
  let description: BackendDescription | undefined;
  const result = await converse<ProbeResult>(
    { type: 'probe', backend: name },
    { timeoutMs: name === 'gpu' ? GPU_PROBE_TIMEOUT_MS : PROBE_TIMEOUT_MS, signal },
    (message) => {
      switch (message.type) {
        case 'started':
          description = message.backend;
          return undefined;
        case 'failed':
          return { name, works: false, reason: `${message.code}: ${message.message}`, remedy: message.remedy };
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
  const remedy = 'Reinstall with "npm ci"; if it dies again, report it with the output of "cnnbench doctor --json".';
  return { name, works: false, reason: result.reason, remedy };
}
