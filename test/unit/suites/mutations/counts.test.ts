import { describe, expect, test } from 'vitest';
import type { CountClaim, CountedModel } from '../../../../src/core/claim.js';
import type { ModelSpec } from '../../../../src/core/model.js';
import { symbolicCounts } from '../../../../src/model/counts.js';
import { compareCounts, measureCount } from '../../../../src/stats/judge/count.js';
import { LEDGER } from '../../../fixtures/ledger.js';
import { mutantsOf } from './models.js';
import { otherwise } from './printed.js';

const CLAIMS = LEDGER.claims.filter((claim): claim is CountClaim => claim.kind === 'count');

function counted(model: ModelSpec): CountedModel {
  return { input: model.input, layers: symbolicCounts(model).layers };
}

function verdictOn(claim: CountClaim, model: CountedModel) {
  const { comparedWith } = claim;
  const other = comparedWith === undefined ? undefined : counted(LEDGER.model(comparedWith));
  return compareCounts(claim, [measureCount(claim, model, other)]);
}

/** The claim as it would hold: an erratum with what is measured in place of what is printed. */
function asItHolds(claim: CountClaim): CountClaim {
  if (claim.erratum === undefined) return claim;
  const { measured } = verdictOn(claim, counted(LEDGER.model(claim.model)));
  const { expected } = claim;
  const rest = { ...claim, erratum: undefined };
  if (typeof measured !== 'number') return { ...rest, printed: `[${String(measured)}]` };
  if (expected === undefined) return { ...rest, printed: String(Number(measured.toFixed(3))) };
  return { ...rest, expected: { low: measured, high: measured, words: '' } };
}

describe('a count claim fails where', () => {
  test('another number is printed', () => {
    const survived = CLAIMS.map(asItHolds).flatMap((claim) => {
      const model = counted(LEDGER.model(claim.model));
      const mutants = otherwise(claim);
      if (verdictOn(claim, model).verdict !== 'reproduced' || mutants.length === 0) return [claim.id];
      return mutants
        .filter((other) => verdictOn(other, model).verdict === 'reproduced')
        .map(({ printed }) => `${claim.id}: ${printed}`);
    });
    expect(survived).toEqual([]);
  });

  test('the model is another one', () => {
    const open = new Set(CLAIMS.map(asItHolds));
    for (const spec of LEDGER.models) {
      const own = [...open].filter(({ model }) => model === spec.id);
      if (own.length === 0) continue;
      for (const { model } of mutantsOf(spec)) {
        const left = own.filter((claim) => open.has(claim));
        if (left.length === 0) break;
        const changed = tried(() => counted(model));
        if (changed === undefined) continue;
        for (const claim of left) {
          const verdict = tried(() => verdictOn(claim, changed).verdict);
          if (verdict !== undefined && verdict !== 'reproduced') open.delete(claim);
        }
      }
    }
    expect([...open].map(({ id }) => id)).toEqual([]);
  });
});

/** Nothing where the mutant is no model any more, or has no such layer: that says nothing of the claim. */
function tried<Result>(compute: () => Result): Result | undefined {
  try {
    return compute();
  } catch {
    return undefined;
  }
}
