import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { randomStream } from '../../src/core/random.js';
import type { CellRecord } from '../../src/core/record.js';
import { mean } from '../../src/stats/inference/sample.js';
import { judgeReferences } from '../../src/stats/judge/reference.js';
import { completedTraining } from '../fixtures/records/build.js';
import { LEDGER } from '../fixtures/ledger.js';

/** Standard deviation of the sixty honest seeds of results/gate/honest. */
const SD = 0.0033;
const RUNS = 2000;
const page = readFileSync(join(import.meta.dirname, '../../docs/methodology.md'), 'utf8');
const center = mean(LEDGER.referenceOf('mlp-1', 'quick', 'real')!.accuracies)!;

/** Normal numbers (Box and Muller 1958). */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Share of runs that are called worse, where the true mean lies so many points below the reference's. */
function power(seeds: number, drop: number): number {
  const random = randomStream(`power ${seeds} ${drop}`, 1, 'problem');
  const template = completedTraining({ experiment: 'mlp-1', accuracy: 0.5, profile: 'quick' });
  if (template.outcome !== 'completed' || template.result.kind !== 'training') throw new Error('not a training');
  const { result } = template;
  let worse = 0;
  for (let run = 0; run < RUNS; run++) {
    const records = Array.from({ length: seeds }, (_, index): CellRecord => {
      const testAccuracy = center - drop / 100 + SD * normal(random);
      return { ...template, cell: { ...template.cell, seed: index + 1 }, result: { ...result, testAccuracy } };
    });
    const [comparison] = judgeReferences(records, { referenceOf: LEDGER.referenceOf });
    if (comparison?.verdict === 'worse') worse++;
  }
  return worse / RUNS;
}

test.each([1, 3, 5])('docs/methodology.md has the power of %d seeds', { tags: 'slow' }, (seeds) => {
  const row = [0.5, 0.8, 1, 1.2, 1.5].map((drop) => `${Math.round(100 * power(seeds, drop))}%`);
  expect(page).toContain(`| ${seeds} ${seeds === 1 ? 'seed' : 'seeds'} | ${row.join(' | ')} |`);
});
