import type { Interval } from './inference/interval.js';
import { MOST_SEEDS } from './judge/decide.js';

/** Numbers as verdicts and reports print them. Accuracies are fractions, differences of accuracies are points. */

/** `88.12%` of a fraction. Two decimals: one image of a test set of 10,000. */
export function percent(fraction: number): string {
  return `${(100 * fraction).toFixed(2)}%`;
}

/** `0.3512`. */
export function lossInWords(loss: number): string {
  return loss.toFixed(4);
}

/** `+1.20 points`. */
export function points(difference: number): string {
  return `${signed(difference)} points`;
}

export function percentInterval({ low, high }: Interval): string {
  return `${percent(low)} to ${percent(high)}`;
}

export function pointsInterval({ low, high }: Interval): string {
  return `${signed(low)} to ${signed(high)} points`;
}

/** `1 seed`, `3 seeds`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}

/** `p = 0.013`, `p < 0.001`. */
export function pInWords(p: number): string {
  return p < 0.001 ? 'p < 0.001' : `p = ${p.toFixed(3)}`;
}

const WOULD_NOT_DECIDE = `${MOST_SEEDS} seeds would not decide`;

/** Whether more seeds are no remedy, by the reason that ends in `moreSeedsInWords`. */
export function seedsWouldNotDecide(reason: string): boolean {
  return reason.includes(WOULD_NOT_DECIDE);
}

/** `; 4 more seeds would decide ...`, from what `moreSeedsToDecide` found. */
export function moreSeedsInWords(seeds: number | undefined): string {
  return seeds === undefined
    ? `; ${WOULD_NOT_DECIDE} if mean and spread stay as they are`
    : `; ${counted(seeds, 'more seed')} would decide if mean and spread stay as they are`;
}

/** `+1.20`, `0.00`, `-0.35`. */
export function signed(difference: number): string {
  const digits = difference.toFixed(2);
  return Number(digits) === 0 ? '0.00' : difference > 0 ? `+${digits}` : digits;
}
