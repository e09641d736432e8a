import { grouped, type NonEmpty } from '../../core/grouped.js';
import { isFailure } from '../../core/record.js';
import type { ReferenceComparison, Summary } from '../../core/summary.js';
import { accuracyRows, type AccuracyRow } from '../../stats/accuracies.js';
import { isReal } from '../../stats/comparable.js';
import type { Changes } from '../../stats/changes.js';
import { counted } from '../../stats/wording.js';
import { ABSENT, code, measured, printed, referenceVerdict, text, verdictCell, verdictTone } from '../cells.js';
import { findings, groupClaims, worstVerdict } from '../claims.js';
import { list, section, table, type Block, type Cell, type ColumnOf, type Document, type Text } from '../document.js';
import { cellsInWords, provenanceInWords, seedsInWords, verdictInWords, VERDICT_SIGNS } from '../words.js';
import { measuredCell } from './accuracy.js';
import { accuracyCaption } from './captions.js';
import { on, profileColumn } from './columns.js';
import { symptomLines } from './failures.js';
import { notesOf, resultOf } from './report.js';
import { sweepSections } from './sweep.js';
import { verdictCounts } from './verdicts.js';

/** Lines of a list that a screen has room for. */
const MOST_LINES = 5;

/**
 * What matters of a run, for one screen: accuracies, what went wrong, how many claims hold, what differs from the last time. The
 * report has the rest.
 */
export function overviewDocument(summary: Summary, changes?: Changes): Document {
  const { run, cells, claims, sweep } = summary;
  return {
    title: `cnnbench run ${run.id}: ${cellsInWords(cells.length)}`,
    notes: notesOf(summary),
    blocks: [
      ...(sweep === undefined ? section('Accuracy', accuracyTable(summary)) : sweepSections(sweep)),
      ...shortSection(`${VERDICT_SIGNS.inconclusive} Symptoms`, symptomLines(cells), { tone: 'warn' }),
      ...shortSection(`${VERDICT_SIGNS['not reproduced']} Cells without a result`, cellLines(summary), { tone: 'bad' }),
      ...section('Verdicts', verdictCounts(groupClaims(claims))),
      ...shortSection('Not reproduced or inconclusive', openLines(summary), { tone: verdictTone('not reproduced') }),
      ...(changes === undefined ? [] : changeSection(changes)),
    ],
    result: [...resultOf(summary), ...errataHint(summary)],
  };
}

/** An experiment in one profile on one data set, on all backends. */
type Rows = NonEmpty<AccuracyRow>;

function accuracyTable(summary: Summary): readonly Block[] {
  const rows = accuracyRows(summary);
  const experiments = grouped(rows, ({ experiment, profile, dataset, claim }) => [
    ...[experiment, profile, dataset?.fingerprint, claim?.id],
  ]);
  const backends = [...new Set(rows.map(({ backend }) => backend))];
  const columns: readonly ColumnOf<Rows>[] = [
    { head: 'experiment', cell: experimentCell },
    on(profileColumn, ([row]) => row),
    { head: 'seeds', align: 'right', shared: true, cell: seedCount },
    { head: 'printed', align: 'right', cell: ([{ claim }]) => (claim === undefined ? ABSENT : printed(claim)) },
    ...backends.map((backend): ColumnOf<Rows> => ({
      head: backend,
      align: 'right',
      cell: (same) => {
        const row = same.find((each) => each.backend === backend);
        return row === undefined ? ABSENT : measuredCell(row);
      },
    })),
    { head: 'reference', optional: true, cell: (same) => worstComparison(same, summary.references) },
    { head: 'verdict', cell: (same) => verdictCell(worstVerdict(same.flatMap(({ verdict }) => verdict ?? []))) },
  ];
  return table(columns, experiments, { caption: accuracyCaption(rows.map(({ interval }) => interval)) });
}

/** `mlp-1`, `mlp-1 (STAND-IN)`: data that is the data set's own is left to the report. */
function experimentCell([{ experiment, dataset }]: Rows): Cell {
  if (dataset === undefined || isReal(dataset)) return code(experiment);
  return code(`${experiment} (${provenanceInWords(dataset)})`, 'warn');
}

/** How many: `3`, `1 to 3`. */
function seedCount(same: Rows): Cell {
  const counts = same.map(({ seeds }) => seeds.length);
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
  return text(fewest === most ? String(most) : `${fewest} to ${most}`);
}

const COMPARISONS = ['worse', 'better', 'inconclusive', 'agrees'] as const;

function worstComparison(same: Rows, references: readonly ReferenceComparison[]): Cell {
  const found = references.filter(({ experiment, backend, profile, standIn = false }) =>
    same.some(
      (row) =>
        row.experiment === experiment &&
        row.backend === backend &&
        row.profile === profile &&
        (row.dataset?.standIn ?? false) === standIn,
    ),
  );
  const worst = COMPARISONS.find((verdict) => found.some((each) => each.verdict === verdict));
  return worst === undefined ? ABSENT : referenceVerdict(worst);
}

/** `cnn-2, wasm, full, seeds 1-2: timed-out: no end after 600 s`. */
function cellLines({ cells }: Summary): readonly string[] {
  const without = cells.filter(({ outcome }) => outcome !== 'completed').toSorted((a, b) => rank(a) - rank(b));
  const alike = grouped(without, ({ experiment, backend, profile, outcome, reason }) => [
    ...[experiment, backend, profile, outcome, reason],
  ]);
  return alike.map((same) => {
    const [{ experiment, backend, profile, outcome, reason = 'no reason given' }] = same;
    const seeds = `${same.length === 1 ? 'seed' : 'seeds'} ${seedsInWords(same.map(({ seed }) => seed))}`;
    return `${experiment}, ${backend}, ${profile}, ${seeds}: ${outcome}: ${reason}`;
  });
}

/** Failures first. */
function rank(cell: Summary['cells'][number]): number {
  return isFailure(cell) ? 0 : 1;
}

/** `000/mlp-4/accuracy on wasm: inconclusive: printed ~52%, measured 52.76 \u00b1 0.31%`. */
function openLines({ claims }: Summary): readonly string[] {
  return (['not reproduced', 'inconclusive'] as const).flatMap((verdict) =>
    findings(claims, verdict).map(({ claim, backends }) => {
      const where = backends.length === 0 ? '' : ` on ${backends.join(', ')}`;
      const value = claim.measured === undefined ? '' : `, measured ${measured(claim).text}`;
      return `${claim.id}${where}: ${verdictInWords(verdict)}: printed ${claim.printed}${value}`;
    }),
  );
}

function changeSection({ since, verdicts, changed, trainings, otherWeights }: Changes): readonly Block[] {
  const lines = [
    ...changed.map(({ what, before, now }) => `${what}: ${wordOf(now)}, was ${wordOf(before)}`),
    ...(otherWeights === 0 ? [] : [`${otherWeights} of ${counted(trainings, 'training')} ended at other weights`]),
  ];
  const same = `Nothing: ${counted(verdicts, 'verdict')} and ${counted(trainings, 'training')} as before.`;
  return shortSection(`Different from run ${since}`, lines.length === 0 ? [same] : lines);
}

function wordOf(verdict: string): string {
  return verdict === 'not run' ? verdictInWords(verdict) : verdict;
}

/** As many lines as there is room for, and how many more the report has. */
function shortSection(
  title: string,
  lines: readonly string[],
  options: Parameters<typeof section>[2] = {},
): readonly Block[] {
  const shown = lines.length <= MOST_LINES ? lines : lines.slice(0, MOST_LINES - 1);
  const rest = lines.length - shown.length;
  return section(title, list([...shown, ...(rest === 0 ? [] : [`and ${rest} more: see the report`])]), options);
}

/** Where the arithmetic of the errata is. */
function errataHint({ claims }: Summary): readonly Text[] {
  const { length } = groupClaims(claims).filter(({ verdict }) => verdict === 'erratum');
  if (length === 0) return [];
  const them = length === 1 ? 'the erratum' : 'the errata';
  return [[`Why: `, { text: 'cnnbench claims --verdict erratum', style: 'code' }, ` explains ${them}.`]];
}
