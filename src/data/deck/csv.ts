import type { Pixels } from '../../core/dataset.js';
import type { ImageSource } from '../../core/deck-data.js';
import { complaint } from './complain.js';
import { locate, readWhole } from './files.js';
import { checkLimit, LIMITS } from './limits.js';
import { equalImages, type RawSplit } from './raw.js';

type CsvForm = Pick<Extract<ImageSource, { format: 'csv' }>, 'header' | 'label' | 'shape'>;

const LINE_FEED = 10;
/** Whole numbers of decimal digits; numbers as most programs write them. Nothing that JavaScript alone takes for one. */
const WHOLE = /^[\d,\s]+$/;
const DECIMAL = /^[\d,\s.eE+-]+$/;
const EMPTY_FIELD = /(^|,)\s*(,|$)/;

/**
 * One image a line: a label (a whole number or a word, in double quotes or not) and the values of its pixels, separated by commas, channels
 * last. Bytes where all are whole numbers from 0 to 255, else floats.
 */
export async function readCsv(
  folders: readonly string[],
  path: string,
  { header, label, shape }: CsvForm,
): Promise<RawSplit> {
  const bytes = await readWhole(await locate(folders, path));
  const size = shape[0] * shape[1] * shape[2];
  const rows = header ? [...linesOf(bytes)].slice(1) : [...linesOf(bytes)];
  if (rows.length === 0) throw complaint('E_DATA_SIZE', `${path} holds no image.`);
  checkLimit(path, rows.length, LIMITS.images, 'images');
  // A value takes two bytes at least, with its comma: what cannot be there is not made room for.
  if (rows.length * size > bytes.length)
    throw complaint('E_DATA_SIZE', `${path} is too short for ${rows.length} images of ${shape.join(' x ')}.`);
  const nameOf = (index: number) => `line ${(rows[index]?.number ?? 0).toLocaleString('en')} of ${path}`;
  const text = ({ start, end }: Line) => Buffer.from(bytes.subarray(start, end)).toString('utf8');
  const labels: (number | string)[] = [];
  let values: Pixels = new Uint8Array(rows.length * size);
  for (const [index, row] of rows.entries()) {
    const [own, rest] = splitLabel(text(row), label);
    labels.push(labelOf(own, nameOf(index)));
    const fields = fieldsOf(rest, size, nameOf(index));
    const whole = WHOLE.test(rest);
    if (values instanceof Uint8Array && !(whole && fields.every((value) => value <= 255)))
      values = Float32Array.from(values);
    values.set(fields, index * size);
  }
  const [height, width, channels] = shape;
  return { count: rows.length, images: () => equalImages(values, { height, width, channels }), labels, nameOf };
}

interface Line {
  readonly start: number;
  readonly end: number;
  /** From 1. */
  readonly number: number;
}

/** Empty lines, as at the end, are passed over. */
function* linesOf(bytes: Uint8Array): Generator<Line> {
  const bom = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  for (let start = bom ? 3 : 0, number = 1; start < bytes.length; number++) {
    const feed = bytes.indexOf(LINE_FEED, start);
    const next = feed === -1 ? bytes.length : feed;
    const end = bytes[next - 1] === 13 ? next - 1 : next;
    if (end > start) yield { start, end, number };
    start = next + 1;
  }
}

/** A label in quotes may hold commas, and two quotes stand for one (RFC 4180). */
function splitLabel(line: string, place: 'first' | 'last'): [label: string, values: string] {
  const quoted = (place === 'first' ? /^"((?:[^"]|"")*)",/ : /,"((?:[^"]|"")*)"$/).exec(line);
  if (quoted !== null) {
    const rest = place === 'first' ? line.slice(quoted[0].length) : line.slice(0, quoted.index);
    return [(quoted[1] as string).replaceAll('""', '"'), rest];
  }
  const comma = place === 'first' ? line.indexOf(',') : line.lastIndexOf(',');
  if (comma === -1) return [line, ''];
  const [left, right] = [line.slice(0, comma), line.slice(comma + 1)];
  return place === 'first' ? [left, right] : [right, left];
}

function labelOf(field: string, what: string): number | string {
  const word = field.trim();
  if (word === '') throw complaint('E_DATA_LABEL', `${what}: the label is empty.`);
  // Tables of floats write whole numbers as 3.0.
  return /^[+-]?\d{1,9}(\.0*)?$/.test(word) ? Number(word) : word;
}

function fieldsOf(text: string, size: number, what: string): number[] {
  const fields = text.split(',');
  if (fields.length !== size) {
    throw complaint(
      'E_DATA_SIZE',
      `${what}: ${text === '' ? 0 : fields.length} values beside the label; the deck says ${size}.`,
    );
  }
  if (!DECIMAL.test(text) || EMPTY_FIELD.test(text)) {
    const wrong = fields.find((field) => !DECIMAL.test(field)) ?? '';
    throw complaint('E_DATA_VALUE', `${what}: "${wrong.slice(0, 40)}" is not a number.`);
  }
  return fields.map((field) => {
    const value = Number(field);
    if (!Number.isFinite(Math.fround(value)))
      throw complaint('E_DATA_VALUE', `${what}: "${field.slice(0, 40)}" is not a finite 32-bit number.`);
    return value;
  });
}
