import { z } from 'zod';
import { BACKENDS } from './cell.js';
import { PROFILES } from './experiment.js';

/** What something that did not hold does to the gate. */
const ACTIONS = ['fail', 'warn', 'ignore'] as const;
const action = z.enum(ACTIONS).optional();
export type Action = (typeof ACTIONS)[number];

/** What an editor shows of a field, which it takes from the JSON Schema. */
const decisions = {
  cells: z
    .strictObject({
      failed: action.describe('cells that crashed, diverged or timed out'),
      notRun: action.describe('cells that the backend does not support, or that were skipped'),
      zeroGradients: action.describe('completed, but the gradients of whole weight tensors were exactly zero'),
      atChance: action.describe('completed, but guessing explains the accuracy'),
    })
    .optional()
    .describe('single trainings'),
  claims: z.strictObject({ notReproduced: action, inconclusive: action }).optional().describe('claims of the decks'),
  references: z
    .strictObject({ worse: action, better: action, inconclusive: action })
    .optional()
    .describe('comparisons with the PyTorch reference of the same recipe and profile'),
  thresholds: z
    .strictObject({ notJudged: action.describe('a minAccuracy of a rule that no accuracy was compared with') })
    .optional()
    .describe('thresholds of accuracy'),
  records: z
    .strictObject({
      mixedBuilds: action.describe('cells of several builds of cnnbench, or of another than this'),
      otherRecipe: action.describe('cells whose recipe is not that of this version'),
    })
    .optional()
    .describe('where the records come from'),
};

const ruleSchema = z.strictObject({
  experiment: z
    .string()
    .max(200)
    .optional()
    .describe('a suite, an experiment, or a pattern with *; absent: every experiment'),
  backend: z.enum(BACKENDS).optional(),
  profile: z.enum(PROFILES).optional(),
  minAccuracy: z
    .number()
    .min(0)
    .max(1)
    .nullable()
    .optional()
    .describe(
      'mean accuracy over the seeds, 0 to 1, below which the gate fails; null: none; absent: what the reference sets',
    ),
  ...decisions,
});

/** `cnnbench.config.json`, and what the other forms of it export. */
export const configSchema = z.strictObject({
  $schema: z.string().max(1000).optional(),
  gate: z.strictObject({
    strict: z.boolean().optional().describe('whether warnings fail too'),
    seeds: action.describe('what the seed lint finds'),
    ...decisions,
    rules: z
      .array(ruleSchema)
      .max(1000)
      .optional()
      .describe('exceptions: the first that matches and says something about a setting decides it'),
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
