import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Summary } from '../../../src/core/summary.js';
import { cellsAsCsv } from '../../../src/report/csv.js';
import { csv } from '../../../src/report/escape.js';
import { renderReport } from '../../../src/report/render.js';
import { displayWidth } from '../../../src/report/text/wrap.js';
import { fixtureSummary } from '../../fixtures/records/summary.js';

const HOSTILE = [
  '\u001b[31mred\u001b[0m \u001b]0;title\u0007',
  'line\r\nfeed\u2028\u2029 tab\t nul\u0000 bell\u0007 c1\u009b31m',
  'bidi \u202e override \u2066 \u200b',
  '| a | b |',
  '\\| `code` \\` ```',
  '<script>alert(1)</script> <!-- -->',
  "\"><x y='z'>&amp;]]>",
  '[link](https://example.org) ![image](x) www.example.org @someone #1 $x$ ~~gone~~ **bold** _it_',
  '</summary></details>',
  'lone \ud800 surrogate \udfff and \uffff',
  'wide \u6f22\u5b57 and emoji \u{1f600}',
  'x'.repeat(300),
  '',
];
const untrusted = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.tuple(fc.constantFrom(...HOSTILE), fc.constantFrom(...HOSTILE)).map((parts) => parts.join('')),
);

/** The fixture with every free text replaced. Ids keep a number, so that cells and claims stay distinct. */
const texts = fc.array(untrusted, { minLength: 1, maxLength: 12 });
function summaryOf(texts: readonly string[]): Summary {
  let next = 0;
  const text = () => texts[next++ % texts.length] as string;
  const summary = fixtureSummary();
  const id = new Map(summary.cells.map(({ experiment }, index) => [experiment, `${index} ${text()}`]));
  return {
    ...summary,
    run: { ...summary.run, id: text(), command: text(), startedAt: text() },
    environment: {
      ...summary.environment,
      cpu: text(),
      cnnbench: text(),
      node: text(),
      platform: text(),
      arch: text(),
    },
    backends: summary.backends.map((backend) => ({
      ...backend,
      version: text(),
      device: text(),
      library: text(),
      driver: text(),
      software: true,
      variant: text(),
      ownKernels: [text(), text()],
    })),
    cells: summary.cells.map((cell) => ({
      ...cell,
      experiment: id.get(cell.experiment) ?? '',
      ...(cell.reason !== undefined && { reason: text() }),
      ...(cell.dataset && { dataset: { ...cell.dataset, fingerprint: text(), note: text() } }),
      ...(cell.weightsSha256 !== undefined && { weightsSha256: text() }),
      ...(cell.symptoms && {
        symptoms: cell.symptoms.map((each) =>
          'tensors' in each ? { ...each, tensors: [text().slice(0, 200)] } : each,
        ),
      }),
    })),
    claims: summary.claims.map((claim) => ({
      ...claim,
      experiment: id.get(claim.experiment ?? '') ?? '',
      place: text(),
      statement: text(),
      printed: text(),
      reason: text(),
      unit: text(),
    })),
    references: summary.references.map((comparison) => ({
      ...comparison,
      experiment: id.get(comparison.experiment) ?? '',
      reference: { ...comparison.reference, framework: text() },
      reason: text(),
    })),
    thresholds: summary.thresholds.map((threshold) => ({ ...threshold, experiment: text() })),
  };
}

/** What may be in one line of output: no control, separator, bidirectional or unpaired characters. */
// eslint-disable-next-line no-control-regex
const UNSAFE = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b\u2028-\u202e\u2066-\u2069\uffff]|\p{Surrogate}/u;

/** Characters whose width terminals agree on; of the rest nobody can promise anything. */
const AGREED_WIDTHS =
  // eslint-disable-next-line no-control-regex
  /^[\u0000-\u00ac\u00ae-\u02ff\u2028-\u202e\u2066\u200b\ud800\udfff\uffff\u6f22\u5b57\u{1f600}]*$/u;

describe('whatever a record says', () => {
  test('the terminal gets no control characters and no line that is too long', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 60, max: 200 }), fc.boolean(), (said, width, verbose) => {
        const summary = summaryOf(said);
        const { text } = renderReport(summary, 'terminal', { width, verbose });
        expect(text).not.toMatch(UNSAFE);
        if (said.every((each) => AGREED_WIDTHS.test(each))) {
          // A command is copied as it is: it stays on one line.
          const wrapped = text.split('\n').filter((_, index, lines) => lines[index - 1] !== 'How to run it again');
          for (const line of wrapped) expect(displayWidth(line)).toBeLessThanOrEqual(width);
        }
      }),
      { numRuns: 12 },
    );
  });

  test('the terminal cuts a word of 100,000 characters, with which cli-table3 would be busy for ever', () => {
    const base = fixtureSummary();
    const [first, ...others] = base.references;
    const long = { ...first, experiment: 'y'.repeat(100_000) } as (typeof base.references)[number];
    const { text } = renderReport({ ...base, references: [long, ...others] }, 'terminal', { width: 100 });
    expect(text).toContain('yyy');
    expect(text.match(/y/g)?.length).toBeLessThan(1000);
  });

  test('Markdown keeps its tables and gets no HTML, links or code of its own', () => {
    fc.assert(
      fc.property(texts, (said) => {
        const summary = summaryOf(said);
        const { text } = renderReport(summary, 'markdown');
        expect(text).not.toMatch(UNSAFE);
        const [before = '', command = '', after = ''] = text.split(/^`{3,}.*$/m);
        expect(command.trim().split('\n').length).toBe(1);
        const prose = (before + after).replace(/`[\w .:,;+/=()%-]+`/g, 'code');
        expect(/.{0,60}`.{0,60}/.exec(prose)).toBeNull();
        const html = [...prose.matchAll(/<[^>]*>?/g)].map(([tag]) => tag);
        expect(html.filter((tag) => !/^<\/?(details( open)?|summary)>$/.test(tag))).toEqual([]);
        expect(html.filter((tag) => tag === '</details>')).toHaveLength(
          html.filter((tag) => tag.startsWith('<details')).length,
        );
        expect(/.{0,20}(?::\/\/|www\.|@).{0,20}/.exec(prose)).toBeNull();
        for (const table of prose.match(/(?:^\|.*\n?)+/gm) ?? []) {
          const columns = table
            .trimEnd()
            .split('\n')
            .map((row) => row.split('|').length);
          expect(new Set(columns).size).toBe(1);
        }
      }),
      { numRuns: 30 },
    );
  });

  test('JUnit and SVG stay well-formed XML', () => {
    fc.assert(
      fc.property(texts, (said) => {
        const summary = summaryOf(said);
        expectWellFormed(renderReport(summary, 'junit').text);
        for (const { name, text } of renderReport(summary, 'markdown').files) {
          expect(name).toMatch(/^[\w.-]+\.svg$/);
          expectWellFormed(text);
        }
      }),
      { numRuns: 30 },
    );
  });

  test('JSON gives back every character', () => {
    fc.assert(
      fc.property(texts, (said) => {
        const summary = summaryOf(said);
        expect(JSON.parse(renderReport(summary, 'json').text)).toEqual(JSON.parse(JSON.stringify(summary)));
      }),
      { numRuns: 30 },
    );
  });
});

describe('CSV', () => {
  /** RFC 4180: a record a line; a field in quotation marks may have commas, and quotation marks twice. */
  const FIELD = /("(?:[^"]|"")*"|[^",\r\n]*)(?:,|\r\n)/gy;
  test('keeps a field a value whatever a record says, and no field is a formula', () => {
    fc.assert(
      fc.property(texts, (said) => {
        const summary = summaryOf(said);
        const text = cellsAsCsv(summary);
        const found = [...text.matchAll(FIELD)];
        expect(found.map(([whole]) => whole).join('')).toBe(text);
        const columns = text.split('\r\n')[0]?.split(',').length ?? 0;
        expect(found).toHaveLength(columns * (summary.cells.length + 1));
        expect(found.filter(([field]) => /^"?[=+@]/.test(field))).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });
  test.each([
    [undefined, ''],
    [0.8894, '0.8894'],
    [-1.5, '-1.5'],
    ['a, "b"', '"a, ""b"""'],
    ['=HYPERLINK("x")', `"'=HYPERLINK(""x"")"`],
    ['-1+1', "'-1+1"],
  ])('writes %j as %s', (value, field) => expect(csv(value)).toBe(field));
});

/** A check of what the two renderers use of XML 1.0: tags in pairs, quoted attributes, entities, allowed characters. */
function expectWellFormed(document: string): void {
  expect(document).not.toMatch(UNSAFE);
  const entity = '&(?:amp|lt|gt|quot|apos);';
  const token = new RegExp(
    `<\\?xml[^<>]*\\?>|<(/?)([a-zA-Z]+)((?: [a-zA-Z][\\w-]*="(?:[^"<&]|${entity})*")*)(/?)>|(?:[^<&>]|${entity})+`,
    'gy',
  );
  const open: string[] = [];
  let end = 0;
  for (const match of document.matchAll(token)) {
    const [text, closing, name, , selfClosing] = match;
    end = match.index + text.length;
    if (name === undefined) continue;
    if (closing === '/') expect(open.pop()).toBe(name);
    else if (selfClosing !== '/') open.push(name);
  }
  expect(document.slice(end)).toBe('');
  expect(open).toEqual([]);
}
