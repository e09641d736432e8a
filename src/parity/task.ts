import { z } from 'zod';
import type { BackendName } from '../core/cell.js';
import { trainingExperimentSchema } from '../core/experiment.js';
import { goldenTrajectorySchema } from '../core/golden-trajectory.js';
import type { NamedTensor } from '../core/safetensors.js';

/** Rungs of the ladder, in the order in which they are compared. */
export const RUNGS = ['ops', 'forward', 'gradients', 'steps', 'golden', 'accuracy'] as const;
export type Rung = (typeof RUNGS)[number];

const seed = z.number().int().nonnegative();
const steps = z.number().int().nonnegative();

/** What one process computes: the first rung, those of one experiment that need no test set, or a golden trajectory. */
export const parityTaskSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ops'), seed }),
  z.strictObject({
    kind: z.literal('training'),
    /** With the narrow twin in place of its model where that stands for it. */
    experiment: trainingExperimentSchema,
    seed,
    /** Most examples of a batch. */
    batchSize: z.number().int().positive(),
    /** Optimizer steps, each with a batch of its own. */
    steps,
    /**
     * Indices of each batch into the training split, as the oracle chose them; absent for the oracle itself. The first one
     * is also that of the layers and gradients before the first step.
     */
    batches: z.array(z.array(z.number().int().nonnegative()).min(1).readonly()).min(1).readonly().optional(),
  }),
  /** `steps`: the first ones of the trajectory's. */
  z.strictObject({ kind: z.literal('golden'), trajectory: goldenTrajectorySchema, steps }),
]);
export type ParityTask = Readonly<z.infer<typeof parityTaskSchema>>;
export type TrainingTask = Extract<ParityTask, { kind: 'training' }>;

/** Something that a backend could not compute. */
export interface Failure {
  readonly subject: string;
  readonly reason: string;
  /** Set where the reason is that the backend lacks this kernel. */
  readonly missingKernel?: string | undefined;
}

export interface Computed {
  readonly tensors: readonly NamedTensor[];
  readonly failures: readonly Failure[];
}

/**
 * Computes a task on a backend. Rejects only when it is aborted.
 *
 * @param onStage called with what comes next
 */
export type Compute = (
  backend: BackendName,
  task: ParityTask,
  onStage: (stage: string) => void,
) => Promise<Computed | { readonly crashed: string }>;

/** Name of the tensor of a batch's indices. @param step 0-based */
export function batchName(step: number): string {
  return `batch/${step}`;
}

/** The loss before the first step, and those of all steps, each before its step. */
export const LOSS = 'loss';
export const LOSSES = 'losses';

/** Name of a tensor of a training task: its rung, and what it is. */
export function tensorName(rung: Rung, subject: string): string {
  return `${rung}/${subject}`;
}

/** Between layer and part in the name of a weight tensor, its gradient or its change: `conv1 kernel`. */
export const PART_SEPARATOR = ' ';

/** The layer of a layer's output or of one of its weights. */
export function layerOf(subject: string): string {
  return subject.replace(/ (?:kernel|bias)$/, '');
}
