import type { BackendName } from '../../core/cell.js';
import type { DatasetIdentity } from '../../core/dataset.js';
import type { BackendDescription } from '../../core/record.js';
import type { Comparison } from '../../parity/difference.js';
import { firstDivergence, ORACLE, type RungResult } from '../../parity/ladder.js';
import { digits, number, text } from '../../report/cells.js';
import {
  list,
  paragraph,
  section,
  table,
  type Block,
  type Cell,
  type ColumnOf,
  type Document,
  type Tone,
} from '../../report/document.js';
import { dataLabel } from '../../report/words.js';
import { counted } from '../../stats/wording.js';

/** What parity says of all backends. */
export interface ParityResult {
  readonly oracle: typeof ORACLE;
  readonly seed: number;
  /** What was trained on. */
  readonly data: readonly (DatasetIdentity & { readonly title: string })[];
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

/** A table a backend, and what was drawn and trained on. */
export function parityDocument({ backends, seed, data }: Pick<ParityResult, 'backends' | 'seed' | 'data'>): Document {
  const rungs = backends.flatMap((parity) => parity.rungs);
  const isAllGolden = rungs.length > 0 && rungs.every(({ rung }) => rung === 'golden');
  const images = data.length === 0 ? '' : ` Images: ${data.map(dataLabel).join(', ')}.`;
  const drawn = isAllGolden ? 'Seeds and images are those of PyTorch.' : `Seed ${seed}.${images}`;
  return { blocks: [...backends.flatMap(paritySection), paragraph(drawn)] };
}

const COLUMNS: readonly ColumnOf<RungResult>[] = [
  { head: 'rung', cell: ({ rung }) => text(rung) },
  { head: 'of', cell: (result) => text(subjectOf(result)) },
  {
    head: 'compared',
    align: 'right',
    cell: ({ comparisons }) => (comparisons.length === 0 ? NONE : number(comparisons.length, 'comparisons')),
  },
  { head: 'closest to its bound', cell: (result) => ofNearest(result, ({ subject }) => text(subject)) },
  { head: 'error', align: 'right', cell: (result) => ofNearest(result, errorCell) },
  {
    head: 'bound',
    align: 'right',
    cell: (result) => ofNearest(result, ({ bound }) => digits(bound, bound.toExponential(1))),
  },
  {
    head: 'verdict',
    cell: ({ outcome }) => ({
      kind: 'verdict',
      verdict: outcome,
      text: outcome === 'diverges' ? 'DIVERGES' : outcome,
      tone: TONES[outcome],
    }),
  },
];

const NONE = text('-');

const TONES: Readonly<Partial<Record<RungResult['outcome'], Tone>>> = {
  agrees: 'good',
  diverges: 'bad',
  crashed: 'bad',
};

/** A row a rung with the comparison that came closest to its bound, what was left out and why, and the verdict. */
function paritySection(parity: BackendParity): readonly Block[] {
  const title = `${parity.backend}${isAnchor(parity) ? ', the oracle,' : ''} against ${referencesOf(parity.rungs)}`;
  return section(title, [
    ...table(COLUMNS, parity.rungs),
    ...list(leftOut(parity.rungs)),
    paragraph(verdictLine(parity), { strong: true }),
  ]);
}

function ofNearest({ comparisons }: RungResult, cell: (comparison: Comparison) => Cell): Cell {
  const worst = nearest(comparisons);
  return worst === undefined ? NONE : cell(worst);
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
  return [...byReason].map(([reason, places]) => `${reason} (${places.join(', ')})`);
}

/** `mlp-4`, `cnn-2 (narrow twin), 1 step`; nothing for the ops. */
export function subjectOf({
  experiment = '',
  narrow,
  steps,
}: Pick<RungResult, 'experiment' | 'narrow' | 'steps'>): string {
  return `${experiment}${narrow ? ' (narrow twin)' : ''}${steps === undefined ? '' : `, ${counted(steps, 'step')}`}`;
}

function errorCell({ error }: Comparison): Cell {
  return error === undefined ? text('none') : digits(error, error.toExponential(1));
}

function nearest(comparisons: readonly Comparison[]): Comparison | undefined {
  const closeness = ({ error, bound }: Comparison) => {
    if (error === undefined) return Infinity;
    return error === 0 ? 0 : error / bound;
  };
  return comparisons.toSorted((a, b) => closeness(b) - closeness(a))[0];
}
