import type { BackendName } from '../../core/cell.js';
import type { Claim } from '../../core/claim.js';
import type { Profile } from '../../core/experiment.js';
import type { Summary } from '../../core/summary.js';
import { experimentsOf } from './judge.js';

/** What more seeds could decide. */
export interface Undecided {
  readonly experiment: string;
  readonly backend: BackendName;
}

/**
 * The experiments and backends that have a claim of accuracy or order that is neither reproduced nor not. Where no such
 * claim may be judged, as in a shorter profile or on stand-ins, those that have an undecided comparison with the reference.
 *
 * @param claims the ledger, which knows both sides of a relation
 */
export function undecidedIn(summary: Summary, claims: readonly Claim[], profile: Profile): readonly Undecided[] {
  const sidesOf = new Map(claims.map((claim) => [claim.id, experimentsOf(claim)]));
  const judged = summary.claims.flatMap(({ id, kind, backend, verdict }) =>
    (kind === 'accuracy' || kind === 'relation') && backend !== undefined && verdict !== 'not run'
      ? (sidesOf.get(id) ?? []).map((experiment) => ({ experiment, backend, verdict }))
      : [],
  );
  const isJudged = ({ experiment, backend }: Undecided) =>
    judged.some((each) => each.experiment === experiment && each.backend === backend);
  const found = [
    ...judged.filter(({ verdict }) => verdict === 'inconclusive'),
    ...summary.references.filter(
      (comparison) => comparison.verdict === 'inconclusive' && comparison.profile === profile && !isJudged(comparison),
    ),
  ];
  const distinct = new Map(
    found.map(({ experiment, backend }) => [`${experiment} ${backend}`, { experiment, backend }]),
  );
  return [...distinct.values()];
}
