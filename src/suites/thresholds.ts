import type { Profile } from '../core/experiment.js';

/**
 * Accuracies, 0 to 1, that `--gate` demands of the mean over the seeds on real data: of the PyTorch reference of the same
 * recipe and profile, the mean less four standard deviations and at least one point, rounded down to half a point. One
 * honest seed in 30,000 falls below four standard deviations, were they normal. What would be at chance (10 %) or below
 * is left out, and so is what has no reference. A test computes them again from reference/pytorch/results.
 */
const MIN_ACCURACY: Readonly<Record<Profile, Readonly<Record<string, number>>>> = {
  smoke: {
    'mlp-1': 0.51,
    'mlp-1-sigmoid': 0.345,
    'mlp-1-deep': 0.445,
    'mlp-2': 0.205,
    'mlp-2-lr1e-4': 0.11,
    'mlp-3': 0.235,
    'mlp-3-lr1e-4': 0.115,
    'mlp-4': 0.225,
    'mlp-4-lr1e-4': 0.12,
  },
  quick: {
    'mlp-1': 0.85,
    'mlp-1-lr1e-4': 0.805,
    'mlp-1-sigmoid': 0.83,
    'mlp-1-deep': 0.85,
    'mlp-2': 0.45,
    'mlp-2-lr1e-4': 0.41,
    'mlp-3': 0.465,
    'mlp-3-lr1e-4': 0.415,
    'mlp-4': 0.45,
    'mlp-4-lr1e-4': 0.41,
    'cnn-1': 0.37,
    'cnn-2': 0.155,
  },
  full: { 'mlp-1': 0.875, 'mlp-2': 0.515, 'mlp-3': 0.51, 'mlp-4': 0.495 },
};

/** The accuracy that an experiment has to reach in a profile; nothing where none is known. */
export function minAccuracyOf(experiment: string, profile: Profile): number | undefined {
  return MIN_ACCURACY[profile][experiment];
}
