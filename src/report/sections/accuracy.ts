import type { ClaimVerdict, Summary } from '../../core/summary.js';
import { accuracyRows, intervalAtLevel, testSetNoise, type AccuracyRow } from '../../stats/accuracies.js';
import { ABSENT, accuracy, measured, printed, text, verdictCell } from '../cells.js';
import { table, type Block, type Cell, type ColumnOf } from '../document.js';
import { datasetNotes, numberInWords, seedsInWords } from '../words.js';
import { accuracyCaption, orderCaption } from './captions.js';
import {
  backendColumn,
  claimBackendColumn,
  claimColumn,
  dataColumn,
  experimentColumn,
  printedColumn,
  profileColumn,
  verdictColumn,
} from './columns.js';
import { besideReference, frameworksInWords } from './references.js';

/** Accuracy of every experiment, then the order between them; nothing where nothing was trained. */
export function accuracyTables(summary: Summary): readonly Block[] {
  const rows = accuracyRows(summary);
  const columns: readonly ColumnOf<AccuracyRow>[] = [
    experimentColumn,
    profileColumn,
    dataColumn,
    backendColumn,
    { head: 'seeds', shared: true, cell: seedsCell },
    {
      head: 'printed',
      align: 'right',
      cell: ({ claim }) => (claim === undefined ? ABSENT : printed(claim)),
    },
    { head: 'measured', align: 'right', cell: measuredCell },
    { head: 'verdict', cell: ({ verdict }) => verdictCell(verdict) },
  ];
  if (rows.length === 0) return [];
  const others = summary.claims.filter(({ kind }) => kind === 'relation' || kind === 'score');
  return [
    ...table(columns, rows, {
      caption: accuracyCaption(rows.map(({ interval }) => interval)),
      footnotes: [...testSetNoiseInWords(rows), ...datasetNotes(summary.cells)],
    }),
    ...claimsOverSeeds(summary, others, () => true),
  ];
}

/**
 * Accuracies and their order: what a deck prints, what was measured, what the framework of the decks gives.
 *
 * @param isExplained whether the reason of a verdict is told
 */
export function claimsOverSeeds(
  summary: Summary,
  claims: readonly ClaimVerdict[],
  isExplained: (claim: ClaimVerdict) => boolean,
): readonly Block[] {
  const columns: readonly ColumnOf<ClaimVerdict>[] = [
    claimColumn,
    printedColumn,
    claimBackendColumn,
    { head: 'measured', align: 'right', cell: (claim) => measured(claim, { tellSeeds: true }) },
    {
      head: frameworksInWords(summary.references) || 'reference',
      align: 'right',
      optional: true,
      cell: (claim) => besideReference(claim, summary),
    },
    verdictColumn,
  ];
  const several = new Set(claims.map(({ backend }) => backend)).size > 1;
  return table(columns, claims, {
    caption: captionOf(claims),
    rowOf: (claim) => ({
      anchor: claim.id,
      label: several && claim.backend !== undefined ? `${claim.id} on ${claim.backend}` : claim.id,
      ...(isExplained(claim) && { note: [`${claim.reason}.`, ...referenceReason(claim.known)].join(' ') }),
    }),
  });
}

function captionOf(claims: readonly ClaimVerdict[]): string {
  const intervalsOf = (kind: ClaimVerdict['kind']) =>
    claims.filter((claim) => claim.kind === kind).map((claim) => intervalAtLevel(claim));
  const [accuracies, differences] = [intervalsOf('accuracy'), intervalsOf('relation')];
  return [
    ...(accuracies.length === 0 ? [] : [accuracyCaption(accuracies)]),
    ...(differences.length === 0 ? [] : [orderCaption(differences)]),
  ].join(' ');
}

/** The reference's own judgement of a claim that was not run, and what it was trained on. */
function referenceReason(known: ClaimVerdict['known']): readonly string[] {
  if (known?.reference === undefined) return [];
  const { by, machine, reason } = known.reference;
  return [`Reference (${by} on ${machine}): ${reason}.`];
}

/** `1-3`, `1-2 + 1 failed`. */
function seedsCell({ seeds, failed }: Pick<AccuracyRow, 'seeds' | 'failed'>): Cell {
  const parts = [seedsInWords(seeds), failed === 0 ? '' : `${failed} failed`].filter((part) => part !== '');
  return text(parts.join(' + '), failed === 0 ? undefined : 'bad');
}

export function measuredCell({ mean, interval, seeds }: AccuracyRow): Cell {
  return mean === undefined ? text('failed', 'bad') : accuracy(mean, interval, { seeds: seeds.length });
}

function testSetNoiseInWords(rows: readonly AccuracyRow[]): readonly string[] {
  const parts = testSetNoise(rows).map(({ images, halfWidth }, index) => {
    const by = `by up to \u00b1${(100 * halfWidth).toFixed(2)} points`;
    return index === 0
      ? `A test set of ${numberInWords(images)} images alone is uncertain ${by}`
      : `one of ${numberInWords(images)} ${by}`;
  });
  return parts.length === 0 ? [] : [`${parts.join(', ')} (95%); all seeds share that.`];
}
