import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findSwiftShader, withDriver } from '../../../../src/backends/webgpu/software.js';

const LIBRARY = '/somewhere/libvk_swiftshader.so';

describe('withDriver', () => {
  test('names one driver for as long as the loader looks for it', async () => {
    const before = { ...process.env };
    const path = await withDriver(LIBRARY, async () => {
      const { VK_DRIVER_FILES: manifest = '', VK_ICD_FILENAMES: older } = process.env;
      expect(older).toBe(manifest);
      expect(JSON.parse(await readFile(manifest, 'utf8'))).toMatchObject({ ICD: { library_path: LIBRARY } });
      return manifest;
    });
    await expect(access(path)).rejects.toThrow('ENOENT');
    expect({ ...process.env }).toEqual(before);
  });

  test('puts the environment back after a failure, too', async () => {
    process.env['VK_DRIVER_FILES'] = '/mine.json';
    const failing = withDriver(LIBRARY, () => Promise.reject(new Error('no driver')));
    await expect(failing).rejects.toThrow('no driver');
    expect(process.env['VK_DRIVER_FILES']).toBe('/mine.json');
    expect(process.env).not.toHaveProperty('VK_ICD_FILENAMES');
    delete process.env['VK_DRIVER_FILES'];
  });
});

describe('findSwiftShader', () => {
  let folder: string;
  beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'cnnbench-test-'))));
  afterEach(() => rm(folder, { recursive: true }));

  test('takes what CNNBENCH_SWIFTSHADER names', async () => {
    const library = join(folder, 'libvk_swiftshader.so');
    await writeFile(library, '');
    expect(await findSwiftShader({ CNNBENCH_SWIFTSHADER: library })).toBe(library);
  });

  test.each([
    ['relative.so', 'is not an absolute path'],
    ['/nowhere/libvk_swiftshader.so', 'is not a readable file'],
  ])('refuses %s', async (path, message) => {
    await expect(findSwiftShader({ CNNBENCH_SWIFTSHADER: path })).rejects.toThrow(message);
  });
});
