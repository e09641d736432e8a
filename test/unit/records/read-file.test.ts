import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readBytes, readText } from '../../../src/records/read-file.js';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cnnbench-'));
  path = join(folder, 'file');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('reads a file of exactly the limit, and refuses one byte more', async () => {
  await writeFile(path, 'abcde');
  expect(Buffer.from(await readBytes(path, 5)).toString()).toBe('abcde');
  await expect(readBytes(path, 4)).rejects.toThrow('it is larger than the limit of 4 bytes');
});

test('reads an empty file, and files larger than a chunk, as they are', async () => {
  await writeFile(path, '');
  expect(await readText(path)).toBe('');
  const long = '\u00e4\u{1f600}x'.repeat(40_000);
  await writeFile(path, long);
  expect(await readText(path)).toBe(long);
});

test('refuses terabytes by their size, without reading them', async () => {
  await writeFile(path, '');
  await truncate(path, 2 ** 42);
  await expect(readText(path)).rejects.toThrow('it is larger than the limit of 32 MiB');
});

test('leaves out a byte order mark, unless it is to be kept', async () => {
  await writeFile(path, '\ufeff{}');
  expect(await readText(path)).toBe('{}');
  expect(await readText(path, 100, { keepMark: true })).toBe('\ufeff{}');
});

test('refuses what is not UTF-8, and what is not there', async () => {
  await writeFile(path, Uint8Array.of(0x61, 0xff));
  await expect(readText(path)).rejects.toThrow('it is not UTF-8');
  await expect(readText(join(folder, 'absent'))).rejects.toMatchObject({ code: 'ENOENT' });
});

test.skipIf(process.platform === 'win32')('waits for no pipe, reads no device and no folder', async () => {
  execFileSync('mkfifo', [path]);
  await expect(readText(path)).rejects.toThrow('it is a pipe or a device, not a file');
  await expect(readText('/dev/zero')).rejects.toThrow('it is a pipe or a device, not a file');
  await expect(readText(folder)).rejects.toThrow('it is a folder');
});
