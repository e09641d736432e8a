import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import type { KernelCall } from '../backends/additions.js';
import type { Tf } from '../backends/tfjs.js';
import type { StepTrace } from '../core/trace.js';
import { multiplyAddsOf } from './kernel-work.js';

/** Calls of a kernel and the time in it, that of kernels it called left out. */
export interface KernelTime {
  readonly calls: number;
  readonly ms: number;
  /** Multiply-adds of products and convolutions, by definition; 0 for other kernels. */
  readonly multiplyAdds: number;
  /** Those that the backend computes: fewer where it convolves by transforms, whose own are not counted. */
  readonly computed: number;
}

const NOTHING: KernelTime = { calls: 0, ms: 0, multiplyAdds: 0, computed: 0 };

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
 * @param computedBy the multiply-adds that a backend computes for a kernel, where it is not what the definition says
 */
export function clockKernels(
  tf: Tf,
  now: () => number,
  computedBy: (call: KernelCall) => number | undefined = () => undefined,
): KernelClock {
  const backendName = tf.getBackend();
  let times = new Map<string, KernelTime>();
  /** Time in kernels that the running kernels called, outermost first. */
  const inner: number[] = [];

  const workOf = (call: KernelCall, result: TensorInfo | TensorInfo[]) => {
    const multiplyAdds = Array.isArray(result) ? 0 : multiplyAddsOf(call, result);
    return { multiplyAdds, computed: multiplyAdds === 0 ? 0 : (computedBy(call) ?? multiplyAdds) };
  };

  const clocked = (kernel: KernelConfig): KernelConfig => ({
    ...kernel,
    kernelFunc(params) {
      const start = now();
      inner.push(0);
      let work = { multiplyAdds: 0, computed: 0 };
      try {
        const result = kernel.kernelFunc(params);
        work = workOf({ name: kernel.kernelName, inputs: params.inputs, attrs: params.attrs ?? {} }, result);
        return result;
      } finally {
        const elapsed = now() - start;
        const own = elapsed - (inner.pop() as number);
        if (inner.length > 0) inner.push((inner.pop() as number) + elapsed);
        const before = times.get(kernel.kernelName) ?? NOTHING;
        times.set(kernel.kernelName, {
          calls: before.calls + 1,
          ms: before.ms + own,
          multiplyAdds: before.multiplyAdds + work.multiplyAdds,
          computed: before.computed + work.computed,
        });
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
    .map((name) => {
      const of = (field: keyof KernelTime) => mean((step) => step.kernels.get(name)?.[field] ?? 0);
      const ms = of('ms');
      const gflops = (multiplyAdds: number) => (2 * multiplyAdds) / (1e6 * ms);
      const [multiplyAdds, computed] = [of('multiplyAdds'), of('computed')];
      const speeds = { gflops: gflops(multiplyAdds), computedGflops: gflops(computed) };
      return { name, callsPerStep: of('calls'), ms, ...(multiplyAdds > 0 && ms > 0 && speeds) };
    })
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
