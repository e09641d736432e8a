import { complaint } from './complain.js';
import { checkLimit, LIMITS } from './limits.js';
import { numbersIn, widthOf, type Numbers, type NumberType } from './numbers.js';

/** An array of NumPy: numbers or words, in C order. */
export interface NpyArray {
  readonly shape: readonly number[];
  readonly values: { readonly numbers: Numbers } | { readonly words: readonly string[] };
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
/** NumPy refuses longer ones, too. */
const LONGEST_HEADER = 10_000;
const MOST_DIMENSIONS = 8;

const HEADER =
  /^\{\s*'descr':\s*'([<>|=])([a-zA-Z])(\d{1,4})',\s*'fortran_order':\s*(True|False),\s*'shape':\s*\(((?:\s*\d{1,15}\s*,)*\s*\d{0,15}\s*)\),?\s*\}\s*$/;

/**
 * Reads a .npy file (NumPy enhancement proposal 1): versions 1 to 3, whole numbers, floats of 2 to 8 bytes, booleans, fixed-length text. An
 * array of Python objects is a program and is never read.
 *
 * @param what for messages
 * @throws E_DATA_MAGIC, E_DATA_FORMAT, E_DATA_SIZE
 */
export function readNpy(bytes: Uint8Array, what: string): NpyArray {
  if (MAGIC.some((byte, index) => bytes[index] !== byte) || bytes.length < 12) {
    throw complaint('E_DATA_MAGIC', `${what} does not begin as an array of NumPy does.`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = bytes[6] as number;
  const start = version === 1 ? 10 : 12;
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (version < 1 || version > 3 || length > LONGEST_HEADER || start + length > bytes.length) {
    throw complaint('E_DATA_FORMAT', `${what} has no header of NumPy's versions 1 to 3.`);
  }
  const header = Buffer.from(bytes.subarray(start, start + length)).toString('latin1');
  const found = HEADER.exec(header);
  if (found === null) {
    const objects = /'descr':\s*'\|O/.test(header);
    const why = objects
      ? 'holds Python objects, which only Python reads'
      : `has a header that is not understood: ${header.trim()}`;
    throw complaint('E_DATA_FORMAT', `${what} ${why}.`);
  }
  const [, order = '', kind = '', digits = '', fortran, list = ''] = found;
  const shape = (list.match(/\d+/g) ?? []).map(Number);
  if (shape.length > MOST_DIMENSIONS) throw complaint('E_DATA_FORMAT', `${what} has ${shape.length} dimensions.`);
  const count = shape.reduce((product, size) => product * size, 1);
  const data = bytes.subarray(start + length);
  const width = kind === 'U' ? 4 * Number(digits) : Number(digits);
  if (count * width !== data.length) {
    throw complaint(
      'E_DATA_SIZE',
      `${what} holds ${data.length} bytes; ${shape.join(' x ')} values of ${width} bytes are ${count * width}.`,
    );
  }
  checkLimit(what, count, LIMITS.split, 'values');
  const place = fortran === 'True' && shape.length > 1 ? fortranPlaces(shape) : (index: number) => index;
  const littleEndian = order !== '>';
  if (kind === 'U' || kind === 'S') {
    const words = Array.from({ length: count }, (_, index) =>
      wordAt(data, place(index) * width, width, kind, littleEndian),
    );
    return { shape, values: { words } };
  }
  const type = typeOf(kind, digits);
  if (type === undefined)
    throw complaint(
      'E_DATA_FORMAT',
      `${what} holds values of the type ${kind}${digits}, which are no pixels or labels.`,
    );
  const numbers = numbersIn(data, type, littleEndian);
  return { shape, values: { numbers: { ...numbers, at: (index) => numbers.at(place(index)) } } };
}

function typeOf(kind: string, digits: string): NumberType | undefined {
  const name = kind === 'b' ? `u${digits}` : `${kind}${digits}`;
  const known: readonly string[] = ['u1', 'i1', 'u2', 'i2', 'u4', 'i4', 'u8', 'i8', 'f2', 'f4', 'f8'];
  return known.includes(name) && widthOf(name as NumberType) === Number(digits) ? (name as NumberType) : undefined;
}

/** Where the value of a place in C order is in Fortran's, in which the first index changes fastest. */
function fortranPlaces(shape: readonly number[]): (index: number) => number {
  return (index) => {
    let rest = index;
    let place = 0;
    let stride = shape.reduce((product, size) => product * size, 1);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const size = shape[axis] as number;
      stride /= size;
      place += (rest % size) * stride;
      rest = Math.floor(rest / size);
    }
    return place;
  };
}

/** Text of fixed length, filled up with zeros: UTF-32 for NumPy's `U`, bytes for `S`. */
function wordAt(data: Uint8Array, at: number, width: number, kind: string, littleEndian: boolean): string {
  const bytes = data.subarray(at, at + width);
  if (kind === 'S') return Buffer.from(bytes).toString('utf8').replace(/\0+$/, '');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const points = Array.from({ length: width / 4 }, (_, index) => view.getUint32(4 * index, littleEndian));
  return points
    .map((point) => (point > 0x10ffff ? '\ufffd' : String.fromCodePoint(point)))
    .join('')
    .replace(/\0+$/, '');
}
