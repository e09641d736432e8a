import type { Tf } from '../backends/tfjs.js';

/** A stopwatch in every kernel of a backend. */
export interface KernelStopwatch {
  /** Seconds inside kernels since the last call. */
  lap(): number;
  /** Puts the kernels back as they were. */
  remove(): void;
}

/**
 * Wraps every kernel that is registered for a backend. A kernel that calls another is counted once.
 *
 * @param now milliseconds of a monotonic clock
 */
export function timeKernels(tf: Tf, backendName: string, now: () => number): KernelStopwatch {
  const kernels = tf.getKernelsForBackend(backendName);
  let depth = 0;
  let milliseconds = 0;
  const replace = (kernel: (typeof kernels)[number]) => {
    tf.unregisterKernel(kernel.kernelName, backendName);
    tf.registerKernel(kernel);
  };
  for (const kernel of kernels) {
    replace({
      ...kernel,
      kernelFunc(params) {
        const start = now();
        depth++;
        try {
          return kernel.kernelFunc(params);
        } finally {
          depth--;
          if (depth === 0) milliseconds += now() - start;
        }
      },
    });
  }
  return {
    lap() {
      const seconds = milliseconds / 1000;
      milliseconds = 0;
      return seconds;
    },
    remove: () => kernels.forEach(replace),
  };
}
