import type { KernelBackend } from '@tensorflow/tfjs-core';
import { createRequire } from 'node:module';
import os from 'node:os';
import { dirname, join, sep } from 'node:path';
import { CnnbenchError, messageOf } from '../../core/errors.js';
import type { Tf } from '../tfjs.js';
import type { WasmHeap } from './kernels/call.js';
import { Pthreads } from './threads/pthreads.js';
import { removeNewListeners, replaceProperty } from './threads/globals.js';

/** The backend of tfjs with the emscripten module it runs on. */
export interface StartedWasmBackend extends WasmHeap {
  /** Nothing after `tf.engine().reset()` or `tf.removeBackend('wasm')`, which end the backend. */
  readonly wasm: null | {
    /** Byte offset of a new block on the heap, as a signed number: `>>> 0` makes it right above 2 GiB; 0 when full. */
    _malloc(bytes: number): number;
    _free(offset: number): void;
    /** The whole heap; another one after each growth. */
    readonly HEAPU8: Uint8Array;
  };
}

/** A `WebAssembly.Memory`, for which Node's types have no name. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer | SharedArrayBuffer;
}

/** tfjs with its wasm backend current. */
export interface StartedWasm {
  readonly tf: Tf;
  readonly backend: StartedWasmBackend & { readonly wasm: NonNullable<StartedWasmBackend['wasm']> };
  /** Of tfjs-backend-wasm. */
  readonly version: string;
  /** The heap, for other modules to import. Shared between threads in the build `threaded`. */
  readonly memory: WasmMemory;
  /** That XNNPACK computes on, the main thread among them. */
  readonly threads: number;
}

export interface StartOptions {
  /** `single`: as tfjs starts it in Node. `threaded`: on shared memory, with worker_threads (tensorflow/tfjs#3830). */
  readonly build: 'single' | 'threaded';
  /** Of XNNPACK in the build `threaded`: at least 1, of which it takes 8 at most. */
  readonly threads?: number;
  /** Bound on the set-up; 60 when not given. */
  readonly timeoutSeconds?: number;
}

const PACKAGE = '@tensorflow/tfjs-backend-wasm';
const THREADED = `${PACKAGE}/wasm-out/tfjs-backend-wasm-threaded-simd`;
/** Its C++ takes no more. */
const MAX_THREADS = 8;
const require = createRequire(import.meta.url);

type WasmPackage = typeof import('@tensorflow/tfjs-backend-wasm');

/** What emscripten keeps of its heap: an import of the threaded build, an export of the other. */
interface EmscriptenModule {
  readonly wasmMemory?: WasmMemory;
  readonly asm: { readonly memory: WasmMemory };
}

/**
 * Loads tfjs and makes its wasm backend current. A backend that runs already is taken as it is, if it is what is asked for.
 * Whatever is changed in the process meanwhile is put back.
 *
 * @throws CnnbenchError E_BACKEND_UNAVAILABLE when it can't start, or runs already in another way
 */
export function startWasm(options: StartOptions): Promise<StartedWasm> {
  // One after the other: two at a time would put back each other's changes.
  const started = last.then(() => start(options));
  last = started.catch(() => undefined);
  return started;
}

let last: Promise<unknown> = Promise.resolve();
/** As the package registered it: `tf.removeBackend` forgets it. */
let original: Factory | undefined;

/** What to do where threads may be what is wrong. */
export const FEWER_THREADS = 'Use fewer threads: --threads 1 starts none besides the main one.';

type Factory = () => KernelBackend | Promise<KernelBackend>;

async function start({ build, threads = 1, timeoutSeconds = 60 }: StartOptions): Promise<StartedWasm> {
  const wanted = build === 'single' ? 1 : Math.min(threads, MAX_THREADS);
  const tf = await import('@tensorflow/tfjs-core');
  const wasm = await import('@tensorflow/tfjs-backend-wasm');
  if (!('wasm' in tf.engine().registry)) {
    try {
      const backend = (await setUp(tf, wasm, build, wanted, timeoutSeconds)) as StartedWasmBackend;
      if ((tf.findBackendFactory('wasm') as Factory | null) !== null) tf.removeBackend('wasm');
      // tfjs asks again after a reset, which has ended the backend. It prints what is thrown, and goes on to another one.
      const live = () => {
        if (backend.wasm === null) throw new Error('the wasm backend was ended by a reset: call startTunedWasm again');
        return backend;
      };
      tf.registerBackend('wasm', Object.assign(live, { isOurs: true }), 2);
    } catch (error) {
      throw new CnnbenchError(
        'E_BACKEND_UNAVAILABLE',
        `the wasm backend could not start (build ${build}, threads ${wanted}): ${messageOf(error)}`,
        wanted > 1 ? FEWER_THREADS : 'Reinstall with "npm ci" if files of @tensorflow/tfjs-backend-wasm are missing.',
        { cause: error },
      );
    }
  }
  await tf.setBackend('wasm');
  const backend = tf.backend() as StartedWasm['backend'];
  const { wasmMemory, asm } = backend.wasm as unknown as EmscriptenModule;
  const memory = wasmMemory ?? asm.memory;
  const count = wasm.getThreadsCount();
  if (memory.buffer instanceof SharedArrayBuffer !== (build === 'threaded') || count !== wanted) {
    throw new CnnbenchError(
      'E_BACKEND_UNAVAILABLE',
      `the wasm backend is already running with other settings (build ${build}, threads ${wanted})`,
      'Start it once in a process, before anything else makes it the current backend of tfjs.',
    );
  }
  return { tf, backend, version: wasm.version_wasm, memory, threads: count };
}

/** Runs the package's own set-up, below tfjs's engine, which keeps the reason of a failure to itself. */
async function setUp(
  tf: Tf,
  wasm: WasmPackage,
  build: StartOptions['build'],
  threads: number,
  timeoutSeconds: number,
): Promise<KernelBackend> {
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', build === 'threaded');
  wasm.setWasmPaths(join(dirname(require.resolve(PACKAGE)), sep));
  wasm.setThreadsCount(threads);
  const registered = tf.findBackendFactory('wasm') as Factory | null;
  if (registered !== null && !('isOurs' in registered)) original = registered;
  const create = original;
  if (create === undefined) throw new Error('tfjs has no such backend any more');

  const undo = [removeNewListeners()];
  // Emscripten asks where it is; in a bundle of ES modules nobody else says so.
  undo.push(replaceProperty(globalThis, '__dirname', { value: dirname(require.resolve(`${THREADED}.js`)) }));
  let pthreads: Pthreads | undefined;
  let timer: NodeJS.Timeout | undefined;
  try {
    const first: Promise<KernelBackend>[] = [
      new Promise((_, reject) => {
        timer = setTimeout(() => reject(new Error(`no answer within ${timeoutSeconds} s`)), timeoutSeconds * 1000);
      }),
    ];
    if (build === 'threaded') {
      const { wasmWorkerContents } = require(`${THREADED}.worker.js`) as { wasmWorkerContents: string };
      // One line of source, whose strings lost a backslash when it was packed; the package mends it in this way too.
      const source = wasmWorkerContents.replaceAll('\n', '\\n');
      pthreads = new Pthreads(threads - 1, source, require.resolve(`${THREADED}.js`));
      const Worker = pthreads.workerClass();
      // An accessor, because the glue assigns Node's own Worker, which knows neither the worker's URL nor its script.
      undo.push(replaceProperty(globalThis, 'Worker', { get: () => Worker, set: () => undefined }));
      // It takes half of the processors at most.
      const processors = new Array<undefined>(2 * threads);
      undo.push(replaceProperty(os, 'cpus', { value: () => processors }));
      first.push(pthreads.failure);
    }
    const backend = await Promise.race([...first, Promise.resolve(create())]);
    pthreads?.settle();
    return backend;
  } catch (error) {
    pthreads?.terminate();
    throw error;
  } finally {
    clearTimeout(timer);
    for (const restore of undo) restore();
  }
}
