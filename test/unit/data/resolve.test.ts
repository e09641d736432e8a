import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Execute } from '../../../src/data/debian.js';
import { fingerprintOf } from '../../../src/data/digest.js';
import { resolveDataset as resolveEntry, type ResolveOptions } from '../../../src/data/resolve.js';
import { dataSourceSchema } from '../../../src/data/source.js';
import {
  cifarBatch,
  serve,
  tinyData,
  tinyFiles,
  tinyVariant,
  writeFiles,
  type TinyData,
} from '../../fixtures/data/tiny.js';
import { temporaryFolder } from '../../fixtures/temporary-folder.js';

const tiny = await tinyData();
const fashion = tinyFiles(tiny, 'fashion-mnist');
const cifar = tinyFiles(tiny, 'cifar-10');
const archive = tiny.downloads.get('cifar-10-binary.tar.gz') as Uint8Array;
const zipped = (files: typeof fashion) => files.map(([name, bytes]) => [`${name}.gz`, gzipSync(bytes)] as const);
const below = (folder: string, files: readonly (readonly [string, Uint8Array])[]) =>
  files.map(([name, bytes]) => [`${folder}/${name}`, bytes] as const);

const noPrograms: Execute = () => Promise.reject(Object.assign(new Error('spawn'), { code: 'ENOENT' }));

interface Options extends ResolveOptions {
  readonly catalog: TinyData['catalog'];
}

const resolveDataset = (name: keyof TinyData['catalog'], { catalog, ...options }: Options) =>
  resolveEntry(catalog[name], options);

async function setup(data: TinyData = tiny) {
  const folder = await temporaryFolder();
  const notices: string[] = [];
  const options: Options = {
    catalog: data.catalog,
    cacheDir: join(folder, 'cache'),
    systemDirs: [join(folder, 'system')],
    allowDownload: false,
    allowStandIn: false,
    allowLoopbackHttp: true,
    execute: noPrograms,
    onNotice: (line) => void notices.push(line),
  };
  return { folder, notices, options };
}

describe('resolving a data set', () => {
  test.each([
    ['in the folder itself', fashion],
    ['gzipped', zipped(fashion)],
    ['partly gzipped', [...zipped(fashion.slice(0, 2)), ...fashion.slice(2)]],
    ['in fashion-mnist', below('fashion-mnist', fashion)],
    [
      'with a dot, as some programs unpack it',
      fashion.map(([name, bytes]) => [name.replace('-idx', '.idx'), bytes] as const),
    ],
    ['in upper case, gzipped', zipped(fashion).map(([name, bytes]) => [name.toUpperCase(), bytes] as const)],
    ['where torchvision puts it', below('FashionMNIST/raw', zipped(fashion))],
  ])('finds Fashion-MNIST in the data folder: %s', async (_, files) => {
    const { folder, options } = await setup();
    const dataDir = await writeFiles(join(folder, 'data'), files);
    const source = await resolveDataset('fashion-mnist', { ...options, dataDir });
    expect(source).toMatchObject({ kind: 'files', name: 'fashion-mnist', identity: { provenance: 'official' } });
    expect(source.origin).toContain(dataDir);
  });

  test.each([
    ['in the folder itself', cifar],
    ['gzipped in cifar-10-batches-bin', below('cifar-10-batches-bin', zipped(cifar))],
    ['as the official archive', [['cifar-10-binary.tar.gz', archive] as const]],
    ['as the archive in cifar-10', [['cifar-10/cifar-10-binary.tar.gz', archive] as const]],
  ])('finds CIFAR-10 in the data folder: %s', async (_, files) => {
    const { folder, options } = await setup();
    const dataDir = await writeFiles(join(folder, 'data'), files);
    const source = await resolveDataset('cifar-10', { ...options, dataDir });
    expect(source.identity).toEqual({
      name: 'cifar-10',
      provenance: 'official',
      fingerprint: fingerprintOf(tiny.catalog['cifar-10'].files.map((file) => file.sha256)),
    });
  });

  test('gives plain JSON that its schema accepts', async () => {
    const { folder, options } = await setup();
    const dataDir = await writeFiles(join(folder, 'data'), cifar);
    const sources = [
      await resolveDataset('cifar-10', { ...options, dataDir }),
      await resolveDataset('fashion-mnist', { ...options, dataDir, allowStandIn: true }),
    ];
    for (const source of sources) expect(dataSourceSchema.parse(JSON.parse(JSON.stringify(source)))).toEqual(source);
  });

  test('prefers the published name to another that means the same', async () => {
    const { folder, options } = await setup();
    const [[name, bytes]] = fashion as [(typeof fashion)[number]];
    const dataDir = await writeFiles(join(folder, 'data'), [...fashion, [name.toUpperCase(), bytes.slice(1)]]);
    const source = await resolveDataset('fashion-mnist', { ...options, dataDir });
    expect(source.identity.provenance).toBe('official');
  });

  test('prefers the data folder, then the cache, then the system folder', async () => {
    const { folder, options } = await setup();
    const dataDir = await writeFiles(join(folder, 'data'), fashion);
    await writeFiles(join(folder, 'cache', 'fashion-mnist'), zipped(fashion));
    await writeFiles(join(folder, 'system'), zipped(fashion));
    const origin = async (changes: Partial<ResolveOptions>) =>
      (await resolveDataset('fashion-mnist', { ...options, ...changes })).origin;
    expect(await origin({ dataDir })).toBe(`data folder ${dataDir}`);
    expect(await origin({})).toBe(`cache ${join(folder, 'cache', 'fashion-mnist')}`);
    expect(await origin({ cacheDir: join(folder, 'none') })).toBe(`system folder ${join(folder, 'system')}`);
  });

  test('takes from elsewhere what the data folder does not hold', async () => {
    const { folder, notices, options } = await setup();
    const dataDir = await writeFiles(join(folder, 'data'), cifar);
    await writeFiles(join(folder, 'system'), fashion);
    const source = await resolveDataset('fashion-mnist', { ...options, dataDir });
    expect(source.origin).toBe(`system folder ${join(folder, 'system')}`);
    expect(notices).toEqual([`Fashion-MNIST: not in the data folder ${dataDir}; taken from the ${source.origin}`]);
  });

  test('rejects a data folder that is not there or is a file', async () => {
    const { folder, options } = await setup();
    await writeFile(join(folder, 'file'), '');
    for (const name of ['none', 'file']) {
      const dataDir = join(folder, name);
      await expect(resolveDataset('cifar-10', { ...options, dataDir, allowStandIn: true })).rejects.toMatchObject({
        code: 'E_DATA_DIR',
        message: expect.stringContaining(dataDir) as string,
      });
    }
  });

  test.each([
    ['E_DATA_GZIP', 'train-images-idx3-ubyte.gz', gzipSync(fashion[0]?.[1] as Uint8Array).subarray(0, 900)],
    ['E_DATA_MAGIC', 'train-images-idx3-ubyte', Buffer.from(fashion[0]?.[1] as Uint8Array).fill(1, 3, 4)],
    ['E_DATA_SIZE', 't10k-labels-idx1-ubyte', (fashion[3]?.[1] as Uint8Array).subarray(0, -1)],
    ['E_DATA_LABEL', 't10k-labels-idx1-ubyte', Buffer.from(fashion[3]?.[1] as Uint8Array).fill(10, 8)],
  ])('never falls through a broken file of the data folder: %s in %s', async (code, broken, bytes) => {
    const { folder, options } = await setup();
    const intact = fashion.filter(([name]) => !broken.startsWith(name));
    const dataDir = await writeFiles(join(folder, 'data'), [...intact, [broken, bytes]]);
    await writeFiles(join(folder, 'system'), fashion);
    await expect(resolveDataset('fashion-mnist', { ...options, dataDir, allowStandIn: true })).rejects.toMatchObject({
      code,
      message: expect.stringContaining(broken) as string,
    });
  });

  test('never falls through a data folder that holds a part of the data set', async () => {
    const { folder, options } = await setup();
    const dataDir = await writeFiles(join(folder, 'data'), cifar.slice(0, 4));
    await expect(resolveDataset('cifar-10', { ...options, dataDir, allowStandIn: true })).rejects.toMatchObject({
      code: 'E_DATA_DIR',
      message: expect.stringContaining('data_batch_5.bin, test_batch.bin is missing') as string,
    });
  });

  test('records a known variant with its note', async () => {
    const { folder, options, notices } = await setup();
    const dataDir = await writeFiles(join(folder, 'data'), [...cifar.slice(0, 5), ['test_batch.bin', tinyVariant()]]);
    const source = await resolveDataset('cifar-10', { ...options, dataDir });
    expect(source.identity).toMatchObject({ provenance: 'known-variant', note: 'other pixels' });
    expect(notices).toEqual([expect.stringContaining('CIFAR-10: known variant (other pixels)')]);
  });

  test('records unknown data as such, even next to a known variant', async () => {
    const { folder, options, notices } = await setup();
    const files = [['data_batch_1.bin', cifarBatch([9, 9, 9, 9])] as const, ...cifar.slice(1, 5)];
    const dataDir = await writeFiles(join(folder, 'data'), [...files, ['test_batch.bin', tinyVariant()]]);
    const { identity } = await resolveDataset('cifar-10', { ...options, dataDir });
    expect(identity.provenance).toBe('unknown');
    expect(identity).not.toHaveProperty('note');
    expect(notices).toEqual([expect.stringContaining('unrecognised data files')]);
  });

  test.each([
    ['not official', tinyVariant()],
    ['broken', tinyVariant().subarray(5)],
  ])('reports and ignores a file of the cache that is %s', async (_, bytes) => {
    const { folder, options, notices } = await setup();
    const cache = join(folder, 'cache', 'cifar-10');
    await writeFiles(cache, [...cifar.slice(0, 5), ['test_batch.bin', bytes]]);
    await expect(resolveDataset('cifar-10', options)).rejects.toMatchObject({
      code: 'E_DATA_UNAVAILABLE',
      message: expect.stringContaining('test_batch.bin') as string,
    });
    expect(notices).toEqual([expect.stringContaining(`ignored: ${join(cache, 'test_batch.bin')}`)]);
    await writeFiles(cache, [['cifar-10-binary.tar.gz', archive]]);
    expect(await resolveDataset('cifar-10', options)).toMatchObject({ kind: 'files' });
  });

  test('goes on to the next place when the cache may not be looked into', async () => {
    const { folder, options } = await setup();
    await symlink('fashion-mnist', join(await writeFiles(folder, below('system', fashion)), 'fashion-mnist'));
    const source = await resolveDataset('fashion-mnist', { ...options, cacheDir: folder });
    expect(source.origin).toBe(`system folder ${join(folder, 'system')}`);
  });

  test('draws a stand-in when nothing can be had, and says so in one line', async () => {
    const { options, notices } = await setup();
    const source = await resolveDataset('cifar-10', { ...options, allowStandIn: true });
    expect(source).toMatchObject({ kind: 'stand-in', identity: { provenance: 'stand-in' } });
    expect(notices).toHaveLength(1);
    expect(notices[0]).toMatch(/^CIFAR-10 is not available \(.*\): using stand-in images$/);
  });

  test('names every source it tried when no stand-in is allowed', async () => {
    const { folder, options } = await setup();
    const dataDir = join(folder, 'data');
    await mkdir(dataDir);
    const fetch = () => Promise.reject(new TypeError('fetch failed', { cause: new Error('no network') }));
    await expect(
      resolveDataset('fashion-mnist', { ...options, dataDir, allowDownload: true, fetch }),
    ).rejects.toMatchObject({
      code: 'E_DATA_UNAVAILABLE',
      exitCode: 3,
      remedy: expect.stringContaining('cnnbench data pull') as string,
      message: [
        'Fashion-MNIST is not available. Tried:',
        `  - data folder ${dataDir}: no files of Fashion-MNIST`,
        `  - cache: ${join(folder, 'cache', 'fashion-mnist')} has no files of it`,
        `  - system folder: ${join(folder, 'system')} has no files of it`,
        '  - download: http://127.0.0.1:9/train-images-idx3-ubyte.gz cannot be downloaded: no network',
        '    Check the network, and HTTPS_PROXY behind a proxy, and run the command again: the download resumes.',
        '  - Debian package dataset-fashion-mnist: apt-get failed: apt-get is not installed',
        '    Download the files by hand (see docs/data.md).',
      ].join('\n'),
    });
  });
});

describe('fetching a data set', () => {
  async function withServer(tamper = (bytes: Uint8Array) => bytes) {
    const downloads = new Map<string, Uint8Array>();
    const { url, requests } = await serve((request, response) => {
      const bytes = downloads.get(request.url?.slice(1) ?? '');
      if (bytes === undefined) response.writeHead(404).end();
      else response.end(tamper(bytes));
    });
    const data = await tinyData(url);
    data.downloads.forEach((bytes, name) => downloads.set(name, bytes));
    const { folder, options, notices } = await setup(data);
    return { folder, requests, notices, downloads, options: { ...options, allowDownload: true } };
  }

  test('downloads into the cache and finds it there the next time', async () => {
    const { folder, options, requests } = await withServer();
    for (const name of ['fashion-mnist', 'cifar-10'] as const) {
      const source = await resolveDataset(name, options);
      expect(source).toMatchObject({ kind: 'files', identity: { provenance: 'official' } });
      expect(source.origin).toBe(`cache ${join(folder, 'cache', name)} (download)`);
      await expect(resolveDataset(name, options)).resolves.toMatchObject({
        files: (source as { files: unknown }).files,
      });
    }
    expect(requests).toHaveLength(5);
    expect(await readdir(join(folder, 'cache', 'cifar-10'))).toEqual(['cifar-10-binary.tar.gz']);
  });

  test('fetches once for several that want the same at the same time', async () => {
    const { folder, options, requests, notices } = await withServer();
    const sources = await Promise.all([1, 2, 3].map(() => resolveDataset('fashion-mnist', options)));
    expect(new Set(sources.map(({ identity }) => identity.fingerprint)).size).toBe(1);
    expect(requests).toHaveLength(4);
    const waiting = 'waiting for another process that is downloading Fashion-MNIST';
    expect(notices.filter((line) => line === waiting)).toHaveLength(2);
    expect(await readdir(join(folder, 'cache'))).toEqual(['fashion-mnist']);
  });

  test('removes what a process unpacked that was killed', async () => {
    const { folder, options } = await withServer();
    await writeFiles(join(folder, 'cache', 'cifar-10'), [['apt-Xy12Zz/content/file', archive]]);
    await resolveDataset('cifar-10', options);
    expect(await readdir(join(folder, 'cache', 'cifar-10'))).toEqual(['cifar-10-binary.tar.gz']);
  });

  test('says that the cache cannot be written to', async () => {
    const { folder, options } = await withServer();
    await writeFile(join(folder, 'cache'), '');
    await expect(resolveDataset('cifar-10', options)).rejects.toMatchObject({
      code: 'E_DATA_UNAVAILABLE',
      message: expect.stringContaining(`cache: ${join(folder, 'cache')} cannot be written: EEXIST`) as string,
    });
  });

  test('downloads only what the cache lacks', async () => {
    const { folder, options, requests } = await withServer();
    await writeFiles(join(folder, 'cache', 'fashion-mnist'), fashion.slice(0, 3));
    await expect(resolveDataset('fashion-mnist', options)).resolves.toMatchObject({ kind: 'files' });
    expect(requests.map(({ url }) => url)).toEqual(['/t10k-labels-idx1-ubyte.gz']);
  });

  test('replaces a damaged file of the cache', async () => {
    const { folder, options, notices } = await withServer();
    await writeFiles(join(folder, 'cache', 'cifar-10'), [['cifar-10-binary.tar.gz', archive.subarray(0, 900)]]);
    await expect(resolveDataset('cifar-10', options)).resolves.toMatchObject({ kind: 'files' });
    expect(notices.filter((line) => line.startsWith('ignored:'))).toHaveLength(1);
  });

  test('reports a corrupt download and keeps nothing of it', async () => {
    const { folder, options } = await withServer((bytes) => Buffer.from(bytes).fill(0, 20, 30));
    await expect(resolveDataset('cifar-10', options)).rejects.toMatchObject({
      code: 'E_DATA_UNAVAILABLE',
      message: expect.stringContaining('is not the official file') as string,
    });
    expect(await readdir(join(folder, 'cache', 'cifar-10'))).toEqual([]);
  });

  test('takes the Debian package when the download fails', async () => {
    const { folder, options, downloads, notices } = await withServer();
    downloads.clear();
    const commands: string[] = [];
    const execute: Execute = async (program, args, { cwd }) => {
      commands.push([program, ...args].join(' '));
      if (program === 'apt-get') await writeFile(join(cwd, 'dataset_1_all.deb'), '');
      else await writeFiles(join(cwd, args.at(-1) ?? '', 'usr/share/datasets/fashion-mnist'), zipped(fashion));
    };
    const source = await resolveDataset('fashion-mnist', { ...options, execute });
    expect(source.identity.provenance).toBe('official');
    expect(await readdir(join(folder, 'cache', 'fashion-mnist'))).toEqual(
      zipped(fashion)
        .map(([name]) => name)
        .sort(),
    );
    expect(commands[0]).toMatch(/^apt-get .*download dataset-fashion-mnist$/);
    expect(commands[1]).toBe('dpkg-deb -x ./dataset_1_all.deb content');
    expect(notices).toContain('downloading the Debian package dataset-fashion-mnist');
  });

  test('takes nothing from a Debian package with other files', async () => {
    const { folder, options, downloads } = await withServer();
    downloads.clear();
    const execute: Execute = async (program, args, { cwd }) => {
      if (program === 'apt-get') await writeFile(join(cwd, 'dataset_1_all.deb'), '');
      else await writeFiles(join(cwd, args.at(-1) ?? '', 'usr/share/datasets/fashion-mnist'), fashion.slice(1));
    };
    await expect(resolveDataset('fashion-mnist', { ...options, execute })).rejects.toMatchObject({
      message: expect.stringContaining('does not contain the official files') as string,
    });
    expect(await readdir(join(folder, 'cache', 'fashion-mnist'))).toEqual([]);
  });

  test('takes nothing that is a link in a Debian package, nor what lies behind one', async () => {
    for (const ofFolder of [true, false]) {
      const { folder, options, downloads } = await withServer();
      downloads.clear();
      const elsewhere = await writeFiles(join(folder, 'elsewhere'), fashion);
      const execute: Execute = async (program, args, { cwd }) => {
        if (program === 'apt-get') return writeFile(join(cwd, 'dataset_1_all.deb'), '');
        const inside = join(cwd, args.at(-1) ?? '', 'usr/share/datasets');
        if (ofFolder) {
          await mkdir(inside, { recursive: true });
          return symlink(elsewhere, join(inside, 'fashion-mnist'));
        }
        await mkdir(join(inside, 'fashion-mnist'), { recursive: true });
        for (const [name] of fashion) await symlink(join(elsewhere, name), join(inside, 'fashion-mnist', name));
      };
      await expect(resolveDataset('fashion-mnist', { ...options, execute })).rejects.toMatchObject({
        message: expect.stringContaining('has a link in the place of') as string,
      });
      expect(await readdir(join(folder, 'cache', 'fashion-mnist'))).toEqual([]);
      expect(await readdir(elsewhere)).toHaveLength(fashion.length);
    }
  });

  test('says what apt-get said', async () => {
    const { options, downloads } = await withServer();
    downloads.clear();
    const execute: Execute = () =>
      Promise.reject(
        Object.assign(new Error('Command failed'), { code: 100, stderr: 'W: x\nE: Unable to locate it\n' }),
      );
    await expect(resolveDataset('fashion-mnist', { ...options, execute })).rejects.toMatchObject({
      message: expect.stringContaining('apt-get failed: Unable to locate it') as string,
    });
  });

  test('ends with the reason of an abort and draws nothing', async () => {
    const { options } = await withServer();
    const signal = AbortSignal.abort(new Error('interrupted'));
    await expect(resolveDataset('cifar-10', { ...options, allowStandIn: true, signal })).rejects.toThrow('interrupted');
  });
});
