import type { ClaimVerdict, Summary, Verdict } from '../../core/summary.js';
import {
  byDeck,
  countVerdicts,
  findings,
  groupClaims,
  headline,
  leavesDeckUnjudged,
  verdictsByDeck,
  VERDICT_COLUMNS,
  VERDICT_TITLES,
} from '../claims.js';
import type { ClaimGroup } from '../claims.js';
import { markdown } from '../escape.js';
import { KNOWN_TITLE, knownNoteInWords, knownRows } from '../known.js';
import { markdownTable } from '../markdown-table.js';
import { measuredInWords, notesInWords, signedVerdict, VERDICT_SIGNS } from '../words.js';
import { folded } from './fold.js';

export function verdictSections(summary: Summary): readonly string[] {
  const groups = groupClaims(summary.claims);
  const { cells, run } = summary;
  const state = run.finished
    ? []
    : [`> Unfinished: ${cells.length} of ${run.plannedCells} planned cells have a record.`];
  const standIns = cells.some(({ dataset }) => dataset?.standIn)
    ? [
        '> Some results are of **stand-in images**, drawn because a data set could not be had. They say nothing about the slides.',
      ]
    : [];
  const hint = leavesDeckUnjudged(summary)
    ? ['Accuracies are held against the slides with `--profile full` on real data only.']
    : [];
  const notes = [...state, ...standIns, ...notesInWords(summary).map((note) => `> ${markdown(note)}`)];
  if (groups.length === 0) return notes;
  return [
    ...notes,
    '## Verdicts',
    `**${headline(groups)}**`,
    ...hint,
    verdictCounts(groups),
    ...knownSection(summary.claims),
    ...byDeck(summary.claims).flatMap(({ deck, claims }) => deckSection(deck, claims)),
  ];
}

/** How many claims of each deck have which verdict. */
export function verdictCounts(groups: readonly ClaimGroup[]): string {
  return markdownTable(
    ['deck', ...VERDICT_COLUMNS.map(signedVerdict)],
    verdictsByDeck(groups).map(({ label, counts }) => [
      label,
      ...VERDICT_COLUMNS.map((verdict) => String(counts[verdict])),
    ]),
    ['left', 'right', 'right', 'right', 'right', 'right'],
  );
}

/** What other trainings say of the numbers that this run left unjudged. */
function knownSection(claims: readonly ClaimVerdict[]): readonly string[] {
  const rows = knownRows(claims);
  if (rows.length === 0) return [];
  const table = markdownTable(
    ['claim', 'printed', 'published', 'reference'],
    rows.map(({ statement, printed, published, reference }) => [
      markdown(statement),
      markdown(printed),
      markdown(published.join('; ') || '\u2013'),
      markdown(reference ?? '\u2013'),
    ]),
  );
  return [`## ${KNOWN_TITLE}`, `${markdown(knownNoteInWords(claims))}.`, table];
}

/** What a reader of a deck has to know, its errata first. */
function deckSection(deck: string, claims: readonly ClaimVerdict[]): readonly string[] {
  const sections = [
    ...findingSection(claims, 'erratum'),
    ...findingSection(claims, 'not reproduced'),
    ...findingSection(claims, 'inconclusive'),
    ...folded(`Not judged (${countVerdicts(groupClaims(claims))['not run']})`, findingTable(claims, 'not run')),
  ];
  return sections.length === 0 ? [] : [`## Deck ${deck}`, ...sections];
}

function findingSection(claims: readonly ClaimVerdict[], verdict: Verdict): readonly string[] {
  const table = findingTable(claims, verdict);
  return table === '' ? [] : [`### ${VERDICT_SIGNS[verdict]} ${VERDICT_TITLES[verdict]}`, table];
}

function findingTable(claims: readonly ClaimVerdict[], verdict: Verdict): string {
  const found = findings(claims, verdict);
  if (found.length === 0) return '';
  return markdownTable(
    ['claim', 'where', 'printed', 'measured', 'backend', 'why'],
    found.map(({ claim, backends }) => [
      markdown(claim.statement),
      markdown(claim.place),
      markdown(claim.printed),
      markdown(measuredInWords(claim)),
      backends.join(', '),
      markdown(claim.reason),
    ]),
  );
}
