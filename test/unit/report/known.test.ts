import { expect, test } from 'vitest';
import type { Known } from '../../../src/core/known.js';
import type { ClaimVerdict } from '../../../src/core/summary.js';
import { knownNoteInWords, knownRows } from '../../../src/report/known.js';
import { agreementInWords } from '../../../src/report/references.js';
import { fixtureSummary } from '../../fixtures/records/summary.js';

const known: Known = {
  published: [
    {
      verdict: 'reproduced',
      reason: '',
      measured: 0.8927,
      interval: [0.8902, 0.8952],
      seeds: 5,
      by: 'wasm',
      machine: 'a processor',
      date: '2026-01-01',
    },
  ],
};

const claim = (more: Partial<ClaimVerdict>): ClaimVerdict => ({
  id: '000/mlp-1/accuracy',
  suite: 'mlp',
  kind: 'accuracy',
  deck: '000',
  place: 'slide 4',
  statement: 'A sentence.',
  printed: '~89%',
  expected: 0.89,
  unit: 'fraction',
  verdict: 'not run',
  reason: 'quick only',
  ...more,
});

test('A claim that two backends left unjudged is one row', () => {
  const rows = knownRows([claim({ backend: 'wasm', known }), claim({ backend: 'js', known })]);
  expect(rows).toMatchObject([{ published: ['89.27 \u00b1 0.25% (5 seeds) \u2713 reproduced'], reference: undefined }]);
});

test('A claim that some backend judged is not told from elsewhere', () => {
  const judged = claim({ backend: 'wasm', verdict: 'inconclusive', measured: 0.89 });
  expect(knownRows([judged, claim({ backend: 'js', known })])).toEqual([]);
});

test('The note names what is not measured here, and each source once', () => {
  expect(knownNoteInWords([claim({ known }), claim({ id: '000/other', known })])).toBe(
    'Not measured here: verdicts on the printed numbers after the last epoch of --profile full; published: wasm on a processor, 2026-01-01',
  );
});

test('The comparisons with the reference have one sentence', () => {
  const [first] = fixtureSummary().references;
  if (first === undefined) throw new Error('the fixture compares nothing');
  const as = (...verdicts: (typeof first.verdict)[]) => verdicts.map((verdict) => ({ ...first, verdict }));
  expect(agreementInWords([])).toBeUndefined();
  expect(agreementInWords(as('agrees', 'agrees'))).toBe(
    'All 2 trainings agree with the reference within one point: this machine computes the same.',
  );
  expect(agreementInWords(as('agrees', 'worse', 'inconclusive', 'inconclusive'))).toBe(
    '1 of 4 trainings agree with the reference within one point; 2 undecided, 1 worse.',
  );
});
