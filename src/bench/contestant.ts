import { fileURLToPath } from 'node:url';
import { CnnbenchError } from '../core/errors.js';

/** Who is measured: a backend of cnnbench, or PyTorch, with a number of threads. */
export interface Contestant {
  /** `wasm-2`, `wasm-fma-1`, `torch-1`, `wasm-stock`: the name of a backend or `torch`, and the threads unless it is one. */
  readonly name: string;
  readonly backend: string;
  /** With fused multiply-add. */
  readonly fma: boolean;
  readonly threads: number;
  /** The Python that has this PyTorch, where there are several. */
  readonly python?: string;
}

/** What is trained: a recipe, with a batch size of its own. */
export interface Workload {
  readonly experiment: string;
  /** Examples a step. */
  readonly batch: number;
}

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
}

export const PYTORCH = 'torch';

/** PyTorch on a GPU. */
export const PYTORCH_ON_CUDA = `${PYTORCH}-cuda`;

export const isPytorch = ({ backend }: Contestant) => backend === PYTORCH || backend === PYTORCH_ON_CUDA;

export const DEFAULT_PYTHON = '/usr/bin/python3';

/** Ending of a name. */
const FMA = '-fma';

/** Something to be known, by its name: `npm run bench:NAME`. */
export interface Benchmark {
  readonly title: string;
  readonly contestants: readonly string[];
  readonly workloads: readonly Workload[];
}

const workloadsOf = (experiment: string, batches: readonly number[]) => batches.map((batch) => ({ experiment, batch }));

export const BENCHMARKS = {
  wasm: {
    title: 'Training speed of the wasm kernels, against stock tfjs-backend-wasm and PyTorch.',
    contestants: ['wasm-1', 'wasm-2', 'wasm-stock', 'torch-1', 'torch-2'],
    workloads: [
      ...workloadsOf('mlp-1', [64, 256, 1024]),
      ...workloadsOf('mlp-2', [64, 256, 1024]),
      ...workloadsOf('cnn-1', [8, 64, 256]),
      ...workloadsOf('cnn-2', [8, 64, 256]),
    ],
  },
  backends: {
    title: 'Training speed of the backends cpu and wasm, against PyTorch.',
    contestants: ['cpu-1', 'cpu-2', 'wasm-1', 'wasm-2', 'torch-1', 'torch-2'],
    workloads: [...workloadsOf('mlp-2', [64, 256, 1024]), ...workloadsOf('cnn-1', [64, 256])],
  },
  webgpu: {
    title: 'Training speed of the backend webgpu, against PyTorch on the same GPU by CUDA.',
    contestants: ['webgpu-1', 'torch-cuda'],
    workloads: [...workloadsOf('cnn-1', [1024]), ...workloadsOf('cnn-2', [1024])],
  },
} as const satisfies Readonly<Record<string, Benchmark>>;
export type BenchmarkName = keyof typeof BENCHMARKS;

/** @throws CnnbenchError E_USAGE if it is not a name with an optional number of threads */
export function parseContestant(name: string): Contestant {
  const parts = /^([a-z]+(?:-[a-z]+)*)(?:-([1-9][0-9]*))?$/.exec(name);
  if (parts === null) {
    const remedy = `Name a backend or "${PYTORCH}", and a number of threads: ${BENCHMARKS.wasm.contestants.join(', ')}.`;
    throw new CnnbenchError('E_USAGE', `"${name}" is not a contestant`, remedy);
  }
  const backend = parts[1] as string;
  const fma = backend.endsWith(FMA);
  return { name, backend: fma ? backend.slice(0, -FMA.length) : backend, fma, threads: Number(parts[2] ?? 1) };
}

/** How the process of a contestant is started. */
export function commandOf(contestant: Contestant, { experiment, batch }: Workload): Command {
  const { backend, threads, fma, python = DEFAULT_PYTHON } = contestant;
  const what = ['--threads', String(threads), '--experiment', experiment, '--batch', String(batch)];
  if (isPytorch(contestant)) {
    const device = backend === PYTORCH_ON_CUDA ? ['--device', 'cuda'] : [];
    return { file: python, args: [pathOf('../../reference/pytorch/steps.py'), ...what, ...device] };
  }
  return {
    file: process.execPath,
    args: [pathOf('./cnnbench-contestant.js'), '--backend', backend, ...what, ...(fma ? ['--fma'] : [])],
  };
}

function pathOf(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}
