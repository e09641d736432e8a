import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ERROR_CODES } from '../../../src/core/errors.js';
import { ELSEWHERE } from '../../system/remedies/elsewhere.js';
import { REMEDIES } from '../../system/remedies/index.js';
import { ROOT } from './import-graph.js';
import { remedyTexts } from './remedy-texts.js';

/** Findings of the gate are no errors, the protocol passes remedies on, the benchmarks are not in the package, and what is wrong with a deck is said line by line. */
const SKIPPED = [
  ...['src/bench/', 'src/decks/', 'src/ledger/combine.ts', 'src/stats/gate/'],
  ...['src/report/gate.ts', 'src/core/gate-result.ts', 'src/runner/protocol.ts'],
];

const IN_SOURCE = remedyTexts((file) => SKIPPED.some((start) => file.startsWith(start)));
const WALKED = Object.values(REMEDIES).map(({ remedy }) => remedy);
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

describe('what errors say to do', () => {
  test('is done in a test, or there is a reason why it cannot be', () => {
    expect([...IN_SOURCE].filter((text) => !WALKED.includes(text) && !Object.hasOwn(ELSEWHERE, text))).toEqual([]);
  });

  test('is in the source where a test does it', () => {
    expect([...WALKED, ...Object.keys(ELSEWHERE)].filter((text) => !IN_SOURCE.has(text))).toEqual([]);
  });

  test('is done in one place', () => {
    expect(Object.keys(ELSEWHERE).filter((text) => WALKED.includes(text))).toEqual([]);
  });

  const TESTS = Object.entries(ELSEWHERE).flatMap(([text, where]) => ('test' in where ? [[text, where.test]] : []));
  test.each(TESTS)('%s: in %s', (text = '', path = '') => {
    const [longest = ''] = text.split(/…|"|'|`/).toSorted((left, right) => right.length - left.length);
    expect(read(path).includes(longest.replace(/\.$/, ''))).toBe(true);
  });

  test('is found through constants, parameters, functions and properties', () => {
    expect([...IN_SOURCE]).toEqual(
      expect.arrayContaining([
        'Check the path.',
        'Write … before it: blocks do not overlap.',
        'Verify it with the version that made it: ….',
        'Install npm, which comes with Node, and put it on the PATH.',
        'Set CNNBENCH_SWIFTSHADER to the absolute path of libvk_swiftshader.so, or unset it.',
      ]),
    );
  });

  test('has every code among what is tried', () => {
    const tried = new Set([...Object.values(REMEDIES), ...Object.values(ELSEWHERE)].map(({ code }) => code));
    const codes = (Object.keys(ERROR_CODES) as (keyof typeof ERROR_CODES)[]).filter(
      (code) => !code.startsWith('E_DECK_'),
    );
    expect(codes.filter((code) => !tried.has(code))).toEqual([]);
  });
});
