import type { KnownVerdict } from '../core/known.js';
import type { ClaimVerdict } from '../core/summary.js';
import { counted } from '../stats/wording.js';
import { groupClaims } from './claims.js';
import { measuredInWords, signedVerdict } from './words.js';

/** A claim that this run left unjudged, and what is known of it from elsewhere. Untrusted, as it comes out of a summary. */
export interface KnownRow {
  readonly id: string;
  readonly statement: string;
  readonly printed: string;
  /** A line each; none where no published run has judged it. */
  readonly published: readonly string[];
  readonly reference: string | undefined;
}

export const KNOWN_TITLE = 'Known from elsewhere';

export function knownRows(claims: readonly ClaimVerdict[]): readonly KnownRow[] {
  return unjudged(claims).map((claim) => ({
    id: claim.id,
    statement: claim.statement,
    printed: claim.printed,
    published: claim.known.published.map((each) => knownInWords(claim, each)),
    reference: claim.known.reference && knownInWords(claim, claim.known.reference),
  }));
}

/** Where the columns of the rows come from. */
export function knownNoteInWords(claims: readonly ClaimVerdict[]): string {
  const all = unjudged(claims);
  const published = sources(all.flatMap(({ known }) => known.published));
  const reference = sources(all.flatMap(({ known }) => known.reference ?? []));
  return [
    'Not measured here: verdicts on the printed numbers after the last epoch of --profile full',
    ...(published === '' ? [] : [`published: ${published}`]),
    ...(reference === '' ? [] : [`reference: ${reference}`]),
  ].join('; ');
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
export function knownInWords(claim: ClaimVerdict, { measured, interval, seeds, verdict }: KnownVerdict): string {
  const value = measuredInWords({ ...claim, measured, interval });
  return `${value} (${counted(seeds, 'seed')}) ${signedVerdict(verdict)}`;
}
