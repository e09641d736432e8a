import type { Claim } from '../core/claim.js';
import type { Known } from '../core/known.js';
import { judgeByReference } from '../stats/judge/by-reference.js';
import { PUBLISHED } from '../suites/published.js';
import { referenceOf } from '../suites/references.js';

/** What this version knows of an accuracy or an order without training: its published runs, and the reference. */
export function knownOf(claim: Claim): Known | undefined {
  if (claim.kind !== 'accuracy' && claim.kind !== 'relation') return undefined;
  const published = [...(PUBLISHED[claim.id] ?? [])];
  const reference = judgeByReference(claim, referenceOf);
  return published.length === 0 && reference === undefined ? undefined : { published, ...(reference && { reference }) };
}
