import type { ClaimVerdict, ReferenceComparison, Summary, SummaryCell } from '../../core/summary.js';
import { intervalAtLevel } from '../../stats/accuracies.js';
import { counted, percent } from '../../stats/wording.js';
import { ABSENT, percentage, points, referenceVerdict, text } from '../cells.js';
import { section, table, type Block, type Cell, type ColumnOf } from '../document.js';
import { seedsInWords, type SummaryDataset } from '../words.js';
import { referenceCaption } from './captions.js';
import { backendColumn, dataColumn, experimentColumn, profileColumn } from './columns.js';
import { knownInWords } from './known.js';

type Compared = ReferenceComparison & { readonly dataset: SummaryDataset | undefined };

const COLUMNS: readonly ColumnOf<Compared>[] = [
  experimentColumn,
  profileColumn,
  dataColumn,
  backendColumn,
  { head: 'seeds', shared: true, cell: ({ seeds }) => text(seedsInWords(seeds)) },
  { head: 'measured', align: 'right', cell: ({ testAccuracy }) => percentage(testAccuracy) },
  { head: 'reference', align: 'right', cell: referenceCell },
  { head: 'difference', align: 'right', cell: (row) => points(row.difference, intervalAtLevel(row)) },
  { head: 'verdict', cell: ({ verdict }) => referenceVerdict(verdict) },
];

/** Own accuracies against those of the same recipe elsewhere, and why one does not agree. */
export function referenceSection({ references, cells }: Pick<Summary, 'references' | 'cells'>): readonly Block[] {
  const compared = references.map((each): Compared => ({ ...each, dataset: datasetOf(each, cells) }));
  const rows = table(COLUMNS, compared, {
    caption: referenceCaption(frameworksInWords(references), references.map(intervalAtLevel)),
    rowOf: ({ experiment, backend, profile, verdict, reason }) => ({
      label: `${experiment} on ${backend}, ${profile}`,
      ...(verdict !== 'agrees' && { note: `${reason}.` }),
    }),
  });
  return section('Against the reference', rows);
}

/** What the own seeds were trained on. */
function datasetOf(
  { experiment, backend, profile, standIn, seeds }: ReferenceComparison,
  cells: readonly SummaryCell[],
): SummaryDataset | undefined {
  const isOwn = (cell: SummaryCell) =>
    cell.experiment === experiment && cell.backend === backend && cell.profile === profile && seeds.includes(cell.seed);
  return cells.find((cell) => isOwn(cell) && cell.dataset?.standIn === (standIn === true))?.dataset;
}

/** `PyTorch 1.13`; nothing where nothing was compared. */
export function frameworksInWords(references: readonly ReferenceComparison[]): string {
  return [...new Set(references.map(({ reference }) => reference.framework))].join(', ');
}

/** `89.02%, sd 0.23 (10 seeds)`. */
function referenceCell({ reference: { mean, sd, seeds } }: ReferenceComparison): Cell {
  const words = `${percent(mean)}, sd ${(100 * sd).toFixed(2)} (${counted(seeds, 'seed')})`;
  return { kind: 'number', value: mean, unit: 'fraction', text: words };
}

/** `89.02%, sd 0.23 (10 seeds): \u2713 agrees`, of the same recipe to the end on the data set itself; else what is known of it. */
export function besideReference(claim: ClaimVerdict, { references }: Pick<Summary, 'references'>): Cell {
  const { kind, experiment, backend, known } = claim;
  if (known?.reference !== undefined) return text(knownInWords(claim, known.reference));
  const found = references.find(
    (each) =>
      each.experiment === experiment && each.backend === backend && each.profile === 'full' && each.standIn !== true,
  );
  if (kind !== 'accuracy' || found === undefined) return ABSENT;
  const cell = referenceCell(found);
  return { ...cell, text: `${cell.text}: ${referenceVerdict(found.verdict).text}` };
}

/** Whether this machine computes the trainings that the reference does: the result of all comparisons in a sentence. */
export function agreementInWords(references: readonly ReferenceComparison[]): string | undefined {
  if (references.length === 0) return undefined;
  const count = (verdict: ReferenceComparison['verdict']) =>
    references.filter((each) => each.verdict === verdict).length;
  const rest = [
    [count('inconclusive'), 'undecided'],
    [count('worse'), 'worse'],
    [count('better'), 'better'],
  ] as const;
  const others = rest.flatMap(([number, word]) => (number === 0 ? [] : [`${number} ${word}`]));
  if (references.length === 1) {
    return others.length === 0
      ? 'The training agrees with the reference within one point: this machine computes the same.'
      : `Against the reference, the training is ${others.join('').slice(2)}.`;
  }
  const trainings = counted(references.length, 'training');
  return others.length === 0
    ? `All ${trainings} agree with the reference within one point: this machine computes the same.`
    : `${count('agrees')} of ${trainings} agree with the reference within one point; ${others.join(', ')}.`;
}
