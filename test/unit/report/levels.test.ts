import { describe, expect, test } from 'vitest';
import type { Summary } from '../../../src/core/summary.js';
import { fillBlocks, markerLines } from '../../../src/report/blocks.js';
import { renderTable } from '../../../src/report/publication.js';
import { renderReport } from '../../../src/report/render.js';
import { accuracyRows } from '../../../src/stats/accuracies.js';
import { meanInterval90, momentsOf } from '../../../src/stats/inference/interval.js';
import { completedTraining } from '../../fixtures/records/build.js';
import { fixtureSummary } from '../../fixtures/records/summary.js';

/** mlp-1 is decided at the first look, of three seeds; two more were trained for another claim. */
const ACCURACIES = [0.8884, 0.8901, 0.8897, 0.8921, 0.8869];
const RECORDS = ACCURACIES.map((accuracy, index) =>
  completedTraining({ experiment: 'mlp-1', accuracy, seed: index + 1, epochs: 2 }),
);

function summaryOf(looks: readonly number[] | undefined): Summary {
  return fixtureSummary(RECORDS, { ...(looks && { looks: [...looks] }) });
}

/** Where Student's t with 2 degrees of freedom leaves (1 - 0.9584)/2 in each tail: 4.7599; the share of the first look is 0.4157. */
const HALF_AT_LOOK = '0.24%';
const HALF_OF_THREE = '0.15%';

/** Every format that prints an interval of the accuracy, with the lines that do. */
function formats(summary: Summary): readonly (readonly [name: string, lines: readonly string[]])[] {
  const publication = { summary, runs: [], caveats: [] };
  const page = fillBlocks([markerLines('verdicts'), markerLines('accuracy')].join('\n'), 'page.md', (name) =>
    renderTable(name, publication),
  );
  const text = {
    terminal: renderReport(summary, 'terminal', { width: 160 }).text,
    markdown: renderReport(summary, 'markdown').text,
    page,
  };
  return Object.entries(text).map(([name, all]) => [
    name,
    all.split('\n').filter((line) => line.includes('\u00b1 0.')),
  ]);
}

describe('a run with --until-decided', () => {
  const summary = summaryOf([3, 5, 10]);
  test('was decided at the first look, whose level is not 90%', () => {
    const claim = summary.claims.find(({ kind, experiment }) => kind === 'accuracy' && experiment === 'mlp-1');
    expect(claim).toMatchObject({ look: 1, seeds: [1, 2, 3], verdict: 'reproduced' });
    expect(claim?.level).toBeCloseTo(0.9584, 4);
  });
  test.each(formats(summary))('shows in %s the interval that decided, with its level, and no other', (_, lines) => {
    const estimates = lines.flatMap((line) => line.match(/8\d\.\d\d \u00b1 \d\.\d\d%( \([^)]*\))?/g) ?? []);
    expect(estimates.length).toBeGreaterThan(0);
    for (const estimate of estimates) expect(estimate).toMatch(/^88\.94 \u00b1 0\.24% \(CI95\.8(; 3 seeds)?\)$/);
  });
  test.each(['terminal', 'markdown'] as const)('says in %s that another level may be named', (format) => {
    const text = renderReport(summary, format).text.replaceAll(/\s+/g, ' ');
    expect(text).toContain('90% confidence interval; where a look decided at another level, it is named.');
  });
  test('has a row of the seeds that decided', () => {
    expect(accuracyRows(summary)).toMatchObject([{ seeds: [1, 2, 3], interval: { level: expect.closeTo(0.9584, 4) } }]);
  });
});

describe('a run with a fixed number of seeds', () => {
  const summary = summaryOf(undefined);
  test('shows the 90% interval of all of them everywhere, and names no level', () => {
    const moments = momentsOf(ACCURACIES);
    const { low, high } = moments ? meanInterval90(moments) : { low: NaN, high: NaN };
    const half = `${(50 * (high - low)).toFixed(2)}%`;
    expect(half).not.toBe(HALF_AT_LOOK);
    expect(half).not.toBe(HALF_OF_THREE);
    for (const [, lines] of formats(summary)) {
      for (const line of lines.filter((each) => each.includes('88.94'))) expect(line).toContain(`88.94 \u00b1 ${half}`);
    }
    expect(renderReport(summary, 'markdown').text).not.toContain('another level');
  });
});
