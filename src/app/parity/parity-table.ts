import type { BackendName } from '../../core/cell.js';
import type { DatasetIdentity } from '../../core/dataset.js';
import type { BackendDescription } from '../../core/record.js';
import type { Comparison } from '../../parity/difference.js';
import { firstDivergence, ORACLE, type RungResult } from '../../parity/ladder.js';
import { dataLabel } from '../../report/words.js';
import { counted } from '../../stats/wording.js';
import { plainTable } from '../table.js';

/** What parity says of all backends. */
export interface ParityResult {
  readonly oracle: typeof ORACLE;
  readonly seed: number;
  /** What was trained on. */
  readonly data: readonly DatasetIdentity[];
  readonly backends: readonly BackendParity[];
}

/** What the ladder says of one backend. */
export interface BackendParity {
  readonly backend: BackendName;
  /** As probed. */
  readonly description?: BackendDescription | undefined;
  readonly verdict: 'agrees' | 'diverges' | 'crashed' | 'not compared';
  /** Tensors that were compared. */
  readonly comparisons: number;
  readonly firstDivergence?: Comparison & Pick<RungResult, 'rung' | 'experiment' | 'narrow' | 'steps'>;
  readonly rungs: readonly RungResult[];
}

export function summarizeParity(
  backend: BackendName,
  description: BackendDescription | undefined,
  results: readonly RungResult[],
): BackendParity {
  const rungs = results.filter((result) => result.backend === backend);
  const comparisons = rungs.reduce((sum, result) => sum + result.comparisons.length, 0);
  const first = firstDivergence(rungs);
  if (first === undefined) {
    const crashed = rungs.some(({ outcome }) => outcome === 'crashed');
    return {
      backend,
      description,
      verdict: crashed ? 'crashed' : comparisons > 0 ? 'agrees' : 'not compared',
      comparisons,
      rungs,
    };
  }
  const { rung, experiment, narrow, steps } = first.result;
  const place = {
    ...{ rung, ...(experiment !== undefined && { experiment }) },
    ...{ ...(narrow && { narrow }), ...(steps !== undefined && { steps }) },
  };
  const divergence = { ...first.comparison, ...place };
  return { backend, description, verdict: 'diverges', comparisons, firstDivergence: divergence, rungs };
}

/** What the command prints: a table a backend, and what was drawn and trained on. */
export function parityText({ backends, seed, data }: Pick<ParityResult, 'backends' | 'seed' | 'data'>): string {
  const rungs = backends.flatMap((parity) => parity.rungs);
  const isAllGolden = rungs.length > 0 && rungs.every(({ rung }) => rung === 'golden');
  const images = data.length === 0 ? '' : ` Images: ${data.map(dataLabel).join(', ')}.`;
  const drawn = isAllGolden ? 'Seeds and images are those of PyTorch.' : `Seed ${seed}.${images}`;
  return [...backends.map(parityTable), drawn].join('\n\n');
}

const HEAD = ['rung', 'of', 'compared', 'closest to its bound', 'error', 'bound', 'verdict'];

/** A row a rung with the comparison that came closest to its bound, what was left out and why, and the verdict. */
export function parityTable(parity: BackendParity): string {
  const rows = parity.rungs.map((result) => {
    const { rung, comparisons, outcome } = result;
    const worst = nearest(comparisons);
    const verdict = outcome === 'diverges' ? 'DIVERGES' : outcome;
    return [
      rung,
      subjectOf(result),
      comparisons.length === 0 ? '-' : comparisons.length,
      worst?.subject ?? '-',
      worst === undefined ? '-' : errorOf(worst),
      worst === undefined ? '-' : worst.bound.toExponential(1),
      verdict,
    ];
  });
  return [
    `${parity.backend}${isAnchor(parity) ? ', the oracle,' : ''} against ${referencesOf(parity.rungs)}`,
    plainTable(HEAD, rows, ['compared', 'error', 'bound']),
    ...leftOut(parity.rungs),
    verdictLine(parity),
  ].join('\n');
}

/** Whether these are the rungs of the oracle itself. */
function isAnchor({ backend, rungs }: BackendParity): boolean {
  return backend === ORACLE && rungs.every(({ rung }) => rung === 'golden');
}

/** What the rungs hold a backend against. */
function referencesOf(rungs: readonly RungResult[]): string {
  const isGolden = ({ rung }: RungResult) => rung === 'golden';
  const pytorch = rungs.some(isGolden) ? ['PyTorch'] : [];
  return [...(rungs.length > 0 && rungs.every(isGolden) ? [] : [ORACLE]), ...pytorch].join(' and ');
}

function verdictLine(parity: BackendParity): string {
  const { backend, verdict, comparisons, firstDivergence: first, rungs } = parity;
  if (first?.rung === 'golden' && backend === ORACLE) {
    return `${ORACLE}, the oracle, disagrees with PyTorch: ${divergenceInWords(first)}`;
  }
  if (first !== undefined) return `${backend}: FIRST divergence: ${divergenceInWords(first)}`;
  const crash = rungs.find(({ outcome }) => outcome === 'crashed');
  if (crash !== undefined) return `${backend}: FIRST failure: ${crash.rung} of ${subjectOf(crash)}: ${crash.reason}`;
  if (verdict === 'not compared') return `${backend}: nothing was compared`;
  const references = referencesOf(rungs.filter((rung) => rung.comparisons.length > 0));
  return `${backend} agrees with ${references} on ${counted(comparisons, 'comparison')}`;
}

function divergenceInWords(first: NonNullable<BackendParity['firstDivergence']>): string {
  const { rung, experiment, subject, error, bound, boundReason, reason, place, measure } = first;
  const where = experiment === undefined ? subject : `${subject} of ${subjectOf(first)}`;
  const size = error === undefined ? (reason ?? '') : `${error.toExponential(1)} ${measure}`;
  const values =
    place === undefined ? '' : `; at [${place.index.join(', ')}] ${place.actual} instead of ${place.oracle}`;
  return `${rung}: ${where}: ${size}, bound ${bound.toExponential(1)} (${boundReason})${values}`;
}

/** Why rungs have no or not all comparisons; rungs with the same reason together. */
function leftOut(rungs: readonly RungResult[]): string[] {
  const byReason = new Map<string, string[]>();
  for (const result of rungs) {
    if (result.reason === undefined) continue;
    const isPartly = result.outcome === 'agrees' || result.outcome === 'diverges';
    const reason = `${isPartly ? 'left out' : result.outcome}: ${result.reason}`;
    byReason.set(reason, [...(byReason.get(reason) ?? []), `${result.rung} ${subjectOf(result)}`.trim()]);
  }
  return [...byReason].map(([reason, places]) => `  ${reason} (${places.join(', ')})`);
}

/** `mlp-4`, `cnn-2 (narrow twin), 1 step`; nothing for the ops. */
export function subjectOf({
  experiment = '',
  narrow,
  steps,
}: Pick<RungResult, 'experiment' | 'narrow' | 'steps'>): string {
  return `${experiment}${narrow ? ' (narrow twin)' : ''}${steps === undefined ? '' : `, ${counted(steps, 'step')}`}`;
}

function errorOf({ error }: Comparison): string {
  return error === undefined ? 'none' : error.toExponential(1);
}

function nearest(comparisons: readonly Comparison[]): Comparison | undefined {
  const closeness = ({ error, bound }: Comparison) => {
    if (error === undefined) return Infinity;
    return error === 0 ? 0 : error / bound;
  };
  return comparisons.toSorted((a, b) => closeness(b) - closeness(a))[0];
}
