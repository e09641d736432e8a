import type { ClaimVerdict, Summary } from '../../core/summary.js';
import { percent } from '../../stats/wording.js';
import { accuracyRows, throughputRows } from '../cells.js';
import { markdown, markdownCode } from '../escape.js';
import { markdownTable } from '../markdown-table.js';
import { differenceInWords, referenceInWords, referenceNoteInWords, referenceVerdictInWords } from '../references.js';
import { symptomLines } from '../symptoms.js';
import { TIME_TO_TARGET_COLUMNS, TIME_TO_TARGET_NOTE, timeToTargetRows } from '../time-to-target.js';
import {
  accuracyInWords,
  backendInWords,
  dataLabel,
  datasetNotes,
  measuredInWords,
  numberInWords,
  seedsInWords,
  signedVerdict,
  speedInWords,
  speedIntervalInWords,
  testSetNoiseInWords,
} from '../words.js';
import { folded } from './fold.js';

/** Accuracy of every experiment, then the relations between them; nothing where nothing was trained. */
export function accuracyTables(summary: Summary): readonly string[] {
  const rows = accuracyRows(summary);
  if (rows.length === 0) return [];
  const table = markdownTable(
    ['experiment', 'profile', 'data', 'backend', 'seeds', 'expected', 'measured', 'verdict'],
    rows.map(({ verdict, ...row }) => [
      markdownCode(row.experiment),
      row.profile,
      row.real ? markdown(row.data ?? '\u2013') : `**${markdown(row.data ?? '')}**`,
      row.backend,
      [seedsInWords(row.seeds), row.failed > 0 && `${row.failed} failed`]
        .filter((part) => part !== false && part !== '')
        .join(' + '),
      markdown(row.expected ?? '\u2013'),
      row.mean === undefined ? 'failed' : accuracyInWords(row.mean, row.halfWidth),
      verdict === undefined ? '\u2013' : signedVerdict(verdict),
    ]),
    ['left', 'left', 'left', 'left', 'left', 'right', 'right', 'left'],
  );
  const relations = summary.claims.filter(({ kind }) => kind === 'relation');
  const noise = testSetNoiseInWords(rows);
  return [
    'Test accuracy after the last epoch, never the best one: mean over the seeds \u00b1 half the width of its 90% confidence interval.',
    table,
    ...(noise === undefined ? [] : [noise]),
    ...datasetNotes(summary.cells).map((note) => `${markdown(note)}.`),
    ...(relations.length === 0 ? [] : [relationTable(relations)]),
  ];
}

function relationTable(relations: readonly ClaimVerdict[]): string {
  return markdownTable(
    ['relation', 'backend', 'expected', 'measured', 'verdict', 'why'],
    relations.map((claim) => [
      markdown(claim.statement),
      claim.backend ?? '\u2013',
      markdown(`${String(claim.expected)} points`),
      markdown(measuredInWords(claim)),
      signedVerdict(claim.verdict),
      markdown(claim.reason),
    ]),
    ['left', 'left', 'right', 'right', 'left', 'left'],
  );
}

/** What is wrong with trainings that came to a result; nothing where nothing is. */
export function symptomList({ cells }: Summary): readonly string[] {
  const lines = symptomLines(cells);
  return lines.length === 0 ? [] : [lines.map((line) => `- ${markdown(line)}`).join('\n')];
}

export function referenceSection({ references }: Summary): readonly string[] {
  if (references.length === 0) return [];
  const table = markdownTable(
    ['experiment', 'profile', 'backend', 'seeds', 'measured', 'reference', 'difference', 'verdict', 'why'],
    references.map((comparison) => [
      markdownCode(comparison.experiment) + (comparison.standIn ? ' **(STAND-IN)**' : ''),
      comparison.profile,
      comparison.backend,
      seedsInWords(comparison.seeds),
      percent(comparison.testAccuracy),
      referenceInWords(comparison),
      differenceInWords(comparison),
      referenceVerdictInWords(comparison.verdict),
      markdown(comparison.reason),
    ]),
    ['left', 'left', 'left', 'left', 'right', 'right', 'right', 'left', 'left'],
  );
  return ['## Against the reference', `${markdown(referenceNoteInWords(references))}.`, table];
}

/** Training speeds with how they were measured; nothing where none were. */
export function throughputTable(summary: Summary): readonly string[] {
  const rows = throughputRows(summary);
  if (rows.length === 0) return [];
  const table = markdownTable(
    ['experiment', 'profile', 'data', 'backend', 'batch', 'cells', 'images/s', '95% interval'],
    rows.map((row) => [
      markdownCode(row.experiment),
      row.profile,
      markdown(row.data),
      backendInWords(row),
      String(row.batchSize),
      String(row.cells),
      speedInWords(row.imagesPerSecond),
      speedIntervalInWords(row.interval),
    ]),
    ['left', 'left', 'left', 'left', 'right', 'right', 'right', 'right'],
  );
  const whose = summary.machines === undefined ? 'this machine' : 'the machine named';
  const note = `Training steps only, warm-up excluded: median of the timed blocks. Speeds of ${whose}, never compared with a slide.`;
  return [note, table];
}

/** How soon the printed accuracies are reached; nothing where none may be judged. */
export function timeToTargetTable(summary: Summary): readonly string[] {
  const rows = timeToTargetRows(summary);
  if (rows.length === 0) return [];
  const [experiment, ...others] = TIME_TO_TARGET_COLUMNS;
  const table = markdownTable(
    [experiment, ...others],
    rows.map(([name = '', ...cells]) => [markdownCode(name), ...cells.map(markdown)]),
    ['left', 'left', 'left', 'right', 'right', 'right', 'right'],
  );
  return [`${TIME_TO_TARGET_NOTE}.`, table];
}

export function seedSection({ cells }: Summary): readonly string[] {
  const trained = cells.filter(({ testAccuracy }) => testAccuracy !== undefined);
  if (trained.length === 0) return [];
  const table = markdownTable(
    [
      'experiment',
      'data',
      'backend',
      'profile',
      'seed',
      'epochs',
      'train / test images',
      'batch',
      'test accuracy',
      'weights (SHA-256)',
    ],
    trained.map((cell) => [
      markdownCode(cell.experiment),
      cell.dataset === undefined ? '\u2013' : markdown(dataLabel(cell.dataset)),
      cell.backend,
      cell.profile,
      String(cell.seed),
      String(cell.epochs ?? '\u2013'),
      `${numberInWords(cell.trainImages ?? 0)} / ${numberInWords(cell.testImages ?? 0)}`,
      String(cell.batchSize ?? '\u2013'),
      cell.testAccuracy === undefined ? '\u2013' : percent(cell.testAccuracy),
      markdownCode((cell.weightsSha256 ?? '').slice(0, 16)),
    ]),
    ['left', 'left', 'left', 'left', 'right', 'right', 'right', 'right', 'right', 'left'],
  );
  return ['## Seeds', ...folded(`Every cell that was trained (${trained.length})`, table)];
}
