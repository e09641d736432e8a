import type { Tensor } from '@tensorflow/tfjs-core';
import type { TrainingBackend } from '../../../src/train/trainer.js';
import { buildModel } from '../../../src/train/build.js';
import { forward, startTrainer } from '../../../src/train/trainer.js';
import { experimentOf, type Answer, type Problem } from './problem.js';

/** Takes the steps of a problem on a backend, as a training takes them. */
export async function solve(backend: TrainingBackend, problem: Problem, seed: number): Promise<Answer> {
  const { tf } = backend;
  const experiment = experimentOf(problem);
  const before = tf.memory().numTensors;
  const weights = Object.values(problem.weights).map(({ shape, values }) => ({
    shape,
    values: Float32Array.from(values),
  }));
  const zeros = await stateOf(backend, problem, seed);
  const trainer = startTrainer(backend, { experiment, seed }, { weights, optimizer: zeros });
  const losses: number[] = [];
  let images: Tensor | undefined;
  const shape = [-1, ...problem.input];
  for (const [step, batch] of problem.batches.entries()) {
    const inputs = tf.tidy(() => tf.reshape(tf.tensor(batch.images as number[]), shape));
    images?.dispose();
    images = inputs.clone();
    const classes = Uint16Array.from(batch.labels);
    const length = trainer.model.outputs[0]?.shape.at(-1) as number;
    const oneHot = new Float32Array(classes.length * length);
    for (const [row, label] of classes.entries()) oneHot[row * length + label] = 1;
    const labels = tf.tensor2d(oneHot, [classes.length, length]);
    losses.push(
      await trainer.step({
        ...{ images: inputs as never, labels, classes },
        epoch: Math.floor(step / problem.stepsPerEpoch),
      }),
    );
  }
  // The whole model, also where the loss leaves out its softmax.
  const after = await trainer.weights();
  const whole = buildModel(backend, experiment.model);
  const names = Object.keys(problem.weights);
  const layers = [...new Set(names.map((name) => name.slice(0, name.lastIndexOf('.'))))];
  let place = 0;
  tf.tidy(() => {
    for (const layer of layers) {
      const kept = whole.getLayer(layer);
      kept.setWeights(
        kept.weights.map(() => tf.tensor(after[place]?.values as Float32Array, [...(after[place++]?.shape ?? [])])),
      );
    }
  });
  const outputs = tf.tidy(() => forward(whole, images as Tensor, false).dataSync());
  const answer = {
    losses,
    outputs: [...outputs],
    weights: Object.fromEntries(names.map((name, index) => [name, [...(after[index]?.values ?? [])]])),
  };
  whole.dispose();
  images?.dispose();
  trainer.dispose();
  const leaked = tf.memory().numTensors - before;
  if (leaked !== 0) throw new Error(`${problem.name}: ${leaked} tensors were not disposed of`);
  return answer;
}

/** Of an optimizer before its first step. */
async function stateOf(backend: TrainingBackend, problem: Problem, seed: number) {
  const trainer = startTrainer(backend, { experiment: experimentOf(problem), seed });
  const { optimizer } = await trainer.save();
  trainer.dispose();
  return optimizer;
}
