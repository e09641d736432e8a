import type { ClaimVerdict } from '../../core/summary.js';
import { holmAdjusted } from '../inference/holm.js';
import { counted } from '../wording.js';

/** A decision that is left with more than this after Holm does not stand on its own among so many. */
const LEVEL = 0.05;

/**
 * The accuracy and relation verdicts of a run, each with its p-value adjusted for all that were tested (Holm 1979), those
 * that stayed inconclusive included. A claim is one test: only one of its two decisions can be wrong (Shaffer 1980).
 * Verdicts stay as they are; the reason says where one would not survive.
 */
export function adjustForMany(verdicts: readonly ClaimVerdict[]): ClaimVerdict[] {
  const tested = verdicts.filter(wasTested);
  const adjusted = new Map(holmAdjusted(tested.map(({ p = 1 }) => p)).map((p, index) => [tested[index], p]));
  return verdicts.map((claim) => {
    const pHolm = claim.p === undefined ? undefined : adjusted.get(claim);
    if (pHolm === undefined) return claim;
    const reason =
      pHolm <= LEVEL
        ? claim.reason
        : `${claim.reason}; on its own, not after Holm over ${counted(tested.length, 'claim')}`;
    return { ...claim, pHolm, reason };
  });
}

/** Whether seeds were held against an interval. An inconclusive claim was tested, too: leaving it out would flatter the rest. */
function wasTested({ kind, interval }: ClaimVerdict): boolean {
  return (kind === 'accuracy' || kind === 'relation') && interval !== undefined;
}
