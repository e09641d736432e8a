import type { Claim, CountClaim } from '../../core/claim.js';
import type { ModelSummary } from '../../model/summary.js';
import type { Shape } from '../../core/model.js';
import { wrap } from '../../report/text/wrap.js';
import { measureCount } from '../../stats/judge/count.js';
import { agrees } from '../../stats/judge/measured.js';
import { plainTable } from '../table.js';

/** Columns of the text of an erratum. */
const ERRATUM_WIDTH = 96;

/** A claim of the ledger on a model, measured on the symbolic count. */
export interface ModelClaim {
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
      return { id, deck, place, statement, printed, measured, holds, ...(!holds && erratum && { erratum }) };
    });
}

/** Errata in full, the others as a number, or each on a line. @param verbose list the claims that hold */
export function claimsText(claims: readonly ModelClaim[], verbose: boolean): string {
  const wrong = claims.filter(({ holds }) => !holds);
  const decks = [...new Set(claims.map(({ deck }) => deck))].sort().join(', ');
  const head = `Claims of deck ${decks}: ${claims.length - wrong.length} of ${claims.length} hold.`;
  const errata = wrong.flatMap(({ id, place, printed, measured, erratum = '' }) => [
    `  erratum ${id} (${place}): printed ${printed}, counted ${valueText(measured)}`,
    ...wrap(erratum, ERRATUM_WIDTH).map((line) => `    ${line}`),
  ]);
  const held = claims.filter(({ holds }) => holds);
  const table = plainTable(
    ['claim', 'printed', 'counted', ''],
    held.map(({ id, printed, measured }) => [id, printed, valueText(measured), 'holds']),
  );
  return [head, ...errata, ...(verbose && held.length > 0 ? ['', table] : [])].join('\n');
}

function valueText(value: number | Shape): string {
  if (typeof value !== 'number') return value.join(' x ');
  return value.toLocaleString('en-US', { maximumFractionDigits: Number.isInteger(value) ? 0 : 4 });
}
