import { stripVTControlCharacters } from 'node:util';

/**
 * Everything that comes from a record is untrusted text: another machine wrote it, or an error message of somebody else's
 * program. One function for each place that such text is put into.
 */

/** Characters that move the cursor, reorder text or break lines: C0, C1, line separators, bidirectional controls. */
const INVISIBLE =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff]/g; // eslint-disable-line no-control-regex

/** The same less U+0000 to U+001F, which JSON.stringify escapes within texts and needs outside of them. */
const SEPARATORS_AND_CONTROLS =
  /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff]/g;

/** Longest text of several lines that is shown, characters. */
const LONGEST_LINES = 10_000;

/** Lone surrogates, and characters that mean something to one program only or to none: nobody knows their width. */
const MEANINGLESS = /[\p{Surrogate}\p{Private_Use}\p{Unassigned}]/gu;

/** One line of plain text: no ANSI sequences, no control or bidirectional characters, no lone surrogates. */
export function plain(text: string): string {
  return visible(text).replace(/\s+/g, ' ').trim();
}

function visible(text: string): string {
  return stripVTControlCharacters(text).replace(INVISIBLE, ' ').replace(MEANINGLESS, '\ufffd');
}

/**
 * Text of several lines, such as an error with its list of reasons: each as `plain`, with all of its blanks, so that a caret stays
 * below what it points at.
 */
export function plainLines(text: string): string {
  const shown = text.slice(0, LONGEST_LINES);
  const lines = shown.split('\n').map((line) => visible(line).trimEnd());
  const left = text.length - shown.length;
  return left === 0 ? lines.join('\n') : `${lines.join('\n')}... (${left.toLocaleString('en-US')} characters more)`;
}

/**
 * JSON of any value, with escapes for the characters that a terminal acts on. JSON.stringify leaves some of them as they are:
 * the control sequence introducer U+009B, and those that reorder text.
 */
export function printableJson(value: unknown): string {
  return JSON.stringify(value, undefined, 2).replace(SEPARATORS_AND_CONTROLS, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/**
 * Text inside a paragraph or a table cell of GitHub's Markdown. Entities where a backslash would not do: a pipe ends a
 * cell even after one, and a bare address or @name becomes a link.
 */
export function markdown(text: string): string {
  const escaped = plain(text)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[\\*_[\]#~$!]/g, '\\$&');
  return withoutMarks(escaped);
}

/** Text inside an HTML tag of a Markdown document, where backslashes stay visible. */
export function markdownHtml(text: string): string {
  return withoutMarks(xml(text));
}

/** Entities for what starts a cell, a code span or a link by itself. */
function withoutMarks(escaped: string): string {
  return escaped
    .replace(/\|/g, '&#124;')
    .replace(/`/g, '&#96;')
    .replace(/@/g, '&#64;')
    .replace(/:\/\//g, ':&#47;&#47;')
    .replace(/www\./gi, (www) => `${www.slice(0, 3)}&#46;`);
}

/** A Markdown code span where the text is safe in one; escaped text elsewhere. */
export function markdownCode(text: string): string {
  const line = plain(text);
  return /^[\w .:,;+/=()%-]+$/.test(line) ? `\`${line}\`` : markdown(line);
}

/** A Markdown code block of one line that the text cannot end. */
export function markdownBlock(text: string, language: string): string {
  const line = plain(text);
  const longest = Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(Math.max(3, longest + 1));
  return `${fence}${language}\n${line}\n${fence}`;
}

/** Text or attribute value of XML 1.0; characters that XML cannot hold become blanks. */
export function xml(text: string): string {
  return plain(text)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&apos;');
}

/** A field of RFC 4180. Spreadsheets run a text that begins like a formula, so such a one gets an apostrophe first. */
export function csv(value: string | number | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = plain(value).replace(/^(?=[=+\-@])/, "'");
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
