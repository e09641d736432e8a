import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { renderBlock, renderMarkdown } from '../../../src/bench/render.js';
import { readSaved } from '../../../src/bench/saved.js';
import { summarize } from '../../../src/model/summary.js';
import { fillBlocks } from '../../../src/report/blocks.js';
import { LEDGER } from '../../fixtures/ledger.js';
import { ROOT } from './import-graph.js';

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

describe('docs/performance.md', () => {
  test.each([
    ['wasm', 'bench-wasm'],
    ['webgpu-h100', 'bench-webgpu'],
  ] as const)('has what results/bench/%s.json was measured to be', (name, block) => {
    const { setting, workloads } = readSaved(join(ROOT, `results/bench/${name}.json`))!;
    const page = read('docs/performance.md');
    const filled = fillBlocks(page, 'page', (each) => (each === block ? renderBlock(setting, workloads) : undefined));
    expect(page).toBe(filled);
    expect(read(`results/bench/${name}.md`)).toBe(`${renderMarkdown(setting, workloads)}\n`);
  });
});

test('docs/params.md has the counts of the architectures', () => {
  const rows = [
    ...read('docs/params.md').matchAll(/^\| (`[a-z0-9-]+`(?:, `[a-z0-9-]+`)*) \| ([\d,]+(?:, [\d,]+)*) \|/gm),
  ];
  expect(rows.length).toBeGreaterThan(5);
  for (const [, ids = '', counts] of rows) {
    const models = [...ids.matchAll(/`([^`]+)`/g)].map(([, id = '']) => LEDGER.model(id));
    const parameters = models.map((model) => summarize(model).totals.parameters.toLocaleString('en-US'));
    expect(counts).toBe(parameters.join(', '));
  }
});

test('the files that the documentation names are there', () => {
  const pages = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md'].concat(
    readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.md'))
      .map((name) => `docs/${name}`),
  );
  const named = pages.flatMap((page) =>
    [
      ...read(page).matchAll(
        /`((?:src|test|scripts|assembly|native|reference|schema|results\/(?:gate|bench|published))\/[\w./-]+)`/g,
      ),
    ].map(([, path = '']) => `${page}: ${path}`),
  );
  expect(named.length).toBeGreaterThan(50);
  expect(named.filter((each) => !existsSync(join(ROOT, each.split(': ')[1] ?? '')))).toEqual([]);
});
