import type { Note } from '../../core/note.js';
import type { ClaimVerdict, Summary, Verdict } from '../../core/summary.js';
import { counted } from '../../stats/wording.js';
import { groupClaims, headline, leavesDeckUnjudged } from '../claims.js';
import { paragraph, section, type Block, type Document, type Text } from '../document.js';
import { notesInWords } from '../words.js';
import { accuracyTables } from './accuracy.js';
import { FULL_PROFILE_HINT } from './captions.js';
import { curveCharts } from './curves.js';
import { environmentSection, seedSection } from './environment.js';
import { experimentSections } from './experiments.js';
import { failureSections, symptomSection } from './failures.js';
import { knownSection } from './known.js';
import { noteSections } from './notes.js';
import { agreementInWords, referenceSection } from './references.js';
import { speedSections } from './speeds.js';
import { sweepSections } from './sweep.js';
import { findingSections, verdictCounts } from './verdicts.js';

/** All that a run has to say: the verdicts first, then what they rest on, then how to get it again. */
export function reportDocument(summary: Summary): Document {
  const { claims, run, sweep } = summary;
  return {
    title: `cnnbench report: ${run.id}`,
    notes: notesOf(summary),
    result: resultOf(summary),
    blocks: [
      ...(sweep === undefined ? [] : sweepSections(sweep)),
      // What holds is in the tables below.
      ...verdictSections(claims, VERDICTS_IN_FULL),
      ...noteSections(summary.notes),
      ...failureSections(summary),
      // A sweep has a table of its own settings instead of a row and a speed for each of its ids.
      ...(sweep === undefined ? section('Accuracy', accuracyTables(summary)) : []),
      ...symptomSection(summary),
      ...referenceSection(summary),
      ...(sweep === undefined ? speedSections(summary) : []),
      ...experimentSections(summary),
      ...section('Curves', curveCharts(summary)),
      ...environmentSection(summary),
      ...seedSection(summary),
      ...section('How to run it again', [
        { kind: 'code', language: 'sh', text: run.command },
        paragraph([
          `Started ${run.startedAt}. The rules behind the verdicts are in `,
          { text: 'docs/methodology.md', style: 'code' },
          ' of cnnbench.',
        ]),
      ]),
    ],
  };
}

/** The claims alone: how many hold, what does not and why; then the notes. */
export function claimsDocument(claims: readonly ClaimVerdict[], notes: readonly Note[] = []): Document {
  return {
    blocks: [...verdictSections(claims, [...VERDICTS_IN_FULL, 'reproduced']), ...noteSections(notes)],
    result: headlineOf(claims),
  };
}

const VERDICTS_IN_FULL = ['erratum', 'not reproduced', 'inconclusive', 'not run'] as const;

function verdictSections(claims: readonly ClaimVerdict[], verdicts: readonly Verdict[]): readonly Block[] {
  return [
    ...section('Verdicts', verdictCounts(groupClaims(claims))),
    ...findingSections(claims, verdicts),
    ...knownSection(claims),
  ];
}

export function notesOf(summary: Summary): readonly Text[] {
  const { cells, run } = summary;
  return [
    ...(run.finished
      ? []
      : [`Unfinished: ${cells.length} of ${counted(run.plannedCells, 'planned cell')} have a record.`]),
    ...(cells.some(({ dataset }) => dataset?.standIn)
      ? [
          [
            'Some results are of ',
            { text: 'stand-in images', style: 'strong' } as const,
            ', drawn because a data set could not be had. They say nothing about the slides.',
          ],
        ]
      : []),
    ...notesInWords(summary),
  ];
}

/** The whole result in a few sentences. */
export function resultOf(summary: Summary): readonly Text[] {
  const agreement = agreementInWords(summary.references);
  return [
    ...headlineOf(summary.claims),
    ...thresholdsInWords(summary),
    ...(agreement === undefined ? [] : [agreement]),
    ...(leavesDeckUnjudged(summary) ? [FULL_PROFILE_HINT] : []),
  ];
}

function headlineOf(claims: readonly ClaimVerdict[]): readonly Text[] {
  const groups = groupClaims(claims);
  return groups.length === 0 ? [] : [headline(groups)];
}

function thresholdsInWords({ thresholds }: Summary): readonly Text[] {
  const { length: all } = thresholds;
  const { length: passed } = thresholds.filter((threshold) => threshold.passed);
  if (all === 0) return [];
  if (all === 1) return [`The accuracy ${passed === 1 ? 'reaches' : 'is below'} the threshold of the profile.`];
  return [`${passed === all ? 'All' : `${passed} of`} ${all} accuracies reach the threshold of the profile.`];
}
