import { CnnbenchError } from '../../core/errors.js';
import type { Flavour } from '../../native/flavours.js';
import type { Proof } from '../../native/proof.js';
import { askChild } from './child-process.js';

/** The first product on a new GPU can take minutes: its kernels are compiled then. */
const TIMEOUT_MS = 15 * 60_000;

/**
 * Lets an installation of libtensorflow multiply matrices, in a process of its own, because it may end its process.
 *
 * @throws CnnbenchError E_SETUP_BUILD where it cannot be loaded or computes something else
 */
export async function proveByProcess(packageFolder: string, flavour: Flavour, signal: AbortSignal): Promise<Proof> {
  const answer = await askChild<Proof | { readonly failed: string }>(
    { type: 'prove', packageFolder, flavour },
    { timeoutMs: TIMEOUT_MS, signal },
    (message) => {
      if (message.type === 'proved') return message.proof;
      return message.type === 'failed' ? { failed: message.message } : undefined;
    },
  );
  if ('version' in answer) return answer;
  const why = 'failed' in answer ? answer.failed : answer.reason;
  throw new CnnbenchError(
    'E_SETUP_BUILD',
    `tfjs-node in ${packageFolder} does not work: ${why}`,
    'Run the same command again with --force; if it happens again, report it with the log of the set-up.',
  );
}
