import { z } from 'zod';
import { BACKENDS } from './cell.js';
import { PROFILES } from './experiment.js';

/** What something that did not hold does to the gate. */
const ACTIONS = ['fail', 'warn', 'ignore'] as const;
const action = z.enum(ACTIONS).optional();
export type Action = (typeof ACTIONS)[number];

const decisions = {
  cells: z
    .strictObject({
      /** Crashed, diverged or timed out. */
      failed: action,
      /** Not supported by the backend, or skipped for want of time. */
      notRun: action,
      /** Completed, but the gradients of whole weight tensors were exactly zero. */
      zeroGradients: action,
      /** Completed, but guessing explains the accuracy. */
      atChance: action,
    })
    .optional(),
  claims: z.strictObject({ notReproduced: action, inconclusive: action }).optional(),
  /** Comparisons with the reference of the same recipe and profile. */
  references: z.strictObject({ worse: action, better: action, inconclusive: action }).optional(),
  /** A `minAccuracy` of a rule that no accuracy was held against. */
  thresholds: z.strictObject({ notJudged: action }).optional(),
  /** Cells of several builds, or of another than this; cells whose recipe is not that of this version. */
  records: z.strictObject({ mixedBuilds: action, otherRecipe: action }).optional(),
};

const ruleSchema = z.strictObject({
  /** A suite, an experiment, or a pattern with `*`. Absent: every experiment. */
  experiment: z.string().max(200).optional(),
  backend: z.enum(BACKENDS).optional(),
  profile: z.enum(PROFILES).optional(),
  /** Mean accuracy over the seeds, 0 to 1, below which the gate fails; null for none. Absent: what the reference sets. */
  minAccuracy: z.number().min(0).max(1).nullable().optional(),
  ...decisions,
});

/** `cnnbench.config.json`, and what the other forms of it export. */
export const configSchema = z.strictObject({
  gate: z.strictObject({
    /** Whether a warning fails, too. */
    strict: z.boolean().optional(),
    /** What the seed lint finds. */
    seeds: action,
    ...decisions,
    /** Exceptions: the first that matches and says something about a setting decides it. */
    rules: z.array(ruleSchema).max(1000).optional(),
  }),
});
export type Config = z.infer<typeof configSchema>;

type RuleAsWritten = z.infer<typeof ruleSchema>;

/** A rule with its pattern looked up. */
export type PolicyRule = Omit<RuleAsWritten, 'experiment'> & {
  /** Ids. Absent: every experiment. */
  readonly experiments?: readonly string[];
};

/** What a gate goes by. `{}` is the default. */
export type Policy = Omit<Config['gate'], 'rules'> & { readonly rules?: readonly PolicyRule[] };

/** What both a policy and each of its rules may decide. */
export type Decisions = Pick<RuleAsWritten, keyof typeof decisions>;
