import type { Tone } from '../document.js';

/** Select Graphic Rendition codes (ECMA-48, 8.3.117): on and off. */
const STYLES = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  magenta: [35, 39],
} as const;

export type Style = keyof typeof STYLES;

export const TONES: Readonly<Record<Tone, Style>> = {
  good: 'green',
  bad: 'red',
  warn: 'yellow',
  odd: 'magenta',
  dim: 'dim',
};

export type Paint = (text: string, ...styles: readonly (Style | undefined)[]) => string;

/** Wraps text in colour codes, or returns it as it is. Node's styleText would look at the environment. */
export function painter(colour: boolean): Paint {
  return (text, ...styles) =>
    colour
      ? styles.reduce<string>((painted, style) => {
          if (style === undefined) return painted;
          const [on, off] = STYLES[style];
          return `\u001b[${on}m${painted}\u001b[${off}m`;
        }, text)
      : text;
}
