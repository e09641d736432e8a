import { describe, expect, test } from 'vitest';
import type { ClaimVerdict } from '../../../src/core/summary.js';
import type { RenderOptions } from '../../../src/report/format.js';
import { renderDocument, renderReport } from '../../../src/report/render.js';
import { claimsDocument } from '../../../src/report/sections/report.js';
import { fixtureSummary } from '../../fixtures/records/summary.js';

const claim = (id: string, more: Partial<ClaimVerdict>): ClaimVerdict => ({
  id,
  suite: 'ops',
  kind: 'op',
  deck: '002',
  place: 'Example',
  statement: `Statement of ${id}.`,
  printed: '1 2 / 3 4',
  expected: [
    [1, 2],
    [3, 4],
  ],
  unit: 'values',
  experiment: 'ops-x',
  verdict: 'reproduced',
  reason: 'equal',
  ...more,
});
const wrong = [[1, 2.5], [3, 4]]; // prettier-ignore

const CLAIMS: readonly ClaimVerdict[] = [
  claim('a', { backend: 'wasm', measured: wrong, verdict: 'not reproduced', reason: 'not what is printed' }),
  claim('a', { backend: 'js', measured: [[1, 2], [3, 4]] }), // prettier-ignore
  claim('b', { backend: 'wasm', measured: wrong, verdict: 'erratum', reason: '1 + 1.5 = 2.5' }),
  claim('b', { backend: 'js', measured: wrong, verdict: 'erratum', reason: '1 + 1.5 = 2.5' }),
  claim('c', {
    deck: '000',
    printed: 'o = i',
    unit: 'mismatches',
    expected: 0,
    measured: 1,
    verdict: 'not reproduced',
  }),
  claim('d', { deck: '003', kind: 'data', verdict: 'not run', reason: 'not at hand' }),
];

const renderClaims = (claims: readonly ClaimVerdict[], options: RenderOptions) =>
  renderDocument(claimsDocument(claims), 'terminal', options).text;

describe('the claims alone', () => {
  test('come deck by deck, errata first, backends that agree together', () => {
    expect(renderClaims(CLAIMS, { width: 80 })).toMatchInlineSnapshot(`
      "Verdicts
      deck  ✓ reproduced  ! erratum  ✗ not reproduced  ? inconclusive  · not judged
      ─────────────────────────────────────────────────────────────────────────────
      000              0          0                 1               0             0
      002              0          1                 1               0             0
      003              0          0                 0               0             1
      all              0          1                 2               0             1

      ! The slide is wrong (erratum): 1
        Statement of b.
          deck 002; Example; printed 1 2 / 3 4; measured 1 2.5 / 3 4; backend wasm, js
          1 + 1.5 = 2.5

      ✗ Not reproduced: 2
        Statement of a.
          deck 002; Example; printed 1 2 / 3 4; measured 1 2.5 / 3 4; backend wasm
          not what is printed
        Statement of c.
          deck 000; Example; printed o = i; measured 1 mismatch
          equal

      3 of 4 claims checked: 1 wrong on the slide (erratum), 2 not reproduced; 1 not
      judged.
      "
    `);
  });
  test('show what holds and what was not run when asked to', () => {
    const text = renderClaims(CLAIMS, { verbose: true });
    expect(text).toContain('\u2713 Reproduced: 1');
    expect(text).toContain('not at hand');
  });
});

test('the Markdown report has worked examples and data sets in tables of their own', () => {
  const { text } = renderReport({ ...fixtureSummary([]), claims: [...CLAIMS] }, 'markdown');
  expect(text).toContain('## Worked examples and formulas');
  expect(text).toMatch(/^\| Statement of a\. \| 002, Example \| .* \| \u2717 1 2\.5 \/ 3 4 \| \u2713 1 2 \/ 3 4 \| /m);
  expect(text).toContain('## Data sets');
});
