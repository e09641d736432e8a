import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { planCells } from '../../../../src/plan/plan.js';
import { runDigest } from '../../../../src/runner/parent/resume.js';
import { LEDGER } from '../../../fixtures/ledger.js';

const NO_DATA = new Map();

test('the identity of a run has --wasm-fma in it, and without is what it always was', () => {
  const plan = planCells([LEDGER.experiment('lenet-5')], ['wasm'], [1], 'smoke');
  expect(runDigest(plan, NO_DATA, { fma: true, trace: false })).not.toBe(
    runDigest(plan, NO_DATA, { fma: false, trace: false }),
  );
  const before = createHash('sha256')
    .update(JSON.stringify([plan.id, []]))
    .digest('hex');
  expect(runDigest(plan, NO_DATA, { fma: false, trace: false })).toBe(before.slice(0, 12));
});
