import type { Verdict } from '../core/summary.js';
import type { RenderOptions } from './format.js';
import { painter } from './paint.js';
import type { Paint, Style } from './paint.js';
import { wrap } from './wrap.js';

const DEFAULT_WIDTH = 100;
const NARROWEST = 60;

export const VERDICT_STYLES: Readonly<Record<Verdict, Style>> = {
  reproduced: 'green',
  'not reproduced': 'red',
  inconclusive: 'yellow',
  erratum: 'magenta',
  'not run': 'dim',
};

/** What a section needs to know of the terminal. */
export interface Page {
  readonly width: number;
  readonly paint: Paint;
  readonly verbose: boolean;
}

export function pageOf({ width = DEFAULT_WIDTH, colour = false, verbose = false }: RenderOptions): Page {
  return { width: Math.max(width, NARROWEST), paint: painter(colour), verbose };
}

/** A heading and its lines. */
export function section(title: string, lines: readonly string[], { paint }: Page, style?: Style): string {
  return [paint(title, 'bold', style), ...lines].join('\n');
}

/** Wrapped, with a margin of blanks. */
export function indented(text: string, columns: number, { width }: Page): readonly string[] {
  return wrap(text, width - columns).map((line) => ' '.repeat(columns) + line);
}
