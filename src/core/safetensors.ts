import { z } from 'zod';
import { CnnbenchError, excerpt } from './errors.js';

/**
 * The safetensors format: the length of a header (8 bytes, little-endian), the header (JSON), the values.
 * https://huggingface.co/docs/safetensors/index#format
 */

/** One tensor with its values in row-major order. */
export interface NamedTensor {
  /** 1 to 200 printable characters. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array | Int32Array | Uint8Array;
}

export interface DecodedSafetensors {
  /** In the order of their values in the file. */
  readonly tensors: NamedTensor[];
  readonly metadata: Readonly<Record<string, string>>;
}

const DTYPES = ['F32', 'I32', 'U8'] as const;
type Dtype = (typeof DTYPES)[number];
const BYTES: Readonly<Record<Dtype, number>> = { F32: 4, I32: 4, U8: 1 };

const LENGTH_BYTES = 8;
/** The header is padded with spaces, so that the values start at a multiple of this. */
const ALIGNMENT = 8;
/** Far above any model here, so that a forged file cannot keep the program busy. Bytes. */
const LONGEST_HEADER = 2 ** 20;
const METADATA = '__metadata__';

/** One line of printable text: names go to terminals. */
const nameSchema = z
  .string()
  .regex(/^[^\p{C}\p{Zl}\p{Zp}]{1,200}$/u, 'a name of 1 to 200 printable characters')
  .refine((name) => name !== METADATA, `a name other than ${METADATA}`);
const offset = z.number().int().nonnegative();
const entrySchema = z.strictObject({
  dtype: z.enum(DTYPES),
  shape: z.array(offset).max(32),
  data_offsets: z.tuple([offset, offset]),
});
const textSchema = z.string();

/**
 * The bytes of a safetensors file. The same arguments give the same bytes: tensors stay in the order given.
 *
 * @throws RangeError for a name that is empty, not printable or there twice, a shape that does not fit its values, and
 * a header that `decodeSafetensors` would refuse
 */
export function encodeSafetensors(
  tensors: readonly NamedTensor[],
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const entries = Object.keys(metadata).length > 0 ? [[METADATA, metadata] as const] : [];
  const seen = new Set<string>();
  let end = 0;
  const described = tensors.map(({ name, shape, values }) => {
    if (!nameSchema.safeParse(name).success || seen.has(name)) throw new RangeError(`no name for a tensor: "${name}"`);
    seen.add(name);
    if (sizeOf(shape) !== values.length) {
      throw new RangeError(`${name}: ${values.length} values do not fit the shape [${shape.join(', ')}]`);
    }
    const start = end;
    end += values.byteLength;
    return [name, { dtype: dtypeOf(values), shape, data_offsets: [start, end] }] as const;
  });
  // Not JSON.stringify of one object: that would move a name like "0" to the front.
  const members = [...entries, ...described].map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
  const json = new TextEncoder().encode(`{${members.join(',')}}`);
  const headerLength = Math.ceil(json.length / ALIGNMENT) * ALIGNMENT;
  if (headerLength > LONGEST_HEADER) throw new RangeError(`the names and metadata take ${headerLength} bytes`);
  const bytes = new Uint8Array(LENGTH_BYTES + headerLength + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerLength), true);
  bytes.set(json, LENGTH_BYTES);
  bytes.fill(0x20, LENGTH_BYTES + json.length, LENGTH_BYTES + headerLength);
  let position = LENGTH_BYTES + headerLength;
  for (const { values } of tensors) {
    write(new DataView(bytes.buffer, position), values);
    position += values.byteLength;
  }
  return bytes;
}

/**
 * Reads a safetensors file. Everything in it is checked; the values are copies.
 *
 * @throws CnnbenchError E_SAFETENSORS where it is damaged, or has a tensor of another type than F32, I32 or U8
 */
export function decodeSafetensors(bytes: Uint8Array): DecodedSafetensors {
  const { header, data } = split(bytes);
  const parsed = parseObject(header);
  let position = 0;
  let metadata: Readonly<Record<string, string>> = {};
  const tensors: { start: number; end: number; tensor: NamedTensor }[] = [];
  for (const name of keysOf(header)) {
    const value = parsed.get(name);
    if (name === METADATA) {
      metadata = parseMetadata(value);
      continue;
    }
    const said = JSON.stringify(name.slice(0, 200));
    if (!nameSchema.safeParse(name).success) throw damaged(`${said} is no name of 1 to 200 printable characters`);
    const entry = entrySchema.safeParse(value);
    if (!entry.success) throw damaged(`${said}: ${issueOf(entry.error)}`);
    const { dtype, shape, data_offsets } = entry.data;
    const [start, end] = data_offsets;
    if (start > end || end > data.byteLength) throw damaged(`${said}: its values are not inside the file`);
    if (sizeOf(shape) * BYTES[dtype] !== end - start) {
      throw damaged(`${said}: ${end - start} bytes do not fit ${dtype} [${shape.join(', ')}]`);
    }
    const view = new DataView(data.buffer, data.byteOffset + start, end - start);
    tensors.push({ start, end, tensor: { name, shape, values: read(view, dtype) } });
  }
  tensors.sort((a, b) => a.start - b.start || a.end - b.end);
  for (const { start, end, tensor } of tensors) {
    if (start !== position) throw damaged(`the values of "${tensor.name}" do not follow those before them`);
    position = end;
  }
  if (position !== data.byteLength) throw damaged(`${data.byteLength - position} bytes at its end belong to no tensor`);
  return { tensors: tensors.map(({ tensor }) => tensor), metadata };
}

function split(bytes: Uint8Array): { header: string; data: Uint8Array } {
  if (bytes.byteLength < LENGTH_BYTES) throw damaged(`it has ${bytes.byteLength} bytes`);
  const length = new DataView(bytes.buffer, bytes.byteOffset, LENGTH_BYTES).getBigUint64(0, true);
  if (length > LONGEST_HEADER) throw damaged(`it promises a header of ${length} bytes; ${LONGEST_HEADER} are the most`);
  const end = LENGTH_BYTES + Number(length);
  if (end > bytes.byteLength) throw damaged('it ends within its header');
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    return { header: decoder.decode(bytes.subarray(LENGTH_BYTES, end)), data: bytes.subarray(end) };
  } catch {
    throw damaged('its header is not UTF-8');
  }
}

/** Members of a JSON object. A map, in which a name such as `__proto__` is one like any other. */
function parseObject(json: string): Map<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw damaged('its header is not JSON');
  }
  if (!json.startsWith('{')) throw damaged('its header is not a JSON object');
  return new Map(Object.entries(value as object));
}

/**
 * Names of the members of a JSON object in the order of the text, which JSON.parse does not keep for names like "0".
 *
 * @param json valid JSON of an object
 */
function keysOf(json: string): string[] {
  const keys: string[] = [];
  let depth = 0;
  for (const [token] of json.matchAll(/[{}]|"[^"\\]*(?:\\.[^"\\]*)*"(?:\s*:)?/g)) {
    if (token === '{') depth++;
    else if (token === '}') depth--;
    else if (depth === 1 && token.endsWith(':')) keys.push(JSON.parse(token.slice(0, -1)) as string);
  }
  if (new Set(keys).size !== keys.length) throw damaged('a name occurs twice');
  return keys;
}

function parseMetadata(value: unknown): Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw damaged(`${METADATA} is not an object`);
  const entries = Object.entries(value).map(([key, text]) => {
    const parsed = textSchema.safeParse(text);
    if (!parsed.success) throw damaged(`${METADATA} has values that are not strings`);
    return [key, parsed.data] as const;
  });
  return Object.fromEntries(entries);
}

function issueOf({ issues }: z.ZodError): string {
  return excerpt(issues.map(({ path, message }) => [...path, message].join(' ')).join('; '));
}

function damaged(what: string): CnnbenchError {
  return new CnnbenchError(
    'E_SAFETENSORS',
    `not a safetensors file that cnnbench reads: ${what}`,
    'Write the file again, with tensors of type F32, I32 or U8 only.',
  );
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

function dtypeOf(values: NamedTensor['values']): Dtype {
  if (values instanceof Float32Array) return 'F32';
  return values instanceof Int32Array ? 'I32' : 'U8';
}

function write(view: DataView, values: NamedTensor['values']): void {
  if (values instanceof Float32Array) values.forEach((value, index) => view.setFloat32(index * 4, value, true));
  else if (values instanceof Int32Array) values.forEach((value, index) => view.setInt32(index * 4, value, true));
  else new Uint8Array(view.buffer, view.byteOffset).set(values);
}

function read(view: DataView, dtype: Dtype): NamedTensor['values'] {
  const length = view.byteLength / BYTES[dtype];
  switch (dtype) {
    case 'F32':
      return Float32Array.from({ length }, (_, index) => view.getFloat32(index * 4, true));
    case 'I32':
      return Int32Array.from({ length }, (_, index) => view.getInt32(index * 4, true));
    case 'U8':
      return new Uint8Array(view.buffer, view.byteOffset, length).slice();
  }
}
