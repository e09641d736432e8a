import { expect, test } from 'vitest';
import { deckTemplate } from '../../../src/app/init/templates.js';
import { DeckError } from '../../../src/decks/problem.js';
import { permutation, randomStream } from '../../../src/core/random.js';
import { read } from './deck.js';

const SEED = Number(process.env['CNNBENCH_TEST_SEED'] ?? Date.now() % 1_000_000);
const TEXT = deckTemplate('./deck-1.json');
const PIECES = [
  ...[
    '"',
    "'",
    '{',
    '}',
    '[',
    ']',
    ':',
    ',',
    '-',
    '#',
    '&a ',
    '*a',
    '!!str ',
    '<<: ',
    '|',
    '>',
    '%',
    '@',
    '`',
    '\t',
    '\n',
    '\u0000',
    '\ufeff',
  ],
  ...[
    '1e999',
    '-1',
    '0',
    '.nan',
    'null',
    'yes',
    '{}',
    '[]',
    '__proto__: 1\n',
    '  ',
    '\u202e',
    '\ud800',
    '999999999999',
    'printed: 96.50\n',
  ],
];

/** A deck with a few characters, words or lines changed, left out, doubled or swapped. */
function mutated(seed: number): string {
  const random = randomStream('deck', seed, 'shuffle');
  const upTo = (most: number) => Math.floor(random() * most);
  let text = TEXT;
  for (let change = 0; change <= upTo(4); change++) {
    const [from, length] = [upTo(text.length), upTo(30)];
    const lines = text.split('\n');
    switch (upTo(6)) {
      case 0:
        text = text.slice(0, from) + text.slice(from + length);
        break;
      case 1:
        text = text.slice(0, from) + (PIECES[upTo(PIECES.length)] ?? '') + text.slice(from);
        break;
      case 2:
        text = text.slice(0, from) + text.slice(from, from + length) + text.slice(from);
        break;
      case 3:
        text = lines.toSpliced(upTo(lines.length), 1).join('\n');
        break;
      case 4: {
        const order = permutation(lines.length, random);
        const [a = 0, b = 0] = order;
        text = lines
          .with(a, lines[b] ?? '')
          .with(b, lines[a] ?? '')
          .join('\n');
        break;
      }
      default:
        text = text.replace(/\d+/g, (digits) => (upTo(8) === 0 ? (PIECES[upTo(PIECES.length)] ?? digits) : digits));
    }
  }
  return text;
}

test(
  `a thousand mutated decks end with a code and a line, or are read (CNNBENCH_TEST_SEED=${SEED})`,
  { tags: 'slow', timeout: 120_000 },
  async () => {
    const ended = { read: 0, refused: 0 };
    for (let seed = SEED; seed < SEED + 1000; seed++) {
      const text = mutated(seed);
      const about = `seed ${seed}:\n${text}`;
      try {
        const { claims, files } = await read(text);
        ended.read++;
        expect(claims.length, about).toBe(Object.keys(files[0]?.lines ?? {}).length);
      } catch (error) {
        if (!(error instanceof DeckError)) throw new Error(about, { cause: error });
        ended.refused++;
        expect(error.code, about).toMatch(/^E_DECK_/);
        expect(error.problems.length, about).toBeGreaterThan(0);
        const lines = text.split('\n').length;
        for (const { line, column, message } of error.problems) {
          expect([line >= 1 && line <= lines, column >= 1, message.length > 0], about).toEqual([true, true, true]);
        }
      }
    }
    expect(ended.refused).toBeGreaterThan(300);
    expect(ended.read).toBeGreaterThan(50);
  },
);
