import type { BackendName } from '../core/cell.js';
import type { Experiment, Profile } from '../core/experiment.js';
import type { ModelSpec } from '../core/model.js';
import { summarize } from '../model/summary.js';

/** Multiply-accumulates a second, in units of 1e9, that training reaches in dense layers and in convolutions. */
interface Speed {
  readonly dense: number;
  readonly convolution: number;
}

/**
 * On two cores of a 2024 server; `gpu` and `webgpu` guessed. Only for estimates before anything ran; a run corrects them by
 * what its first cells took.
 */
const SPEEDS: Readonly<Record<BackendName, Speed>> = {
  wasm: { dense: 40, convolution: 40 },
  'wasm-stock': { dense: 1.7, convolution: 1.7 },
  cpu: { dense: 40, convolution: 40 },
  gpu: { dense: 2000, convolution: 2000 },
  webgpu: { dense: 1000, convolution: 1000 },
  js: { dense: 0.35, convolution: 0.009 },
  fake: { dense: Infinity, convolution: Infinity },
};

/** Where a processor plays the GPU: `webgpu` on SwiftShader, on the same two cores. */
const SOFTWARE: Speed = { dense: 0.15, convolution: 0.055 };

/** Official sizes, images. A stand-in is smaller, so the estimate is then too high. */
const IMAGES: Readonly<Record<string, { train: number; test: number; loadSeconds: number }>> = {
  'fashion-mnist': { train: 60_000, test: 10_000, loadSeconds: 1 },
  'cifar-10': { train: 50_000, test: 10_000, loadSeconds: 3 },
  mnist: { train: 60_000, test: 10_000, loadSeconds: 1 },
  kmnist: { train: 60_000, test: 10_000, loadSeconds: 1 },
  'cifar-100': { train: 50_000, test: 10_000, loadSeconds: 3 },
};
const OTHER_IMAGES = { train: 50_000, test: 10_000, loadSeconds: 3 };

/** Images of a data set, where they are known before it is read: those of a deck, by its name. */
export type CountsOf = (dataset: string) => { readonly train: number; readonly test: number } | undefined;

function imagesOf(dataset: string, countsOf: CountsOf): { train: number; test: number; loadSeconds: number } {
  const known = IMAGES[dataset];
  const counts = countsOf(dataset);
  return known ?? { ...OTHER_IMAGES, ...counts };
}

const START_SECONDS = 1;

/** A backward pass costs about two forward passes: one for the weights, one for the inputs. */
const TRAINING_PASSES = 3;

/**
 * Wall time of a cell in seconds, roughly: start-up, data, forward and backward passes, tests after each epoch.
 *
 * @param software whether a processor plays the backend's GPU
 * @param countsOf sizes of other data sets than the built-in ones
 */
export function estimateSeconds(
  experiment: Experiment,
  backend: BackendName,
  profile: Profile,
  software = false,
  countsOf: CountsOf = () => undefined,
): number {
  if (experiment.kind === 'data' && backend !== 'fake')
    return START_SECONDS + imagesOf(experiment.dataset, countsOf).loadSeconds;
  if (experiment.kind !== 'training' || backend === 'fake') return START_SECONDS;
  const macs = macsOf(experiment.model);
  // It lacks a kernel for the gradient of a convolution, so the cell ends before it trains.
  if (backend === 'wasm-stock' && macs.convolution > 0) return START_SECONDS;
  const { epochs, trainImages, testImages } = experiment.profiles[profile];
  const { train, test, loadSeconds } = imagesOf(experiment.dataset, countsOf);
  const passes = epochs * (TRAINING_PASSES * (trainImages ?? train) + (testImages ?? test));
  const speed = software ? SOFTWARE : SPEEDS[backend];
  const secondsAPass = (macs.dense / speed.dense + macs.convolution / speed.convolution) / 1e9;
  return START_SECONDS + loadSeconds + passes * secondsAPass;
}

/** Of one image, forward. */
function macsOf(model: ModelSpec): Speed {
  const { layers, totals } = summarize(model);
  const convolution = layers.reduce((sum, { kind, macs }) => sum + (kind === 'conv2d' ? macs : 0), 0);
  return { convolution, dense: totals.macs - convolution };
}
