import type { Summary, TimeToTarget } from '../core/summary.js';
import { percent } from '../stats/wording.js';
import { dataLabel, durationInWords } from './words.js';

export const TIME_TO_TARGET_TITLE = 'Time to target';
export const TIME_TO_TARGET_NOTE =
  'How soon a seed first reaches the low end of the printed accuracy: median over the seeds (95% interval; the extremes below six seeds), seeds that never do count as slower than all others. A speed, not a verdict';

export const TIME_TO_TARGET_COLUMNS = [
  'experiment',
  'data',
  'backend',
  'target',
  'reached',
  'epoch',
  'training',
] as const;

/** One row an experiment and backend, in the order of the columns. */
export function timeToTargetRows({
  timesToTarget,
  cells,
}: Pick<Summary, 'timesToTarget' | 'cells'>): readonly (readonly string[])[] {
  return timesToTarget.map((time) => [
    time.experiment,
    dataOf(time, cells),
    time.backend,
    percent(time.target),
    `${time.reached} of ${time.seeds}`,
    spreadInWords(time.epoch, (epoch) => String(Math.ceil(epoch))),
    spreadInWords(time.seconds, durationInWords),
  ]);
}

/** What it was trained on, in words. */
function dataOf({ experiment, backend }: TimeToTarget, cells: Summary['cells']): string {
  const cell = cells.find(
    (each) => each.experiment === experiment && each.backend === backend && each.profile === 'full' && each.dataset,
  );
  return cell?.dataset === undefined ? '\u2013' : dataLabel(cell.dataset);
}

/** `6 (5 to 8)`, `6 (5 or more)`; a dash where half of the seeds never got there. */
function spreadInWords(spread: TimeToTarget['epoch'], inWords: (value: number) => string): string {
  if (spread === undefined) return '\u2013';
  const { median, low, high } = spread;
  const range = high === undefined ? `${inWords(low)} or more` : `${inWords(low)} to ${inWords(high)}`;
  return low === high ? inWords(median) : `${inWords(median)} (${range})`;
}
