import { describe, expect, test } from 'vitest';
import { readFileSync } from 'node:fs';
import { summarySchema, type Summary } from '../../../src/core/summary.js';
import { renderDocument } from '../../../src/report/render.js';
import { overviewDocument } from '../../../src/report/sections/overview.js';
import { changesSince } from '../../../src/stats/changes.js';
import { fixtureSummary } from '../../fixtures/records/summary.js';

const published = (name: string): Summary =>
  summarySchema.parse(
    JSON.parse(readFileSync(new URL(`../../../results/published/${name}/summary.json`, import.meta.url), 'utf8')),
  );
/** As narrow as terminals are. */
const screen = (summary: Summary, ...more: [ReturnType<typeof changesSince>?]) =>
  renderDocument(overviewDocument(summary, ...more), 'terminal', { width: 80 }).text;

describe('the screen of a run', () => {
  const all = published('quick-wasm');
  const later: Summary = { ...all, run: { ...all.run, id: 'later' } };
  const text = screen(later, changesSince(all, later));

  test('of the fixture is as expected', async () => {
    await expect(screen(fixtureSummary())).toMatchFileSnapshot('./expected/overview.txt');
  });
  test('of "run all" has 24 to 40 lines and says what differs', () => {
    const lines = text.trimEnd().split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(lines.length).toBeGreaterThanOrEqual(24);
    expect(lines.length).toBeLessThanOrEqual(40);
    expect(text).toContain(`Different from run ${all.run.id}\n  Nothing: `);
  });
  test('leaves the arithmetic of errata to the command that explains it', () => {
    for (const claim of all.claims.filter(({ verdict }) => verdict === 'erratum')) {
      expect(text.replaceAll(/\s+/g, ' ')).not.toContain(claim.reason.slice(0, 40));
    }
    expect(text).toContain('cnnbench claims --verdict erratum');
  });
  test('has one row an experiment, however many backends there are, and the worst verdict of them', () => {
    const row = screen(fixtureSummary())
      .split('\n')
      .filter((line) => line.startsWith('mlp-4 '));
    expect(row).toHaveLength(1);
    expect(row[0]).toMatch(/51\.83% +failed .*\u2717 not/);
  });
  test('says of much no more than there is room for', () => {
    const base = fixtureSummary();
    const crashed = base.cells.find(({ outcome }) => outcome === 'crashed');
    const cells = Array.from({ length: 30 }, (_, seed) => ({ ...crashed, seed, reason: `reason ${seed}` })) as never;
    const cut = screen({ ...base, cells });
    expect(cut.match(/reason \d+/g)).toHaveLength(4);
    expect(cut).toContain('and 26 more: see the report');
  });
});

describe('what differs from the last time', () => {
  const before = fixtureSummary();
  const now = (change: Partial<Summary>): Summary => ({ ...before, run: { ...before.run, id: 'now' }, ...change });
  test('is nothing where the runs have no cell in common, or are one', () => {
    expect(changesSince(before, before)).toBeUndefined();
    expect(changesSince(before, now({ cells: [] }))).toBeUndefined();
  });
  test('is each verdict that both have and that is another one', () => {
    const claims = before.claims.map((claim) =>
      claim.id === '001/mlp-1/accuracy' && claim.backend === 'wasm'
        ? { ...claim, verdict: 'inconclusive' as const }
        : claim,
    );
    const [first, ...others] = before.references;
    const references = [{ ...first, verdict: 'worse' as const }, ...others] as Summary['references'];
    const changes = changesSince(before, now({ claims, references }));
    expect(changes).toMatchObject({
      since: before.run.id,
      verdicts: before.claims.length + before.references.length,
      changed: [
        { what: '001/mlp-1/accuracy on wasm', before: 'reproduced', now: 'inconclusive' },
        { what: 'mlp-1 on wasm, full, against the reference', before: 'agrees', now: 'worse' },
      ],
      otherWeights: 0,
    });
    expect(screen(now({ claims, references }), changes)).toContain(
      '  001/mlp-1/accuracy on wasm: inconclusive, was reproduced\n',
    );
  });
  test('counts trainings that ended at other weights, on the same files only', () => {
    const cells = before.cells.map((cell, index) =>
      cell.weightsSha256 === undefined ? cell : { ...cell, weightsSha256: `other ${index}` },
    );
    const trained = cells.filter(({ weightsSha256 }) => weightsSha256 !== undefined).length;
    expect(changesSince(before, now({ cells }))).toMatchObject({
      trainings: trained,
      otherWeights: trained,
      changed: [],
    });
    const elsewhere = cells.map((cell) =>
      cell.dataset === undefined ? cell : { ...cell, dataset: { ...cell.dataset, fingerprint: 'other' } },
    );
    expect(changesSince(before, now({ cells: elsewhere }))).toMatchObject({ trainings: 0, otherWeights: 0 });
  });
});
