import { open, type FileHandle } from 'node:fs/promises';
import type { FileMetaData, RowGroup, SchemaElement } from 'hyparquet';
import { z } from 'zod';
import { CnnbenchError, messageOf } from '../../core/errors.js';
import { complaint } from './complain.js';
import { locate } from './files.js';
import { checkLimit, LIMITS } from './limits.js';
import { readColumnChunk, reasonOf, type ColumnForm, type ParquetTools, type ParquetValue } from './parquet-pages.js';
import { decodeAll } from './picture.js';
import type { RawImage, RawSplit } from './raw.js';

/** Of the footer, which names every column of every group of rows. */
const LONGEST_FOOTER = 2 ** 26;

/** What Hugging Face's `datasets` writes about a file. */
const huggingFaceSchema = z.object({
  info: z.object({ features: z.record(z.string(), z.unknown()) }),
});
const classLabelSchema = z.object({ names: z.array(z.string().max(200)).max(10_000) });

interface Columns {
  readonly image: string;
  readonly label: string;
}

/**
 * Images as Hugging Face serves them: a column of PNG or JPEG files (structures with a field `bytes`, or the bytes themselves) and one of
 * labels (whole numbers or words). The names of the classes come with the file where it has them.
 */
export async function readParquet(folders: readonly string[], path: string, columns: Columns): Promise<RawSplit> {
  const file = await locate(folders, path);
  const tools = await loadTools();
  const handle = await openFile(file, path);
  try {
    const metadata = await metadataOf(handle, path, tools);
    const count = Number(metadata.num_rows);
    const rows = metadata.row_groups.reduce((sum, group) => sum + Number(group.num_rows), 0);
    if (rows !== count || count === 0) throw damaged(path, `${rows} rows in its groups, ${count} in all`);
    checkLimit(path, count, LIMITS.images, 'images');
    const labels: (number | string)[] = [];
    for (const group of metadata.row_groups) {
      for (const value of await columnOf(handle, path, metadata, group, [columns.label], tools))
        labels.push(labelOf(value));
    }
    const nameOf = (index: number) => `row ${index} of ${path}`;
    const classes = classesIn(metadata, columns.label);
    return {
      count,
      images: () => picturesOf(file, path, metadata, columns.image, nameOf, tools),
      labels,
      nameOf,
      ...(classes && { classes }),
    };
  } finally {
    await handle.close();
  }
}

interface Tools extends ParquetTools {
  readonly parquetMetadata: (buffer: ArrayBuffer) => FileMetaData;
}

async function loadTools(): Promise<Tools> {
  const [{ parquetMetadata, snappyUncompress }, { parquetHeader }, { decompress }] = await Promise.all([
    import('hyparquet'),
    import('hyparquet/src/column.js'),
    import('fzstd'),
  ]);
  return { parquetMetadata, snappyUncompress, parquetHeader, zstd: decompress };
}

function damaged(path: string, what: string, cause?: unknown): CnnbenchError {
  return complaint('E_DATA_FORMAT', `${path} is not a readable Parquet file: ${what}.`, cause);
}

async function openFile(file: string, path: string): Promise<FileHandle> {
  try {
    const handle = await open(file);
    if ((await handle.stat()).isFile()) return handle;
    await handle.close();
  } catch (error) {
    throw complaint('E_DATA_READ', `${path} cannot be read: ${messageOf(error)}.`, error);
  }
  throw complaint('E_DATA_READ', `${path} is no file.`);
}

async function bytesOf(handle: FileHandle, path: string, start: number, length: number): Promise<Uint8Array> {
  checkLimit(path, length, LIMITS.file, 'bytes in one piece');
  const { size } = await handle.stat();
  if (!(start >= 0 && length >= 0 && start + length <= size)) throw damaged(path, 'a part of it is beyond its end');
  const bytes = new Uint8Array(length);
  const { bytesRead } = await handle.read(bytes, 0, length, start);
  if (bytesRead !== length) throw damaged(path, 'it ends too early');
  return bytes;
}

const END_BYTES = 8;

async function metadataOf(handle: FileHandle, path: string, { parquetMetadata }: Tools): Promise<FileMetaData> {
  const { size } = await handle.stat();
  if (size < END_BYTES) throw damaged(path, 'it is too short');
  const end = await bytesOf(handle, path, size - END_BYTES, END_BYTES);
  if (Buffer.from(end.subarray(4)).toString('latin1') !== 'PAR1') {
    throw complaint('E_DATA_MAGIC', `${path} does not end as a Parquet file does.`);
  }
  const footer = new DataView(end.buffer).getUint32(0, true);
  checkLimit(`the footer of ${path}`, footer, LONGEST_FOOTER, 'bytes');
  if (footer + END_BYTES > size) throw damaged(path, 'its footer is longer than the file');
  const bytes = await bytesOf(handle, path, size - END_BYTES - footer, footer + END_BYTES);
  try {
    return parquetMetadata(bytes.buffer as ArrayBuffer);
  } catch (error) {
    throw damaged(path, reasonOf(error), error);
  }
}

async function columnOf(
  handle: FileHandle,
  path: string,
  metadata: FileMetaData,
  group: RowGroup,
  column: readonly string[],
  tools: Tools,
): Promise<ParquetValue[]> {
  const name = column.join('.');
  const meta = group.columns
    .map(({ meta_data: found }) => found)
    .find((found) => found?.path_in_schema.join('.') === name);
  if (meta === undefined)
    throw complaint('E_DATA_FORMAT', `${path} has no column "${name}"; it has ${namesIn(metadata).join(', ')}.`);
  const rows = Number(group.num_rows);
  try {
    const start = Math.min(Number(meta.data_page_offset), Number(meta.dictionary_page_offset ?? meta.data_page_offset));
    const bytes = await bytesOf(handle, path, start, Number(meta.total_compressed_size));
    const form: ColumnForm = { meta, definitionLevels: definitionLevels(metadata.schema, column), rows };
    return readColumnChunk(bytes, form, tools);
  } catch (error) {
    if (error instanceof CnnbenchError) throw error;
    throw damaged(path, `column ${name}: ${reasonOf(error)}`, error);
  }
}

function namesIn({ row_groups: [group] }: FileMetaData): string[] {
  return group?.columns.map(({ meta_data: meta }) => meta?.path_in_schema.join('.') ?? '') ?? [];
}

/** How many of the elements of a path may be absent. The schema lists them depth first, each with the number of its children. */
function definitionLevels(schema: readonly SchemaElement[], path: readonly string[]): number {
  let levels = 0;
  let at = 0;
  for (const name of path) {
    let children = schema[at]?.num_children ?? 0;
    for (at++; children > 0 && schema[at]?.name !== name; children--) at = after(schema, at);
    const { repetition_type: repetition } = schema[at] ?? {};
    if (repetition === undefined || repetition === 'REPEATED') throw new Error('it is a list');
    if (repetition === 'OPTIONAL') levels++;
  }
  return levels;
}

/** The place behind an element and all that is in it. */
function after(schema: readonly SchemaElement[], at: number): number {
  let next = at + 1;
  for (let left = schema[at]?.num_children ?? 0; left > 0 && next < schema.length; left--) next = after(schema, next);
  return next;
}

function labelOf(value: ParquetValue): number | string {
  return typeof value === 'number' ? value : Buffer.from(value).toString('utf8');
}

function classesIn({ key_value_metadata: pairs = [] }: FileMetaData, label: string): readonly string[] | undefined {
  try {
    const text = pairs.find(({ key }) => key === 'huggingface')?.value ?? '';
    const { features } = huggingFaceSchema.parse(JSON.parse(text)).info;
    return classLabelSchema.parse(features[label]).names;
  } catch {
    // It is a comment of another program, and no part of the format.
    return undefined;
  }
}

/** Decoded group by group: of a file that is larger than the memory, one group is held. */
async function* picturesOf(
  file: string,
  path: string,
  metadata: FileMetaData,
  column: string,
  nameOf: (index: number) => string,
  tools: Tools,
): AsyncGenerator<RawImage> {
  const handle = await openFile(file, path);
  try {
    let first = 0;
    for (const group of metadata.row_groups) {
      const own = namesIn(metadata).includes(column) ? [column] : [column, 'bytes'];
      const values = await columnOf(handle, path, metadata, group, own, tools);
      const start = first;
      const bytesAt = (index: number): Promise<Uint8Array> => {
        const value = values[index];
        if (value instanceof Uint8Array) return Promise.resolve(value);
        return Promise.reject(
          complaint('E_DATA_FORMAT', `${nameOf(start + index)} has a number where its picture should be.`),
        );
      };
      yield* decodeAll(values.length, bytesAt, (index) => nameOf(start + index));
      first += values.length;
    }
  } finally {
    await handle.close();
  }
}
