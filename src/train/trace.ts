import type { KernelConfig } from '@tensorflow/tfjs-core';
import type { Tf } from '../backends/tfjs.js';
import type { StepTrace } from '../core/trace.js';

/** Calls of a kernel and the time in it, that of kernels it called left out. */
export interface KernelTime {
  readonly calls: number;
  readonly ms: number;
}

export interface KernelClock {
  /** Times since the last call of `take`, by kernel. */
  take(): ReadonlyMap<string, KernelTime>;
  /** Puts the kernels back as they were. */
  stop(): void;
}

/**
 * Times every kernel of the current backend. Wrapping the registered kernels costs two readings of the clock a call;
 * the profiler of tfjs reads back each result besides.
 *
 * @param now milliseconds of a monotonic clock
 */
export function clockKernels(tf: Tf, now: () => number): KernelClock {
  const backendName = tf.getBackend();
  let times = new Map<string, { calls: number; ms: number }>();
  /** Time in kernels that the running kernels called, outermost first. */
  const inner: number[] = [];

  const clocked = (kernel: KernelConfig): KernelConfig => ({
    ...kernel,
    kernelFunc(params) {
      const start = now();
      inner.push(0);
      try {
        return kernel.kernelFunc(params);
      } finally {
        const elapsed = now() - start;
        const own = elapsed - (inner.pop() as number);
        if (inner.length > 0) inner.push((inner.pop() as number) + elapsed);
        const { calls, ms } = times.get(kernel.kernelName) ?? { calls: 0, ms: 0 };
        times.set(kernel.kernelName, { calls: calls + 1, ms: ms + own });
      }
    },
  });
  const kernels = tf.getKernelsForBackend(backendName);
  const replaceBy = (make: (kernel: KernelConfig) => KernelConfig) => {
    for (const kernel of kernels) {
      tf.unregisterKernel(kernel.kernelName, backendName);
      tf.registerKernel(make(kernel));
    }
  };
  replaceBy(clocked);
  return {
    take() {
      const taken = times;
      times = new Map();
      return taken;
    },
    stop: () => replaceBy((kernel) => kernel),
  };
}

/** One training step: wall times in seconds, and what its kernels took. */
export interface TracedStep {
  readonly seconds: number;
  readonly preparationSeconds: number;
  readonly kernels: ReadonlyMap<string, KernelTime>;
}

/** Means over the steps, the first `warmupSteps` left out; nothing where no step is left. */
export function summarizeTrace(all: readonly TracedStep[], warmupSteps: number): StepTrace | undefined {
  const steps = all.slice(warmupSteps);
  if (steps.length === 0) return undefined;
  const mean = (valueOf: (step: TracedStep) => number) =>
    steps.reduce((sum, step) => sum + valueOf(step), 0) / steps.length;
  const names = [...new Set(steps.flatMap(({ kernels }) => [...kernels.keys()]))];
  const kernels = names
    .map((name) => ({
      name,
      callsPerStep: mean((step) => step.kernels.get(name)?.calls ?? 0),
      ms: mean((step) => step.kernels.get(name)?.ms ?? 0),
    }))
    .toSorted((a, b) => b.ms - a.ms);
  const stepMs = mean(({ seconds }) => 1000 * seconds);
  const batchPreparationMs = mean(({ preparationSeconds }) => 1000 * preparationSeconds);
  const kernelMs = kernels.reduce((sum, { ms }) => sum + ms, 0);
  return {
    warmupSteps,
    steps: steps.length,
    stepMs,
    batchPreparationMs,
    outsideKernelsMs: stepMs - batchPreparationMs - kernelMs,
    kernels,
  };
}
