import type { Profile } from './experiment.js';

/** Data that a reference was trained on: the data set itself (official or a known variant), or the drawn stand-in. */
export type ReferenceData = 'real' | 'stand-in';

/** The same recipe and profile in the framework of the decks. */
export interface Reference {
  readonly experiment: string;
  readonly profile: Profile;
  readonly data: ReferenceData;
  /** Final test accuracy of each seed, 0 to 1. */
  readonly accuracies: readonly number[];
  readonly setup: ReferenceSetup;
}

/** What a reference was trained with. */
export interface ReferenceSetup {
  /** With its version. */
  readonly framework: string;
  /** Processor, or GPU. */
  readonly machine: string;
}

/** Finds the reference of an experiment; nothing where it was never trained. */
export type ReferenceOf = (experiment: string, profile: Profile, data: ReferenceData) => Reference | undefined;
