import { crc32, inflateRawSync } from 'node:zlib';
import { messageOf } from '../../core/errors.js';
import { complaint } from './complain.js';
import { checkLimit, LIMITS } from './limits.js';

/** Signatures and fixed lengths of PKWARE's APPNOTE 6.3, sections 4.3.7, 4.3.12 and 4.3.16. */
const END = { signature: 0x06054b50, length: 22, comment: 0xffff } as const;
const CENTRAL = { signature: 0x02014b50, length: 46 } as const;
const LOCAL = { signature: 0x04034b50, length: 30 } as const;
const STORED = 0;
const DEFLATED = 8;

/** A file of an archive. */
interface Entry {
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
}

/**
 * The files of a zip archive by name, each read when it is asked for: stored or deflated, below 4 GiB, its CRC-32 checked. NumPy writes no
 * other ones.
 *
 * @param path for messages
 * @throws E_DATA_FORMAT where it is no such archive
 */
export function openZip(
  bytes: Uint8Array,
  path: string,
): { names: string[]; read: (name: string) => Uint8Array | undefined } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries = entriesOf(view, bytes, path);
  return {
    names: [...entries.keys()],
    read(name) {
      const entry = entries.get(name);
      return entry && contentOf(view, bytes, entry, `${name} in ${path}`);
    },
  };
}

function damaged(path: string, what: string, cause?: unknown): Error {
  return complaint('E_DATA_FORMAT', `${path} is not a complete zip archive: ${what}.`, cause);
}

function entriesOf(view: DataView, bytes: Uint8Array, path: string): Map<string, Entry> {
  let end = bytes.length - END.length;
  const first = Math.max(0, end - END.comment);
  while (end >= first && view.getUint32(end, true) !== END.signature) end--;
  if (end < first) throw damaged(path, 'it has no directory');
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  const entries = new Map<string, Entry>();
  for (let index = 0; index < count; index++) {
    if (at + CENTRAL.length > end || view.getUint32(at, true) !== CENTRAL.signature)
      throw damaged(path, 'its directory is damaged');
    const [nameLength, extra, comment] = [28, 30, 32].map((field) => view.getUint16(at + field, true)) as [
      number,
      number,
      number,
    ];
    const next = at + CENTRAL.length + nameLength + extra + comment;
    if (next > end) throw damaged(path, 'its directory is damaged');
    const name = Buffer.from(bytes.subarray(at + CENTRAL.length, at + CENTRAL.length + nameLength)).toString('utf8');
    if (entries.has(name)) throw damaged(path, `it holds ${name} twice`);
    const [crc, packed, size] = [16, 20, 24].map((field) => view.getUint32(at + field, true)) as [
      number,
      number,
      number,
    ];
    entries.set(name, {
      method: view.getUint16(at + 10, true),
      crc,
      packed,
      size,
      offset: view.getUint32(at + 42, true),
    });
    at = next;
  }
  return entries;
}

function contentOf(
  view: DataView,
  bytes: Uint8Array,
  { method, crc, packed, size, offset }: Entry,
  what: string,
): Uint8Array {
  checkLimit(what, size, LIMITS.file, 'bytes');
  if (offset + LOCAL.length > bytes.length || view.getUint32(offset, true) !== LOCAL.signature) {
    throw damaged(what, 'it is not where the directory says');
  }
  const start = offset + LOCAL.length + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
  if (start + packed > bytes.length) throw damaged(what, 'it ends too early');
  const content = unpack(bytes.subarray(start, start + packed), method, size, what);
  if (content.length !== size) throw damaged(what, `it holds ${content.length} bytes instead of ${size}`);
  if (crc32(content) !== crc) throw damaged(what, 'its checksum is another');
  return content;
}

function unpack(packed: Uint8Array, method: number, size: number, what: string): Uint8Array {
  if (method === STORED) return packed;
  if (method !== DEFLATED) throw damaged(what, `it is compressed by method ${method}, which NumPy does not write`);
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, size) });
  } catch (error) {
    throw damaged(what, messageOf(error), error);
  }
}
