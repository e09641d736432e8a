import { expect, test } from 'vitest';
import { thresholdOf } from '../../../../src/stats/gate/thresholds.js';

test.each([
  ['four standard deviations below the mean, rounded down', [0.86, 0.87, 0.88], 0.83],
  ['one point below the mean where the seeds hardly differ', [0.9, 0.9, 0.9], 0.89],
  ['none at chance', [0.1, 0.12, 0.14], undefined],
  ['none of one seed, which has no spread', [0.9], undefined],
  ['none of nothing', [], undefined],
])('%s', (_, accuracies, threshold) => expect(thresholdOf(accuracies, 10)).toBe(threshold));

test('chance is one in the number of classes', () => {
  expect(thresholdOf([0.3, 0.3, 0.3], 2)).toBeUndefined();
  expect(thresholdOf([0.3, 0.3, 0.3], 4)).toBe(0.285);
  expect(thresholdOf([0.05, 0.05, 0.05], 100)).toBe(0.04);
});
