import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ERROR_CODES } from '../../../src/core/errors.js';
import { ROOT, sourceFiles } from './import-graph.js';

/** Rows of the table of codes in docs/errors.md: code, exit code, meaning, remedy. */
const ROWS = [
  ...readFileSync(join(ROOT, 'docs/errors.md'), 'utf8').matchAll(
    /^\| `(?<code>E_[A-Z_]+)` +\| (?<exit>\d+) +\| (?<meaning>.+?) +\| (?<remedy>.+?) +\|$/gm,
  ),
].map((match) => match.groups as { code: string; exit: string; meaning: string; remedy: string });

const SOURCES = sourceFiles()
  .filter((file) => file !== 'src/core/errors.ts')
  .map((file) => readFileSync(join(ROOT, file), 'utf8'));

test('docs/errors.md lists every code with its exit code, in the order of src/core/errors.ts', () => {
  const listed = ROWS.map(({ code, exit }) => [code, Number(exit)]);
  expect(listed).toEqual([...Object.entries(ERROR_CODES), ['E_INTERRUPTED', 130]]);
});

test('every code has a meaning and a remedy of its own', () => {
  const meanings = ROWS.map(({ meaning }) => meaning);
  expect(new Set(meanings).size).toBe(ROWS.length);
  for (const { meaning, remedy } of ROWS) expect(remedy).not.toBe(meaning);
});

test.each(ROWS.map(({ code }) => code))('%s is used in src/', (code) => {
  expect(SOURCES.some((text) => text.includes(`'${code}'`))).toBe(true);
});
