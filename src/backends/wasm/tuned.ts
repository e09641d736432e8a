import type { ComputedMultiplyAdds, NormaliseBytes, OptimizerFactory } from '../additions.js';
import { tfjsAdam } from '../adam.js';
import { CnnbenchError, messageOf } from '../../core/errors.js';
import type { Tf } from '../tfjs.js';
import { fusedAdam } from './adam.js';
import { registerGradients } from './gradients.js';
import { computedMultiplyAdds } from './kernels/computed.js';
import { registerKernels } from './register.js';
import { compileKernels, KernelModule, type Heap } from './module/kernel-module.js';
import { pruneFusedGradients } from '../fused-gradients.js';
import { normaliseBytes } from './normalise.js';
import { FEWER_THREADS, startWasm, type StartedWasmBackend, type WasmMemory } from './start.js';

export interface WasmOptions {
  /** Threads that compute, at least 1. The results have the same bits with any number. */
  readonly threads?: number;
  /** Fused multiply-add: faster, but other bits on other machines. */
  readonly fma?: boolean;
  /** `xnnpack` leaves our WebAssembly module out, as where it cannot be loaded. */
  readonly kernels?: 'module' | 'xnnpack';
}

/** tfjs with its wasm backend current, and the tuned kernels on it. */
export interface TunedWasm {
  /** tfjs-core, the instance that the kernels are registered with. */
  readonly tf: Tf;
  /** Of tfjs-backend-wasm. */
  readonly version: string;
  readonly threads: number;
  readonly fma: boolean;
  /** Names of the kernels that are not tfjs's. */
  readonly kernels: readonly string[];
  /** Why the kernels of our own WebAssembly module are not among them, where they are not. */
  readonly fallback?: string;
  /** A new Adam, in one pass over each weight. Whoever asks disposes of it. */
  readonly adam: OptimizerFactory;
  readonly normalise?: NormaliseBytes;
  readonly computedMultiplyAdds?: ComputedMultiplyAdds;
  /** Puts the stock kernels back and ends the threads. The backend stays. */
  stop(): Promise<void>;
}

/**
 * Starts tfjs-backend-wasm in Node with kernels that can train convolutional networks, and with threads. Started again with the same
 * options, it is the same one; after `tf.engine().reset()` or `tf.removeBackend('wasm')` it is a new one on a new heap.
 *
 * @throws CnnbenchError E_USAGE when `threads` is no number of threads, or the kernels run with other options;
 * E_BACKEND_UNAVAILABLE when tfjs-backend-wasm, or a thread, cannot be started
 */
export function startTunedWasm(options: WasmOptions = {}): Promise<TunedWasm> {
  // One after the other: the second finds what the first has started.
  const started = last.then(() => startOnce(options));
  last = started.catch(() => undefined);
  return started;
}

let last: Promise<unknown> = Promise.resolve();

/** What runs, and what was asked for. */
let running: { readonly tuned: TunedWasm; readonly backend: StartedWasmBackend; readonly asked: string } | undefined;

async function startOnce({ threads = 1, fma = false, kernels = 'module' }: WasmOptions): Promise<TunedWasm> {
  if (!Number.isInteger(threads) || threads < 1) {
    throw new CnnbenchError('E_USAGE', `threads has to be an integer of at least 1, got ${threads}`, 'Omit it for 1.');
  }
  // Ended by tfjs, without a word to us.
  if (running?.backend.wasm === null) await running.tuned.stop();
  const asked = JSON.stringify({ threads, fma, kernels });
  if (running !== undefined) {
    if (running.asked !== asked) {
      throw new CnnbenchError(
        'E_USAGE',
        `the wasm kernels are already running with other options: ${running.asked}`,
        'Call stop() on the result of the first start, then start them again.',
      );
    }
    await running.tuned.tf.setBackend('wasm');
    return running.tuned;
  }
  const compiled = kernels === 'module' ? await tryToCompile(fma) : 'it was disabled on request';
  if (typeof compiled === 'string') {
    const { tf, backend, version, threads: started } = await startWasm({ build: 'threaded', threads });
    const registered = registerKernels(tf, undefined);
    await registerGradients(tf);
    return run(asked, backend, {
      ...{ tf, version, threads: started, fma: false, kernels: registered.names, fallback: compiled },
      adam: tfjsAdam(tf),
      stop: async () => registered.restore(),
    });
  }

  // Threads of XNNPACK spin for a while after each operation, on the cores that the module's threads want.
  const { tf, version, backend, memory } = await startWasm({ build: 'threaded', threads: 1 });
  const heap = heapOf(backend, memory);
  await registerGradients(tf);
  const module = await startModule(compiled, heap, threads);
  const registered = registerKernels(tf, module);
  const unprune = pruneFusedGradients(tf);
  return run(asked, backend, {
    ...{ tf, version, threads, fma, kernels: registered.names, adam: fusedAdam(tf) },
    normalise: normaliseBytes(tf, module),
    computedMultiplyAdds: computedMultiplyAdds(tf),
    stop: async () => {
      unprune();
      registered.restore();
      await module.close();
    },
  });
}

/** Remembers what runs until it is stopped. */
function run(asked: string, backend: StartedWasmBackend, started: TunedWasm): TunedWasm {
  const stop = once(async () => {
    running = undefined;
    await started.stop();
  });
  const tuned = { ...started, stop };
  running = { tuned, backend, asked };
  return tuned;
}

/** The heap of a backend, as long as it has one. */
export function heapOf(backend: StartedWasmBackend, memory: WasmMemory): Heap {
  return {
    memory,
    malloc(bytes) {
      if (backend.wasm === null) throw new Error('the wasm backend was ended by a reset: call startTunedWasm again');
      return backend.wasm._malloc(bytes);
    },
    // What is no more needs not be given back.
    free: (address) => backend.wasm?._free(address),
  };
}

/** The function, which does nothing when it is called again. */
function once(stop: () => Promise<void>): () => Promise<void> {
  let stopped: Promise<void> | undefined;
  return () => (stopped ??= stop());
}

async function startModule(compiled: WebAssembly.Module, heap: Heap, threads: number): Promise<KernelModule> {
  try {
    return await KernelModule.start(compiled, heap, threads);
  } catch (error) {
    throw new CnnbenchError(
      'E_BACKEND_UNAVAILABLE',
      `the WebAssembly module of the wasm backend could not start on ${threads} threads: ${messageOf(error)}`,
      FEWER_THREADS,
      { cause: error },
    );
  }
}

/** The compiled module, or why there is none. */
async function tryToCompile(fma: boolean): Promise<WebAssembly.Module | string> {
  try {
    return await compileKernels(fma);
  } catch (error) {
    return messageOf(error);
  }
}
