import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import type { Dataset } from '../core/dataset.js';
import { streamsOf } from '../core/experiment.js';
import { permutation, randomStream } from '../core/random.js';
import type { NamedTensor } from '../core/safetensors.js';
import type { ModelSpec } from '../core/model.js';
import { layerNames } from '../model/summary.js';
import { makeBatch, type Batch } from '../train/batches.js';
import { tensorsOf, trainedOnly, weightNames } from '../train/initialise.js';
import { forward, startTrainer, type Trainer, type TrainingBackend } from '../train/trainer.js';
import { forwardBounds } from './bounds.js';
import { batchName, LOSS, LOSSES, PART_SEPARATOR, tensorName, type TrainingTask } from './task.js';

/** A task and its data. */
export interface TrainingProblem extends Omit<TrainingTask, 'kind'> {
  readonly dataset: Dataset;
}

/**
 * Before the first step the output of each layer, the loss, and the gradients from the last layer to the first; then the
 * losses of all steps, and what they changed the weights by.
 *
 * @param onStage called with what comes next
 */
export async function computeTraining(
  backend: TrainingBackend,
  problem: TrainingProblem,
  onStage: (stage: string) => Promise<void>,
): Promise<NamedTensor[]> {
  const trainer = startTrainer(backend, problem);
  const probe = probeOf(backend, trainer);
  const chooseExamples = chooser(backend, probe, problem);
  const batches: (readonly number[])[] = [];
  const examplesOf = async (step: number) => {
    batches[step] ??= problem.batches?.[step] ?? (await chooseExamples());
    return batches[step];
  };
  const batchOf = async (step: number) => batchFor(backend, problem.dataset, await examplesOf(step));
  try {
    await onStage('layers');
    const outputs = await probe.outputs(await batchOf(0));
    await onStage('gradients');
    const gradients = await gradientsOf(backend, trainer, await batchOf(0));
    const losses: number[] = [];
    for (let step = 0; step < problem.steps; step++) {
      await onStage(`step ${step + 1} of ${problem.steps}`);
      losses.push(await trainer.step(await batchOf(step)));
    }
    return [
      ...batches.map((examples, step) => ({
        name: batchName(step),
        shape: [examples.length],
        values: Int32Array.from(examples),
      })),
      ...outputs.map(({ name, ...tensor }) => ({ name: tensorName('forward', name), ...tensor })),
      ...gradients,
      ...(losses.length > 0 ? [lossesTensor(losses), ...(await changesOf(trainer))] : []),
    ];
  } finally {
    trainer.dispose();
  }
}

/**
 * How much farther from a kink than the bound of its layer the examples keep: in later steps the weights differ, too.
 * The gradient jumps where a backend sees a ReLU on and another sees it off.
 */
const CLEARANCE = 4;

/** Chooses the next examples, in the order of the first epoch, whose pre-activations are all clear of ReLU's kink. */
function chooser(
  backend: TrainingBackend,
  probe: Probe,
  { experiment, dataset, seed, batchSize }: TrainingProblem,
): () => Promise<number[]> {
  const { model } = experiment;
  const bounds = forwardBounds(model);
  const kinks = beforeKinks(model);
  const order = permutation(dataset.train.count, randomStream(streamsOf(experiment), seed, 'shuffle'));
  let next = 0;
  const candidate = () => order[next++ % order.length] as number;
  return async () => {
    const chosen: number[] = [];
    const size = Math.min(batchSize, order.length);
    for (let tried = 0; tried < order.length && chosen.length < size; tried += size) {
      const candidates = Array.from({ length: size }, candidate);
      const outputs = await probe.outputs(batchFor(backend, dataset, candidates));
      const unsure = new Set(
        outputs
          .filter(({ name }) => kinks.has(name))
          .flatMap(({ name, values }) => unsureExamples(values, size, CLEARANCE * (bounds.get(name)?.limit ?? 0))),
      );
      chosen.push(...candidates.filter((_, row) => !unsure.has(row)));
    }
    if (chosen.length === 0) throw new Error(`${experiment.id}: no image is clear of every kink of its ReLUs`);
    return chosen.slice(0, size);
  };
}

/** Rows with a value so near zero that its sign may differ between backends. */
function unsureExamples(values: NamedTensor['values'], rows: number, limit: number): number[] {
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  const length = values.length / rows;
  return Array.from({ length: rows }, (_, row) => row).filter((row) =>
    values.subarray(row * length, (row + 1) * length).some((value: number) => Math.abs(value) <= limit * largest),
  );
}

/** Names of the layers whose outputs a ReLU takes. */
function beforeKinks({ layers }: ModelSpec): ReadonlySet<string> {
  const names = layerNames(layers);
  return new Set(layers.flatMap(({ kind }, index) => (kind === 'relu' ? [names[index - 1] ?? ''] : [])));
}

/** The model with the outputs of all its layers, which are the trainer's: it has nothing to dispose of. */
interface Probe {
  /** In the order of the layers, the loss last. Disposes of the batch. */
  outputs(batch: Batch): Promise<NamedTensor[]>;
}

function probeOf({ tf, layers: tfLayers }: TrainingBackend, { model, spec, loss }: Trainer): Probe {
  const names = layerNames(spec.layers);
  const outputs = names.map((name) => model.getLayer(name).output).flat();
  const probe = tfLayers.model({ inputs: model.inputs, outputs });
  return {
    async outputs(batch) {
      const computed = tf.tidy(() => {
        const layers = [probe.apply(batch.images, { training: false }) as Tensor | Tensor[]].flat();
        return [...layers, loss(batch.labels, layers.at(-1) as Tensor2D)];
      });
      const read = await Promise.all(
        computed.map(async (tensor, index) => ({
          name: names[index] ?? LOSS,
          shape: tensor.shape,
          values: (await tensor.data()) as Float32Array,
        })),
      );
      tf.dispose([computed, batch.images, batch.labels]);
      return read;
    },
  };
}

/** Gradients of the loss as training computes them, from the last layer to the first. Disposes of the batch. */
async function gradientsOf({ tf }: TrainingBackend, trainer: Trainer, batch: Batch): Promise<NamedTensor[]> {
  const { model, loss } = trainer;
  const variables = [...trainer.variables];
  const batchLoss = () => loss(batch.labels, forward(model, batch.images, true));
  const { value, grads } = tf.variableGrads(batchLoss, variables);
  const names = weightNames(trainedOnly(trainer.start), PART_SEPARATOR);
  const gradients = await Promise.all(
    variables.map(async (variable, index) => {
      const gradient = grads[variable.name] as Tensor;
      const values = (await gradient.data()) as Float32Array;
      return { name: tensorName('gradients', names[index] as string), shape: gradient.shape, values };
    }),
  );
  tf.dispose([value, grads, batch.images, batch.labels]);
  return gradients.toReversed();
}

function lossesTensor(losses: readonly number[]): NamedTensor {
  return { name: tensorName('steps', LOSSES), shape: [losses.length], values: Float32Array.from(losses) };
}

/** What the steps changed each weight tensor by, in the order of the model. */
async function changesOf(trainer: Trainer): Promise<NamedTensor[]> {
  const start = trainer.start.flatMap(tensorsOf);
  const names = weightNames(trainer.start, PART_SEPARATOR);
  return (await trainer.weights()).map(({ shape, values }, index) => {
    const before = start[index]?.values as Float32Array;
    const changes = values.map((value, at) => value - (before[at] as number));
    return { name: tensorName('steps', names[index] as string), shape, values: changes };
  });
}

function batchFor(backend: TrainingBackend, dataset: Dataset, examples: readonly number[]): Batch {
  return makeBatch(backend, dataset, dataset.train, 0, examples.length, Uint32Array.from(examples));
}
