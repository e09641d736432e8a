import { grouped } from '../core/grouped.js';
import { REFERENCE_VERDICTS } from '../core/summary.js';
import type { ReferenceComparison, Summary, SummaryCell } from '../core/summary.js';
import type { SweepResult } from '../core/sweep.js';
import { checkThreshold, findingInWords } from '../stats/gate/gate.js';
import { percent } from '../stats/wording.js';
import { absentCells, accuracyRows, failedCells, throughputRows } from './cells.js';
import type { AccuracyRow, ThroughputRow } from './cells.js';
import { groupClaims, headline, leavesDeckUnjudged } from './claims.js';
import { plain } from './escape.js';
import type { Renderer, RenderOptions } from './format.js';
import { indented, pageOf, section, VERDICT_STYLES, type Page } from './page.js';
import type { Style } from './paint.js';
import {
  agreementInWords,
  differenceInWords,
  referenceNoteInWords,
  REFERENCE_STYLES,
  referenceVerdictInWords,
} from './references.js';
import { effectLine, POINT_COLUMNS, pointRow, printedLine, rangeLines, SWEEP_NOTE } from './sweep.js';
import { symptomLines } from './symptoms.js';
import { renderTable } from './table.js';
import type { TableCell, TableColumn } from './table.js';
import { claimCounts, claimsByDeck } from './terminal-claims.js';
import { knownElsewhere } from './terminal-known.js';
import {
  TIME_TO_TARGET_COLUMNS,
  TIME_TO_TARGET_NOTE,
  TIME_TO_TARGET_TITLE,
  timeToTargetRows,
} from './time-to-target.js';
import {
  accuracyInWords,
  dataLabel,
  backendInWords,
  seedsInWords,
  cellsInWords,
  notesInWords,
  speedInWords,
  signedVerdict,
  speedIntervalInWords,
  testSetNoiseInWords,
  VERDICT_SIGNS,
} from './words.js';
import { wrap } from './wrap.js';

/** Tables first, what did not hold in full, and the result in one sentence at the end, where the eye is. */
export const renderTerminal: Renderer = (summary, options: RenderOptions) => {
  const page = pageOf(options);
  const sections = [
    header(summary, page),
    // A sweep has a table of its own settings instead of a row and a speed for each of its ids.
    ...(summary.sweep === undefined ? [accuracy(summary, page)] : [sweep(summary.sweep, page)]),
    symptoms(summary, page),
    againstReference(summary, page),
    ...offReference(summary, page),
    ...(summary.sweep === undefined ? [throughput(summary, page), timeToTarget(summary, page)] : []),
    knownElsewhere(summary.claims, page),
    claimCounts(summary.claims, page),
    ...claimsByDeck(summary.claims, page),
    cellList(absentCells(summary), `${VERDICT_SIGNS['not run']} Cells that were not started`, page, 'dim'),
    cellList(failedCells(summary), `${VERDICT_SIGNS['not reproduced']} Cells that failed`, page, 'red'),
    missedThresholds(summary, page),
    conclusion(summary, page),
  ];
  return { text: `${sections.filter((section) => section !== '').join('\n\n')}\n`, files: [] };
};

function header(summary: Summary, { paint, width }: Page): string {
  const { run, cells } = summary;
  const state = run.finished
    ? cellsInWords(cells.length)
    : `unfinished: ${cells.length} of ${cellsInWords(run.plannedCells)}`;
  const lines = wrap(`cnnbench run ${plain(run.id)}, ${state}`, width);
  const notes = notesInWords(summary).flatMap((note) => wrap(plain(note), width));
  return [...lines.map((line) => paint(line, 'bold')), ...notes].join('\n');
}

function accuracy(summary: Summary, page: Page): string {
  const rows = accuracyRows(summary);
  if (rows.length === 0) return '';
  const columns: readonly Column<AccuracyRow>[] = [
    { head: 'experiment', cell: ({ experiment }) => ({ text: plain(experiment) }) },
    { head: 'profile', shared: true, cell: ({ profile }) => ({ text: profile }) },
    { head: 'data', cell: ({ data, real }) => ({ text: plain(data ?? '\u2013'), style: real ? undefined : 'yellow' }) },
    { head: 'backend', shared: true, cell: ({ backend }) => ({ text: backend }) },
    { head: 'seeds', cell: seedsCell },
    { head: 'slide', cell: ({ expected }) => ({ text: plain(expected ?? '\u2013') }) },
    { head: 'measured', align: 'right', cell: measuredCell },
    { head: 'verdict', cell: verdictCell },
  ];
  const note = 'Test accuracy after the last epoch: mean over the seeds \u00b1 half its 90% interval';
  const noise = wrap(testSetNoiseInWords(rows) ?? '', page.width).map((line) => page.paint(line, 'dim'));
  return [tableSection('Accuracy', note, columns, rows, page), ...noise].filter((line) => line !== '').join('\n');
}

function symptoms({ cells }: Summary, page: Page): string {
  const lines = symptomLines(cells).flatMap((line) => indented(plain(line), 2, page));
  return lines.length === 0 ? '' : section(`${VERDICT_SIGNS.inconclusive} Symptoms`, lines, page, 'yellow');
}

function againstReference({ references }: Summary, page: Page): string {
  if (references.length === 0) return '';
  const columns: readonly Column<ReferenceComparison>[] = [
    {
      head: 'experiment',
      cell: ({ experiment, standIn }) =>
        standIn ? { text: `${plain(experiment)} (STAND-IN)`, style: 'yellow' } : { text: plain(experiment) },
    },
    { head: 'profile', shared: true, cell: ({ profile }) => ({ text: profile }) },
    { head: 'backend', shared: true, cell: ({ backend }) => ({ text: backend }) },
    { head: 'seeds', shared: true, cell: ({ seeds }) => ({ text: seedsInWords(seeds) }) },
    { head: 'measured', align: 'right', cell: ({ testAccuracy }) => ({ text: percent(testAccuracy) }) },
    { head: 'reference', align: 'right', cell: ({ reference }) => ({ text: percent(reference.mean) }) },
    { head: 'difference', align: 'right', cell: (row) => ({ text: differenceInWords(row).replaceAll(' ', '\u00a0') }) },
    {
      head: 'verdict',
      cell: ({ verdict }) => ({
        text: referenceVerdictInWords(verdict).replaceAll(' ', '\u00a0'),
        style: REFERENCE_STYLES[verdict],
      }),
    },
  ];
  return tableSection('Against the reference', plain(referenceNoteInWords(references)), columns, references, page);
}

const RELATION_WORDS: Readonly<Record<ReferenceComparison['verdict'], string>> = {
  agrees: 'with the reference',
  worse: 'than the reference',
  better: 'than the reference',
  inconclusive: 'against the reference',
};

/** What is worse or better than the reference, in full; all of it where everything is asked for. */
function offReference({ references }: Summary, page: Page): readonly string[] {
  const told = page.verbose ? REFERENCE_VERDICTS : (['worse', 'better'] as const);
  return told.flatMap((verdict) => {
    const found = references.filter((comparison) => comparison.verdict === verdict);
    if (found.length === 0) return [];
    const lines = found.flatMap(({ experiment, backend, profile, reason }) =>
      indented(plain(`${experiment} on ${backend}, ${profile}: ${reason}`), 2, page),
    );
    const title = `${referenceVerdictInWords(verdict)} ${RELATION_WORDS[verdict]}: ${found.length}`;
    return [section(title, lines, page, REFERENCE_STYLES[verdict])];
  });
}

function measuredCell({ mean, halfWidth }: AccuracyRow): TableCell {
  return { text: mean === undefined ? 'failed' : accuracyInWords(mean, halfWidth).replaceAll(' ', '\u00a0') };
}

function verdictCell({ verdict }: AccuracyRow): TableCell {
  if (verdict === undefined) return { text: '\u2013', style: 'dim' };
  return { text: signedVerdict(verdict).replaceAll(' ', '\u00a0'), style: VERDICT_STYLES[verdict] };
}

function seedsCell({ seeds, failed }: AccuracyRow): TableCell {
  if (failed === 0) return { text: seedsInWords(seeds) };
  const text = seeds.length === 0 ? `${failed} failed` : `${seedsInWords(seeds)} + ${failed} failed`;
  return { text, style: 'red' };
}

function throughput(summary: Summary, page: Page): string {
  const rows = throughputRows(summary);
  if (rows.length === 0) return '';
  const columns: readonly Column<ThroughputRow>[] = [
    { head: 'experiment', cell: ({ experiment }) => ({ text: plain(experiment) }) },
    { head: 'profile', shared: true, cell: ({ profile }) => ({ text: profile }) },
    { head: 'data', cell: ({ data, real }) => ({ text: plain(data), style: real ? undefined : 'yellow' }) },
    { head: 'backend', shared: true, cell: (row) => ({ text: backendInWords(row) }) },
    { head: 'batch', align: 'right', cell: ({ batchSize }) => ({ text: String(batchSize) }) },
    { head: 'images/s', align: 'right', cell: ({ imagesPerSecond }) => ({ text: speedInWords(imagesPerSecond) }) },
    {
      head: '95% interval',
      align: 'right',
      cell: ({ interval }) => ({ text: speedIntervalInWords(interval) }),
    },
  ];
  return tableSection('Training speed', 'Median of the timed blocks, warm-up excluded', columns, rows, page);
}

function timeToTarget(summary: Summary, page: Page): string {
  const rows = timeToTargetRows(summary);
  if (rows.length === 0) return '';
  const columns = TIME_TO_TARGET_COLUMNS.map((head, index) => ({
    head,
    align: index < 3 ? ('left' as const) : ('right' as const),
    shared: head === 'backend',
    cell: (row: readonly string[]) => ({ text: plain(row[index] ?? '').replaceAll(' ', '\u00a0') }),
  }));
  return tableSection(TIME_TO_TARGET_TITLE, TIME_TO_TARGET_NOTE, columns, rows, page);
}

interface Column<Row> extends TableColumn {
  readonly cell: (row: Row) => TableCell;
  /** Goes into the line above the table where all rows agree. */
  readonly shared?: boolean;
}

function tableSection<Row>(
  title: string,
  note: string,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  page: Page,
): string {
  const agreed = columns.flatMap((column) => {
    const values = new Set(rows.map((row) => column.cell(row).text));
    return column.shared && values.size === 1 ? [{ column, value: [...values].join() }] : [];
  });
  const shown = columns.filter((column) => !agreed.some((each) => each.column === column));
  const cells = rows.map((row) => shown.map((column) => column.cell(row)));
  const facts = [note, ...agreed.map(({ column, value }) => `${column.head} ${value}`)].join('; ');
  const caption = wrap(`${facts}.`, page.width).map((line) => page.paint(line, 'dim'));
  return section(title, [...caption, '', renderTable(shown, cells, page.width, page.paint)], page);
}

function sweep(result: SweepResult, page: Page): string {
  const { experiment, profile, backend } = result.grid;
  const columns = POINT_COLUMNS.map((head) => ({
    head,
    align: head === 'init' || head === 'seeds' ? ('left' as const) : ('right' as const),
  }));
  const rows = result.points.map((point) => pointRow(point).map((text) => ({ text: text.replaceAll(' ', '\u00a0') })));
  const caption = wrap(SWEEP_NOTE, page.width).map((line) => page.paint(line, 'dim'));
  const said = [...rangeLines(result), ...result.printed.map((each) => printedLine(each, result))];
  const effects = result.effects.flatMap((effect) => indented(plain(effectLine(effect)), 2, page));
  return [
    section(
      plain(`What is left out of ${experiment}: profile ${profile}, backend ${backend}`),
      [...caption, '', renderTable(columns, rows, page.width, page.paint)],
      page,
    ),
    section(
      'Range',
      said.flatMap((line) => indented(plain(line), 2, page)),
      page,
    ),
    ...(effects.length === 0 ? [] : [section('What matters, the most first', effects, page)]),
  ].join('\n\n');
}

function cellList(cells: readonly SummaryCell[], title: string, page: Page, style: Style): string {
  const alike = grouped(cells, ({ experiment, backend, profile, outcome, reason }) => [
    experiment,
    backend,
    profile,
    outcome,
    reason,
  ]);
  const lines = alike.flatMap((same) => {
    const [{ experiment, backend, profile, outcome, reason, dataset }] = same;
    const seeds = `${same.length === 1 ? 'seed' : 'seeds'} ${seedsInWords(same.map(({ seed }) => seed))}`;
    const where = [experiment, dataset && dataLabel(dataset), backend, profile, seeds].filter(
      (part) => part !== undefined,
    );
    return indented(plain(`${where.join(', ')}: ${outcome}: ${reason ?? 'no reason given'}`), 2, page);
  });
  return lines.length === 0 ? '' : section(`${title}: ${cells.length}`, lines, page, style);
}

function missedThresholds({ thresholds }: Summary, page: Page): string {
  const missed = thresholds.map(checkThreshold).filter((found) => found !== undefined);
  const lines = missed.flatMap((found) => indented(plain(findingInWords(found)), 2, page));
  const title = `${VERDICT_SIGNS['not reproduced']} Below the threshold of the profile: ${missed.length}`;
  return lines.length === 0 ? '' : section(title, lines, page, 'red');
}

function conclusion(summary: Summary, { paint, width }: Page): string {
  const groups = groupClaims(summary.claims);
  const { length: passed } = summary.thresholds.filter((threshold) => threshold.passed);
  const lines = [
    ...(groups.length === 0 ? [] : wrap(headline(groups), width).map((line) => paint(line, 'bold'))),
    ...(summary.thresholds.length === 0
      ? []
      : wrap(`${passed} of ${summary.thresholds.length} accuracies reach the threshold of the profile.`, width)),
    ...wrap(agreementInWords(summary.references) ?? '', width).filter((line) => line !== ''),
    ...(leavesDeckUnjudged(summary)
      ? wrap('Accuracies are held against the slides with --profile full on real data only.', width)
      : []),
  ];
  return lines.join('\n');
}
