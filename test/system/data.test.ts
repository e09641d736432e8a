import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CATALOG } from '../../src/data/catalog.js';
import { standInFiles } from '../../src/data/encode.js';
import { serveProxy } from '../fixtures/data/tiny.js';
import { world } from './world.js';

describe('cnnbench data', () => {
  test('lists where each data set is, or that it would be downloaded', async () => {
    const { call } = await world();
    const { code, stdout } = await call(['data', 'list']);
    expect(code).toBe(0);
    expect(stdout).toContain('CIFAR-10 (cifar-10)');
    expect(stdout).toContain('would download 170 MB');
  });
  test('verify exits with 1 for a file that is not what it should be', async () => {
    const { call, cwd } = await world();
    await writeFile(join(cwd, 'test_batch.bin'), 'too short');
    const { code, stdout } = await call(['data', 'verify', '--data-dir', '.']);
    expect(code).toBe(1);
    expect(stdout).toContain('test_batch');
  });
  test.each(['fashion-mnist', 'cifar-10'])(
    'what draw writes for %s is refused as a data folder, for its size',
    async (name) => {
      const { call, given } = await world();
      await given(['data', 'draw', name, '--out', 'drawn']);
      const { code, stderr } = await call([
        'run',
        `data-${name}`,
        '-b',
        'js',
        '--profile',
        'smoke',
        '--data-dir',
        'drawn',
      ]);
      expect(stderr).toContain('[E_DATA_SIZE]');
      expect(code).toBe(2);
    },
  );

  test('draw writes the stand-in as the files of a release', async () => {
    const { given, cwd } = await world();
    const { stdout } = await given(['data', 'draw', 'fashion-mnist', '--out', 'drawn']);
    const files = standInFiles(CATALOG['fashion-mnist']);
    expect(stdout).toBe(files.map(({ name }) => `${join('drawn', name)}\n`).join(''));
    expect(await readdir(join(cwd, 'drawn'))).toHaveLength(files.length);
    for (const { name, bytes } of files) {
      expect((await readFile(join(cwd, 'drawn', name))).equals(bytes), name).toBe(true);
    }
  });
  test('pull says what it tried, and what to do about each, and exits with 3 where nothing can be had', async () => {
    const { call } = await world();
    // A cache that cannot be written to is seen before anything is downloaded: this test needs no network.
    const { code, stdout, stderr } = await call(['data', 'pull', 'cifar-10'], {
      XDG_CACHE_HOME: '/dev/null',
      CNNBENCH_OFFLINE: '',
    });
    expect(stderr).toMatch(
      /^cnnbench: CIFAR-10 is not available\. Tried:\n[^]*cannot be written: ENOTDIR[^]*\[E_DATA_UNAVAILABLE\]/,
    );
    expect(stderr).toMatch(/^ {4}Check that the cache folder is writable .* set XDG_CACHE_HOME\. \[E_DATA/m);
    expect(stderr).not.toContain('network');
    expect([code, stdout]).toEqual([3, '']);
  });
  test('pull goes through the proxy of HTTPS_PROXY, and says so where that refuses', async () => {
    const { call } = await world();
    const proxy = await serveProxy(403);
    const { code, stderr } = await call(['data', 'pull', 'cifar-10'], { CNNBENCH_OFFLINE: '', HTTPS_PROXY: proxy.url });
    expect(proxy.connects).toEqual(['www.cs.toronto.edu:443']);
    expect(stderr).toContain('Proxy response (403) !== 200 when HTTP Tunneling (HTTPS_PROXY names a proxy)');
    expect([code, stderr]).toEqual([3, expect.stringContaining('Check the network, and HTTPS_PROXY')]);
  });
  test('pull uses no network where CNNBENCH_OFFLINE or --offline says so', async () => {
    const { call } = await world();
    const proxy = await serveProxy(403);
    for (const [args, offline] of [
      [[], '1'],
      [['--offline'], ''],
    ] as const) {
      const env = { CNNBENCH_OFFLINE: offline, HTTPS_PROXY: proxy.url };
      const { code, stderr } = await call(['data', 'pull', 'cifar-10', ...args], env);
      expect([code, stderr]).toEqual([
        3,
        expect.stringContaining('disabled by --offline or CNNBENCH_OFFLINE\n    Run the command without them.'),
      ]);
    }
    expect(proxy.connects).toEqual([]);
  });
});
