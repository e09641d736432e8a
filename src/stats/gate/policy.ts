import type { BackendName } from '../../core/cell.js';
import type { Profile } from '../../core/experiment.js';
import type { Action, Decisions, Policy, PolicyRule } from '../../core/policy.js';
import type { MinAccuracy } from './thresholds.js';

/** Where something was measured. What is left out matches no rule that names it. */
export interface Place {
  readonly experiment?: string | undefined;
  readonly backend?: BackendName | undefined;
  readonly profile?: Profile | undefined;
}

/** What a gate looks at, apart from thresholds, which fail, and what it does where no policy says otherwise. */
const DEFAULTS = {
  'cells.failed': 'fail',
  'cells.notRun': 'ignore',
  'cells.zeroGradients': 'warn',
  'cells.atChance': 'warn',
  'claims.notReproduced': 'fail',
  'claims.inconclusive': 'warn',
  'references.worse': 'fail',
  // Nobody learns more by accident: test images among the training images, or another recipe.
  'references.better': 'fail',
  'references.inconclusive': 'warn',
  // A threshold that one wrote down and that judges nothing would pass for one that is reached.
  'thresholds.notJudged': 'fail',
  'records.mixedBuilds': 'warn',
  'records.otherRecipe': 'fail',
} as const satisfies Readonly<Record<string, Action>>;
export type Setting = keyof typeof DEFAULTS;

/**
 * What the gate does with something that did not hold: the first rule that matches the place and says something about
 * it decides, then the policy itself, then the default.
 */
export function actionFor(policy: Policy, setting: Setting, place: Place): Action {
  for (const rule of rulesFor(policy, place)) {
    const said = lookUp(rule, setting);
    if (said !== undefined) return said;
  }
  return lookUp(policy, setting) ?? defaultFor(setting, place);
}

function defaultFor(setting: Setting, { profile }: Place): Action {
  // A few steps need not lead anywhere.
  return setting === 'cells.atChance' && profile === 'smoke' ? 'ignore' : DEFAULTS[setting];
}

/** What the gate does with a finding of the seed lint, which is about a run and so about no place. */
export function seedAction({ seeds = 'fail' }: Policy): Action {
  return seeds;
}

/** Thresholds by the first rule that matches and sets one, else by `fallback`, which the references set. */
export function minAccuracyBy(policy: Policy, fallback: MinAccuracy): MinAccuracy {
  return (experiment, profile, backend) => {
    for (const { minAccuracy } of rulesFor(policy, { experiment, profile, backend })) {
      if (minAccuracy !== undefined) return minAccuracy ?? undefined;
    }
    return fallback(experiment, profile, backend);
  };
}

function rulesFor({ rules = [] }: Policy, place: Place): readonly PolicyRule[] {
  return rules.filter((rule) => matches(rule, place));
}

/** Whether a rule holds there. */
export function matches(rule: PolicyRule, { experiment, backend, profile }: Place): boolean {
  return (
    (rule.experiments === undefined || (experiment !== undefined && rule.experiments.includes(experiment))) &&
    (rule.backend === undefined || rule.backend === backend) &&
    (rule.profile === undefined || rule.profile === profile)
  );
}

function lookUp({ cells, claims, references, thresholds, records }: Decisions, setting: Setting): Action | undefined {
  switch (setting) {
    case 'cells.failed':
      return cells?.failed;
    case 'cells.notRun':
      return cells?.notRun;
    case 'cells.zeroGradients':
      return cells?.zeroGradients;
    case 'cells.atChance':
      return cells?.atChance;
    case 'claims.notReproduced':
      return claims?.notReproduced;
    case 'claims.inconclusive':
      return claims?.inconclusive;
    case 'references.worse':
      return references?.worse;
    case 'references.better':
      return references?.better;
    case 'references.inconclusive':
      return references?.inconclusive;
    case 'thresholds.notJudged':
      return thresholds?.notJudged;
    case 'records.mixedBuilds':
      return records?.mixedBuilds;
    case 'records.otherRecipe':
      return records?.otherRecipe;
  }
}
