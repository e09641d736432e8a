import { EventEmitter } from 'node:events';
import { Worker } from 'node:worker_threads';
import { CnnbenchError } from '../../../core/errors.js';

/** What emscripten's main thread and its pthreads tell each other, as far as it matters here. */
interface Message {
  readonly cmd?: string;
}

/**
 * Threads of Node for a module that emscripten built for the web with pthreads.
 *
 * Emscripten starts a pool of 8 workers whatever is asked for, and whoever calls `pthread_create` then waits for the thread
 * without turning the event loop. Here exactly `count` threads are started, and a worker of the pool counts as loaded when all of them are:
 * the main thread never blocks on a thread that has not shown that it works. A worker takes one of them when it is to run.
 */
export class Pthreads {
  /** Rejects when a thread ends before `settle`; never resolves. */
  readonly failure: Promise<never>;

  private readonly threads: Worker[] = [];
  private readonly idle: Worker[] = [];
  /** What to do as soon as every thread has loaded the module. */
  private readonly whenLoaded: (() => void)[] = [];
  private loaded = 0;
  private loadSent = false;
  private stopped = false;
  private ended!: (error: Error) => void;

  /**
   * @param source what each thread runs: the worker source of the package
   * @param script path of the glue that `source` loads
   * @throws what Node says when it can start no thread
   */
  constructor(
    count: number,
    source: string,
    private readonly script: string,
  ) {
    this.failure = new Promise((_, reject) => (this.ended = reject));
    this.failure.catch(() => undefined); // Whoever races against it hears of it.
    try {
      for (let index = 0; index < count; index++) this.start(source);
    } catch (error) {
      this.terminate();
      throw error;
    }
  }

  /** Stands in for the browser's `Worker` while emscripten sets itself up. */
  workerClass(): new (url: string) => EventEmitter {
    const load = (message: Message, loaded: () => void) => this.load(message, loaded);
    const take = () => this.take();
    const terminate = () => this.terminate();
    return class PthreadWorker extends EventEmitter {
      private thread: Worker | undefined;

      constructor(url: string) {
        super();
        // A copy of `source` that each worker would have loaded.
        URL.revokeObjectURL(url);
      }

      postMessage(message: Message): void {
        if (message.cmd === 'load') {
          load(message, () => this.emit('message', { cmd: 'loaded' }));
          return;
        }
        this.thread ??= take().on('message', (answer) => this.emit('message', answer));
        this.thread.postMessage(message);
      }

      terminate(): void {
        terminate();
      }

      ref(): void {
        // Emscripten keeps the process alive while a pthread runs; those of a thread pool run for ever.
      }

      unref(): void {
        // It never is.
      }
    };
  }

  /** Ends the set-up: a thread that ends from now on is an uncaught error, for the main thread would wait for it for ever. */
  settle(): void {
    this.ended = (error) => {
      throw new CnnbenchError(
        'E_BACKEND_UNAVAILABLE',
        `a thread of the wasm backend ended: ${error.message}`,
        'Run it again; if it happens again, use "--threads 1".',
        { cause: error },
      );
    };
  }

  terminate(): void {
    this.stopped = true;
    for (const thread of this.threads) void thread.terminate();
  }

  private start(source: string): void {
    const thread = new Worker(source, { eval: true, execArgv: [], name: 'xnnpack' });
    this.threads.push(thread);
    thread.on('error', (error) => this.ended(error));
    thread.on('exit', (code) => {
      if (!this.stopped) this.ended(new Error(`a thread ended with exit code ${code}`));
    });
    thread.on('message', ({ cmd }: Message) => {
      if (cmd !== 'loaded') return;
      // So far the process had to wait for the thread; from here on the thread must not keep it alive.
      thread.unref();
      this.idle.push(thread);
      this.loaded++;
      if (this.allLoaded()) for (const tell of this.whenLoaded.splice(0)) tell();
    });
  }

  private allLoaded(): boolean {
    return this.loaded === this.threads.length;
  }

  /** Emscripten sends every worker of its pool the same message. */
  private load(message: Message, loaded: () => void): void {
    if (!this.loadSent) for (const thread of this.threads) thread.postMessage({ ...message, urlOrBlob: this.script });
    this.loadSent = true;
    if (this.allLoaded()) loaded();
    else this.whenLoaded.push(loaded);
  }

  private take(): Worker {
    const thread = this.idle.pop();
    if (thread === undefined) throw new Error(`more than ${this.threads.length} threads are wanted`);
    return thread;
  }
}
