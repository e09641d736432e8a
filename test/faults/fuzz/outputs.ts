import type { Summary } from '../../../src/core/summary.js';
import { BLOCK_NAMES } from '../../../src/report/blocks.js';
import { annotations } from '../../../src/report/github.js';
import { renderTable } from '../../../src/report/publication.js';
import { renderDocument, renderReport } from '../../../src/report/render.js';
import { gateDocument } from '../../../src/report/sections/gate.js';
import { gate } from '../../../src/stats/gate/gate.js';

/**
 * Renders a summary in every format, and looks for what must not be in it with rules of its own, which know nothing of the
 * functions that escape.
 *
 * @returns the XML documents, for a parser of XML
 * @throws Error naming format and place
 */
export function renderedAndChecked(summary: Summary): string[] {
  const result = gate(summary);
  checkPlain('terminal', renderReport(summary, 'terminal', { verbose: true }).text);
  checkPlain('gate', renderDocument(gateDocument(result), 'terminal').text);
  checkPlain('json', renderReport(summary, 'json').text);
  for (const line of annotations(result).split('\n')) {
    if (line !== '' && !/^::(?:error|warning) title=[^:,]*::[^\r]*$/.test(line)) throw new Error(`annotation: ${line}`);
  }
  const report = renderReport(summary, 'markdown');
  checkMarkdown('report.md', report.text);
  checkMarkdown('gate', renderDocument(gateDocument(result), 'markdown').text);
  for (const name of BLOCK_NAMES) {
    const table = renderTable(name, { summary, runs: [], caveats: [] });
    if (table !== undefined) checkMarkdown(name, table);
  }
  for (const { name } of report.files) if (!/^[\w.-]+\.svg$/.test(name)) throw new Error(`the file name ${name}`);
  return [renderReport(summary, 'junit').text, ...report.files.map((file) => file.text)];
}

/** Unicode's own classes: controls, what reorders text, separators of lines, halves of pairs. */
const ACTIVE = /(?!\n)[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}\p{Cs}]/u;

function checkPlain(format: string, text: string): void {
  const found = ACTIVE.exec(text);
  if (found !== null)
    throw new Error(`${format}: ${JSON.stringify(text.slice(Math.max(0, found.index - 40), found.index + 40))}`);
}

const OWN_TAGS = /^<(?:br|\/?(?:details|summary)(?: open)?)>/;
const OWN_LINKS = /^\]\((?:curves-[\w.-]+\.svg|docs\/[\w./#-]+|[\w./#-]+\.md(?:#[\w-]*)?)\)/;

/** GitHub's Markdown: no HTML, link or image of a foreign text, and rows that have as many cells as their table. */
function checkMarkdown(format: string, text: string): void {
  checkPlain(format, text);
  const fail = (what: string, at: number, line: string) => {
    throw new Error(`${format}: ${what} in ${JSON.stringify(line.slice(Math.max(0, at - 60), at + 60))}`);
  };
  let fence: string | undefined;
  let columns: number | undefined;
  for (const raw of text.split('\n')) {
    const mark = /^ {0,3}(`{3,})/.exec(raw)?.[1];
    if (fence !== undefined) {
      if (mark !== undefined && mark.length >= fence.length && raw.trim() === mark) fence = undefined;
      continue;
    }
    fence = mark;
    if (fence !== undefined) continue;
    const line = raw.replaceAll(/(?<!\\)`[^`]*`/g, (code) => 'c'.repeat(code.length));
    for (let at = 0; at < line.length; at++) {
      const rest = line.slice(at, at + 200);
      if (line[at] === '\\') at++;
      else if (line[at] === '<' && !OWN_TAGS.test(rest)) fail('HTML', at, line);
      else if (line[at] === ']' && line[at + 1] === '(' && !OWN_LINKS.test(rest)) fail('a link', at, line);
      else if (/^(?:https?:|ftp:|www\.)/i.test(rest) && /[^\w]|^$/.test(line[at - 1] ?? '')) {
        if (/^(?:https?|ftp):\/\/|^www\./i.test(rest)) fail('an address', at, line);
      }
    }
    const cells = line.startsWith('|') ? line.split('|').length : undefined;
    if (cells !== undefined && columns !== undefined && cells !== columns) fail('a row of another length', 0, line);
    columns = cells;
  }
}

/** For `python3 -c`: parses each file that a line of stdin names with Expat, and prints what is wrong with it. */
export const XML_CHECK = `
import sys, xml.etree.ElementTree as tree
for path in sys.stdin.read().split():
    try:
        for element in tree.parse(path).iter():
            name = element.tag.split('}')[-1].lower()
            if name in ('script', 'foreignobject', 'iframe', 'a', 'image', 'use'): print(path, 'has the element', name)
            for key, value in element.attrib.items():
                if key.lower().startswith('on') or 'javascript:' in value.lower() and 'href' in key.lower(): print(path, 'has', key)
                if name != 'testcase' and key in ('x', 'y', 'x1', 'x2', 'y1', 'y2', 'd', 'points', 'cx', 'cy') and ('NaN' in value or 'Infinity' in value): print(path, 'has', key, value[:60])
    except Exception as error: print(path, error)
`;
