import type { Profile } from '../../core/experiment.js';
import type { Shard } from '../../core/shard.js';
import type { RunSettings } from '../../records/manifest.js';
import type { PolicyChoice } from '../gate/gate-run.js';
import type { DataChoice } from './data-choice.js';

/** Settings on which no result depends: a run that goes on may get others. */
export type RunLimits = Partial<Pick<RunSettings, 'threads' | 'timeoutMs' | 'memoryLimit' | 'checkpointSeconds'>>;

/** How experiments are run. What is absent has its default. */
export interface CellsRequest extends RunLimits {
  /** Names of backends, or comma lists of them. Default: every fast one that works here. */
  readonly backends?: readonly string[] | undefined;
  /** Default: as many as the profile takes. */
  readonly seeds?: readonly number[] | undefined;
  readonly profile: Profile;
  /** The part of the plan that is run. */
  readonly shard?: Shard | undefined;
  readonly fma?: boolean;
  readonly trace?: boolean;
}

interface RunOptions {
  readonly data: DataChoice;
  /** Judge the run by a policy when it has ended. */
  readonly gate?: PolicyChoice | undefined;
}

/** A run of experiments. */
export interface NewRunRequest extends CellsRequest, RunOptions {
  /** Suites, experiments or patterns. */
  readonly what: readonly string[];
  /** Add seeds until the claims are decided, up to so many. */
  readonly mostSeeds?: number | undefined;
  /** Folder of the run. Default: the unfinished one of this plan, else a new one. */
  readonly out?: string | undefined;
  /** Run every cell again. */
  readonly fresh?: boolean;
  /** The command as one would type it again. */
  readonly command: string;
}

/** Going on with the run of a folder. */
export interface ResumeRequest extends RunLimits, RunOptions {
  readonly resume: string;
}

export type RunRequest = NewRunRequest | ResumeRequest;
