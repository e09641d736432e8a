import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeSafetensors, encodeSafetensors, type NamedTensor } from '../../../src/core/safetensors.js';

/**
 * Written by safetensors 0.8.0 of PyPI, with numpy 2.4.6:
 *
 * ```python
 * tensors = {'dense1.kernel': np.array([[1, -2, 0.5], [3, 0.1, -0.0]], np.float32),
 *            'labels': np.array([[3, 1], [2, 250]], np.uint8), 'order': np.array([-1, 2**31 - 1], np.int32),
 *            'empty': np.zeros((0, 3), np.float32), 'scalar': np.array(7, np.float32)}
 * base64.b64encode(safetensors.numpy.save(tensors, {'experiment': 'mlp-4', 'note': 'ü'}))
 * ```
 */
const FROM_PYTHON = Buffer.from(
  'aAEAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJleHBlcmltZW50IjoibWxwLTQiLCJub3RlIjoiw7wifSwiZGVuc2UxLmtlcm5lbCI6eyJkdHlwZSI6IkYz' +
    'MiIsInNoYXBlIjpbMiwzXSwiZGF0YV9vZmZzZXRzIjpbMCwyNF19LCJlbXB0eSI6eyJkdHlwZSI6IkYzMiIsInNoYXBlIjpbMCwzXSwiZGF0YV9v' +
    'ZmZzZXRzIjpbMjQsMjRdfSwic2NhbGFyIjp7ImR0eXBlIjoiRjMyIiwic2hhcGUiOltdLCJkYXRhX29mZnNldHMiOlsyNCwyOF19LCJvcmRlciI6' +
    'eyJkdHlwZSI6IkkzMiIsInNoYXBlIjpbMl0sImRhdGFfb2Zmc2V0cyI6WzI4LDM2XX0sImxhYmVscyI6eyJkdHlwZSI6IlU4Iiwic2hhcGUiOlsy' +
    'LDJdLCJkYXRhX29mZnNldHMiOlszNiw0MF19fSAAAIA/AAAAwAAAAD8AAEBAzczMPQAAAIAAAOBA/////////38DAQL6',
  'base64',
);
const TENSORS: readonly NamedTensor[] = [
  { name: 'dense1.kernel', shape: [2, 3], values: Float32Array.of(1, -2, 0.5, 3, 0.1, -0) },
  { name: 'empty', shape: [0, 3], values: new Float32Array() },
  { name: 'scalar', shape: [], values: Float32Array.of(7) },
  { name: 'order', shape: [2], values: Int32Array.of(-1, 2 ** 31 - 1) },
  { name: 'labels', shape: [2, 2], values: Uint8Array.of(3, 1, 2, 250) },
];
const METADATA = { experiment: 'mlp-4', note: 'ü' };

const name = fc
  .oneof(
    fc.string({ minLength: 1, maxLength: 20 }),
    fc.constantFrom('__proto__', 'constructor', '0', '"', '\\', '{', ':'),
  )
  .filter((text) => /^[^\p{C}\p{Zl}\p{Zp}]+$/u.test(text) && text !== '__metadata__');
const shapeOf = fc.array(fc.nat({ max: 3 }), { maxLength: 4 });
const values = (length: number): fc.Arbitrary<NamedTensor['values']> =>
  fc.oneof(
    fc.float32Array({ minLength: length, maxLength: length }),
    fc.int32Array({ minLength: length, maxLength: length }),
    fc.uint8Array({ minLength: length, maxLength: length }),
  );
const tensor = fc
  .tuple(name, shapeOf)
  .chain(([name, shape]) => values(shape.reduce((a, b) => a * b, 1)).map((values) => ({ name, shape, values })));
const tensors = fc.uniqueArray(tensor, { selector: ({ name }) => name, maxLength: 6 });
const metadata = fc.dictionary(
  fc.oneof(fc.string(), fc.constantFrom('__proto__', '1')),
  fc.string({ unit: 'grapheme' }),
);

/** A file with any header. */
function file(header: string | Uint8Array, data: readonly number[] = [], length?: bigint): Uint8Array {
  const text = typeof header === 'string' ? new TextEncoder().encode(header) : header;
  const bytes = new Uint8Array([...new Uint8Array(8), ...text, ...data]);
  new DataView(bytes.buffer).setBigUint64(0, length ?? BigInt(text.length), true);
  return bytes;
}

const entry = (dtype: string, shape: readonly number[], start: number, end: number) =>
  JSON.stringify({ dtype, shape, data_offsets: [start, end] });

test('what the reference implementation wrote is read', () => {
  expect(decodeSafetensors(FROM_PYTHON)).toEqual({ tensors: TENSORS, metadata: METADATA });
});

test('the bytes are those of the reference implementation', () => {
  expect(Buffer.from(encodeSafetensors(TENSORS, METADATA)).equals(FROM_PYTHON)).toBe(true);
});

test('a file without tensors and metadata is ten bytes and padding', () => {
  expect(encodeSafetensors([])).toEqual(file('{}      '));
  expect(decodeSafetensors(file('{}'))).toEqual({ tensors: [], metadata: {} });
});

test('whatever was written is read back, in its order, and written to the same bytes again', () => {
  fc.assert(
    fc.property(tensors, metadata, (tensors, metadata) => {
      const bytes = encodeSafetensors(tensors, metadata);
      const headerLength = Number(new DataView(bytes.buffer).getBigUint64(0, true));
      expect(headerLength % 8).toBe(0);
      // A view that starts somewhere, as a slice of a Buffer does.
      const decoded = decodeSafetensors(new Uint8Array([1, 2, 3, ...bytes]).subarray(3));
      expect(decoded.tensors).toEqual(tensors);
      expect(Object.entries(decoded.metadata)).toEqual(Object.entries(metadata));
      expect(encodeSafetensors(decoded.tensors, decoded.metadata)).toEqual(bytes);
    }),
  );
});

test('a tensor or a text named __proto__ changes no prototype', () => {
  const header = `{"__metadata__":{"__proto__":"x"},"__proto__":${entry('U8', [1], 0, 1)}}`;
  const { tensors, metadata } = decodeSafetensors(file(header, [9]));
  expect(tensors).toEqual([{ name: '__proto__', shape: [1], values: Uint8Array.of(9) }]);
  expect(Object.getPrototypeOf(metadata)).toBe(Object.prototype);
  expect(Object.keys(metadata)).toEqual(['__proto__']);
});

test('cutting a file off, or changing a byte, never gives anything but an answer or E_SAFETENSORS', () => {
  const attempt = (bytes: Uint8Array): unknown => {
    try {
      return decodeSafetensors(bytes);
    } catch (error) {
      expect(error).toMatchObject({ code: 'E_SAFETENSORS', exitCode: 2 });
      return undefined;
    }
  };
  for (let length = 0; length < FROM_PYTHON.length; length++) {
    expect(attempt(FROM_PYTHON.subarray(0, length))).toBeUndefined();
  }
  fc.assert(
    fc.property(fc.nat({ max: FROM_PYTHON.length - 1 }), fc.nat({ max: 255 }), (position, byte) => {
      const bytes = Uint8Array.from(FROM_PYTHON);
      bytes[position] = byte;
      attempt(bytes);
    }),
    { numRuns: 2000 },
  );
});

describe('what is refused', () => {
  const a = entry('U8', [1], 0, 1);
  test.each<[string, Uint8Array, RegExp]>([
    ['a length of 2^64 - 1', file('{}', [], 2n ** 64n - 1n), /promises a header of 18446744073709551615 bytes/],
    ['a header that goes on after the end', file('{}', [], 9n), /ends within its header/],
    ['a header that is not UTF-8', file(Uint8Array.of(0x7b, 0xff, 0x7d)), /not UTF-8/],
    ['a header that is not JSON', file('{]'), /not JSON/],
    ['an array', file('[]'), /not a JSON object/],
    ['a header after white space', file(' {}'), /not a JSON object/],
    ['a byte order mark', file('\ufeff{}'), /not JSON/],
    ['a type that is not read', file(`{"a":${entry('F64', [1], 0, 8)}}`, Array(8).fill(0)), /"a": dtype/],
    ['a tensor that is not an object', file('{"a":1}'), /"a": /],
    ['a key nobody knows', file('{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0],"x":1}}'), /"a": .*"x"/],
    ['a negative length', file(`{"a":${entry('U8', [-1], 0, 1)}}`, [0]), /"a": shape 0/],
    ['a length that is not an integer', file(`{"a":${entry('U8', [0.5], 0, 1)}}`, [0]), /"a": shape 0/],
    ['a shape beyond all bounds', file(`{"a":${entry('U8', [2 ** 52, 2 ** 52], 0, 1)}}`, [0]), /do not fit/],
    [
      'a shape that does not fit',
      file(`{"a":${entry('F32', [2], 0, 4)}}`, [0, 0, 0, 0]),
      /4 bytes do not fit F32 \[2\]/,
    ],
    ['values beyond the end', file(`{"a":${entry('U8', [2], 0, 2)}}`, [0]), /not inside the file/],
    ['an end before its start', file(`{"a":${entry('U8', [1], 1, 0)}}`, [0]), /not inside the file/],
    ['a hole', file(`{"a":${a},"b":${entry('U8', [1], 2, 3)}}`, [0, 0, 0]), /"b" do not follow/],
    ['values shared by two tensors', file(`{"a":${a},"b":${a}}`, [0]), /"b" do not follow/],
    ['bytes at the end', file(`{"a":${a}}`, [0, 0]), /1 bytes at its end/],
    ['a name twice', file(`{"a":${a},"\\u0061" : ${entry('U8', [1], 1, 2)}}`, [0, 0]), /occurs twice/],
    ['metadata twice', file('{"__metadata__":{},"__metadata__":{}}'), /occurs twice/],
    ['a name without a character', file(`{"":${a}}`, [0]), /no name/],
    ['a name with a control character', file(`{"\\u001b[31m":${a}}`, [0]), /"\\u001b\[31m" is no name/],
    ['metadata that is not an object', file('{"__metadata__":[]}'), /is not an object/],
    ['metadata with a number', file('{"__metadata__":{"a":1}}'), /values that are not strings/],
  ])('%s', (_, bytes, message) => {
    expect(() => decodeSafetensors(bytes)).toThrow(message);
    expect(() => decodeSafetensors(bytes)).toThrow(expect.objectContaining({ code: 'E_SAFETENSORS' }));
  });

  test('tensors that no file can hold', () => {
    const values = Float32Array.of(1);
    expect(() => encodeSafetensors([{ name: '', shape: [1], values }])).toThrow(RangeError);
    expect(() => encodeSafetensors([{ name: '__metadata__', shape: [1], values }])).toThrow(RangeError);
    expect(() => encodeSafetensors([{ name: 'a', shape: [2], values }])).toThrow('1 values do not fit the shape [2]');
    const twice = { name: 'a', shape: [1], values };
    expect(() => encodeSafetensors([twice, twice])).toThrow(RangeError);
    expect(() => encodeSafetensors([], { a: 'x'.repeat(2 ** 20) })).toThrow(RangeError);
  });
});
