import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Execute } from '../../../src/data/debian.js';
import { loadDataset } from '../../../src/data/load.js';
import { resolveDataset, type ResolveOptions } from '../../../src/data/resolve.js';
import type { FileSource } from '../../../src/data/source.js';
import { pullData } from '../../../src/data/dataset-status.js';
import { serve, tinyData, tinyFiles, writeFiles } from '../../fixtures/data/tiny.js';
import { temporaryFolder } from '../../fixtures/temporary-folder.js';

/** Answers with a file, or with what takes its place. */
type Answer = (whole: Uint8Array) => Uint8Array | undefined;

const sane: Answer = (whole) => whole;

/** A server of the tiny data sets and a cache, both of which can be spoilt, and mended. */
async function laboratory() {
  const folder = await temporaryFolder();
  const downloads = new Map<string, Uint8Array>();
  const server = { answer: sane };
  const { url, requests } = await serve((request, response) => {
    const whole = downloads.get(request.url?.slice(1) ?? '');
    const body = whole && server.answer(whole);
    if (body === undefined) response.writeHead(503).end();
    else {
      response.setHeader('content-length', Math.max(body.length, whole?.length ?? 0));
      response.write(body);
      // An end that comes with the bytes takes them along.
      setTimeout(() => response.socket?.end(), body.length < (whole?.length ?? 0) ? 50 : 0);
    }
  });
  const data = await tinyData(url);
  data.downloads.forEach((bytes, name) => downloads.set(name, bytes));
  const noPrograms: Execute = () => Promise.reject(Object.assign(new Error('spawn'), { code: 'ENOENT' }));
  const options: ResolveOptions = {
    cacheDir: join(folder, 'cache'),
    systemDirs: [],
    allowDownload: true,
    allowStandIn: false,
    allowLoopbackHttp: true,
    execute: noPrograms,
    stallTimeoutMs: 2000,
    env: {},
  };
  return { folder, server, requests, data, options };
}

type Laboratory = Awaited<ReturnType<typeof laboratory>>;

const cacheFile = ({ folder }: Laboratory) => join(folder, 'cache', 'cifar-10');

/** What makes a download fail, the remedy as it is printed, and the remedy done. */
const DOWNLOADS: readonly {
  readonly what: string;
  readonly spoil: (laboratory: Laboratory) => unknown;
  readonly remedy: string;
  readonly mend: (laboratory: Laboratory) => unknown;
}[] = [
  {
    what: 'the network is away',
    spoil: ({ server }) => (server.answer = () => undefined),
    remedy: 'Check the network, and HTTPS_PROXY behind a proxy, and run the command again: the download resumes.',
    mend: ({ server }) => (server.answer = sane),
  },
  {
    what: 'the server breaks off',
    spoil: ({ server }) => (server.answer = (whole) => whole.subarray(0, 5)),
    remedy: 'and run the command again: the download resumes.',
    mend: ({ server }) => (server.answer = sane),
  },
  {
    what: 'something else is sent',
    spoil: ({ server }) => (server.answer = (whole) => Buffer.from(whole).fill(0, 20, 30)),
    remedy: 'Run the command again; if it happens again, download the file by hand (see docs/data.md).',
    mend: ({ server }) => (server.answer = sane),
  },
  {
    what: 'too much is sent',
    spoil: ({ server }) => (server.answer = (whole) => Buffer.concat([whole, whole])),
    remedy: 'Run the command again; if it happens again, download the file by hand (see docs/data.md).',
    mend: ({ server }) => (server.answer = sane),
  },
  {
    what: 'the cache takes no files',
    spoil: ({ folder }) => writeFile(join(folder, 'cache'), ''),
    remedy: 'Check that the cache folder is writable and its disk not full, or set XDG_CACHE_HOME.',
    mend: ({ folder }) => rm(join(folder, 'cache')),
  },
  {
    what: 'the cache takes no files of this data set',
    spoil: (laboratory) => writeFiles(laboratory.folder, [['cache/cifar-10', Buffer.alloc(0)]]),
    remedy: 'Check that the cache folder is writable and its disk not full, or set XDG_CACHE_HOME.',
    mend: (laboratory) => rm(cacheFile(laboratory)),
  },
];

describe('a download that failed says what to do, and done, it works:', () => {
  test.each(DOWNLOADS)('$what', async ({ spoil, remedy, mend }) => {
    const here = await laboratory();
    await spoil(here);
    await expect(pullData(here.data.catalog['cifar-10'], here.options)).rejects.toMatchObject({
      code: 'E_DATA_UNAVAILABLE',
      message: expect.stringContaining(remedy) as string,
      remedy:
        'Follow the remedies above, or download the files by hand, on any machine (see docs/data.md), and run with --data-dir or CNNBENCH_DATA.',
    });
    await mend(here);
    await expect(pullData(here.data.catalog['cifar-10'], here.options)).resolves.toMatchObject({ kind: 'files' });
  });

  test('it goes on where it stopped', async () => {
    const here = await laboratory();
    const { server, requests, data, options } = here;
    server.answer = (whole) => whole.subarray(0, 5);
    await expect(pullData(data.catalog['cifar-10'], options)).rejects.toThrow();
    server.answer = sane;
    await pullData(data.catalog['cifar-10'], options);
    expect(requests.at(-1)?.headers.range).toBe('bytes=5-');
  });

  test('set XDG_CACHE_HOME', async () => {
    const { folder, data, options } = await laboratory();
    await writeFile(join(folder, 'cache'), '');
    await expect(pullData(data.catalog['cifar-10'], options)).rejects.toThrow('set XDG_CACHE_HOME');
    const cacheDir = join(folder, 'another');
    await expect(pullData(data.catalog['cifar-10'], { ...options, cacheDir })).resolves.toMatchObject({
      kind: 'files',
    });
  });

  test('run it without --offline', async () => {
    const { data, options } = await laboratory();
    const offline = { ...options, allowDownload: false };
    await expect(pullData(data.catalog['cifar-10'], offline)).rejects.toThrow('Run the command without them.');
    await expect(pullData(data.catalog['cifar-10'], options)).resolves.toMatchObject({ kind: 'files' });
  });

  test.each([
    ['apt-get is not there', 'ENOENT', undefined],
    ['apt-get brings nothing', undefined, undefined],
    ['the package has other files', undefined, 'x.deb'],
  ])('fetch the files by hand, where %s', async (_, code, archive) => {
    const { folder, server, data, options } = await laboratory();
    server.answer = () => undefined;
    const execute: Execute = async (program, _args, { cwd }) => {
      if (code !== undefined) throw Object.assign(new Error('spawn'), { code });
      if (program === 'apt-get' && archive !== undefined) await writeFile(join(cwd, archive), '');
    };
    const failing = { ...options, execute };
    const entry = data.catalog['fashion-mnist'];
    await expect(pullData(entry, failing)).rejects.toThrow('    Download the files by hand (see docs/data.md).');
    const byHand = tinyFiles(data, 'fashion-mnist').map(([name, bytes]) => [`${name}.gz`, gzipSync(bytes)] as const);
    const dataDir = await writeFiles(join(folder, 'mine'), byHand);
    await expect(resolveDataset(entry, { ...failing, dataDir })).resolves.toMatchObject({ kind: 'files' });
  });
});

test('data that changed during a run: "Start the run again, and do not change the data folder while it runs."', async () => {
  const { folder, data, options } = await laboratory();
  const dataDir = await writeFiles(join(folder, 'mine'), tinyFiles(data, 'fashion-mnist'));
  const look = async () => (await resolveDataset(data.catalog['fashion-mnist'], { ...options, dataDir })) as FileSource;
  const source = await look();
  const [name, bytes] = tinyFiles(data, 'fashion-mnist')[0] as [string, Uint8Array];
  await writeFile(join(dataDir, name), Buffer.from(bytes).fill(7, bytes.length - 1));
  await expect(loadDataset(source)).rejects.toMatchObject({
    code: 'E_DATA_CHANGED',
    remedy: 'Start the run again, and do not change the data folder while it runs.',
  });
  await expect(loadDataset(await look())).resolves.toMatchObject({ identity: { provenance: 'unknown' } });
});
