import type { AccuracyClaim, RelationClaim } from '../../core/claim.js';
import type { KnownVerdict } from '../../core/known.js';
import type { Reference, ReferenceOf } from '../../core/reference.js';
import { judgeAccuracies, judgeDifference } from './training.js';
import type { Judgement } from './training.js';

/**
 * The reference's own verdict on a printed number, by the rules that seeds of this machine are judged by. Nothing where the
 * recipe was never trained to the end there.
 */
export function judgeByReference(
  claim: AccuracyClaim | RelationClaim,
  referenceOf: ReferenceOf,
): KnownVerdict | undefined {
  const own = referenceOf(claim.experiment, 'full', 'real');
  if (own === undefined) return undefined;
  if (claim.kind === 'accuracy') return known(judgeAccuracies(claim, own.accuracies, ''), [own]);
  const other = referenceOf(claim.comparedWith, 'full', 'real');
  if (other === undefined) return undefined;
  return known(judgeDifference(claim, own.accuracies, other.accuracies, ''), [own, other]);
}

function known(judgement: Judgement, references: readonly Reference[]): KnownVerdict | undefined {
  const { verdict, reason, measured, interval, level } = judgement;
  if (typeof measured !== 'number' || verdict === 'not run' || verdict === 'erratum') return undefined;
  const all = (field: 'framework' | 'machine') => [...new Set(references.map(({ setup }) => setup[field]))].join(', ');
  return {
    verdict,
    reason,
    measured,
    ...(interval && { interval }),
    ...(level && { level }),
    seeds: Math.min(...references.map(({ accuracies }) => accuracies.length)),
    by: all('framework'),
    machine: all('machine'),
  };
}
