import { describe, expect, test } from 'vitest';
import { summarySchema } from '../../../src/core/summary.js';
import { renderReport } from '../../../src/report/render.js';
import { gate } from '../../../src/stats/gate/gate.js';
import { completedTraining } from '../../fixtures/records/build.js';
import { fixtureSummary } from '../../fixtures/records/summary.js';

/** Whole outputs: `npx vitest run test/unit/report -u` rewrites them; read the difference before you keep it. */
const expected = (name: string) => `./expected/${name}`;
const summary = fixtureSummary();

describe('the terminal report', () => {
  test('of the fixture is as expected', async () => {
    const { text, files } = renderReport(summary, 'terminal', { width: 100 });
    await expect(text).toMatchFileSnapshot(expected('terminal.txt'));
    expect(files).toEqual([]);
  });
  test('is the same text with colours in it', () => {
    const coloured = renderReport(summary, 'terminal', { width: 100, colour: true }).text;
    expect(coloured).toContain('\u001b[32m');
    // eslint-disable-next-line no-control-regex
    const bare = coloured.replace(/\u001b\[\d+m/g, '');
    expect(bare.replace(/ +$/gm, '')).toBe(renderReport(summary, 'terminal', { width: 100 }).text);
  });
  test('lists claims that hold one by one only when asked to', () => {
    expect(renderReport(summary, 'terminal').text).not.toContain('LeNet-5 conv1 weights');
    expect(renderReport(summary, 'terminal', { verbose: true, width: 160 }).text).toContain('LeNet-5 conv1 weights');
  });
  test('leaves a column out that says the same in every row, and says it once', () => {
    const [first, second] = [1, 2].map((seed) => completedTraining({ experiment: 'mlp-1', accuracy: 0.89, seed }));
    const { text } = renderReport(fixtureSummary([first, second] as never), 'terminal', { width: 80 });
    expect(text.replaceAll(/\s+/g, ' ')).toContain('interval. Profile full, backend wasm, seeds 1-2.');
    expect(text).toMatch(/^experiment {2}data/m);
  });
  test('of a run without records says so and nothing else', () => {
    const { text } = renderReport(fixtureSummary([]), 'terminal', { width: 80 });
    expect(text).toContain('Unfinished: 0 of 23 planned cells have a record.');
    expect(text).toContain('None of 12 claims could be checked.');
    expect(text).not.toContain('Accuracy\n');
  });
});

describe('the Markdown report', () => {
  const { text, files } = renderReport(summary, 'markdown');
  test('of the fixture is as expected', async () => {
    await expect(text).toMatchFileSnapshot(expected('report.md.txt'));
  });
  test('opens with the verdicts', () => {
    expect(/^## .*$/m.exec(text)?.[0]).toBe('## Verdicts');
  });
  test('refers to every file it comes with, and to no other', () => {
    const referred = [...text.matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)].map(([, name]) => name);
    expect(referred).toEqual(files.map(({ name }) => name));
    expect(new Set(referred).size).toBe(files.length);
  });
  test('draws the curves as expected', async () => {
    const chart = files.find(({ name }) => name.includes('cifar-10'));
    await expect(chart?.text).toMatchFileSnapshot(expected('curves.svg'));
  });
  test('draws the number of a slide only where it may be compared', () => {
    const standIn = files.find(({ name }) => name.includes('stand-in'));
    expect(standIn?.text).toContain('STAND-IN');
    expect(standIn?.text).not.toContain('printed:');
    expect(files.find(({ name }) => name.includes('fashion-mnist-full'))?.text).toContain('printed: ~89%');
  });
  test('labels data that is not the official set in every table it occurs in', () => {
    const rows = text.split('\n').filter((line) => /^\| `(mlp-[234]|cnn-1)`/.test(line));
    expect(rows.length).toBeGreaterThan(10);
    for (const row of rows) expect(row).toMatch(/known variant|STAND-IN/);
  });
});

describe('the JSON report', () => {
  test('is the summary', () => {
    const { text } = renderReport(summary, 'json');
    expect(summarySchema.parse(JSON.parse(text))).toEqual(summary);
  });
  test('of the fixture is as expected', async () => {
    await expect(renderReport(summary, 'json').text).toMatchFileSnapshot(expected('summary.json.txt'));
  });
  test('refuses a summary that does not fit its schema', () => {
    expect(() => renderReport({ ...summary, schemaVersion: 99 as never }, 'json')).toThrow();
  });
  test.each([{ testAccuracy: 7 }, { testAccuracy: -0.1 }, { testImages: -1 }, { seconds: -1 }, { imagesPerSecond: 0 }])(
    'refuses a cell with %o, which no interval can be made of',
    (change) => {
      const [first, ...others] = summary.cells;
      const parse = (cell: object) => summarySchema.safeParse({ ...summary, cells: [cell, ...others] });
      expect(parse({ ...first }).success).toBe(true);
      expect(parse({ ...first, ...change }).success).toBe(false);
    },
  );
});

describe('the JUnit report', () => {
  const { text } = renderReport(summary, 'junit');
  test('of the fixture is as expected', async () => {
    await expect(text).toMatchFileSnapshot(expected('junit.xml.txt'));
  });
  test('has a failure for every failure of the gate, and no other', () => {
    expect(text.match(/<failure /g)).toHaveLength(gate(summary).failures.length);
  });
});
