import { describe, expect, test } from 'vitest';
import type { AccuracyClaim } from '../../../src/core/claim.js';
import type { CellRecord } from '../../../src/core/record.js';
import { timeToTargetTable } from '../../../src/report/sections/speeds.js';
import { timesToTarget } from '../../../src/stats/time-to-target.js';
import { completedTraining, failed } from '../../fixtures/records/build.js';
import { onlyTable } from '../report/document.js';

const claim: AccuracyClaim = {
  suite: 'mlp',
  deck: '000',
  place: 'slide 4',
  statement: 'A sentence.',
  id: '000/mlp-1/accuracy',
  kind: 'accuracy',
  printed: '~89%',
  experiment: 'mlp-1',
};

/** A training whose test accuracies are these, each epoch of 2 seconds. */
function trained(seed: number, accuracies: readonly number[], more: object = {}): CellRecord {
  const record = completedTraining({ experiment: 'mlp-1', seed, accuracy: accuracies.at(-1) ?? 0, ...more });
  if (record.outcome !== 'completed' || record.result.kind !== 'training') throw new Error(record.outcome);
  const curve = accuracies.map((testAccuracy, index) => ({
    epoch: index + 1,
    trainLoss: 1,
    testLoss: 1,
    testAccuracy,
    trainSeconds: 2,
  }));
  return { ...record, result: { ...record.result, curve } };
}

describe('time to target', () => {
  test('is the first epoch at the low end of the printed interval, and the seconds until its end', () => {
    const [found] = timesToTarget([claim], [trained(1, [0.5, 0.88, 0.9]), trained(2, [0.879, 0.87, 0.88])]);
    expect(found).toEqual({
      claim: '000/mlp-1/accuracy',
      experiment: 'mlp-1',
      backend: 'wasm',
      printed: '~89%',
      target: 0.88,
      seeds: 2,
      reached: 2,
      epoch: { median: 2.5, low: 2, high: 3 },
      seconds: { median: 5, low: 4, high: 6 },
    });
  });
  test('counts a seed that never gets there, or that failed, as slower than all others', () => {
    const late = [trained(1, [0.88]), trained(2, [0.5, 0.88]), trained(3, [0.5, 0.6])];
    const [found] = timesToTarget([claim], late);
    expect(found).toMatchObject({ seeds: 3, reached: 2, epoch: { median: 2, low: 1 } });
    expect(found?.epoch).not.toHaveProperty('high');
    const crashed = failed('crashed', { experiment: 'mlp-1', seed: 3, reason: 'out of memory' });
    expect(timesToTarget([claim], [...late.slice(0, 2), crashed])).toEqual([found]);
  });
  test('has no median where half of the seeds never get there', () => {
    const [found] = timesToTarget([claim], [trained(1, [0.89]), trained(2, [0.5])]);
    expect(found).toMatchObject({ seeds: 2, reached: 1 });
    expect(found).not.toHaveProperty('epoch');
    expect(found).not.toHaveProperty('seconds');
    expect(timesToTarget([claim], [trained(1, [0.5]), trained(2, [0.5])])[0]).not.toHaveProperty('epoch');
  });
  test('is told of full on real data only, and of nothing that was not trained', () => {
    expect(timesToTarget([claim], [trained(1, [0.9], { profile: 'quick' })])).toEqual([]);
    expect(timesToTarget([claim], [trained(1, [0.9], { provenance: 'stand-in' })])).toEqual([]);
    expect(timesToTarget([claim], [failed('crashed', { experiment: 'mlp-1', reason: 'out of memory' })])).toEqual([]);
    expect(timesToTarget([claim], [])).toEqual([]);
  });
  test('has a row in words', () => {
    const [all] = timesToTarget([claim], [trained(1, [0.5, 0.88, 0.9]), trained(2, [0.5, 0.88])]);
    const [half] = timesToTarget([claim], [trained(1, [0.89]), trained(2, [0.5])]);
    const [open] = timesToTarget([claim], [trained(1, [0.88]), trained(2, [0.5, 0.88]), trained(3, [0.5])]);
    const { rows } = onlyTable(
      timeToTargetTable({ timesToTarget: [all, half, open].flatMap((it) => it ?? []), cells: [] }),
    );
    expect(rows.map(({ cells }) => cells.map(({ text }) => text))).toEqual([
      ['mlp-1', '\u2013', 'wasm', '88.00%', '2 of 2', '2', '4 s'],
      ['mlp-1', '\u2013', 'wasm', '88.00%', '1 of 2', '\u2013', '\u2013'],
      ['mlp-1', '\u2013', 'wasm', '88.00%', '2 of 3', '2 (1 or more)', '4 s (2 s or more)'],
    ]);
  });
});
