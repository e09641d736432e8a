import { expect, test } from 'vitest';
import type { Known } from '../../../src/core/known.js';
import type { ClaimVerdict } from '../../../src/core/summary.js';
import { knownSection } from '../../../src/report/sections/known.js';
import { agreementInWords } from '../../../src/report/sections/references.js';
import { onlyTable } from './document.js';
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
  const { rows } = onlyTable(knownSection([claim({ backend: 'wasm', known }), claim({ backend: 'js', known })]));
  const texts = rows.map(({ cells }) => cells.map(({ text }) => text));
  expect(texts).toEqual([['A sentence.', '~89%', '89.27 \u00b1 0.25% (5 seeds) \u2713 reproduced', '\u2013']]);
});

test('A claim that some backend judged is not told from elsewhere', () => {
  const judged = claim({ backend: 'wasm', verdict: 'inconclusive', measured: 0.89 });
  expect(knownSection([judged, claim({ backend: 'js', known })])).toEqual([]);
});

test('The caption names what is not measured here, and each source once', () => {
  expect(onlyTable(knownSection([claim({ known }), claim({ id: '000/other', known })])).caption).toBe(
    'Not measured here: verdicts on the printed numbers after the last epoch of --profile full; published: wasm on a processor, 2026-01-01.',
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
