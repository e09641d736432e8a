import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { CnnbenchError } from '../../../src/core/errors.js';
import { readTarGz } from '../../../src/data/archive.js';
import { tarGz } from '../../fixtures/data/tiny.js';
import { temporaryFolder } from '../../fixtures/temporary-folder.js';

const A = Buffer.alloc(70_000, 1);
const B = Buffer.alloc(50, 2);
const WANTED = new Map([
  ['a.bin', A.length],
  ['b.bin', B.length],
]);

async function read(archive: Uint8Array, cap = 1e6): Promise<Record<string, Uint8Array>> {
  const path = join(await temporaryFolder(), 'archive.tar.gz');
  await writeFile(path, archive);
  const members: Record<string, Uint8Array> = {};
  for await (const { name, content } of readTarGz(path, WANTED, cap)) members[name] = content;
  return members;
}

describe('reading a tar archive', () => {
  test('finds members by base name, in any order, among others', async () => {
    const archive = await tarGz([
      { name: 'folder/readme.html', content: Buffer.alloc(5000) },
      { name: 'folder/b.bin', content: B },
      { name: 'a.bin', content: A },
    ]);
    const members = await read(archive);
    expect(Object.keys(members)).toEqual(['b.bin', 'a.bin']);
    expect(Buffer.from(members['a.bin'] as Uint8Array).equals(A)).toBe(true);
    expect(Buffer.from(members['b.bin'] as Uint8Array).equals(B)).toBe(true);
  });

  test('reads a large member without piling up listeners', async () => {
    const warnings: Error[] = [];
    const listen = (warning: Error) => warnings.push(warning);
    process.on('warning', listen);
    onTestFinished(() => void process.off('warning', listen));
    const members = await read(
      await tarGz([
        { name: 'other', content: Buffer.alloc(16 << 20) },
        { name: 'a.bin', content: A },
        { name: 'b.bin', content: B },
      ]),
      20 << 20,
    );
    expect(Object.keys(members)).toEqual(['a.bin', 'b.bin']);
    await new Promise(setImmediate);
    expect(warnings).toEqual([]);
  });

  test('writes nothing, whatever path an entry names', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'inner.tar.gz');
    const entries = ['../a.bin', '/../../b.bin', '../evil'].map((name) => ({ name, content: B }));
    await writeFile(path, await tarGz(entries));
    const names: string[] = [];
    for await (const { name } of readTarGz(path, WANTED, 1e6)) names.push(name);
    expect(names).toEqual(['a.bin', 'b.bin']);
    expect(await readdir(folder)).toEqual(['inner.tar.gz']);
  });

  test('names what an archive lacks', async () => {
    await expect(read(await tarGz([{ name: 'a.bin', content: A }]))).rejects.toMatchObject({
      code: 'E_DATA_ARCHIVE',
      message: expect.stringContaining('does not contain b.bin') as string,
    });
  });

  test('rejects a member that is there twice', async () => {
    const twice = ['x/a.bin', 'y/a.bin'].map((name) => ({ name, content: A }));
    await expect(read(await tarGz(twice))).rejects.toMatchObject({ code: 'E_DATA_ARCHIVE' });
  });

  test('rejects a member that is too long before reading it', async () => {
    await expect(read(await tarGz([{ name: 'b.bin', content: A }]))).rejects.toMatchObject({ code: 'E_DATA_SIZE' });
  });

  test('gives up an archive that inflates to more than it may', async () => {
    const archive = await tarGz([{ name: 'zeros', content: Buffer.alloc(3_000_000) }]);
    await expect(read(archive)).rejects.toMatchObject({ code: 'E_DATA_SIZE' });
  });

  test('tells a truncated .gz from a truncated tar', async () => {
    const archive = await tarGz([{ name: 'a.bin', content: A }]);
    await expect(read(archive.subarray(0, archive.length - 20))).rejects.toMatchObject({ code: 'E_DATA_GZIP' });
    await expect(read(gzipSync(gunzipSync(archive).subarray(0, 30_000)))).rejects.toMatchObject({
      code: 'E_DATA_ARCHIVE',
    });
  });

  test('meets arbitrary bytes with nothing but a CnnbenchError', async () => {
    const path = join(await temporaryFolder(), 'noise.tar.gz');
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 1500 }), async (noise) => {
        await writeFile(path, gzipSync(noise));
        const drain = async () => {
          for await (const member of readTarGz(path, WANTED, 1e6)) expect(member).toBeDefined();
        };
        await expect(drain()).rejects.toBeInstanceOf(CnnbenchError);
      }),
      { numRuns: 40 },
    );
  });
});
