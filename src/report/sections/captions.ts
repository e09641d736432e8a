import type { LevelledInterval } from '../../stats/accuracies.js';
import { isUsual } from '../cells.js';

/** What the numbers of a table are: the one place for these words, whatever the format. */

const ACCURACY =
  'Test accuracy after the last epoch, never the best one: mean over the seeds \u00b1 half its 90% confidence interval';
const WITH_INTERVAL = 'in points, with its 90% confidence interval';
const OTHER_LEVEL = '; where a look decided at another level, it is named';

/** `intervals`: those of the table. */
export function accuracyCaption(intervals: readonly (LevelledInterval | undefined)[]): string {
  return `${ACCURACY}${levelNote(intervals)}.`;
}

/** Of differences between two experiments. */
export function orderCaption(intervals: readonly (LevelledInterval | undefined)[]): string {
  return `Difference of two mean accuracies ${WITH_INTERVAL}${levelNote(intervals)}.`;
}

/** `framework`: of the reference, with its version. */
export function referenceCaption(framework: string, intervals: readonly (LevelledInterval | undefined)[]): string {
  return `${framework}: the same recipe, profile and kind of data in the framework of the decks. The difference is own mean less its mean, ${WITH_INTERVAL}${levelNote(intervals)}.`;
}

function levelNote(intervals: readonly (LevelledInterval | undefined)[]): string {
  return intervals.every((interval) => interval === undefined || isUsual(interval)) ? '' : OTHER_LEVEL;
}

/** `machines`: whether the cells come from several. */
export function speedCaption(machines: boolean): string {
  const whose = machines ? 'the machine named' : 'this machine';
  return `Training steps only, warm-up excluded: images a second, median of the timed blocks with its 95% interval. Speeds of ${whose}, never compared with a slide.`;
}

export const TIME_TO_TARGET_CAPTION =
  'How soon a seed first reaches the low end of the printed accuracy: median over the seeds with its 95% interval (the extremes below six seeds). Seeds that never do count as slower than all others. A speed, not a verdict.';

export const KNOWN_CAPTION =
  'Not measured here: verdicts on the printed numbers after the last epoch of --profile full';

export const SWEEP_CAPTION =
  'Accuracy after the last epoch of each setting: mean over the seeds \u00b1 half its 90% confidence interval. A seed draws the same numbers at every point, so that differences of points are paired and surer than their intervals suggest. The ends of the range were found by looking at all points: chance widens it.';

export const COMPARED_ACCURACY_CAPTION =
  'Mean test accuracy after the last epoch, B less A in points with its 90% interval (Welch), one-sided p (Holm over all rows), Hedges\u2019 g.';

export const COMPARED_SPEED_CAPTION =
  'Median over the cells in images a second, B over A with its 95% bootstrap interval, two-sided p of the Mann-Whitney test, chance that a cell of B is faster.';

export const FULL_PROFILE_HINT = [
  'Accuracies are held against the slides with ',
  { text: '--profile full', style: 'code' },
  ' on real data only.',
] as const;
