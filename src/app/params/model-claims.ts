import type { Claim, CountClaim } from '../../core/claim.js';
import type { ModelSummary } from '../../model/summary.js';
import type { Shape } from '../../core/model.js';
import { text } from '../../report/cells.js';
import { paragraph, section, table, type Block, type ColumnOf } from '../../report/document.js';
import { printedColumn } from '../../report/sections/columns.js';
import { agrees } from '../../stats/judge/measured.js';
import { measureCount } from '../../stats/judge/count.js';

/** A claim of the ledger on a model, measured on the symbolic count. */
export interface ModelClaim {
  readonly kind: 'count';
  readonly id: string;
  readonly deck: string;
  readonly place: string;
  readonly statement: string;
  readonly printed: string;
  readonly measured: number | Shape;
  readonly holds: boolean;
  /** Why it does not hold. */
  readonly erratum?: string;
}

/** Those of the claims that are about an architecture. */
export function claimsOf(claims: readonly Claim[], model: ModelSummary): ModelClaim[] {
  return claims
    .filter((claim): claim is CountClaim => claim.kind === 'count' && claim.model === model.id)
    .filter(({ comparedWith }) => comparedWith === undefined)
    .map((claim) => {
      const { id, deck, place, statement, printed, erratum } = claim;
      const layers = model.layers.map((layer) => ({ ...layer, outputShape: [...layer.outputShape] }));
      const measured = measureCount(claim, { input: model.input, layers });
      const holds = agrees(claim, measured);
      return {
        kind: 'count' as const,
        id,
        deck,
        place,
        statement,
        printed,
        measured,
        holds,
        ...(!holds && erratum && { erratum }),
      };
    });
}

const COLUMNS: readonly ColumnOf<ModelClaim>[] = [
  { head: 'claim', cell: ({ id, statement }) => ({ kind: 'claim', id, text: statement }) },
  { head: 'id', bare: true, cell: ({ id }) => text(id) },
  { head: 'where', bare: true, cell: ({ place }) => text(place) },
  printedColumn,
  { head: 'counted', align: 'right', cell: ({ measured }) => text(valueText(measured)) },
];

/** How many hold, and the errata in full; those that hold are looked up. */
export function claimBlocks(claims: readonly ModelClaim[]): readonly Block[] {
  if (claims.length === 0) return [];
  const [wrong, held] = [claims.filter(({ holds }) => !holds), claims.filter(({ holds }) => holds)];
  const decks = [...new Set(claims.map(({ deck }) => deck))].sort().join(', ');
  return [
    paragraph(`Claims of deck ${decks}: ${held.length} of ${claims.length} hold.`, { strong: true }),
    ...table(COLUMNS, wrong, { layout: 'records', rowOf: ({ id, erratum }) => ({ anchor: id, note: erratum }) }),
    ...section('Claims that hold', table(COLUMNS, held), { detail: true }),
  ];
}

function valueText(value: number | Shape): string {
  if (typeof value !== 'number') return value.join(' x ');
  return value.toLocaleString('en-US', { maximumFractionDigits: Number.isInteger(value) ? 0 : 4 });
}
