import type { KnownVerdict } from '../../core/known.js';
import type { ClaimVerdict } from '../../core/summary.js';
import { groupClaims } from '../claims.js';
import { measured, signedVerdict, textOr } from '../cells.js';
import { section, table, type Block } from '../document.js';
import { KNOWN_CAPTION } from './captions.js';
import { claimColumn, printedColumn } from './columns.js';

/** What other trainings say of the claims that this run left unjudged; nothing where nothing is known. */
export function knownSection(claims: readonly ClaimVerdict[]): readonly Block[] {
  const rows = unjudged(claims);
  const columns = [
    claimColumn,
    printedColumn,
    {
      head: 'published',
      cell: (claim: Unjudged) => textOr(claim.known.published.map((each) => knownInWords(claim, each)).join('; ')),
    },
    {
      head: 'reference',
      cell: (claim: Unjudged) => textOr(claim.known.reference && knownInWords(claim, claim.known.reference)),
    },
  ];
  const known = table(columns, rows, { caption: captionOf(rows), rowOf: ({ id }) => ({ anchor: id }) });
  return section('Known from elsewhere', known);
}

/** Where the columns come from. */
function captionOf(rows: readonly Unjudged[]): string {
  const published = sources(rows.flatMap(({ known }) => known.published));
  const reference = sources(rows.flatMap(({ known }) => known.reference ?? []));
  const parts = [
    KNOWN_CAPTION,
    ...(published === '' ? [] : [`published: ${published}`]),
    ...(reference === '' ? [] : [`reference: ${reference}`]),
  ];
  return `${parts.join('; ')}.`;
}

type Unjudged = ClaimVerdict & Required<Pick<ClaimVerdict, 'known'>>;

/** Every claim once, though several backends may have left it unjudged, and none that one of them has judged. */
function unjudged(claims: readonly ClaimVerdict[]): readonly Unjudged[] {
  return groupClaims(claims).flatMap(({ claim, verdict }) => (verdict === 'not run' && hasKnown(claim) ? [claim] : []));
}

function hasKnown(claim: ClaimVerdict): claim is Unjudged {
  return claim.known !== undefined;
}

/** `wasm on AMD EPYC, 2026-11-21`, every one once. */
function sources(verdicts: readonly KnownVerdict[]): string {
  const each = verdicts.map(({ by, machine, date }) => `${by} on ${machine}${date === undefined ? '' : `, ${date}`}`);
  return [...new Set(each)].join(' and ');
}

/** `89.27 \u00b1 0.25% (5 seeds) \u2713 reproduced`; one seed is never more than provisional. */
export function knownInWords({ kind, unit }: ClaimVerdict, known: KnownVerdict): string {
  const { interval, level, seeds, verdict } = known;
  const value = measured(
    { kind, unit, measured: known.measured, interval, level, seeds: { length: seeds } },
    { tellSeeds: true },
  );
  return `${value.text} ${signedVerdict(verdict)}`;
}
