import { PYTORCH, type BenchmarkName, type Contestant } from './contestant.js';
import type { WorkloadResult } from './measure.js';
import { outsideKernels, resultOf, speedRatio } from './statistics.js';

/** A promise on a number of every workload it is about. */
export interface Goal {
  readonly title: string;
  readonly unit: 'times' | 'ms';
  readonly atLeast?: number;
  readonly atMost?: number;
  /** The medians that the goal is about; none for a workload that it says nothing about. */
  readonly values: (workload: WorkloadResult) => readonly number[];
}

const isMlp = ({ workload }: WorkloadResult) => workload.experiment.startsWith('mlp');
const isCnn = ({ workload }: WorkloadResult) => workload.experiment.startsWith('cnn');
/** At least as many images a step as this, the filters' transforms are the smaller part. */
const MANY = 64;
const isLarge = ({ workload }: WorkloadResult) => workload.batch >= MANY;

const WASM: readonly Goal[] = [
  {
    title: `CNN training, ${MANY} images a step and more, of PyTorch with as many threads`,
    unit: 'times',
    atLeast: 1.3,
    values: (workload) => (isCnn(workload) && isLarge(workload) ? againstPytorch(workload) : []),
  },
  {
    title: 'CNN training, smaller steps, of PyTorch with as many threads',
    unit: 'times',
    atLeast: 1,
    values: (workload) => (isCnn(workload) && !isLarge(workload) ? againstPytorch(workload) : []),
  },
  {
    title: 'MLP training, of PyTorch with as many threads',
    unit: 'times',
    atLeast: 0.4,
    values: (workload) => (isMlp(workload) ? againstPytorch(workload) : []),
  },
  {
    title: 'MLP training, of stock wasm, one thread each',
    unit: 'times',
    atLeast: 12,
    values: (workload) => (isMlp(workload) ? present([speedRatio(workload, 'wasm-1', 'wasm-stock')?.median]) : []),
  },
  {
    title: 'time outside kernels, an MLP step',
    unit: 'ms',
    atMost: 1.5,
    values: (workload) =>
      isMlp(workload)
        ? present(
            contestantsOn(workload, 'wasm').map(({ name }) => {
              const traced = resultOf(workload, name)?.traced;
              return traced && outsideKernels(traced)?.median;
            }),
          )
        : [],
  },
];

const BACKENDS: readonly Goal[] = [
  {
    title: 'training on cpu, of PyTorch with as many threads',
    unit: 'times',
    atLeast: 0.8,
    values: (workload) => againstPytorch(workload, 'cpu'),
  },
];

const WEBGPU: readonly Goal[] = [
  {
    title: 'CNN training on webgpu, of PyTorch on the same GPU',
    unit: 'times',
    atLeast: 0.5,
    values: (workload) => present([speedRatio(workload, 'webgpu-1', 'torch-cuda')?.median]),
  },
];

export const GOALS: Readonly<Record<BenchmarkName, readonly Goal[]>> = {
  wasm: WASM,
  backends: BACKENDS,
  webgpu: WEBGPU,
};

function againstPytorch(workload: WorkloadResult, backend = 'wasm'): readonly number[] {
  return present(
    contestantsOn(workload, backend).flatMap(({ name, threads }) =>
      contestantsOn(workload, PYTORCH)
        .filter((other) => other.threads === threads)
        .map((other) => speedRatio(workload, name, other.name)?.median),
    ),
  );
}

function contestantsOn({ results }: WorkloadResult, name: string): readonly Contestant[] {
  return results.map(({ contestant }) => contestant).filter(({ backend }) => backend === name);
}

function present(values: readonly (number | undefined)[]): readonly number[] {
  return values.filter((value) => value !== undefined);
}
