import type { CellRecord } from '../../core/record.js';
import { TAIL_90 } from '../inference/interval.js';

/** The numbers of seeds at which a run with `--until-decided` may be judged, fixed before it starts. */
const FIXED_LOOKS: readonly number[] = [3, 5, 10];

/** What one judgement may spend of the error of both one-sided tests. */
export interface Level {
  /** Probability in each tail of the interval that decides. */
  readonly tail: number;
  /** Of the whole error; a p-value divided by it is comparable with the whole. */
  readonly share: number;
}

/** One of several judgements of the same growing sample. */
export interface Look extends Level {
  /** From 1. */
  readonly number: number;
  readonly of: number;
  /** Seeds 1 to this are seen. */
  readonly seeds: number;
  /** Seeds at the look after this one. */
  readonly next?: number;
}

/** A run that is judged once, after all seeds: the whole error. */
export const ONCE: Level = { tail: TAIL_90, share: 1 };

/** Numbers of seeds at the looks of a run of at most `maxSeeds`: the fixed ones below it, and itself. */
export function looksUpTo(maxSeeds: number): number[] {
  return [...FIXED_LOOKS.filter((seeds) => seeds < maxSeeds), maxSeeds];
}

/**
 * How the error is spent over the looks: up to the share t of all seeds ln(1 + (e - 1) t) of it (Lan and DeMets 1983, the
 * function that resembles Pocock's bounds). Each look is tested at its increment alone. That leaves out how much the looks
 * have in common, so that the bound holds whatever that is (Bonferroni): the chance of a wrong decision at any of them is at
 * most the whole.
 *
 * @param looks numbers of seeds, ascending; the last one is the most seeds there may be
 */
export function spendOver(looks: readonly number[]): readonly Look[] {
  const most = looks.at(-1) ?? 1;
  const spent = (seeds: number) => Math.log(1 + (Math.E - 1) * (seeds / most));
  return looks.map((seeds, index) => {
    const share = spent(seeds) - spent(looks[index - 1] ?? 0);
    const next = looks[index + 1];
    return {
      number: index + 1,
      of: looks.length,
      seeds,
      share,
      tail: share * TAIL_90,
      ...(next !== undefined && { next }),
    };
  });
}

/** The records that a look sees. */
export function seenAt<T extends Pick<CellRecord, 'cell'>>({ seeds }: Look, records: readonly T[]): readonly T[] {
  return records.filter(({ cell }) => cell.seed <= seeds);
}

/** Whether every seed of a look has a record, whatever became of it. */
export function isComplete({ seeds }: Look, seen: readonly Pick<CellRecord, 'cell'>[]): boolean {
  const there = new Set(seen.map(({ cell }) => cell.seed));
  return Array.from({ length: seeds }, (_, index) => index + 1).every((seed) => there.has(seed));
}

/** A p-value at a look, comparable with the whole error. */
export function spentP(p: number, { share }: Level): number {
  return Math.min(1, p / share);
}

/** Confidence level of the interval that decides: 0.9 for a run that is judged once. */
export function levelOf({ tail }: Level): number {
  return 1 - 2 * tail;
}

/** `CI90`, `CI95.8`: the interval that decides. */
export function intervalName(level: Level): string {
  return intervalNameOf(levelOf(level));
}

/** The same of a confidence level. */
export function intervalNameOf(level: number): string {
  return `CI${Number((100 * level).toFixed(1))}`;
}

/** `; look 1 of 3, undecided: the next is at 5 seeds`. Nothing for a run that is judged once. */
export function lookInWords(look: Look | undefined, decided: boolean): string {
  if (look === undefined) return '';
  const then = decided || look.next === undefined ? '' : `: the next is at ${look.next} seeds`;
  return `; look ${look.number} of ${look.of}, ${decided ? 'decided' : 'undecided'}${then}`;
}
