import type { Interval } from './interval.js';

/** Numbers as verdicts and reports print them. Accuracies are fractions, differences of accuracies are points. */

/** `88.12%` of a fraction. Two decimals: one image of a test set of 10,000. */
export function percent(fraction: number): string {
  return `${(100 * fraction).toFixed(2)}%`;
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

function signed(difference: number): string {
  const digits = difference.toFixed(2);
  return Number(digits) === 0 ? '0.00' : difference > 0 ? `+${digits}` : digits;
}
