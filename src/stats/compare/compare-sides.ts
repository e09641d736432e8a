import type { BackendName } from '../../core/cell.js';
import type { Profile } from '../../core/experiment.js';
import type { MachineFacts } from '../../core/machine.js';
import { randomStream } from '../../core/random.js';
import { holmAdjusted } from '../inference/holm.js';
import { judgeAccuracy, measureAccuracy, type AccuracyComparison } from './accuracy.js';
import type { Difference, Group, Matched, Pair } from './match.js';
import type { Side } from './side.js';
import { compareSpeeds, type KnownNoise, type SpeedComparison } from './speed.js';

/** Groups that only one side has. */
export interface Unmatched {
  readonly side: 'A' | 'B';
  readonly experiment: string;
  readonly backend: BackendName;
  readonly profile: Profile;
  readonly seeds: readonly number[];
}

/** One experiment on one backend, A against B. */
export interface ComparedPair {
  readonly experiment: string;
  readonly backend: BackendName;
  readonly profile: Profile;
  /** Where the profile is ignored and B has another one. */
  readonly profileOfB?: Profile;
  /** What was ignored on request. */
  readonly ignored: readonly Difference[];
  readonly accuracy: AccuracyComparison;
  /** Absent where a side has no speeds: too few steps, or --trace. */
  readonly speed?: SpeedComparison;
}

/** `cnnbench compare`. */
export interface Comparison {
  readonly a: Pick<Side, 'name' | 'versions'>;
  readonly b: Pick<Side, 'name' | 'versions'>;
  readonly pairs: readonly ComparedPair[];
  readonly unmatched: readonly Unmatched[];
  /** Cells of the suites that train nothing: they are compared by their verdicts, in a report. */
  readonly notCompared: { readonly a: number; readonly b: number };
  /** Something is significantly worse in B. */
  readonly worse: boolean;
}

/** The noise of a machine, where it was calibrated. */
export type NoiseOf = (machine: MachineFacts) => KnownNoise | undefined;

/**
 * Compares the pairs of two sides. Lower accuracies are tested one-sided at 5 %, over all pairs together (Holm); speeds by
 * the rule of `judgeSpeeds`. The same input gives the same result, resampling and all.
 */
export function compareSides(a: Side, b: Side, { pairs, onlyA, onlyB }: Matched, noiseOf: NoiseOf): Comparison {
  const accuracies = judgeAll(pairs.map(measureAccuracy));
  const compared = pairs.map((pair, index) => comparedPair(pair, accuracies[index] as AccuracyComparison, noiseOf));
  return {
    a: { name: a.name, versions: a.versions },
    b: { name: b.name, versions: b.versions },
    pairs: compared,
    unmatched: [...onlyA.map((group) => unmatched('A', group)), ...onlyB.map((group) => unmatched('B', group))],
    notCompared: { a: a.others, b: b.others },
    worse: compared.some(({ accuracy, speed }) => accuracy.verdict === 'worse' || speed?.verdict === 'slower'),
  };
}

function judgeAll(measured: readonly AccuracyComparison[]): readonly AccuracyComparison[] {
  const tested = measured.flatMap(({ pWorse, pBetter }, index) =>
    pWorse === undefined || pBetter === undefined ? [] : [{ index, pWorse, pBetter }],
  );
  const [worse, better] = [
    holmAdjusted(tested.map(({ pWorse }) => pWorse)),
    holmAdjusted(tested.map(({ pBetter }) => pBetter)),
  ];
  const judged = [...measured];
  for (const [place, { index }] of tested.entries()) {
    const accuracy = measured[index] as AccuracyComparison;
    judged[index] = judgeAccuracy(accuracy, worse[place] as number, better[place] as number);
  }
  return judged;
}

function comparedPair(pair: Pair, accuracy: AccuracyComparison, noiseOf: NoiseOf): ComparedPair {
  const { experiment, backend, profile } = pair.a;
  const machine = [...pair.a.cells, ...pair.b.cells].find((cell) => cell.machine !== undefined)?.machine;
  const speed = compareSpeeds(pair, machine && noiseOf(machine), randomStream(experiment, 0, 'resample'));
  return {
    ...{ experiment, backend, profile },
    ...(pair.b.profile !== profile && { profileOfB: pair.b.profile }),
    ignored: pair.differences,
    accuracy,
    ...(speed && { speed }),
  };
}

function unmatched(side: 'A' | 'B', { experiment, backend, profile, cells }: Group): Unmatched {
  return { side, experiment, backend, profile, seeds: cells.map(({ seed }) => seed) };
}
