import { isTrained } from '../../core/experiment.js';
import { grouped, type NonEmpty } from '../../core/grouped.js';
import type { Policy, PolicyRule } from '../../core/policy.js';
import type { Summary, SummaryCell } from '../../core/summary.js';
import { matches, type Place } from './policy.js';

/** A threshold that a rule of the policy sets and that no accuracy was held against. */
export interface UnjudgedThreshold {
  /** What was run without a result that counts; else the rule, which nothing was run of. */
  readonly subject: string;
  readonly place: Place;
  readonly rule: PolicyRule;
  readonly minAccuracy: number;
  /** Why, in words. */
  readonly reason: string;
}

/**
 * Every threshold of the policy that judged nothing: of each experiment, backend and profile that was run, and each rule that
 * decides nowhere. A threshold that one wrote and that nothing is held against is no threshold.
 */
export function unjudgedThresholds(
  { cells, thresholds }: Pick<Summary, 'cells' | 'thresholds'>,
  { rules = [] }: Policy,
): readonly UnjudgedThreshold[] {
  const trained = cells.filter(isTrained);
  const groups = grouped(trained, ({ experiment, backend, profile }) => [experiment, backend, profile]);
  const ruled = groups.map((group) => ({ group, rule: rules.find((rule) => sets(rule) && matches(rule, group[0])) }));
  const isJudged = ([{ experiment, backend, profile }]: NonEmpty<SummaryCell>) =>
    thresholds.some((each) => each.experiment === experiment && each.backend === backend && each.profile === profile);
  return [
    ...ruled.flatMap(({ group, rule }): readonly UnjudgedThreshold[] => {
      const minAccuracy = rule?.minAccuracy ?? undefined;
      if (rule === undefined || minAccuracy === undefined || isJudged(group)) return [];
      const { experiment, backend, profile } = group[0];
      const subject = `${experiment} on ${backend}, ${profile}`;
      return [{ subject, place: group[0], rule, minAccuracy, reason: reasonOf(group) }];
    }),
    ...rules.flatMap((rule, index): readonly UnjudgedThreshold[] => {
      const minAccuracy = rule.minAccuracy ?? undefined;
      if (minAccuracy === undefined || ruled.some((each) => each.rule === rule)) return [];
      const { experiments, backend, profile } = rule;
      const subject = `gate.rules[${index}] of the policy${placeInWords(rule)}`;
      const place = { experiment: experiments?.[0], backend, profile };
      return [{ subject, place, rule, minAccuracy, reason: absence(rule, trained) }];
    }),
  ];
}

function sets({ minAccuracy }: PolicyRule): boolean {
  return minAccuracy !== undefined;
}

/** Why the cells of one experiment, backend and profile give no accuracy that a threshold holds for. */
function reasonOf(cells: NonEmpty<SummaryCell>): string {
  const completed = cells.filter(({ outcome }) => outcome === 'completed');
  if (completed.some(({ outdated }) => outdated !== undefined)) return 'its recipe is not that of this version';
  if (completed.some(({ dataset }) => dataset?.standIn)) return 'it was trained on stand-in images';
  if (completed.some(({ dataset }) => dataset?.provenance === 'unknown')) {
    return 'it was trained on unrecognised data files';
  }
  // Real data, and still no mean: a shard leaves that to the whole run.
  if (completed.length > 0) return 'a shard is not judged by itself; merge the shards first';
  const [{ seed, outcome, reason = 'no reason given' }] = cells;
  return `no seed has a result; seed ${seed} is ${outcome}: ${reason}`;
}

/** Why no cell was under the rule. */
function absence({ experiments, backend, profile }: PolicyRule, trained: readonly SummaryCell[]): string {
  const ofExperiment = trained.filter(
    ({ experiment }) => experiments === undefined || experiments.includes(experiment),
  );
  if (ofExperiment.length === 0) return 'no training of it was run';
  const onBackend = ofExperiment.filter((cell) => backend === undefined || cell.backend === backend);
  if (onBackend.length === 0) return `nothing of it was run on ${backend}`;
  if (onBackend.every((cell) => profile !== undefined && cell.profile !== profile)) {
    return `nothing of it was run in the profile ${profile}`;
  }
  return 'earlier rules decide everything that was run of it';
}

/** ` (mlp-1 and 2 others on wasm, quick)`. */
function placeInWords({ experiments, backend, profile }: PolicyRule): string {
  const [first = '', ...others] = experiments ?? [];
  const what =
    others.length === 0 ? first : `${first} and ${others.length} ${others.length === 1 ? 'other' : 'others'}`;
  const where = [[what, backend && `on ${backend}`].filter(Boolean).join(' '), profile].filter(Boolean).join(', ');
  return where === '' ? '' : ` (${where})`;
}
