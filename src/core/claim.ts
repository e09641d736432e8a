import type { Shape } from './model.js';
import type { SuiteName } from './experiment.js';
import type { Grid, Values } from './operation.js';
import type { DataResult, LayerCount } from './record.js';

interface ClaimBase {
  /** Unique, stable: `002/vgg-16/conv1_1/weights`. */
  readonly id: string;
  readonly suite: SuiteName;
  /** Id of the deck. */
  readonly deck: string;
  /** Slide number or heading where it is printed. */
  readonly place: string;
  /** The string as printed. */
  readonly printed: string;
  /** What it states, as one sentence. */
  readonly statement: string;
}

/** Final test accuracy of one experiment (one reading of the deck) is the printed number. */
export interface AccuracyClaim extends ClaimBase {
  readonly kind: 'accuracy';
  readonly experiment: string;
}

/** An order between the final test accuracies of two experiments. */
export interface RelationClaim extends ClaimBase {
  readonly kind: 'relation';
  readonly experiment: string;
  readonly comparedWith: string;
  /** `higher` / `lower`: beats / falls behind it; `not-higher`: gains less than one point over it. */
  readonly relation: 'higher' | 'lower' | 'not-higher';
}

/** A count or a shape that follows from an architecture. */
export interface CountClaim extends ClaimBase {
  readonly kind: 'count';
  /** Id of the architecture, and of the experiment that builds it. */
  readonly model: string;
  readonly unit: string;
  /** The same quantity, taken from the layers that the real model reports (or the symbolic count; they must agree). */
  readonly measure: (model: CountedModel) => number | Shape;
  /**
   * For a mistake of the deck: the arithmetic, and what the printed result does follow from. Only looked at when the
   * measured value differs from the printed one, so it can never hide a claim that holds.
   */
  readonly erratum?: string;
}

/** What a printed formula or phrase stands for, where it is not a value itself. Fixed before anything is run. */
export interface Expected {
  /** Inclusive. */
  readonly low: number;
  /** Inclusive. */
  readonly high: number;
  /** As the reports print it: `0 mismatches`. */
  readonly words: string;
}

interface MeasuredClaim extends ClaimBase {
  readonly experiment: string;
  readonly unit: string;
  /** Default: what the printed string says. */
  readonly expected?: Expected;
  /** As of a count claim. */
  readonly erratum?: string;
}

/** A worked example, or a formula over a grid of sizes, as a backend computed it. */
export interface OpClaim extends MeasuredClaim {
  readonly kind: 'op';
  readonly measure: (values: MeasuredValues) => number | Shape | Grid;
  /** How many points of a grid a formula was tried on. */
  readonly points?: (values: MeasuredValues) => number;
}

/** A count that follows from the files of a data set. */
export interface DataClaim extends MeasuredClaim {
  readonly kind: 'data';
  readonly measure: (facts: DataResult) => number | Shape;
}

export type Claim = AccuracyClaim | RelationClaim | CountClaim | OpClaim | DataClaim;

/** What the operation of this name left. Throws RangeError where there is none, or where the backend refused it. */
export type MeasuredValues = (name: string) => Values;

/** What a count is measured on. */
export interface CountedModel {
  readonly input: Shape;
  readonly layers: readonly LayerCount[];
}
