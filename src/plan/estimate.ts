import type { BackendName } from '../core/cell.js';
import type { DatasetName } from '../core/dataset.js';
import type { Experiment, Profile } from '../core/experiment.js';
import type { ModelSpec } from '../model/spec.js';
import { summarize } from '../model/summary.js';
import { modelOf } from '../suites/recipe.js';

/**
 * Multiply-accumulates a second, in units of 1e9, that training reached on two cores of a 2024 server. Only for
 * estimates before anything ran; a run corrects them by what its first cells took.
 */
const GIGA_MACS_PER_SECOND: Readonly<Record<BackendName, number>> = {
  wasm: 40,
  'wasm-stock': 1.7,
  cpu: 40,
  gpu: 2000,
  webgpu: 1000,
  js: 0.05,
  fake: Infinity,
};

/** Official sizes, images. A stand-in is smaller, so the estimate is then too high. */
const IMAGES: Readonly<Record<DatasetName, { train: number; test: number; loadSeconds: number }>> = {
  'fashion-mnist': { train: 60_000, test: 10_000, loadSeconds: 1 },
  'cifar-10': { train: 50_000, test: 10_000, loadSeconds: 3 },
};

const START_SECONDS = 1;

/** A backward pass costs about two forward passes: one for the weights, one for the inputs. */
const TRAINING_PASSES = 3;

/** Wall time of a cell in seconds, roughly: start-up, data, forward and backward passes, tests after each epoch. */
export function estimateSeconds(experiment: Experiment, backend: BackendName, profile: Profile): number {
  if (experiment.kind === 'data' && backend !== 'fake') return START_SECONDS + IMAGES[experiment.dataset].loadSeconds;
  if (experiment.kind !== 'training' || backend === 'fake') return START_SECONDS;
  // It lacks a kernel for the gradient of a convolution, so the cell ends before it trains.
  if (backend === 'wasm-stock' && hasConvolution(modelOf(experiment))) return START_SECONDS;
  const { epochs, trainImages, testImages } = experiment.profiles[profile];
  const { train, test, loadSeconds } = IMAGES[experiment.dataset];
  const passes = epochs * (TRAINING_PASSES * (trainImages ?? train) + (testImages ?? test));
  const compute = (passes * summarize(modelOf(experiment)).totals.macs) / (GIGA_MACS_PER_SECOND[backend] * 1e9);
  return START_SECONDS + loadSeconds + compute;
}

function hasConvolution({ layers }: ModelSpec): boolean {
  return layers.some((layer) => layer.kind === 'conv2d');
}
