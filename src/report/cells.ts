import { parsePrinted } from '../core/printed.js';
import type { ClaimVerdict, ReferenceComparison, Verdict } from '../core/summary.js';
import { intervalAtLevel, type LevelledInterval } from '../stats/accuracies.js';
import type { Interval } from '../stats/inference/interval.js';
import { intervalNameOf, levelOf, ONCE } from '../stats/judge/looks.js';
import { counted, lossInWords, percent, signed } from '../stats/wording.js';
import type { Cell, Tone } from './document.js';
import { durationInWords, numberInWords, speedInWords, verdictInWords, VERDICT_SIGNS } from './words.js';

/** Cells of tables: each value in its words, digits and unit, decided here for every format. */

export const ABSENT: Cell = { kind: 'absent', text: '\u2013' };

export function text(words: string, tone?: Tone): Cell {
  return { kind: 'text', text: words, tone };
}

/** A text, or a dash. */
export function textOr(words: string | undefined): Cell {
  return words === undefined || words === '' ? ABSENT : text(words);
}

/** A name that somebody may copy: an experiment, a digest, a command. */
export function code(words: string, tone?: Tone): Cell {
  return { kind: 'text', text: words, style: 'code', tone };
}

/** A whole number, or one with up to three decimals. */
export function number(value: number | undefined, unit = ''): Cell {
  return value === undefined ? ABSENT : { kind: 'number', value, unit, text: numberInWords(value) };
}

/** A number in digits of its own. */
export function digits(value: number, words: string, unit = ''): Cell {
  return { kind: 'number', value, unit, text: words };
}

export function percentage(fraction: number | undefined): Cell {
  return fraction === undefined
    ? ABSENT
    : { kind: 'number', value: fraction, unit: 'fraction', text: percent(fraction) };
}

export function duration(seconds: number): Cell {
  return { kind: 'number', value: seconds, unit: 's', text: durationInWords(seconds) };
}

/** Below three seeds Student's t is 6.3: an interval there is, and it says next to nothing. */
const LEAST_SEEDS = 3;

/** `88.94 \u00b1 0.15%`, `88.94 \u00b1 0.21% (CI95.8; 3 seeds)`: an interval of another level than 90 % says so. */
export function accuracy(
  mean: number,
  interval: LevelledInterval | undefined,
  { seeds = LEAST_SEEDS, tellSeeds = false }: { readonly seeds?: number; readonly tellSeeds?: boolean } = {},
): Cell {
  const shown = seeds < LEAST_SEEDS ? undefined : interval;
  const words =
    shown === undefined ? percent(mean) : `${(100 * mean).toFixed(2)} \u00b1 ${percent((shown.high - shown.low) / 2)}`;
  const facts = [...levelInWords(shown), ...(tellSeeds ? [counted(seeds, 'seed')] : [])];
  return { kind: 'estimate', value: mean, unit: 'fraction', interval: shown, text: withFacts(words, facts) };
}

/** `+0.03 (-0.10 to +0.15)`, in points; `+0.03 points (-0.10 to +0.15; 3 seeds)` where nothing else names the unit. */
export function points(
  difference: number,
  interval: LevelledInterval | undefined,
  { named = false, seeds }: { readonly named?: boolean; readonly seeds?: number | undefined } = {},
): Cell {
  const span = interval && [...levelInWords(interval), `${signed(interval.low)} to ${signed(interval.high)}`].join(' ');
  const facts = [...(span === undefined ? [] : [span]), ...(seeds === undefined ? [] : [counted(seeds, 'seed')])];
  const words = withFacts(`${signed(difference)}${named ? ' points' : ''}`, facts);
  return { kind: 'estimate', value: difference, unit: 'points', interval, text: words };
}

/** `0.70 (0.68 to 0.73)`. */
export function ratio(value: number, interval: LevelledInterval | undefined): Cell {
  const span = interval && `${interval.low.toFixed(2)} to ${interval.high.toFixed(2)}`;
  return { kind: 'estimate', value, unit: '', interval, text: withFacts(value.toFixed(2), span ? [span] : []) };
}

/** `5,250 (5,050 to 5,400)`, images a second with the 95 % interval; none where too little was timed for one. */
export function speed(imagesPerSecond: number, interval?: Interval): Cell {
  const span = interval && `${speedInWords(interval.low)} to ${speedInWords(interval.high)}`;
  return {
    kind: 'estimate',
    value: imagesPerSecond,
    unit: 'images/s',
    interval: interval && { ...interval, level: 0.95 },
    text: withFacts(speedInWords(imagesPerSecond), span ? [span] : []),
  };
}

/** What was measured for a claim, in its unit; a dash where nothing may be compared. */
export function measured(
  { kind, measured: value, interval, level, seeds, unit }: Measured,
  { tellSeeds = false }: { readonly tellSeeds?: boolean } = {},
): Cell {
  if (value === undefined) return ABSENT;
  if (typeof value !== 'number') return text(typeof value === 'string' ? value : arrayInWords(value));
  const count = seeds?.length;
  const span = intervalAtLevel({ interval, level });
  if (kind === 'score' && unit === 'loss') return digits(value, lossInWords(value), unit);
  if (kind === 'accuracy' || kind === 'score')
    return accuracy(value, span, { ...(count !== undefined && { seeds: count }), tellSeeds });
  if (kind === 'relation') return points(value, span, { named: true, seeds: tellSeeds ? count : undefined });
  return { kind: 'number', value, unit, text: quantityInWords(value, unit) };
}

type Measured = Pick<ClaimVerdict, 'kind' | 'measured' | 'interval' | 'level' | 'unit'> & {
  readonly seeds?: { readonly length: number } | undefined;
};

/** The string of a deck; of an accuracy with the interval that it stands for. */
export function printed({ kind, printed: words }: Pick<ClaimVerdict, 'kind' | 'printed'>): Cell {
  return { kind: 'printed', text: words, ...(kind === 'accuracy' && regionOf(words)) };
}

/** Nothing for what stands for no number: a summary may come from anybody. */
function regionOf(words: string): Partial<Interval> {
  try {
    const parsed = parsePrinted(words);
    return parsed.kind === 'number' ? { low: parsed.low, high: parsed.high } : {};
  } catch (error) {
    if (error instanceof RangeError) return {};
    throw error;
  }
}

const VERDICT_TONES: Readonly<Record<Verdict, Tone>> = {
  reproduced: 'good',
  'not reproduced': 'bad',
  inconclusive: 'warn',
  erratum: 'odd',
  'not run': 'dim',
};

export function verdictTone(verdict: Verdict): Tone {
  return VERDICT_TONES[verdict];
}

/** `\u2713 reproduced`. */
export function signedVerdict(verdict: Verdict): string {
  return `${VERDICT_SIGNS[verdict]} ${verdictInWords(verdict)}`;
}

export function verdictCell(verdict: Verdict | undefined): Cell {
  if (verdict === undefined) return ABSENT;
  return { kind: 'verdict', verdict, text: signedVerdict(verdict), tone: VERDICT_TONES[verdict] };
}

type ReferenceVerdict = ReferenceComparison['verdict'];

const REFERENCE_SIGNS: Readonly<Record<ReferenceVerdict, readonly [sign: string, tone: Tone]>> = {
  agrees: ['\u2713', 'good'],
  worse: ['\u2717', 'bad'],
  better: ['!', 'odd'],
  inconclusive: ['?', 'warn'],
};

/** `\u2713 agrees`. */
export function referenceVerdict(verdict: ReferenceVerdict): Cell {
  const [sign, tone] = REFERENCE_SIGNS[verdict];
  return { kind: 'verdict', verdict, text: `${sign} ${verdict}`, tone };
}

/** The level of an interval where it is not that of a run that is judged once. */
function levelInWords(interval: LevelledInterval | undefined): readonly string[] {
  return interval === undefined || isUsual(interval) ? [] : [intervalNameOf(interval.level)];
}

/** Whether an interval has the level that every caption names. */
export function isUsual({ level }: LevelledInterval): boolean {
  return Math.abs(level - levelOf(ONCE)) < 1e-9;
}

function withFacts(words: string, facts: readonly string[]): string {
  return facts.length === 0 ? words : `${words} (${facts.join('; ')})`;
}

/** Units that are no words to stand behind a number. */
const NO_NOUNS = ['shape', 'size', 'value', 'difference'];

/** `15,237,608 values`, `58.127 MiB`, `1 class`; a share is a percentage. */
function quantityInWords(value: number, unit: string): string {
  if (unit === 'share') return `${(100 * value).toFixed(1)}%`;
  if (NO_NOUNS.includes(unit)) return numberInWords(value);
  const one = unit.replace(/(ss|ch)es$/, '$1').replace(/([^s])s$/, '$1');
  return `${numberInWords(value)} ${value === 1 ? one : unit}`;
}

/** A shape as `54x54x96`, rows of numbers as the ledger prints them: `19 25 / 37 43`. */
function arrayInWords(values: readonly (number | readonly number[])[]): string {
  const rows = values.flatMap((row) => (typeof row === 'number' ? [] : [row.map(numberInWords).join(' ')]));
  return rows.length > 0 ? rows.join(' / ') : values.join('x');
}
