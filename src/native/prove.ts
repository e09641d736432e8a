import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { CnnbenchError } from '../core/errors.js';
import type { Flavour } from './flavours.js';

/** What an installation that works says of itself. */
const proofSchema = z.strictObject({
  libtensorflow: z.string(),
  /** Of tfjs-node. */
  version: z.string(),
  /** Whether it computed on a GPU. */
  onGpu: z.boolean(),
  /** Name of the GPU that the driver lists, whether or not it was used; absent: it lists none, or none was asked for. */
  gpu: z.string().optional(),
  /** Of a product of two 1024x1024 float32 matrices on all processors, or on the GPU. */
  gigaflops: z.number().positive(),
});
export type Proof = z.infer<typeof proofSchema>;

/** The first product on a new GPU can take minutes: its kernels are compiled then. */
const TIMEOUT_MS = 15 * 60_000;

const KEPT_OUTPUT = 2000;

/**
 * Lets an installation multiply matrices, in a process of its own, because libtensorflow may end its process.
 *
 * @throws CnnbenchError E_SETUP_BUILD where it cannot be loaded or computes something else
 */
export async function prove(packageFolder: string, flavour: Flavour, signal: AbortSignal): Promise<Proof> {
  const child = fork(fileURLToPath(new URL('./proof.js', import.meta.url)), [packageFolder, flavour], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    signal,
    timeout: TIMEOUT_MS,
    killSignal: 'SIGKILL',
  });
  let last = '';
  let answer: unknown;
  child.stderr?.on('data', (chunk: Buffer) => (last = (last + chunk.toString('utf8')).slice(-KEPT_OUTPUT)));
  child.on('message', (message) => (answer = message));
  await new Promise<void>((resolve) => {
    child.on('error', () => undefined); // Its end says the same.
    child.on('close', () => resolve());
  });
  signal.throwIfAborted();
  const { data } = proofSchema.safeParse(answer);
  if (data !== undefined) return data;
  throw new CnnbenchError(
    'E_SETUP_BUILD',
    `tfjs-node in ${packageFolder} does not compute: ${last.trim() || 'its process ended without a word'}`,
    'Run the same command again with --force; if it stays so, report it with the log of the set-up.',
  );
}
