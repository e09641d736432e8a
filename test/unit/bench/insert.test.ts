import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { insertBetweenMarkers } from '../../../src/bench/insert.js';

const PAGE = 'before\n\n<!-- bench:wasm: generated from here -->\nold\n<!-- bench:wasm: to here -->\n\nafter\n';

test('a result replaces what is between the markers, and nothing else', () => {
  expect(insertBetweenMarkers(PAGE, 'wasm', '| new |')).toBe(
    'before\n\n<!-- bench:wasm: generated from here -->\n\n| new |\n\n<!-- bench:wasm: to here -->\n\nafter\n',
  );
});

test('inserting the same result again changes nothing', () => {
  const once = insertBetweenMarkers(PAGE, 'wasm', '| $& new |');
  expect(insertBetweenMarkers(once, 'wasm', '| $& new |')).toBe(once);
});

test.each(['', PAGE.replace('to here', ''), PAGE.split('\n').toReversed().join('\n')])(
  'a page without both markers in order is refused: %j',
  (page) => {
    expect(() => insertBetweenMarkers(page, 'wasm', 'new')).toThrow(expect.objectContaining({ code: 'E_USAGE' }));
  },
);

test.each(['wasm', 'backends'] as const)('the page on performance has the markers of %s', (benchmark) => {
  const page = readFileSync(new URL('../../../docs/performance.md', import.meta.url), 'utf8');
  expect(insertBetweenMarkers(page, benchmark, 'new')).toContain('\n\nnew\n\n');
});
