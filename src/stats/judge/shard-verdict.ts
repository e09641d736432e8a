import { shardInWords, type Shard } from '../../core/shard.js';
import type { ClaimVerdict } from '../../core/summary.js';

/**
 * A claim as a shard may report it. What is judged over seeds waits for all of them: a shard has some, and which ones is chance.
 * Counts, worked examples and data sets have one cell a backend, and stand.
 */
export function verdictInShard(claim: ClaimVerdict, shard: Shard): ClaimVerdict {
  if (claim.kind !== 'accuracy' && claim.kind !== 'relation') return claim;
  const { id, suite, kind, deck, place, statement, printed, expected, unit, backend, experiment } = claim;
  return {
    ...{ id, suite, kind, deck, place, statement, printed, expected, unit },
    ...(backend && { backend }),
    ...(experiment !== undefined && { experiment }),
    verdict: 'not run',
    reason: `${shardInWords(shard)} has some of the seeds only; it is judged when all are merged`,
  };
}
