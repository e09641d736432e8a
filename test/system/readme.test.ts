import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { countsOf, statements } from '../../scripts/write-claims.js';
import { ARGS, curves, excerpt } from '../../scripts/write-readme.js';
import { DEFAULT_SEED_COUNT } from '../../src/plan/plan.js';
import { readRecords } from '../../src/records/store.js';
import { LEDGER } from '../fixtures/ledger.js';
import { cnnbench } from './cnnbench.js';

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const README = read('README.md');

test('README.md shows what the program prints', async () => {
  const { code, stdout } = await cnnbench(ARGS);
  expect(code).toBe(0);
  expect(README).toContain(`<!-- output -->\n${excerpt(stdout)}\n<!-- /output -->`);
});

test('docs/errors.md shows an error as the program prints it', async () => {
  const { code, stderr } = await cnnbench(['run', 'mlp-1', '--backend', 'wasn']);
  expect(code).toBe(2);
  expect(read('docs/errors.md')).toContain(`\`\`\`\n${stderr}\`\`\`\n`);
});

test('docs/curves.svg is drawn from the published records', async () => {
  expect(read('docs/curves.svg')).toBe(await curves());
});

test('README.md has verdicts that were published', () => {
  const rows = README.split('\n').filter((line) => /\| [✓?✗] [a-z ]+ \|$/.test(line));
  expect(rows).toHaveLength(4);
  const published = read('docs/results.md').split('\n');
  for (const row of rows) expect(published).toContain(row);
});

test('README.md has the two set-up commands, each on a line of its own', () => {
  expect(README).toContain('\n```sh\nnpm ci && npx cnnbench run all\n```\n');
  expect(README).toContain('\n```sh\nnpm ci && npm test\n```\n');
});

test('the numbers of README.md', async () => {
  expect(README).toContain(`the ${LEDGER.claims.length} claims of five\ndecks`);
  expect(new Set(LEDGER.claims.map(({ deck }) => deck)).size).toBe(5);
  const counts = countsOf(statements(), LEDGER);
  expect(README).toContain(`[${counts.statements} statements]`);
  expect(README).toContain(`${counts.mistakes} distinct mistakes, which ${counts.errata} claims read`);
  for (const [profile, count] of Object.entries(DEFAULT_SEED_COUNT)) {
    expect(README).toMatch(new RegExp(`^\\| \`${profile}\`.* ${count} seeds?\\b`, 'm'));
  }
  const { engines } = JSON.parse(read('package.json')) as { engines: { node: string } };
  expect(engines.node).toContain(/Node ([\d.]+) or newer/.exec(README)?.[1]);
  const records = await readRecords(join(ROOT, 'results/published/quick-wasm'));
  const minutes = records.reduce((sum, { seconds }) => sum + seconds, 0) / 60;
  expect(README).toContain(`in about ${Math.ceil(minutes)} minutes on two cores`);
});
