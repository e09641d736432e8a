import type { ActiveBackend } from '../backends/backend.js';
import type { Dataset } from '../core/dataset.js';
import { messageOf } from '../core/errors.js';
import type { NamedTensor } from '../core/safetensors.js';
import type { ModelSpec } from '../core/model.js';
import { missingKernels, unregisteredKernel } from '../train/kernels.js';
import { computeGolden } from './compute-golden.js';
import { computeTraining } from './compute-training.js';
import { drawInputs, nameOf, type OpProblem, type ProblemBackend } from './problem.js';
import { PROBLEMS } from './problems/index.js';
import type { Computed, Failure, ParityTask } from './task.js';

/**
 * Computes a task on an active backend.
 *
 * @param load called where the task needs data
 * @param onStage called with what comes next
 */
export async function computeTask(
  active: ActiveBackend,
  task: ParityTask,
  load: () => Promise<Dataset>,
  onStage: (stage: string) => Promise<void>,
): Promise<Computed> {
  if (task.kind === 'ops') return computeOps(active, PROBLEMS, task.seed, onStage);
  if (task.kind === 'golden') {
    const { trajectory } = task;
    return computeWhereSupported(active, trajectory.experiment.model, async () =>
      computeGolden(active, { trajectory, steps: task.steps, dataset: await load() }, onStage),
    );
  }
  return computeWhereSupported(active, task.experiment.model, async () =>
    computeTraining(active, { ...task, dataset: await load() }, onStage),
  );
}

/** Trains nothing where kernels are missing. */
async function computeWhereSupported(
  { tf }: ActiveBackend,
  model: ModelSpec,
  compute: () => Promise<NamedTensor[]>,
): Promise<Computed> {
  const missing = missingKernels(tf, model);
  if (missing.length > 0) return { tensors: [], failures: missing.map((kernel) => failureOf(model.id, kernel)) };
  return { tensors: await compute(), failures: [] };
}

function failureOf(subject: string, missingKernel: string): Failure {
  return { subject, reason: `there is no kernel ${missingKernel}`, missingKernel };
}

/** Runs the problems one after the other. One that throws ends no other. */
export async function computeOps(
  backend: ProblemBackend,
  problems: readonly OpProblem[],
  seed: number,
  onProblem: (name: string) => Promise<void>,
): Promise<Computed> {
  const tensors: NamedTensor[] = [];
  const failures: Failure[] = [];
  for (const problem of problems) {
    const name = nameOf(problem);
    await onProblem(name);
    try {
      tensors.push({ name, ...(await run(backend, problem, seed)) });
    } catch (error) {
      const kernel = unregisteredKernel(error);
      failures.push(kernel === undefined ? { subject: name, reason: messageOf(error) } : failureOf(name, kernel));
    }
  }
  return { tensors, failures };
}

async function run(backend: ProblemBackend, problem: OpProblem, seed: number): Promise<Omit<NamedTensor, 'name'>> {
  const { tf } = backend;
  const values = drawInputs(problem, seed);
  const result = tf.tidy(() => {
    const inputs = problem.inputs.map(({ shape }, index) => tf.tensor(values[index] as Float32Array, [...shape]));
    return problem.run(backend, inputs);
  });
  try {
    return { shape: result.shape, values: await result.data() };
  } finally {
    result.dispose();
  }
}
