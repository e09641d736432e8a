import type { ClaimVerdict, Verdict } from '../../core/summary.js';
import { countMistakes, findings, groupClaims, VERDICT_COLUMNS, VERDICT_TITLES, verdictsByDeck } from '../claims.js';
import type { ClaimGroup, Finding } from '../claims.js';
import { measured, number, signedVerdict, text, textOr, verdictTone } from '../cells.js';
import { section, table, type Block, type ColumnOf } from '../document.js';
import { counted } from '../../stats/wording.js';
import { VERDICT_SIGNS } from '../words.js';
import { claimColumn, on, printedColumn } from './columns.js';

/** How many claims of each deck have which verdict. */
export function verdictCounts(groups: readonly ClaimGroup[]): readonly Block[] {
  type Counts = ReturnType<typeof verdictsByDeck>[number];
  const columns: readonly ColumnOf<Counts>[] = [
    { head: 'deck', cell: ({ label }) => text(label) },
    ...VERDICT_COLUMNS.map((verdict): ColumnOf<Counts> => ({
      head: signedVerdict(verdict),
      align: 'right',
      cell: ({ counts }) => ({
        ...number(counts[verdict], 'claims'),
        tone: counts[verdict] === 0 ? 'dim' : verdictTone(verdict),
      }),
    })),
  ];
  return table(columns, groups.length === 0 ? [] : verdictsByDeck(groups));
}

/** A section a verdict that some claim has. What is not judged or holds is looked up, not read. */
export function findingSections(claims: readonly ClaimVerdict[], verdicts: readonly Verdict[]): readonly Block[] {
  return verdicts.flatMap((verdict) => {
    const found = findings(claims, verdict);
    const { length } = groupClaims(claims.filter((claim) => claim.verdict === verdict));
    const detail = verdict === 'not run' || verdict === 'reproduced';
    const mistakes = countMistakes(found.map(({ claim }) => claim));
    const distinct = verdict === 'erratum' && mistakes < length ? `, ${counted(mistakes, 'distinct mistake')}` : '';
    const title = `${VERDICT_SIGNS[verdict]} ${VERDICT_TITLES[verdict]}: ${length}${distinct}`;
    return section(title, findingTable(found), { tone: verdictTone(verdict), detail });
  });
}

const FINDING_COLUMNS: readonly ColumnOf<Finding>[] = [
  on(claimColumn, ({ claim }) => claim),
  { head: 'deck', cell: ({ decks }) => text(decks.join(', ')) },
  { head: 'where', bare: true, cell: ({ places }) => text(places.join(' and ')) },
  on(printedColumn, ({ claim }) => claim),
  { head: 'measured', align: 'right', cell: ({ claim }) => measured(claim) },
  { head: 'backend', optional: true, cell: ({ backends }) => textOr(backends.join(', ')) },
];

/** One by one, each with its reason. */
export function findingTable(found: readonly Finding[]): readonly Block[] {
  return table(FINDING_COLUMNS, found, {
    layout: 'records',
    rowOf: ({ claim: { id, verdict, reason } }) => ({
      anchor: id,
      label: id,
      ...(verdict !== 'reproduced' && { note: reason }),
    }),
  });
}
