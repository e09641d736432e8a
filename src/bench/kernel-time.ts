import type { Tf } from '../backends/tfjs.js';

/** A stopwatch in every kernel of a backend. */
export interface KernelStopwatch {
  /** Seconds inside each kernel, by name, since the last call. A kernel does not count what it calls. */
  lap(): Record<string, number>;
  /** Puts the kernels back as they were. */
  remove(): void;
}

/**
 * Wraps every kernel that is registered for a backend. What a kernel does is over when it returns, on backends that
 * compute synchronously: wasm and js.
 *
 * @param now milliseconds of a monotonic clock
 */
export function timeKernels(tf: Tf, backendName: string, now: () => number): KernelStopwatch {
  const kernels = tf.getKernelsForBackend(backendName);
  let seconds: Record<string, number> = {};
  /** Of the kernels that run now, outermost first: seconds inside the kernels they called. */
  const running: number[] = [];
  const replace = (kernel: (typeof kernels)[number]) => {
    tf.unregisterKernel(kernel.kernelName, backendName);
    tf.registerKernel(kernel);
  };
  for (const kernel of kernels) {
    replace({
      ...kernel,
      kernelFunc(params) {
        const start = now();
        running.push(0);
        try {
          return kernel.kernelFunc(params);
        } finally {
          const passed = (now() - start) / 1000;
          const called = running.pop() as number;
          seconds[kernel.kernelName] = (seconds[kernel.kernelName] ?? 0) + passed - called;
          const caller = running.length - 1;
          if (caller >= 0) running[caller] = (running[caller] as number) + passed;
        }
      },
    });
  }
  return {
    lap() {
      const lap = seconds;
      seconds = {};
      return lap;
    },
    remove: () => kernels.forEach(replace),
  };
}
