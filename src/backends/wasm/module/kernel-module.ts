import { readFile } from 'node:fs/promises';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { messageOf } from '../../../core/errors.js';
import { packageFile } from '../package-files.js';
import { CONTROL, SPINS } from './control.js';
import { MOST_FIELDS, OPERATION_NAMES, writeArguments, type Arguments, type Operation } from './operations.js';
import type { Kernels, ThreadData } from './thread-data.js';

/** The heap of tfjs's wasm backend, which the module shares. Addresses are in bytes. */
export interface Heap {
  readonly memory: WebAssembly.Memory;
  /** @returns 0 where there is no more memory */
  malloc(bytes: number): number;
  free(address: number): void;
}

/** How long the others may take to finish an operation that the main thread has finished with them, ms. */
const PATIENCE = 60_000;
/** Bytes of a line of the cache. */
const LINE = 64;

/**
 * The WebAssembly module of assembly/, without memory yet.
 *
 * @param fma fused multiply-add (relaxed SIMD): faster, but other bits on other machines
 * @throws Error where the file is missing, or this Node cannot run it
 */
export async function compileKernels(fma: boolean): Promise<WebAssembly.Module> {
  // Node 20 has relaxed SIMD behind this flag, later ones without; the flag is then ignored.
  if (fma) setFlagsFromString('--experimental-wasm-relaxed-simd');
  // The same path from src/ and from dist/: `npm run build:wasm` writes it.
  const name = `build/${fma ? 'kernels-fma' : 'kernels'}.wasm`;
  const path = packageFile(import.meta.url, `../../../../${name}`, name);
  return WebAssembly.compile(await readFile(path));
}

/** The WebAssembly module of assembly/ on a heap, and its threads. */
export class KernelModule {
  readonly #heap: Heap;
  readonly #kernels: Kernels;
  readonly #workers: readonly Worker[];
  readonly #words: Int32Array;
  readonly #control: number;
  readonly #arguments: number;
  #scratch = { address: 0, bytesPerThread: 0 };
  /** Why nothing can be computed any more. */
  #broken: string | undefined;

  private constructor(heap: Heap, kernels: Kernels, workers: readonly Worker[], control: number) {
    this.#heap = heap;
    this.#kernels = kernels;
    this.#workers = workers;
    this.#control = control;
    this.#words = wordsOf(heap, control);
    this.#arguments = control + 4 * CONTROL.words;
    for (const worker of workers) {
      const why = (how: string) => void (this.#broken ??= `a thread of the wasm kernels ended ${how}`);
      worker.on('error', (error) => why(`by an error, ${messageOf(error)}`));
      worker.on('exit', (code) => why(`with code ${code}`));
    }
  }

  /**
   * @param threads that compute, the calling one among them
   * @throws Error where the module cannot be linked, or a thread does not start
   */
  static async start(module: WebAssembly.Module, heap: Heap, threads: number): Promise<KernelModule> {
    const { exports } = new WebAssembly.Instance(module, { env: { memory: heap.memory } });
    const control = allocate(heap, 4 * (CONTROL.words + MOST_FIELDS));
    wordsOf(heap, control).fill(0);
    const starts = await Promise.allSettled(
      Array.from({ length: threads - 1 }, (_, index) =>
        startThread({ module, memory: heap.memory, control, index: index + 1 }),
      ),
    );
    const workers = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
    const failed = starts.find((start) => start.status === 'rejected');
    if (failed !== undefined) {
      await Promise.all(workers.map((worker) => worker.terminate()));
      free(heap, control);
      throw failed.reason;
    }
    return new KernelModule(heap, exports as Kernels, workers, control);
  }

  get threads(): number {
    return this.#workers.length + 1;
  }

  /**
   * Computes one operation, on all threads unless it has a single task.
   *
   * @param scratchBytes memory that each thread needs for itself
   * @throws Error where it traps, on whichever thread; the next operation works. Where a thread has ended, none does
   */
  run<O extends Operation>(operation: O, args: Arguments<O>, tasks: number, scratchBytes = 0): void {
    if (this.#broken !== undefined) throw new Error(`${this.#broken}; stop the wasm kernels and start them again`);
    const scratch = this.#scratchFor(scratchBytes);
    writeArguments(this.#heap.memory.buffer, this.#arguments, operation, args);
    const number = OPERATION_NAMES.indexOf(operation);
    const words = this.#words;
    const isShared = tasks > 1 && this.#workers.length > 0;
    words[CONTROL.counter] = 0;
    words[CONTROL.trapped] = 0;
    if (isShared) {
      words[CONTROL.operation] = number;
      words[CONTROL.arguments] = this.#arguments;
      words[CONTROL.tasks] = tasks;
      words[CONTROL.scratch] = scratch;
      words[CONTROL.scratchBytes] = this.#scratch.bytesPerThread;
      Atomics.store(words, CONTROL.running, this.#workers.length);
      Atomics.add(words, CONTROL.generation, 1);
      Atomics.notify(words, CONTROL.generation);
    }
    let trap: string | undefined;
    try {
      this.#kernels.work(number, this.#arguments, tasks, this.#control + 4 * CONTROL.counter, scratch);
    } catch (error) {
      trap = messageOf(error);
    }
    // Also after a trap: the others still read and write.
    if (isShared) this.#join();
    if (words[CONTROL.trapped] !== 0) trap ??= 'it trapped in a thread';
    if (trap !== undefined) throw new Error(`the wasm kernel ${operation} failed: ${trap}`);
  }

  #join(): void {
    const words = this.#words;
    for (let spins = 0; spins < SPINS && Atomics.load(words, CONTROL.running) > 0; spins++);
    for (let left = Atomics.load(words, CONTROL.running); left > 0; left = Atomics.load(words, CONTROL.running)) {
      if (Atomics.wait(words, CONTROL.running, left, PATIENCE) === 'timed-out') {
        this.#broken = `a thread of the wasm kernels has not answered for ${PATIENCE / 1000} s`;
        throw new Error(this.#broken);
      }
    }
  }

  /** @throws Error when the heap, 4 GiB at most, is full */
  allocate(bytes: number): number {
    return allocate(this.#heap, bytes);
  }

  free(address: number): void {
    free(this.#heap, address);
  }

  /** Lends memory for the time of a call. */
  withMemory(sizes: readonly number[], use: (...addresses: number[]) => void): void {
    const taken: number[] = [];
    try {
      for (const size of sizes) taken.push(this.allocate(size));
      use(...taken);
    } finally {
      for (const address of taken) this.free(address);
    }
  }

  /** A copy of some numbers on the heap, until `free`. */
  place(values: Float32Array | Int32Array): number {
    const address = this.allocate(values.byteLength);
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    this.bytes(address, values.byteLength).set(bytes);
    return address;
  }

  /** A view of the heap, good until the next allocation. */
  bytes(address: number, length: number): Uint8Array {
    return new Uint8Array(this.#heap.memory.buffer, address, length);
  }

  /** Lends a copy of some numbers on the heap for the time of a call. */
  withValues(values: Float32Array | Int32Array, use: (address: number) => void): void {
    const address = this.place(values);
    try {
      use(address);
    } finally {
      this.free(address);
    }
  }

  #scratchFor(bytesPerThread: number): number {
    if (bytesPerThread > this.#scratch.bytesPerThread) {
      this.free(this.#scratch.address);
      this.#scratch = { address: 0, bytesPerThread: 0 };
      const rounded = Math.ceil(bytesPerThread / 4096) * 4096;
      this.#scratch = { address: this.allocate(rounded * this.threads), bytesPerThread: rounded };
    }
    return this.#scratch.address;
  }

  /** Ends the threads and gives the memory back. */
  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
    this.free(this.#scratch.address);
    this.free(this.#control);
  }
}

function wordsOf(heap: Heap, control: number): Int32Array {
  return new Int32Array(heap.memory.buffer, control, CONTROL.words);
}

/** Aligned: emscripten's own addresses are multiples of 8, where a vector may lie on two lines of the cache. */
function allocate(heap: Heap, bytes: number): number {
  // emscripten hands addresses above 2 GiB out as negative numbers.
  const start = heap.malloc(bytes + LINE) >>> 0;
  if (start === 0) throw new Error(`the wasm heap has no ${Math.ceil(bytes / 2 ** 20)} MiB left`);
  const address = start + LINE - (start % LINE);
  startOf(heap, address)[0] = start;
  return address;
}

function free(heap: Heap, address: number): void {
  if (address !== 0) heap.free((startOf(heap, address)[0] as number) >>> 0);
}

/** What emscripten knows a block by is kept in the word before it. */
function startOf({ memory }: Heap, address: number): Int32Array {
  return new Int32Array(memory.buffer, address - 4, 1);
}

async function startThread(data: ThreadData): Promise<Worker> {
  const script = packageFile(import.meta.url, './thread.js', 'dist/backends/wasm/module/thread.js');
  const worker = new Worker(script, { workerData: data });
  await new Promise<void>((resolve, reject) => {
    worker.once('message', () => resolve());
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`a thread of the wasm kernels ended with code ${code}`)));
  });
  worker.removeAllListeners();
  // Without this the process would never end.
  worker.unref();
  return worker;
}
