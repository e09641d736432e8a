import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CnnbenchError } from '../../../src/core/errors.js';
import { readContent } from '../../../src/data/bytes.js';
import { temporaryFolder } from '../../fixtures/temporary-folder.js';

const CONTENT = Uint8Array.from({ length: 300_000 }, (_, index) => (index * index) & 0xff);

async function fileOf(bytes: Uint8Array): Promise<string> {
  const path = join(await temporaryFolder(), 'file');
  await writeFile(path, bytes);
  return path;
}

describe('reading a file', () => {
  test('gives the same content raw and gzipped', async () => {
    const raw = await readContent(await fileOf(CONTENT), false, CONTENT.length);
    const gzipped = await readContent(await fileOf(gzipSync(CONTENT)), true, CONTENT.length);
    expect(Buffer.from(CONTENT).equals(raw)).toBe(true);
    expect(Buffer.from(CONTENT).equals(gzipped)).toBe(true);
  });

  test('gives a shorter content as it is', async () => {
    expect(await readContent(await fileOf(gzipSync(CONTENT.subarray(0, 9))), true, 100)).toHaveLength(9);
  });

  test.each([
    ['truncated', gzipSync(CONTENT).subarray(0, 1000)],
    ['truncated in its checksum', gzipSync(CONTENT).subarray(0, -3)],
    ['without gzip header', CONTENT],
    ['with a wrong checksum', gzipSync(CONTENT).map((byte, at, all) => (at < all.length - 8 ? byte : 1))],
  ])('says that a .gz is damaged when it is %s', async (_, bytes) => {
    const path = await fileOf(bytes);
    await expect(readContent(path, true, CONTENT.length)).rejects.toMatchObject({
      code: 'E_DATA_GZIP',
      message: expect.stringContaining(path) as string,
    });
  });

  test('gives a gzip bomb up at the cap', async () => {
    const bomb = await fileOf(gzipSync(Buffer.alloc(64 << 20)));
    const before = process.memoryUsage().arrayBuffers;
    await expect(readContent(bomb, true, 100_000)).rejects.toMatchObject({ code: 'E_DATA_SIZE' });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 << 20);
  });

  test('rejects a raw file that is too long', async () => {
    await expect(readContent(await fileOf(CONTENT), false, 100)).rejects.toMatchObject({ code: 'E_DATA_SIZE' });
  });

  test('says that a file cannot be read when it is gone', async () => {
    const gone = join(await temporaryFolder(), 'gone');
    await expect(readContent(gone, false, 1)).rejects.toMatchObject({ code: 'E_DATA_READ' });
    await expect(readContent(gone, true, 1)).rejects.toMatchObject({ code: 'E_DATA_READ' });
  });

  test('meets arbitrary bytes with nothing but a CnnbenchError', async () => {
    const folder = await temporaryFolder();
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), fc.boolean(), async (noise, asGzip) => {
        const path = join(folder, 'noise');
        await writeFile(path, asGzip ? Buffer.concat([gzipSync(noise).subarray(0, 10), noise]) : noise);
        const error: unknown = await readContent(path, true, 1000).catch((caught: unknown) => caught);
        if (!(error instanceof Uint8Array)) expect(error).toBeInstanceOf(CnnbenchError);
      }),
      { numRuns: 60 },
    );
  });
});
