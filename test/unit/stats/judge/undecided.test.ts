import { describe, expect, test } from 'vitest';
import type { Claim } from '../../../../src/core/claim.js';
import type { ClaimVerdict, ReferenceComparison } from '../../../../src/core/summary.js';
import { undecidedIn } from '../../../../src/stats/judge/undecided.js';
import { fixtureSummary } from '../../../fixtures/records/summary.js';

const summary = fixtureSummary();
const ledger = [
  { id: '001/mlp-3/accuracy', kind: 'accuracy', experiment: 'mlp-3' },
  { id: '001/mlp-3-not-higher', kind: 'relation', experiment: 'mlp-3', comparedWith: 'mlp-2' },
  { id: '001/mlp-4/accuracy', kind: 'accuracy', experiment: 'mlp-4' },
] as unknown as readonly Claim[];
const [reference] = summary.references as [ReferenceComparison];
const claim = (id: string, verdict: ClaimVerdict['verdict']): ClaimVerdict => {
  const found = summary.claims.find((each) => each.id === id) as ClaimVerdict;
  return { ...found, backend: 'wasm', verdict };
};
const found = (claims: readonly ClaimVerdict[], references: readonly Partial<ReferenceComparison>[] = []) =>
  undecidedIn(
    { ...summary, claims: [...claims], references: references.map((each) => ({ ...reference, ...each })) },
    ledger,
    'full',
  ).map(({ experiment, backend }) => `${experiment} ${backend}`);

describe('undecidedIn', () => {
  test('names the experiment of an inconclusive accuracy, once', () => {
    const verdict = claim('001/mlp-4/accuracy', 'inconclusive');
    expect(found([verdict, verdict])).toEqual(['mlp-4 wasm']);
  });
  test('names both sides of an inconclusive relation', () => {
    expect(found([claim('001/mlp-3-not-higher', 'inconclusive')])).toEqual(['mlp-3 wasm', 'mlp-2 wasm']);
  });
  test('names nothing that is decided', () => {
    expect(found([claim('001/mlp-4/accuracy', 'reproduced'), claim('001/mlp-3/accuracy', 'not reproduced')])).toEqual(
      [],
    );
  });
  const open = { experiment: 'mlp-4', backend: 'wasm', profile: 'full', verdict: 'inconclusive' } as const;
  test('asks the reference where no claim may be judged', () => {
    expect(found([], [open])).toEqual(['mlp-4 wasm']);
    expect(found([claim('001/mlp-4/accuracy', 'not run')], [open])).toEqual(['mlp-4 wasm']);
    expect(found([], [{ ...open, verdict: 'worse' }])).toEqual([]);
  });
  test('leaves the reference aside where a claim is judged, and in another profile', () => {
    expect(found([claim('001/mlp-4/accuracy', 'reproduced')], [open])).toEqual([]);
    expect(found([], [{ ...open, profile: 'quick' }])).toEqual([]);
  });
});
