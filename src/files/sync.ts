import { fsync } from 'node:fs';
import { type FileHandle } from 'node:fs/promises';
import { promisify } from 'node:util';

/** fsync(2) of an open file. By its number: the handles of Yarn's Plug'n'Play have no `sync` of their own. */
export async function syncToDisk({ fd }: FileHandle): Promise<void> {
  await promisify(fsync)(fd);
}
