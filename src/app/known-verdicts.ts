import type { Claim } from '../core/claim.js';
import type { Known } from '../core/known.js';
import type { Ledger } from '../ledger/ledger.js';
import { judgeByReference } from '../stats/judge/by-reference.js';

/** What the ledger knows of an accuracy or an order without training: its published runs, and the reference. */
export function knownOf({ published: verdicts, referenceOf }: Ledger, claim: Claim): Known | undefined {
  if (claim.kind !== 'accuracy' && claim.kind !== 'relation') return undefined;
  const published = [...(verdicts[claim.id] ?? [])];
  const reference = judgeByReference(claim, referenceOf);
  return published.length === 0 && reference === undefined ? undefined : { published, ...(reference && { reference }) };
}
