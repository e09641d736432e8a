import type { Build } from '../../core/build.js';
import type { Action, Policy } from '../../core/policy.js';
import type { ClaimVerdict, ReferenceComparison, Summary, SummaryCell, ThresholdResult } from '../../core/summary.js';
import { symptomWords } from '../symptoms.js';
import { percent, seedsWouldNotDecide } from '../wording.js';
import { hasResult } from './exit-code.js';
import type { LintFinding } from './lint.js';
import { lintPopulation, type Population, type PopulationFinding } from './population.js';
import { actionFor, seedAction, type Setting } from './policy.js';
import { unjudgedThresholds, type UnjudgedThreshold } from './unjudged.js';

/** Something that did not hold, and what it does to the gate. */
export interface GateFinding {
  readonly level: 'failure' | 'warning';
  readonly kind: Setting | 'threshold' | 'seeds';
  /** What it is about: a cell, a claim, an experiment on a backend. */
  readonly subject: string;
  readonly message: string;
  /** What to do about it, one sentence or two. */
  readonly remedy: string;
}

export interface GateResult {
  /** Never where nothing was judged. */
  readonly passed: boolean;
  /** Whether some cell came to a result. */
  readonly judged: boolean;
  /** Whether warnings fail. */
  readonly strict: boolean;
  /** Empty when passed. */
  readonly failures: readonly GateFinding[];
  /** What did not fail the gate by itself but did not hold either. */
  readonly warnings: readonly GateFinding[];
}

export type GatedSummary = Pick<Summary, 'cells' | 'claims' | 'thresholds' | 'references' | 'sweep'> & Population;

/**
 * Whether a run passes by a policy. By default these fail: a cell that crashed, diverged or timed out, an accuracy below its
 * threshold, a claim that is not reproduced, an accuracy that is worse or better than the reference's, and what the seed lint
 * finds. Inconclusive claims and comparisons are warnings, and so are symptoms of a training that completed. Errata are the
 * deck's fault, and what was not run is no failure, but where a threshold of the policy asks for it.
 *
 * @param lint what `lintRecords` found in the records behind the summary
 * @param here the build that gates
 */
export function gate(
  summary: GatedSummary,
  policy: Policy = {},
  lint: readonly LintFinding[] = [],
  here?: Build,
): GateResult {
  const findings = [
    ...summary.cells.flatMap((cell) => checkCell(cell, policy)),
    ...lint.map((each) => checkSeeds(each, policy)),
    ...lintPopulation(summary, here).map((each) => checkPopulation(each, policy)),
    ...summary.thresholds.map(checkThreshold),
    ...unjudgedThresholds(summary, policy).map((each) => checkUnjudged(each, policy)),
    ...summary.references.map((comparison) => checkReference(comparison, policy)),
    ...summary.claims.map((claim) => checkClaim(claim, policy)),
  ].filter((found) => found !== undefined);
  const { strict = false } = policy;
  const failures = findings.filter(({ level }) => level === 'failure');
  const warnings = findings.filter(({ level }) => level === 'warning');
  const judged = hasResult(summary);
  const passed = judged && failures.length === 0 && !(strict && warnings.length > 0);
  return { passed, judged, strict, failures, warnings };
}

/** What is wrong with a cell: why it has no result, or what its result suffers from. */
export function checkCell(cell: SummaryCell, policy: Policy): readonly GateFinding[] {
  const { experiment, backend, seed, profile, outcome, reason = 'no reason given' } = cell;
  const { zeroGradients, atChance } = symptomWords(cell.symptoms);
  const subject = `${experiment} on ${backend}, seed ${seed}, ${profile}`;
  const wrong: readonly (readonly [Setting | undefined, string | undefined])[] = [
    [CELL_SETTINGS[outcome], `${outcome}: ${reason}`],
    ['cells.zeroGradients', zeroGradients],
    ['cells.atChance', atChance],
  ];
  return wrong.flatMap(([setting, message]) =>
    setting === undefined || message === undefined
      ? []
      : (found(setting, actionFor(policy, setting, cell), subject, message, CELL_REMEDIES[setting]?.[outcome]) ?? []),
  );
}

/** What to do about a cell without a result depends on how it ended. */
const CELL_REMEDIES: Readonly<Partial<Record<Setting, Partial<Record<SummaryCell['outcome'], string>>>>> = {
  'cells.failed': {
    diverged:
      'It diverges every time: lower the learning rate. If the recipe should train, "cnnbench parity" finds a wrong op.',
    'timed-out': 'Give the cell more time with --timeout; the same command resumes from its checkpoint.',
  },
  'cells.notRun': {
    unsupported: 'Choose another backend.',
    skipped: 'Give the cell more time with --timeout, or choose another backend.',
  },
};

const CELL_SETTINGS = {
  completed: undefined,
  crashed: 'cells.failed',
  diverged: 'cells.failed',
  'timed-out': 'cells.failed',
  unsupported: 'cells.notRun',
  skipped: 'cells.notRun',
} as const satisfies Readonly<Record<SummaryCell['outcome'], Setting | undefined>>;

export function checkThreshold(threshold: ThresholdResult): GateFinding | undefined {
  const { experiment, backend, profile, passed, testAccuracy, minAccuracy } = threshold;
  if (passed) return undefined;
  const message = `${percent(testAccuracy)} is below the threshold of ${percent(minAccuracy)}`;
  return found('threshold', 'fail', `${experiment} on ${backend}, ${profile}`, message);
}

/** What the rule itself says of that counts first: no other rule need match where nothing was run. */
export function checkUnjudged(unjudged: UnjudgedThreshold, policy: Policy): GateFinding | undefined {
  const { subject, place, rule, minAccuracy, reason } = unjudged;
  const setting = 'thresholds.notJudged';
  const action = rule.thresholds?.notJudged ?? actionFor(policy, setting, place);
  return found(setting, action, subject, `the threshold of ${percent(minAccuracy)} judged nothing: ${reason}`);
}

export function checkReference(comparison: ReferenceComparison, policy: Policy): GateFinding | undefined {
  const { experiment, backend, profile, standIn, verdict, reason } = comparison;
  const setting = REFERENCE_SETTINGS[verdict];
  const subject = `${experiment} on ${backend}, ${profile}${standIn ? ' on stand-in images' : ''}`;
  const message = `${REFERENCE_WORDS[verdict]} the reference: ${reason}`;
  return (
    setting && found(setting, actionFor(policy, setting, comparison), subject, message, undecidedRemedy(comparison))
  );
}

const REFERENCE_SETTINGS = {
  agrees: undefined,
  worse: 'references.worse',
  better: 'references.better',
  inconclusive: 'references.inconclusive',
} as const satisfies Readonly<Record<ReferenceComparison['verdict'], Setting | undefined>>;

const REFERENCE_WORDS: Readonly<Record<ReferenceComparison['verdict'], string>> = {
  agrees: 'agrees with',
  worse: 'worse than',
  better: 'better than',
  inconclusive: 'undecided against',
};

export function checkClaim(claim: ClaimVerdict, policy: Policy): GateFinding | undefined {
  const { id, experiment, backend, verdict, reason } = claim;
  const setting = CLAIM_SETTINGS[verdict];
  // Claims are judged on the decks' recipe alone.
  const place = { experiment, backend, profile: 'full' } as const;
  const subject = `${id}${backend === undefined ? '' : ` on ${backend}`}`;
  return (
    setting &&
    found(setting, actionFor(policy, setting, place), subject, `${verdict}: ${reason}`, undecidedRemedy(claim))
  );
}

const CLAIM_SETTINGS = {
  reproduced: undefined,
  'not reproduced': 'claims.notReproduced',
  inconclusive: 'claims.inconclusive',
  erratum: undefined,
  'not run': undefined,
} as const satisfies Readonly<Record<ClaimVerdict['verdict'], Setting | undefined>>;

export function checkSeeds({ cell, message }: LintFinding, policy: Policy): GateFinding | undefined {
  return found('seeds', seedAction(policy), cell, message);
}

/** `mlp-1 on wasm, quick: 50.00% is below the threshold of 80.00%`. */
export function findingInWords({ subject, message }: Pick<GateFinding, 'subject' | 'message'>): string {
  return `${subject}: ${message}`;
}

export function checkPopulation({ rule, place, subject, message }: PopulationFinding, policy: Policy) {
  const setting = rule === 'mixed-builds' ? 'records.mixedBuilds' : 'records.otherRecipe';
  return found(setting, actionFor(policy, setting, place), subject, message);
}

const LEVELS = { fail: 'failure', warn: 'warning', ignore: undefined } as const satisfies Record<Action, unknown>;

function found(
  kind: GateFinding['kind'],
  action: Action,
  subject: string,
  message: string,
  remedy = REMEDIES[kind],
): GateFinding | undefined {
  const level = LEVELS[action];
  return level && { level, kind, subject, message, remedy };
}

/** Of what the seeds leave open, where more of them would not close it. */
function undecidedRemedy({
  verdict,
  reason,
}: {
  readonly verdict: string;
  readonly reason: string;
}): string | undefined {
  if (verdict !== 'inconclusive' || !seedsWouldNotDecide(reason)) return undefined;
  return 'More seeds will not decide it: use a longer --profile, or let a rule of the policy pass it.';
}

const REMEDIES: Readonly<Record<GateFinding['kind'], string>> = {
  'cells.failed': 'Run the same command again: it retries crashed cells; --memory gives them more memory.',
  'cells.notRun': 'Choose another backend, or give the cell more time with --timeout.',
  'cells.zeroGradients':
    'These weights did not learn in that step: dead ReLUs, a saturated softmax, or a lost gradient. Try a lower learning rate; "cnnbench parity" finds an op with a wrong gradient.',
  'cells.atChance': 'It learned nothing: check its curve in report.md, the data and the learning rate.',
  'claims.notReproduced': 'See the reason and the curve in report.md; "cnnbench claims" shows the place in the deck.',
  'claims.inconclusive': 'Run more seeds; --until-decided adds them until it is decided.',
  'references.worse': 'Backend, data or recipe is wrong: "cnnbench parity" finds the first op or layer that diverges.',
  'references.better': 'Check for test images among the training images, or for another recipe.',
  'references.inconclusive': 'Run more seeds; --until-decided adds them until it is decided.',
  'thresholds.notJudged':
    'Run what the rule names on real data (--no-stand-in), or change the rule; thresholds.notJudged of the policy can make this a warning.',
  threshold:
    'Backend, data or recipe is wrong: "cnnbench parity" finds the first op or layer that diverges. If a lower accuracy is expected, set minAccuracy.',
  'records.mixedBuilds': 'Run it again with this build: use --fresh, and in CI no cached run folder.',
  'records.otherRecipe':
    'Run the same command again: it repeats cells with another recipe. Or use the version that made them.',
  seeds: 'Run the same command again for missing cells, or with --fresh if records were changed.',
};
