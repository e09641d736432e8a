import { expect, test } from 'vitest';
import { parityCost } from '../../../../src/app/parity/estimate-parity.js';
import { chooseSubjects } from '../../../../src/app/parity/subjects.js';
import { LEDGER } from '../../../fixtures/ledger.js';
import { RUNGS } from '../../../../src/parity/task.js';

const base = {
  ledger: LEDGER,
  software: new Set<never>(),
  subjects: chooseSubjects(LEDGER.experiments, undefined),
  jobs: 2,
  allowDownload: true,
};

test('says beforehand how long it takes and what may be downloaded', () => {
  expect(parityCost({ ...base, backends: ['wasm'], rungs: RUNGS })).toMatch(
    /^js, wasm on the rungs ops, .*: about \dm \d\ds on two cores \(estimated\); .* downloaded first, up to 201 MB$/,
  );
  expect(parityCost({ ...base, backends: ['wasm'], rungs: RUNGS, allowDownload: false })).not.toContain('MB');
  expect(parityCost({ ...base, backends: ['wasm'], rungs: ['ops'] })).toBe(
    'js, wasm on the rungs ops: about 20s on two cores (estimated)',
  );
  const one = chooseSubjects(LEDGER.experiments, ['mlp-1']);
  expect(parityCost({ ...base, subjects: one, backends: ['js'], rungs: ['forward'] })).toMatch(/up to 31 MB$/);
});
