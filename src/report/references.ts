import type { ReferenceComparison } from '../core/summary.js';
import { counted, percent, signed } from '../stats/wording.js';
import type { Style } from './paint.js';

type ReferenceVerdict = ReferenceComparison['verdict'];

/** `PyTorch 1.13`; nothing where nothing was compared. Untrusted, as it comes out of a summary. */
export function frameworksInWords(references: readonly ReferenceComparison[]): string {
  return [...new Set(references.map(({ reference }) => reference.framework))].join(', ');
}

/** `PyTorch 1.13: the same recipe ...`: what the table of comparisons is about. */
export function referenceNoteInWords(references: readonly ReferenceComparison[]): string {
  const interval = references.some(({ look }) => look !== undefined) ? 'the interval that decides' : 'its 90% interval';
  return `${frameworksInWords(references)}: the same recipe, profile and kind of data in the framework of the decks; own mean less its mean \u00b1 half ${interval}, in points`;
}

const SIGNS: Readonly<Record<ReferenceVerdict, string>> = {
  agrees: '\u2713',
  worse: '\u2717',
  better: '!',
  inconclusive: '?',
};

export const REFERENCE_STYLES: Readonly<Record<ReferenceVerdict, Style>> = {
  agrees: 'green',
  worse: 'red',
  better: 'magenta',
  inconclusive: 'yellow',
};

export function referenceVerdictInWords(verdict: ReferenceVerdict): string {
  return `${SIGNS[verdict]} ${verdict}`;
}

/** `89.02%, sd 0.22 (10 seeds)`. */
export function referenceInWords({ reference: { mean, sd, seeds } }: ReferenceComparison): string {
  return `${percent(mean)}, sd ${(100 * sd).toFixed(2)} (${seeds} seeds)`;
}

/** `-0.12 \u00b1 0.23`, in points. */
export function differenceInWords({ difference, interval: [low, high] }: ReferenceComparison): string {
  return `${signed(difference)} \u00b1 ${((high - low) / 2).toFixed(2)}`;
}

/** Whether this machine computes the trainings that the reference does: the result of all comparisons in a sentence. */
export function agreementInWords(references: readonly ReferenceComparison[]): string | undefined {
  if (references.length === 0) return undefined;
  const count = (verdict: ReferenceVerdict) => references.filter((each) => each.verdict === verdict).length;
  const rest = [
    [count('inconclusive'), 'undecided'],
    [count('worse'), 'worse'],
    [count('better'), 'better'],
  ] as const;
  const others = rest.flatMap(([number, word]) => (number === 0 ? [] : [`${number} ${word}`]));
  const agreeing = count('agrees');
  const trainings = counted(references.length, 'training');
  return others.length === 0
    ? `${references.length === 1 ? 'The training agrees' : `All ${trainings} agree`} with the reference within one point: this machine computes the same.`
    : `${agreeing} of ${trainings} agree with the reference within one point; ${others.join(', ')}.`;
}
