import type { Build } from '../core/build.js';
import type { Policy } from '../core/policy.js';
import type { Summary } from '../core/summary.js';
import type { LintFinding } from '../stats/gate/lint.js';

/** What a renderer returns: a text, and the files it refers to by name. Writing them is the caller's job. */
export interface RenderedReport {
  readonly text: string;
  readonly files: readonly RenderedFile[];
}

export interface RenderedFile {
  /** A plain file name, to be written beside the text. */
  readonly name: string;
  readonly text: string;
}

export interface RenderOptions {
  /** Columns of the terminal. Default 100, at least 60. */
  readonly width?: number;
  /** ANSI colours, in the terminal format only. Default false. */
  readonly colour?: boolean;
  /** List the claims that hold and those that were not run one by one, too. Default false. */
  readonly verbose?: boolean;
  /** What fails, in the format junit only. Default: what fails without a policy. */
  readonly policy?: Policy;
  /** What the seed lint found, in the format junit only. */
  readonly lint?: readonly LintFinding[];
  /** The build that gates, in the format junit only. */
  readonly here?: Build;
}

/** Turns a summary into text. Pure: no I/O, no clock, no environment. */
export type Renderer = (summary: Summary, options: RenderOptions) => RenderedReport;
