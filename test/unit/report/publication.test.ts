import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Summary, SummaryCell } from '../../../src/core/summary.js';
import { BLOCK_NAMES, fillBlocks, markerLines } from '../../../src/report/blocks.js';
import { isTable, renderTable, type Publication } from '../../../src/report/publication.js';
import { ENVIRONMENT } from '../../fixtures/records/build.js';
import { fixtureSummary } from '../../fixtures/records/summary.js';

const REFERENCE: Summary['references'][number] = {
  experiment: 'mlp-1',
  backend: 'wasm',
  profile: 'full',
  seeds: [1, 2, 3],
  testAccuracy: 0.8894,
  reference: { framework: 'PyTorch 1.13.0a0', seeds: 10, mean: 0.8902, sd: 0.0023 },
  difference: -0.08,
  interval: [-0.3, 0.1],
  pWorse: 0.3,
  pBetter: 0.7,
  verdict: 'agrees',
  reason: 'no reason',
};

const publication: Publication = {
  summary: { ...fixtureSummary(), references: [REFERENCE] },
  runs: [
    {
      name: 'full-wasm',
      report: 'results/published/full-wasm/report.md',
      startedAt: '2026-01-02T03:04:05.000Z',
      command: 'npx cnnbench run mlp --profile full',
      outcomes: ['completed', 'completed', 'crashed', 'diverged', 'crashed'],
      seconds: 754,
      environments: [
        { ...ENVIRONMENT, commit: 'a'.repeat(40) },
        { ...ENVIRONMENT, commit: 'b'.repeat(40), dirty: true },
      ],
    },
  ],
  caveats: [],
};
const TABLES = BLOCK_NAMES.filter(isTable);
const render = (name: (typeof TABLES)[number], changes: Partial<Publication> = {}) =>
  renderTable(name, { ...publication, ...changes }) ?? '';

describe('the published tables', () => {
  test('of the fixture are as expected', async () => {
    const all = TABLES.map((name) => `# ${name}\n\n${render(name)}\n`).join('\n');
    await expect(all).toMatchFileSnapshot('./expected/publication.md.txt');
  });

  test('have the notes of the data sets that they have rows of, and of no other', () => {
    const { cells } = publication.summary;
    const dataset = cells.find((cell) => cell.dataset?.name === 'cifar-10')?.dataset;
    const { backend, profile, seed, seconds, startedAt } = cells[0] as SummaryCell;
    const counted = { experiment: 'data-cifar-10', suite: 'data', outcome: 'completed', dataset } as const;
    const others = [
      ...cells.filter((cell) => cell.dataset?.name !== 'cifar-10'),
      { ...counted, backend, profile, seed, seconds, startedAt },
    ];
    for (const name of ['accuracy', 'verdicts'] as const) {
      expect(render(name)).toMatch(/^CIFAR-10 \(known variant\): test batch/m);
      expect(render(name, { summary: { ...publication.summary, cells: others } })).not.toMatch(/^CIFAR-10/m);
    }
  });

  test('hold measured against printed against the reference, and a reason for whatever is not reproduced', () => {
    const text = render('verdicts');
    expect(text).toMatch(/~89% .*\(3 seeds\) \| 89\.02%, sd 0\.23 \(10 seeds\): ✓ agrees \|/);
    const { claims } = publication.summary;
    const judged = claims.filter(({ kind }) => kind === 'accuracy' || kind === 'relation');
    expect(text.match(/^\| (?!claim|---)/gm)).toHaveLength(judged.length);
    expect(text.match(/^- `/gm)).toHaveLength(judged.filter(({ verdict }) => verdict !== 'reproduced').length);
  });

  test('show cells that failed as failures', () => {
    expect(render('provenance')).toContain('5 cells (2 crashed, 1 diverged)');
    expect(render('accuracy')).toMatch(/`mlp-4` .* \| js \| 1 failed .*not reproduced/);
  });

  test('name every build, and say which had changes', () => {
    const text = render('provenance');
    expect(text).toContain('built from aaaaaaaaaaaa |');
    expect(text).toContain('built from bbbbbbbbbbbb with uncommitted changes |');
  });

  test.each(TABLES)('%s has each caveat above it, and says so where it has nothing', (name) => {
    expect(render(name, { caveats: ['a | b', 'c'] })).toMatch(
      /^> \*\*Caveat:\*\* a &#124; b\.\n\n> \*\*Caveat:\*\* c\.\n\n/,
    );
    const empty = { summary: fixtureSummary([]), runs: [] };
    const nothing = { ...empty.summary, claims: [], cells: [], backends: [] };
    expect(render(name, { ...empty, summary: nothing }).length).toBeGreaterThan(0);
  });

  test('leave the blocks of the benchmarks alone', () => {
    expect(renderTable('bench-wasm', publication)).toBeUndefined();
  });

  test('are no markers, code, HTML or links of whoever wrote a record, so that publishing again changes nothing', () => {
    const hostile = fc.oneof(
      fc.constantFrom(
        '<!-- /cnnbench:verdicts -->',
        '\n<!-- /cnnbench:verdicts -->\n',
        '```',
        '| a |',
        '[x](y)',
        '<b>',
      ),
      fc.string({ unit: 'binary', maxLength: 30 }),
    );
    const page = TABLES.map(markerLines).join('\n');
    fc.assert(
      fc.property(hostile, (text) => {
        const { summary, runs } = publication;
        const untrusted: Publication = {
          caveats: [text],
          runs: runs.map((run) => ({
            ...run,
            name: text,
            startedAt: text,
            command: text,
            environments: [{ ...ENVIRONMENT, cnnbench: text, node: text, platform: text, cpu: text }],
          })),
          summary: {
            ...summary,
            claims: summary.claims.map((claim) => ({
              ...claim,
              id: text,
              statement: text,
              place: text,
              printed: text,
              reason: text,
            })),
            cells: summary.cells.map((cell) => ({ ...cell, ...(cell.reason !== undefined && { reason: text }) })),
          },
        };
        const once = fillBlocks(page, 'page.md', (name) => renderTable(name, untrusted));
        expect(fillBlocks(once, 'page.md', (name) => renderTable(name, untrusted))).toBe(once);
        expect(once.replaceAll(/<!-- \/?cnnbench:[a-z-]+ -->/g, '').replaceAll(/\(<results[^>]*>\)/g, '')).not.toMatch(
          /<|```/,
        );
        for (const table of once.split(/\n\n/).filter((part) => part.startsWith('|'))) {
          expect(new Set(table.split('\n').map((row) => row.split('|').length)).size).toBe(1);
        }
      }),
      { numRuns: 50 },
    );
  });
});
