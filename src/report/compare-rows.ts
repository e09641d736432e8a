import { grouped } from '../core/grouped.js';
import type { ComparedPair, Comparison } from '../stats/compare/compare-sides.js';
import type { SpeedComparison } from '../stats/compare/speed.js';
import { counted, percent, points, pointsInterval } from '../stats/wording.js';
import type { Style } from './paint.js';
import type { TableCell, TableColumn } from './table.js';
import { seedsInWords, speedInWords } from './words.js';

/** A comparison as tables and lists, for every format. Texts may hold what came from a record; renderers escape them. */
export interface ComparisonTable {
  readonly title: string;
  readonly note: string;
  readonly columns: readonly TableColumn[];
  readonly rows: readonly (readonly TableCell[])[];
}

const DASH = '\u2013';

const VERDICT_STYLES: Readonly<Record<string, Style>> = {
  worse: 'red',
  slower: 'red',
  better: 'green',
  faster: 'green',
  identical: 'green',
  'not tested': 'dim',
  'not judged': 'dim',
};

/** The tables that have rows. */
export function comparisonTables({ pairs }: Comparison): readonly ComparisonTable[] {
  const tables: ComparisonTable[] = [
    {
      title: 'Accuracy',
      note: 'Mean test accuracy after the last epoch, B less A in points with its 90% interval (Welch), one-sided p (Holm over all rows), Hedges\u2019 g',
      columns: [
        { head: 'what' },
        { head: 'seeds', align: 'right' },
        { head: 'A', align: 'right' },
        { head: 'B', align: 'right' },
        { head: 'B less A' },
        { head: 'p', align: 'right' },
        { head: 'g', align: 'right' },
        { head: 'equal bits', align: 'right' },
        { head: 'verdict' },
      ],
      rows: pairs.map(accuracyRow),
    },
    {
      title: 'Throughput',
      note: 'Median over the cells in images/s, B over A with its 95% bootstrap interval, two-sided p of the Mann-Whitney test, chance that a cell of B is faster',
      columns: [
        { head: 'what' },
        { head: 'cells', align: 'right' },
        { head: 'A', align: 'right' },
        { head: 'B', align: 'right' },
        { head: 'B over A' },
        { head: 'p', align: 'right' },
        { head: 'B faster', align: 'right' },
        { head: 'verdict' },
      ],
      rows: pairs.flatMap((pair) => (pair.speed === undefined ? [] : [speedRow(pair, pair.speed)])),
    },
  ];
  return tables.filter(({ rows }) => rows.length > 0);
}

/** `mlp-1 on wasm, quick`. */
function pairInWords({ experiment, backend, profile, profileOfB }: ComparedPair): string {
  return `${experiment} on ${backend}, ${profile}${profileOfB === undefined ? '' : ` (B: ${profileOfB})`}`;
}

/** Why verdicts are what they are, what was ignored, failed or has no partner: nothing is dropped in silence. */
export function comparisonNotes({ pairs, unmatched, notCompared }: Comparison): readonly string[] {
  const reasons = pairs.flatMap((pair) => reasonsOf(pair).map((reason) => ({ reason, where: pairInWords(pair) })));
  const together = grouped(reasons, ({ reason }) => [reason]).map(
    (same) => `${same[0].reason} (${same.map(({ where }) => where).join('; ')})`,
  );
  const only = unmatched.map(
    ({ side, experiment, backend, profile, seeds }) =>
      `only in ${side}: ${experiment} on ${backend}, ${profile}, ${seeds.length === 1 ? 'seed' : 'seeds'} ${seedsInWords(seeds)}`,
  );
  const { a, b } = notCompared;
  const others =
    a + b === 0
      ? []
      : [`not compared: ${counted(a, 'cell')} of A and ${b} of B train nothing; "cnnbench report" judges these`];
  return [...together, ...only, ...others];
}

/** What the tables do not say of a pair. */
function reasonsOf({ accuracy, speed, ignored }: ComparedPair): readonly string[] {
  const isTested = accuracy.pWorse !== undefined || accuracy.verdict === 'identical';
  return [
    ...ignored.map(({ cause, detail }) => `ignored: another ${cause}: ${detail}`),
    ...accuracy.a.failures.map((failure) => `failed in A: ${failure}`),
    ...accuracy.b.failures.map((failure) => `failed in B: ${failure}`),
    ...(isTested ? [] : [`accuracy ${accuracy.verdict}: ${accuracy.reason}`]),
    speed === undefined
      ? 'no speed: a side has no timed steps, as in a run with --trace'
      : `speed ${speed.verdict}: ${speed.reason}`,
  ];
}

/** The result in a few words. */
export function comparisonConclusion({ pairs, worse }: Comparison): string {
  const found = [
    ['Worse', pairs.filter(({ accuracy }) => accuracy.verdict === 'worse')],
    ['Slower', pairs.filter(({ speed }) => speed?.verdict === 'slower')],
    ['Better', pairs.filter(({ accuracy }) => accuracy.verdict === 'better')],
    ['Faster', pairs.filter(({ speed }) => speed?.verdict === 'faster')],
  ] as const;
  const head = worse ? 'B is significantly worse than A.' : 'Nothing in B is significantly worse than in A.';
  const said = found.flatMap(([what, where]) =>
    where.length === 0 ? [] : [`${what}: ${where.map(pairInWords).join('; ')}.`],
  );
  return [head, ...said].join(' ');
}

function accuracyRow(pair: ComparedPair): readonly TableCell[] {
  const { a, b, bits, difference, interval, pWorse, pBetter, effect, verdict } = pair.accuracy;
  const p = pWorse === undefined || pBetter === undefined ? undefined : Math.min(pWorse, pBetter);
  const shift = difference === undefined ? DASH : points(difference).replace(' points', '');
  return [
    { text: pairInWords(pair) },
    { text: `${a.seeds.length} / ${b.seeds.length}` },
    { text: a.mean === undefined ? DASH : percent(a.mean) },
    { text: b.mean === undefined ? DASH : percent(b.mean) },
    { text: interval === undefined ? shift : `${shift} (${pointsInterval(interval).replace(' points', '')})` },
    { text: pValue(p) },
    { text: effect === undefined ? DASH : effect.toFixed(2) },
    { text: bits.seeds === 0 ? DASH : `${bits.equal} of ${bits.seeds}` },
    { text: verdict, style: VERDICT_STYLES[verdict] },
  ];
}

function speedRow(pair: ComparedPair, speed: SpeedComparison): readonly TableCell[] {
  const { a, b, ratio, interval, p, chanceFaster, verdict } = speed;
  return [
    { text: pairInWords(pair) },
    { text: `${a.cells} / ${b.cells}` },
    { text: speedInWords(a.imagesPerSecond) },
    { text: speedInWords(b.imagesPerSecond) },
    { text: ratio.toFixed(2) + (interval ? ` (${interval.low.toFixed(2)} to ${interval.high.toFixed(2)})` : '') },
    { text: pValue(p) },
    { text: `${Math.round(100 * chanceFaster)}%` },
    { text: verdict, style: VERDICT_STYLES[verdict] },
  ];
}

function pValue(p: number | undefined): string {
  if (p === undefined) return DASH;
  return p < 0.0001 ? '<0.0001' : p.toPrecision(2);
}
