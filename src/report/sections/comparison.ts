import { grouped } from '../../core/grouped.js';
import type { ComparedPair, Comparison } from '../../stats/compare/compare-sides.js';
import type { SpeedComparison } from '../../stats/compare/speed.js';
import { counted } from '../../stats/wording.js';
import { ABSENT, digits, percentage, points, ratio, speed, text } from '../cells.js';
import { list, section, table, type Block, type Cell, type ColumnOf, type Document, type Tone } from '../document.js';
import { seedsInWords } from '../words.js';
import { COMPARED_ACCURACY_CAPTION, COMPARED_SPEED_CAPTION } from './captions.js';

/** Two runs: which is better, and why nothing more can be said. */
export function comparisonDocument(comparison: Comparison): Document {
  const { a, b, pairs } = comparison;
  const timed = pairs.flatMap((pair) => (pair.speed === undefined ? [] : [{ ...pair, speed: pair.speed }]));
  return {
    title: 'Comparison',
    result: [conclusionOf(comparison)],
    blocks: [
      ...list([sideInWords('A', a), sideInWords('B', b)]),
      ...section('Accuracy', table(ACCURACY_COLUMNS, pairs, { caption: COMPARED_ACCURACY_CAPTION })),
      ...section('Throughput', table(SPEED_COLUMNS, timed, { caption: COMPARED_SPEED_CAPTION })),
      ...section('Why', whyOf(comparison)),
    ],
  };
}

function sideInWords(label: string, { name, versions }: Comparison['a']): string {
  return `${label}: ${name}, made with cnnbench ${versions.join(', ')}`;
}

const TONES: Readonly<Record<string, Tone>> = {
  worse: 'bad',
  slower: 'bad',
  better: 'good',
  faster: 'good',
  identical: 'good',
  'not tested': 'dim',
  'not judged': 'dim',
};

const LEVEL = 0.9;
const BOOTSTRAP_LEVEL = 0.95;

const WHAT: ColumnOf<ComparedPair> = { head: 'what', cell: (pair) => text(pairInWords(pair)) };

const ACCURACY_COLUMNS: readonly ColumnOf<ComparedPair>[] = [
  WHAT,
  { head: 'seeds', align: 'right', cell: ({ accuracy: { a, b } }) => text(`${a.seeds.length} / ${b.seeds.length}`) },
  { head: 'A', align: 'right', cell: ({ accuracy: { a } }) => percentage(a.mean) },
  { head: 'B', align: 'right', cell: ({ accuracy: { b } }) => percentage(b.mean) },
  {
    head: 'B less A',
    cell: ({ accuracy: { difference, interval } }) =>
      difference === undefined ? ABSENT : points(difference, interval && { ...interval, level: LEVEL }),
  },
  {
    head: 'p',
    align: 'right',
    cell: ({ accuracy: { pWorse, pBetter } }) =>
      pWorse === undefined || pBetter === undefined ? ABSENT : pValue(Math.min(pWorse, pBetter)),
  },
  {
    head: 'g',
    align: 'right',
    cell: ({ accuracy: { effect } }) => (effect === undefined ? ABSENT : digits(effect, effect.toFixed(2))),
  },
  {
    head: 'equal bits',
    align: 'right',
    cell: ({ accuracy: { bits } }) => (bits.seeds === 0 ? ABSENT : text(`${bits.equal} of ${bits.seeds}`)),
  },
  { head: 'verdict', cell: ({ accuracy: { verdict } }) => verdictCell(verdict) },
];

const SPEED_COLUMNS: readonly ColumnOf<ComparedPair & { readonly speed: SpeedComparison }>[] = [
  WHAT,
  { head: 'cells', align: 'right', cell: ({ speed: { a, b } }) => text(`${a.cells} / ${b.cells}`) },
  { head: 'A', align: 'right', cell: ({ speed: { a } }) => speed(a.imagesPerSecond) },
  { head: 'B', align: 'right', cell: ({ speed: { b } }) => speed(b.imagesPerSecond) },
  {
    head: 'B over A',
    cell: ({ speed: { ratio: value, interval } }) => ratio(value, interval && { ...interval, level: BOOTSTRAP_LEVEL }),
  },
  { head: 'p', align: 'right', cell: ({ speed: { p } }) => pValue(p) },
  {
    head: 'B faster',
    align: 'right',
    cell: ({ speed: { chanceFaster } }) => digits(chanceFaster, `${Math.round(100 * chanceFaster)}%`),
  },
  { head: 'verdict', cell: ({ speed: { verdict } }) => verdictCell(verdict) },
];

function verdictCell(verdict: string): Cell {
  return { kind: 'verdict', verdict, text: verdict, tone: TONES[verdict] };
}

function pValue(p: number): Cell {
  return digits(p, p < 0.0001 ? '<0.0001' : p.toPrecision(2));
}

/** `mlp-1 on wasm, quick`. */
function pairInWords({ experiment, backend, profile, profileOfB }: ComparedPair): string {
  return `${experiment} on ${backend}, ${profile}${profileOfB === undefined ? '' : ` (B: ${profileOfB})`}`;
}

/** Why verdicts are what they are, what was ignored, failed or has no partner: nothing is dropped in silence. */
function whyOf({ pairs, unmatched, notCompared }: Comparison): readonly Block[] {
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
  return list([...together, ...only, ...others]);
}

/** What the tables do not say of a pair. */
function reasonsOf({ accuracy, speed: timed, ignored }: ComparedPair): readonly string[] {
  const isTested = accuracy.pWorse !== undefined || accuracy.verdict === 'identical';
  return [
    ...ignored.map(({ cause, detail }) => `ignored: another ${cause}: ${detail}`),
    ...accuracy.a.failures.map((failure) => `failed in A: ${failure}`),
    ...accuracy.b.failures.map((failure) => `failed in B: ${failure}`),
    ...(isTested ? [] : [`accuracy ${accuracy.verdict}: ${accuracy.reason}`]),
    timed === undefined
      ? 'no speed: a side has no timed steps, as in a run with --trace'
      : `speed ${timed.verdict}: ${timed.reason}`,
  ];
}

/** The result in a few words. */
function conclusionOf({ pairs, worse }: Comparison): string {
  const found = [
    ['Worse', pairs.filter(({ accuracy }) => accuracy.verdict === 'worse')],
    ['Slower', pairs.filter((pair) => pair.speed?.verdict === 'slower')],
    ['Better', pairs.filter(({ accuracy }) => accuracy.verdict === 'better')],
    ['Faster', pairs.filter((pair) => pair.speed?.verdict === 'faster')],
  ] as const;
  const head = worse ? 'B is significantly worse than A.' : 'Nothing in B is significantly worse than in A.';
  const said = found.flatMap(([what, where]) =>
    where.length === 0 ? [] : [`${what}: ${where.map(pairInWords).join('; ')}.`],
  );
  return [head, ...said].join(' ');
}
