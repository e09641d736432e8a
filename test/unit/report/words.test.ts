import { cnnbenchInWords } from '../../../src/core/build.js';
import { describe, expect, test } from 'vitest';
import type { ClaimVerdict } from '../../../src/core/summary.js';
import { markdown, markdownBlock, markdownCode, plain, xml } from '../../../src/report/escape.js';
import { durationInWords, seedsInWords, speedInWords, cellsInWords } from '../../../src/report/words.js';
import { accuracy, measured, speed } from '../../../src/report/cells.js';
import { wrap } from '../../../src/report/text/wrap.js';
import { fixtureSummary } from '../../fixtures/records/summary.js';

describe('escaping', () => {
  test('turns text into one plain line', () => expect(plain('\u001b[1ma\u001b[0m\n\tb\u202e')).toBe('a b'));
  test('leaves nothing for Markdown to interpret', () => {
    expect(markdown('a|b `c` <i> ~89% x_1')).toBe('a&#124;b &#96;c&#96; &lt;i&gt; \\~89% x\\_1');
  });
  test('uses a code span only where it is safe', () => {
    expect(markdownCode('mlp-1')).toBe('`mlp-1`');
    expect(markdownCode('a`b')).toBe('a&#96;b');
  });
  test('fences a block longer than any run of backticks in it', () => {
    expect(markdownBlock('a ```` b', 'sh')).toBe('`````sh\na ```` b\n`````');
  });
  test('leaves nothing for XML to interpret', () =>
    expect(xml(`<a b="c" d='e'>&\u0000`)).toBe('&lt;a b=&quot;c&quot; d=&apos;e&apos;&gt;&amp;'));
});

describe('words', () => {
  test('name the commit that a build was made from, where it is known', () => {
    const machine = { cnnbench: '0.1.0', node: '20', platform: 'linux', arch: 'x64', cpu: 'a', cores: 1, memory: 1 };
    const commit = '0123456789abcdef'.repeat(3).slice(0, 40);
    expect(cnnbenchInWords(machine)).toBe('0.1.0');
    expect(cnnbenchInWords({ ...machine, commit })).toBe('0.1.0, built from 0123456789ab');
    expect(cnnbenchInWords({ ...machine, commit, dirty: true })).toMatch(/ with uncommitted changes$/);
  });

  test.each([
    [[1], '1'],
    [[3, 1, 2], '1-3'],
    [[1, 2, 7, 9, 10], '1-2, 7, 9-10'],
    [[], ''],
  ])('writes the seeds %j as "%s"', (seeds, words) => expect(seedsInWords(seeds)).toBe(words));
  test.each([
    [45.2, '45 s'],
    [725, '12 min 5 s'],
    [7380, '2 h 3 min'],
  ])('writes %d seconds as "%s"', (seconds, words) => expect(durationInWords(seconds)).toBe(words));
  test.each([
    [0.42149, 'share', '42.1%'],
    [15237608, 'values', '15,237,608 values'],
    [58.1268, 'MiB', '58.127 MiB'],
    [1, 'classes', '1 class'],
    [1, 'parameters', '1 parameter'],
    [2, 'pixels', '2 pixels'],
    [6, 'size', '6'],
  ])('writes what was measured, %d, with its unit, %s', (value, unit, words) => {
    const claim = fixtureSummary().claims.find(({ kind }) => kind === 'count');
    expect(measured({ ...(claim as ClaimVerdict), measured: value, unit }).text).toBe(words);
  });
  test('writes the interval of an accuracy from three seeds on', () => {
    const claim = fixtureSummary().claims.find(({ kind }) => kind === 'accuracy') as ClaimVerdict;
    const wide = { ...claim, measured: 0.18, interval: [0, 0.42] as [number, number] };
    expect(measured({ ...wide, seeds: [1, 2] }).text).toBe('18.00%');
    expect(measured({ ...wide, seeds: [1, 2, 3] }).text).toBe('18.00 \u00b1 21.00%');
  });
  test('names the level of an interval where it is not the usual one', () => {
    const interval = { low: 0.88, high: 0.9, level: 0.958 };
    expect(accuracy(0.89, interval).text).toBe('89.00 \u00b1 1.00% (CI95.8)');
    expect(accuracy(0.89, interval, { seeds: 3, tellSeeds: true }).text).toBe('89.00 \u00b1 1.00% (CI95.8; 3 seeds)');
    expect(accuracy(0.89, { ...interval, level: 1 - 2 * 0.05 }).text).toBe('89.00 \u00b1 1.00%');
    const relation = { kind: 'relation', unit: 'points', measured: 1.2, interval: [0.1, 2.3] } as const;
    const relationOf = (more: object) =>
      measured({ ...relation, interval: [0.1, 2.3], ...more }, { tellSeeds: true }).text;
    expect(relationOf({ seeds: [1, 2, 3] })).toBe('+1.20 points (+0.10 to +2.30; 3 seeds)');
    expect(relationOf({ level: 0.958 })).toBe('+1.20 points (CI95.8 +0.10 to +2.30)');
  });
  test('writes speeds with three digits', () => expect(speedInWords(5254.3)).toBe('5,250'));
});

describe('wrap', () => {
  test('breaks between words, and inside of a word that is longer than the line', () => {
    expect(wrap('one two abcdefgh', 5)).toEqual(['one', 'two', 'abcde', 'fgh']);
  });
  test('of nothing is one empty line', () => expect(wrap('', 5)).toEqual(['']));
});

test('one block spans no interval, and one cell is no cells', () => {
  expect(speed(6120).text).toBe('6,120');
  expect(speed(6120, { low: 5991, high: 6480 }).text).toBe('6,120 (5,990 to 6,480)');
  expect([1, 31].map(cellsInWords)).toEqual(['1 cell', '31 cells']);
});
