import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import type { ColumnMetaData, PageHeader } from 'hyparquet';
import { messageOf } from '../../core/errors.js';
import { checkLimit, LIMITS } from './limits.js';

/** What unpacks and what reads headers: hyparquet and fzstd, which are loaded on demand. */
export interface ParquetTools {
  readonly parquetHeader: (reader: { view: DataView; offset: number }) => PageHeader;
  readonly snappyUncompress: (input: Uint8Array, output: Uint8Array) => void;
  readonly zstd: (input: Uint8Array, output: Uint8Array) => Uint8Array;
}

/** Where a column's values are, and whether they may be absent. */
export interface ColumnForm {
  readonly meta: Pick<ColumnMetaData, 'codec' | 'type'>;
  /** Of an optional column in an optional structure: 2. */
  readonly definitionLevels: number;
  /** Rows of the group. */
  readonly rows: number;
}

export type ParquetValue = Uint8Array | number;

/**
 * The values of one chunk of a column: byte arrays, or numbers of 32 or 64 bits. hyparquet reads the headers; the pages are read here, because
 * the lengths in them are a stranger's: every one is checked against the rows of the group and the bytes there are before
 * anything of it is made.
 *
 * @param bytes of the chunk
 * @throws Error saying what is wrong, for a message
 */
export function readColumnChunk(bytes: Uint8Array, form: ColumnForm, tools: ParquetTools): ParquetValue[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const reader = { view, offset: 0 };
  const values: ParquetValue[] = [];
  let dictionary: ParquetValue[] = [];
  while (values.length < form.rows) {
    const header = tools.parquetHeader(reader);
    const length = header.compressed_page_size;
    if (!(length >= 0 && reader.offset + length <= bytes.length)) throw new Error('a page is longer than its column');
    const packed = bytes.subarray(reader.offset, reader.offset + length);
    reader.offset += length;
    if (header.type === 'DICTIONARY_PAGE') {
      const count = header.dictionary_page_header?.num_values ?? 0;
      dictionary = plainValues(unpack(packed, header.uncompressed_page_size, form, tools), count, form);
    } else {
      const left = form.rows - values.length;
      // Not with the spread operator: a page may hold more values than a call takes arguments.
      for (const value of dataPage(packed, header, left, form, dictionary, tools)) values.push(value);
    }
  }
  return values;
}

function dataPage(
  packed: Uint8Array,
  header: PageHeader,
  left: number,
  form: ColumnForm,
  dictionary: readonly ParquetValue[],
  tools: ParquetTools,
): ParquetValue[] {
  const { data_page_header: first, data_page_header_v2: second } = header;
  const about = header.type === 'DATA_PAGE_V2' ? second : first;
  if (about === undefined) throw new Error('a page has no header of a kind that is known');
  const count = about.num_values;
  if (!(count > 0 && count <= left)) throw new Error(`a page announces ${count} values of ${left}`);
  if (header.type === 'DATA_PAGE_V2' && second !== undefined) {
    const levels = second.definition_levels_byte_length;
    const repeated = second.repetition_levels_byte_length;
    if (repeated !== 0 || !(levels >= 0 && levels <= packed.length))
      throw new Error('its levels are longer than their page');
    if (form.definitionLevels > 0) refuseAbsent(packed.subarray(0, levels), count, form);
    const rest = packed.subarray(levels);
    const size = header.uncompressed_page_size - levels;
    return encodedValues(
      second.is_compressed === false ? rest : unpack(rest, size, form, tools),
      about.encoding,
      count,
      form,
      dictionary,
    );
  }
  const page = unpack(packed, header.uncompressed_page_size, form, tools);
  if (form.definitionLevels === 0) return encodedValues(page, about.encoding, count, form, dictionary);
  const view = new DataView(page.buffer, page.byteOffset, page.byteLength);
  const levels = view.getUint32(0, true);
  if (4 + levels > page.length) throw new Error('its levels are longer than their page');
  refuseAbsent(page.subarray(4, 4 + levels), count, form);
  return encodedValues(page.subarray(4 + levels), about.encoding, count, form, dictionary);
}

/** Every row must have a value. */
function refuseAbsent(levels: Uint8Array, count: number, { definitionLevels }: ColumnForm): void {
  const found = hybridValues(levels, 32 - Math.clz32(definitionLevels), count);
  if (found.some((level) => level !== definitionLevels)) throw new Error('a row has no value');
}

function encodedValues(
  page: Uint8Array,
  encoding: string,
  count: number,
  form: ColumnForm,
  dictionary: readonly ParquetValue[],
): ParquetValue[] {
  if (encoding === 'PLAIN') return plainValues(page, count, form);
  if (encoding !== 'PLAIN_DICTIONARY' && encoding !== 'RLE_DICTIONARY')
    throw new Error(`the encoding ${encoding} is not read`);
  const [width = 0] = page;
  if (width > 31) throw new Error('an index has more than 31 bits');
  return Array.from(hybridValues(page.subarray(1), width, count), (index) => {
    const value = dictionary[index];
    if (value === undefined) throw new Error('an index is beyond its dictionary');
    return value;
  });
}

/** Numbers one after the other; byte arrays each after its length of four bytes. */
function plainValues(page: Uint8Array, count: number, { meta: { type } }: ColumnForm): ParquetValue[] {
  const view = new DataView(page.buffer, page.byteOffset, page.byteLength);
  const width = type === 'INT32' || type === 'FLOAT' ? 4 : 8;
  // The shortest byte array has its length only.
  if (!(count >= 0 && count * (type === 'BYTE_ARRAY' ? 4 : width) <= page.length))
    throw new Error('a page is too short for its values');
  if (type === 'INT32') return Array.from({ length: count }, (_, index) => view.getInt32(4 * index, true));
  if (type === 'INT64') return Array.from({ length: count }, (_, index) => Number(view.getBigInt64(8 * index, true)));
  if (type !== 'BYTE_ARRAY') throw new Error(`values of the type ${type} are neither pictures nor labels`);
  let at = 0;
  return Array.from({ length: count }, () => {
    const length = view.getUint32(at, true);
    if (at + 4 + length > page.length) throw new Error('a value is longer than its page');
    const value = page.subarray(at + 4, at + 4 + length);
    at += 4 + length;
    return value;
  });
}

/** Parquet's hybrid of run lengths and bit packing: whole numbers of `width` bits. */
export function hybridValues(bytes: Uint8Array, width: number, count: number): Uint32Array {
  const values = new Uint32Array(count);
  let [at, filled] = [0, 0];
  const next = () => {
    const byte = bytes[at++];
    if (byte === undefined) throw new Error('a page ends within its values');
    return byte;
  };
  while (filled < count) {
    let header = next();
    for (let shift = 7, part = header; part & 0x80; shift += 7) {
      if (shift > 28) throw new Error('a run is too long');
      part = next();
      header = (shift === 7 ? header & 0x7f : header) + (part & 0x7f) * 2 ** shift;
    }
    const runs = Math.floor(header / 2);
    if (header % 2 === 0) {
      let value = 0;
      for (let byte = 0; byte < Math.ceil(width / 8); byte++) value += next() * 2 ** (8 * byte);
      const end = Math.min(count, filled + runs);
      if (runs === 0) throw new Error('a run is empty');
      values.fill(value, filled, end);
      filled = end;
    } else {
      let [bits, held] = [0, 0];
      for (let index = 0; index < 8 * runs && filled < count; index++) {
        while (held < width) {
          bits += next() * 2 ** held;
          held += 8;
        }
        values[filled++] = bits % 2 ** width;
        bits = Math.floor(bits / 2 ** width);
        held -= width;
      }
      if (runs === 0) throw new Error('a run is empty');
    }
  }
  return values;
}

function unpack(packed: Uint8Array, size: number, { meta: { codec } }: ColumnForm, tools: ParquetTools): Uint8Array {
  if (!(size >= 0)) throw new Error('a page has no size');
  checkLimit('a page', size, LIMITS.file, 'bytes');
  const page = unpackBy(codec, packed, size, tools);
  if (page.length !== size) throw new Error(`a page unpacks to ${page.length} bytes instead of ${size}`);
  return page;
}

function unpackBy(
  codec: string,
  packed: Uint8Array,
  size: number,
  { snappyUncompress, zstd }: ParquetTools,
): Uint8Array {
  const options = { maxOutputLength: Math.max(1, size) };
  switch (codec) {
    case 'UNCOMPRESSED':
      return packed;
    case 'SNAPPY': {
      const page = new Uint8Array(size);
      snappyUncompress(packed, page);
      return page;
    }
    case 'GZIP':
      return gunzipSync(packed, options);
    case 'BROTLI':
      return brotliDecompressSync(packed, options);
    case 'ZSTD':
      return zstd(packed, new Uint8Array(size));
    default:
      throw new Error(`the compression ${codec} is not read (snappy, gzip, brotli and zstd are)`);
  }
}

/** What a reader threw, as the end of a sentence. */
export function reasonOf(error: unknown): string {
  return messageOf(error).replace(/\.$/, '');
}
