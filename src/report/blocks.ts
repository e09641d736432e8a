import { CnnbenchError } from '../core/errors.js';
import { nearest } from '../core/nearest.js';

/**
 * Parts of a Markdown page that commands write, each between two comments on lines of their own:
 *
 *     <!-- cnnbench:verdicts -->
 *     ...
 *     <!-- /cnnbench:verdicts -->
 *
 * Whatever is outside of them belongs to the author of the page and never changes, to the byte.
 */

/** Every block there is, so that a misspelled one is an error whichever command meets it. */
export const BLOCK_NAMES = [
  'verdicts',
  'errata',
  'counts',
  'accuracy',
  'throughput',
  'time-to-target',
  'provenance',
  'bench-wasm',
  'bench-backends',
  'bench-webgpu',
] as const;
export type BlockName = (typeof BLOCK_NAMES)[number];

/** A block of a page. */
export interface Block {
  readonly name: BlockName;
  /** Of its opening marker, from 1. */
  readonly line: number;
  /** What is between the markers: offsets into the page, from after the opening line to before the closing one. */
  readonly start: number;
  readonly end: number;
  /** The line ending of the opening marker. */
  readonly newline: string;
}

const opening = (name: BlockName) => `<!-- cnnbench:${name} -->`;
const closing = (name: BlockName) => `<!-- /cnnbench:${name} -->`;

/** The two markers of a block, as one pastes them into a page. */
export function markerLines(name: BlockName): string {
  return `${opening(name)}\n${closing(name)}`;
}

/** A line that means to be a marker. Four blanks more, and it is code. */
const MARKER_LIKE = /^\ufeff? {0,3}<!--\s*(?:\/\s*)?cnnbench\b/i;
const MARKER = /^\ufeff? {0,3}<!--\s*(?<slash>\/?)cnnbench:(?<name>[\w-]+)\s*-->\s*$/;

/** CommonMark 4.5: what opens a fenced code block. In one, a marker is an example of a marker. */
const FENCE = /^ {0,3}(?<fence>`{3,}(?=[^`]*$)|~{3,})/;

const LINE = /[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$/g;

/**
 * The blocks of a page, in its order.
 *
 * @param path how errors call the page
 * @throws CnnbenchError E_USAGE with the line of a marker that is misspelled, unknown, nested, without its opposite or not
 * alone on its line
 */
export function findBlocks(page: string, path: string): readonly Block[] {
  const blocks: Block[] = [];
  let open: Omit<Block, 'end'> | undefined;
  let fence: string | undefined;
  for (const [index, match] of [...page.matchAll(LINE)].entries()) {
    const [full] = match;
    const text = full.replace(/[\r\n]+$/, '');
    if (fence !== undefined) {
      if (closesFence(text, fence)) fence = undefined;
      continue;
    }
    fence = FENCE.exec(text)?.groups?.['fence'];
    if (!MARKER_LIKE.test(text)) continue;
    const line = index + 1;
    const refuse = refusalAt(`${path}:${line}`);
    const { name, closes } = parseMarker(text, refuse);
    if (closes) {
      if (open === undefined)
        throw refuse(`"${name}" is closed, but was not opened`, `Write ${opening(name)} above it.`);
      if (open.name !== name) throw nested(refuse, name, open);
      blocks.push({ ...open, end: match.index });
      open = undefined;
    } else {
      if (open !== undefined) throw nested(refuse, name, open);
      open = { name, line, start: match.index + full.length, newline: full.slice(text.length) };
    }
  }
  if (open === undefined) return blocks;
  throw refusalAt(`${path}:${open.line}`)(
    `the block "${open.name}" is not closed`,
    `Write ${closing(open.name)} on a line of its own where it ends.`,
  );
}

/**
 * The page with new text in its blocks, in the line endings of their markers. Doing it again with the same text changes
 * nothing.
 *
 * @param textOf what belongs into a block; nothing leaves it as it is
 * @throws CnnbenchError E_USAGE as `findBlocks`
 */
export function fillBlocks(page: string, path: string, textOf: (name: BlockName) => string | undefined): string {
  let filled = '';
  let position = 0;
  for (const { name, start, end, newline } of findBlocks(page, path)) {
    const text = textOf(name);
    if (text === undefined) continue;
    const lines = text.split('\n');
    if (lines.some((line) => MARKER_LIKE.test(line)))
      throw new Error(`the text of the block ${name} has a marker in it`);
    filled += page.slice(position, start) + ['', ...lines, '', ''].join(newline);
    position = end;
  }
  return filled + page.slice(position);
}

type Refuse = (what: string, remedy: string) => CnnbenchError;

function refusalAt(where: string): Refuse {
  return (what, remedy) => new CnnbenchError('E_USAGE', `${where}: ${what}`, remedy);
}

function parseMarker(text: string, refuse: Refuse): { readonly name: BlockName; readonly closes: boolean } {
  const parts = MARKER.exec(text)?.groups;
  if (parts === undefined) {
    const remedy = `Write a marker like ${opening('verdicts')}, alone on its line.`;
    throw refuse('this is not a marker of cnnbench', remedy);
  }
  const word = parts['name'] ?? '';
  const name = BLOCK_NAMES.find((known) => known === word);
  if (name !== undefined) return { name, closes: parts['slash'] === '/' };
  const guess = nearest(word, BLOCK_NAMES);
  const hint = guess === undefined ? '' : `; did you mean "${guess}"?`;
  throw refuse(`there is no block "${word}"${hint}`, `Choose among ${BLOCK_NAMES.join(', ')}.`);
}

function nested(refuse: Refuse, name: BlockName, open: Pick<Block, 'name' | 'line'>): CnnbenchError {
  const remedy = `Write ${closing(open.name)} before it: blocks do not overlap.`;
  return refuse(`a marker of "${name}" is inside the block "${open.name}", which line ${open.line} opens`, remedy);
}

function closesFence(text: string, fence: string): boolean {
  const end = /^ {0,3}(`+|~+)\s*$/.exec(text)?.[1];
  return end?.startsWith(fence) === true;
}
