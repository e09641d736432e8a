import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CnnbenchError, messageOf } from '../core/errors.js';
import { steadily } from '../files/steadily.js';
import { syncToDisk } from '../files/sync.js';
import type { CatalogDownload } from './catalog-entry.js';
import { NETWORK_REMEDY, openTransfer, type TransferOptions } from './transfer.js';

/** How far a download is. */
export interface DownloadProgress {
  /** Name of the file in the cache. */
  readonly file: string;
  readonly receivedBytes: number;
  readonly totalBytes: number;
}

export interface DownloadOptions extends TransferOptions {
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
}

/** Times a connection that broke after it brought something is taken up again. */
const RESUMPTIONS = 3;

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Uint8Array);
  return hash.digest('hex');
}

/** What to do about a cache that takes no files. */
export const CACHE_REMEDY = 'Check that the cache folder is writable and its disk not full, or set XDG_CACHE_HOME.';

const WRONG_FILE_REMEDY = 'Run the command again; if it happens again, download the file by hand (see docs/data.md).';

function tooMuch(download: CatalogDownload): CnnbenchError {
  const message = `${download.url} sends more than the ${download.bytes} bytes of ${download.name}.`;
  return new CnnbenchError('E_DATA_DOWNLOAD', message, WRONG_FILE_REMEDY);
}

/** Fetches what is missing of `part` and appends it. What arrived before an error stays for the next attempt. */
async function transfer(download: CatalogDownload, part: string, options: DownloadOptions): Promise<void> {
  const have = await sizeOf(part);
  const target = await open(part, 'a');
  let received = 0;
  try {
    const { resumed, chunks } = await openTransfer(download, have, options);
    if (resumed) received = have;
    else await target.truncate();
    for await (const chunk of chunks) {
      received += chunk.length;
      if (received > download.bytes) {
        await rm(part, { force: true });
        throw tooMuch(download);
      }
      await target.appendFile(chunk);
      options.onProgress?.({ file: download.name, receivedBytes: received, totalBytes: download.bytes });
    }
    await syncToDisk(target);
  } finally {
    await target.close();
    if ((await sizeOf(part)) === 0) await rm(part, { force: true });
  }
  if (received < download.bytes) {
    const message = `${download.url} ended after ${received} of ${download.bytes} bytes.`;
    throw new CnnbenchError('E_DATA_DOWNLOAD', message, NETWORK_REMEDY);
  }
}

/** Fetches until `part` is complete. A connection that broke is taken up again as long as that brings something. */
async function complete(download: CatalogDownload, part: string, options: DownloadOptions): Promise<void> {
  for (let resumption = 0; ; resumption++) {
    const before = await sizeOf(part);
    if (before === download.bytes) return;
    // Left by something else: no beginning of this file.
    if (before > download.bytes) await rm(part, { force: true });
    try {
      await transfer(download, part, options);
    } catch (error) {
      const hopeful = error instanceof CnnbenchError && error.code === 'E_DATA_DOWNLOAD';
      if (!hopeful || resumption === RESUMPTIONS || (await sizeOf(part)) <= before) throw error;
    }
  }
}

/**
 * Downloads a file into `folder`. It arrives as `<name>.part`, which a later call continues, and gets its name in one
 * step once its SHA-256 is the pinned one. A file of another digest is removed.
 *
 * @returns path of the file
 * @throws E_DATA_DOWNLOAD, E_DATA_DIGEST, E_WRITE; the reason of `signal` when that is aborted
 */
export async function downloadFile(
  download: CatalogDownload,
  folder: string,
  options: DownloadOptions = {},
): Promise<string> {
  const path = join(folder, download.name);
  const part = `${path}.part`;
  try {
    await mkdir(folder, { recursive: true });
    await complete(download, part, options);
    const digest = await hashFile(part);
    if (digest !== download.sha256) {
      await rm(part, { force: true });
      throw new CnnbenchError(
        'E_DATA_DIGEST',
        `${download.url} is not the official file: its SHA-256 is ${digest}, expected ${download.sha256}. It was removed.`,
        WRONG_FILE_REMEDY,
      );
    }
    await steadily(() => rename(part, path));
    return path;
  } catch (error) {
    options.signal?.throwIfAborted();
    if (error instanceof CnnbenchError) throw error;
    throw new CnnbenchError('E_WRITE', `${path} cannot be written: ${messageOf(error)}.`, CACHE_REMEDY, {
      cause: error,
    });
  }
}
