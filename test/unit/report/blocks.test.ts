import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BLOCK_NAMES, fillBlocks, findBlocks, markerLines, type BlockName } from '../../../src/report/blocks.js';

const PAGE = 'before\n\n<!-- cnnbench:verdicts -->\nold\n<!-- /cnnbench:verdicts -->\n\nafter\n';
const fill = (page: string, text: string | undefined) => fillBlocks(page, 'page.md', () => text);

/** Lines of an author: no markers, no fences, which have tests of their own. */
const proseLine = fc.oneof(
  fc.constantFrom(
    '',
    '# Title',
    '| a | b |',
    '<!-- a comment -->',
    '    <!-- cnnbench:verdicts -->',
    'see <!-- cnnbench:x -->',
  ),
  fc.string({ maxLength: 20 }).filter((line) => !/[\r\n`~]|cnnbench/.test(line)),
);
const newline = fc.constantFrom('\n', '\r\n');
const prose = fc
  .tuple(fc.array(proseLine, { maxLength: 5 }), newline)
  .map(([lines, eol]) => lines.map((line) => line + eol).join(''));
const block = fc.record({ name: fc.constantFrom(...BLOCK_NAMES), before: prose, old: prose, eol: newline });

describe('filling the blocks of a page', () => {
  test('replaces what is between the markers, and nothing else', () => {
    expect(fill(PAGE, '| new |')).toBe(
      'before\n\n<!-- cnnbench:verdicts -->\n\n| new |\n\n<!-- /cnnbench:verdicts -->\n\nafter\n',
    );
  });

  test('leaves a block alone that nothing belongs into', () => {
    expect(fill(PAGE, undefined)).toBe(PAGE);
  });

  test('keeps every byte outside of the blocks, fills each in its own line endings, and changes nothing when done again', () => {
    const text = fc.array(fc.constantFrom('| $& |', '', 'text $1', '\u00b1 \u2713'), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(block, { maxLength: 4 }), prose, text, fc.boolean(), (blocks, after, lines, whole) => {
        const pageWith = (inside: (one: (typeof blocks)[number]) => string) => {
          const page =
            blocks
              .map((one) => {
                const [open = '', close = ''] = markerLines(one.name).split('\n');
                return one.before + open + one.eol + inside(one) + close + one.eol;
              })
              .join('') + after;
          return whole ? page : page.replace(/(\r\n|\r|\n)$/, '');
        };
        const once = fill(
          pageWith(({ old }) => old),
          lines.join('\n'),
        );
        expect(once).toBe(pageWith(({ eol }) => ['', ...lines, '', ''].join(eol)));
        expect(fill(once, lines.join('\n'))).toBe(once);
        expect(findBlocks(once, 'page.md').map(({ name }) => name)).toEqual(blocks.map(({ name }) => name));
      }),
    );
  });

  test('takes a marker in a fenced block of code for an example of one', () => {
    const example = '````md\n```\n<!-- cnnbench:verdicts -->\n```\n````\n~~~\n<!-- cnnbench:nonsense -->\n~~~\n';
    expect(findBlocks(example, 'page.md')).toEqual([]);
    expect(findBlocks(example + PAGE, 'page.md')).toMatchObject([{ name: 'verdicts', line: 11 }]);
  });

  test('never writes a marker into a block', () => {
    expect(() => fill(PAGE, 'a\n<!-- /cnnbench:verdicts -->')).toThrow('has a marker in it');
  });

  test('works below a byte order mark', () => {
    expect(fill(`\ufeff${markerLines('counts')}`, 'x')).toBe(
      '\ufeff<!-- cnnbench:counts -->\n\nx\n\n<!-- /cnnbench:counts -->',
    );
  });
});

describe('a page is refused, with the line', () => {
  const [open = '', close = ''] = markerLines('verdicts').split('\n');
  const [otherOpen = '', otherClose = ''] = markerLines('errata').split('\n');
  test.each([
    ['that does not close a block', ['text', open, 'text'], 'page.md:2: the block "verdicts" is not closed'],
    ['that closes one without opening it', ['text', close], 'page.md:2: "verdicts" is closed, but was not opened'],
    [
      'with a block in itself',
      [open, open, close],
      'page.md:2: a marker of "verdicts" is inside the block "verdicts", which line 1 opens',
    ],
    ['with a block in another', [open, otherOpen, otherClose, close], 'page.md:2: a marker of "errata" is inside'],
    ['with overlapping blocks', [open, otherClose], 'page.md:2: a marker of "errata" is inside'],
    [
      'with an unknown name',
      ['', '', '<!-- cnnbench:veridcts -->'],
      'page.md:3: there is no block "veridcts"; did you mean "verdicts"?',
    ],
    ['with a name that nobody could mean', ['<!-- cnnbench:x -->'], 'page.md:1: there is no block "x"'],
    ['with a marker that is not alone on its line', [`${open}${close}`], 'page.md:1: this is not a marker of cnnbench'],
    ['with half a marker', ['<!-- cnnbench verdicts -->'], 'page.md:1: this is not a marker of cnnbench'],
    ['whose block ends inside of code', [open, '```', close], 'page.md:1: the block "verdicts" is not closed'],
  ])('%s', (_, lines, message) => {
    const error = expect.objectContaining({ code: 'E_USAGE', message: expect.stringContaining(message) });
    for (const eol of ['\n', '\r\n', '\r']) expect(() => fill(lines.join(eol), 'new')).toThrow(error);
  });
});

test('a comment of a hundred thousand blanks takes no time', () => {
  const page = `<!--${' '.repeat(100_000)}x -->\n${PAGE}`;
  expect(findBlocks(page, 'page.md')).toHaveLength(1);
  expect(() => findBlocks(`<!-- cnnbench:${'v'.repeat(1_000_000)} -->`, 'page.md')).toThrow(/there is no block/);
});

test.each(['bench-wasm', 'bench-backends'] as const)('the page on performance has the block %s', (name: BlockName) => {
  const page = readFileSync(new URL('../../../docs/performance.md', import.meta.url), 'utf8');
  expect(findBlocks(page, 'docs/performance.md').filter((found) => found.name === name)).toHaveLength(1);
});
