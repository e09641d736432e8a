import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CellRecord } from '../../../src/core/record.js';
import { renderDocument, type DocumentFormat } from '../../../src/report/render.js';
import { comparisonDocument } from '../../../src/report/sections/comparison.js';
import { displayWidth } from '../../../src/report/text/wrap.js';
import { compareSides, type Comparison } from '../../../src/stats/compare/compare-sides.js';
import { matchSides } from '../../../src/stats/compare/match.js';
import { sideOfRecords } from '../../../src/stats/compare/side.js';
import { completedTraining, failed } from '../../fixtures/records/build.js';

function trained(experiment: string, accuracy: number, speed: number, count = 7): CellRecord[] {
  return Array.from({ length: count }, (_, index) =>
    completedTraining({
      ...{ experiment, seed: index + 1, accuracy: accuracy + 0.001 * (index % 3) },
      imagesPerSecond: speed + index,
    }),
  );
}

function compare(a: readonly CellRecord[], b: readonly CellRecord[], nameOfB = 'after'): Comparison {
  const [sideA, sideB] = [sideOfRecords('before', a), sideOfRecords(nameOfB, b)];
  return compareSides(sideA, sideB, matchSides(sideA.cells, sideB.cells), () => undefined);
}

const crash = failed('crashed', { experiment: 'mlp-2', seed: 9, reason: 'out of | memory' });
const COMPARISON = compare(
  [...trained('mlp-1', 0.88, 1000), ...trained('mlp-2', 0.5, 500), ...trained('mlp-3', 0.5, 100, 2)],
  [...trained('mlp-1', 0.88, 700), ...trained('mlp-2', 0.5, 501), crash, ...trained('mlp-4', 0.5, 100, 1)],
);

const render = (comparison: Comparison, format: DocumentFormat, options = {}) =>
  renderDocument(comparisonDocument(comparison), format, options).text;

describe('a comparison', () => {
  test('reads so on a terminal', async () => {
    await expect(render(COMPARISON, 'terminal')).toMatchFileSnapshot('expected/comparison.txt');
  });

  test('reads so in Markdown', async () => {
    await expect(render(COMPARISON, 'markdown')).toMatchFileSnapshot('expected/comparison.md');
  });

  test('of untrusted text stays within its lines and tables', () => {
    const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.constant('a | b <script> \u001b[31m ` \n'));
    fc.assert(
      fc.property(text, text, (reason, name) => {
        const other = failed('crashed', { experiment: 'mlp-1', seed: 9, reason });
        const comparison = compare(trained('mlp-1', 0.88, 1000), [...trained('mlp-1', 0.88, 1000), other], name);
        const terminal = render(comparison, 'terminal', { width: 80 });
        // eslint-disable-next-line no-control-regex -- that is what must not be there
        expect(terminal).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
        expect(Math.max(...terminal.split('\n').map(displayWidth))).toBeLessThanOrEqual(80);
        const markdown = render(comparison, 'markdown');
        const rows = markdown.split('\n').filter((line) => line.startsWith('|'));
        expect(new Set(rows.map((row) => row.split('|').length))).toEqual(new Set([11, 10]));
        expect(markdown).not.toContain('<script');
      }),
      { numRuns: 50 },
    );
  }, 60_000);
});
