import { grouped } from '../../core/grouped.js';
import type { ClaimVerdict, Summary, SummaryCell } from '../../core/summary.js';
import { countVerdicts, groupClaims } from '../claims.js';
import type { ClaimGroup } from '../claims.js';
import { ABSENT, measured, text, verdictTone } from '../cells.js';
import { section, table, type Block, type Cell, type ColumnOf } from '../document.js';
import { numberInWords, VERDICT_SIGNS } from '../words.js';
import { claimColumn, on, printedColumn, verdictColumn } from './columns.js';

/** Kinds of claims that are shown experiment by experiment, and under which heading. */
const KINDS: readonly (readonly [title: string, kind: ClaimVerdict['kind']])[] = [
  ['Worked examples and formulas', 'op'],
  ['Parameters and shapes', 'count'],
  ['Data sets', 'data'],
];

/** Every claim that is computed or counted, with what each backend gave. */
export function experimentSections({ cells, claims }: Pick<Summary, 'cells' | 'claims'>): readonly Block[] {
  return KINDS.flatMap(([title, kind]) => {
    const groups = groupClaims(claims.filter((claim) => claim.kind === kind));
    const experiments = grouped(groups, ({ claim }) => [claim.experiment]).flatMap((own) => {
      const id = own[0].claim.experiment ?? '';
      const verdict = `${countVerdicts(own).reproduced} of ${own.length} hold`;
      return section(`${describeExperiment(id, cells)}: ${verdict}`, claimTable(own), { detail: true });
    });
    return section(title, experiments);
  });
}

/** `googlenet, GoogLeNet of the paper, 6,998,552 parameters`: which variant it is, as far as the cells say. */
function describeExperiment(id: string, cells: readonly SummaryCell[]): string {
  const cell = cells.find(({ experiment, outcome }) => experiment === id && outcome === 'completed');
  const count = cell?.parameters === undefined ? [] : [`${numberInWords(cell.parameters)} parameters`];
  return [id, ...(cell?.title === undefined ? [] : [cell.title]), ...count].join(', ');
}

function claimTable(groups: readonly ClaimGroup[]): readonly Block[] {
  const backends = [...new Set(groups.flatMap(({ verdicts }) => verdicts.flatMap(({ backend }) => backend ?? [])))];
  const columns: readonly ColumnOf<ClaimGroup>[] = [
    on(claimColumn, ({ claim }) => claim),
    { head: 'where', cell: ({ claim }) => text(`${claim.deck}, ${claim.place}`) },
    on(printedColumn, ({ claim }) => claim),
    ...backends.map((backend): ColumnOf<ClaimGroup> => ({
      head: backend,
      align: 'right',
      cell: ({ verdicts }) => signedMeasurement(verdicts.find((each) => each.backend === backend)),
    })),
    verdictColumn,
  ];
  return table(columns, groups, { rowOf: ({ claim }) => ({ anchor: claim.id }) });
}

function signedMeasurement(claim: ClaimVerdict | undefined): Cell {
  if (claim === undefined) return ABSENT;
  const cell = measured(claim);
  return { ...cell, text: `${VERDICT_SIGNS[claim.verdict]} ${cell.text}`, tone: verdictTone(claim.verdict) };
}
