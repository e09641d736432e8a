import { grouped } from '../../core/grouped.js';
import type { ClaimVerdict, Summary, SummaryCell } from '../../core/summary.js';
import { countVerdicts, groupClaims } from '../claims.js';
import type { ClaimGroup } from '../claims.js';
import { markdown } from '../escape.js';
import { markdownTable } from '../markdown-table.js';
import { measuredInWords, numberInWords, signedVerdict, VERDICT_SIGNS } from '../words.js';
import { folded } from './fold.js';

/** Kinds of claims that are shown experiment by experiment, and under which heading. */
export const EXPERIMENT_SECTIONS: readonly (readonly [title: string, kind: ClaimVerdict['kind']])[] = [
  ['Worked examples and formulas', 'op'],
  ['Parameters and shapes', 'count'],
  ['Data sets', 'data'],
];

export function experimentSection(
  { cells, claims }: Summary,
  heading: string,
  kind: ClaimVerdict['kind'],
): readonly string[] {
  const experiments = grouped(groupClaims(claims.filter((claim) => claim.kind === kind)), ({ claim }) => [
    claim.experiment,
  ]);
  const sections = experiments.flatMap((groups) => {
    const { reproduced } = countVerdicts(groups);
    const id = groups[0].claim.experiment ?? '';
    const verdict = `${reproduced} of ${groups.length} hold`;
    return folded(`${describeExperiment(id, cells)}: ${verdict}`, parameterTable(groups), reproduced < groups.length);
  });
  return sections.length === 0 ? [] : [`## ${heading}`, ...sections];
}

/** `googlenet, GoogLeNet of the paper, 6,998,552 parameters`: which variant it is, as far as the cells say. */
function describeExperiment(id: string, cells: readonly SummaryCell[]): string {
  const cell = cells.find(({ experiment, outcome }) => experiment === id && outcome === 'completed');
  const count = cell?.parameters === undefined ? [] : [`${numberInWords(cell.parameters)} parameters`];
  return [id, ...(cell?.title === undefined ? [] : [cell.title]), ...count].join(', ');
}

function parameterTable(groups: readonly ClaimGroup[]): string {
  const backends = [...new Set(groups.flatMap(({ verdicts }) => verdicts.flatMap(({ backend }) => backend ?? [])))];
  const on = ({ verdicts }: ClaimGroup, name: string) => {
    const own = verdicts.find(({ backend }) => backend === name);
    return own === undefined ? '\u2013' : `${VERDICT_SIGNS[own.verdict]} ${markdown(measuredInWords(own))}`;
  };
  return markdownTable(
    ['claim', 'where', 'expected', ...backends, 'verdict'],
    groups.map((group) => [
      markdown(group.claim.statement),
      `${group.claim.deck}, ${markdown(group.claim.place)}`,
      markdown(group.claim.printed),
      ...backends.map((name) => on(group, name)),
      signedVerdict(group.verdict),
    ]),
    ['left', 'left', 'right', ...backends.map(() => 'right' as const), 'left'],
  );
}
