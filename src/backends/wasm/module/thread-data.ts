/** What a thread of the pool is started with. */
export interface ThreadData {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Address of the control block. */
  readonly control: number;
  /** 1 and up; the main thread is 0. */
  readonly index: number;
}

/** What the module exports. */
export interface Kernels {
  work(operation: number, args: number, tasks: number, counter: number, scratch: number): void;
}
