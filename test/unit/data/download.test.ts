import { readFile, readdir, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sha256 } from '../../../src/data/digest.js';
import { downloadFile, type DownloadProgress } from '../../../src/data/download.js';
import { serve, serveProxy } from '../../fixtures/data/tiny.js';
import { temporaryFolder } from '../../fixtures/temporary-folder.js';

const CONTENT = Buffer.from(Uint8Array.from({ length: 200_000 }, (_, index) => (index * 7) & 0xff));
const LOCAL = { allowLoopbackHttp: true, connectTimeoutMs: 2000, stallTimeoutMs: 2000, env: {} };

const file = (url: string) => ({ name: 'file.gz', url, bytes: CONTENT.length, sha256: sha256(CONTENT) });

/** Answers like a file server that knows ranges. */
function sendRange(request: IncomingMessage, response: ServerResponse, until = CONTENT.length): void {
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  if (from > 0) response.writeHead(206, { 'content-range': `bytes ${from}-${CONTENT.length - 1}/${CONTENT.length}` });
  response.write(CONTENT.subarray(from, until), () => {
    if (until < CONTENT.length) response.destroy();
    else response.end();
  });
}

describe('downloading', () => {
  test('brings the file whole and reports the progress', async () => {
    const folder = await temporaryFolder();
    const { url } = await serve(sendRange);
    const progress: DownloadProgress[] = [];
    const onProgress = (step: DownloadProgress) => void progress.push(step);
    const path = await downloadFile(file(url), join(folder, 'new', 'folder'), { ...LOCAL, onProgress });
    expect(CONTENT.equals(await readFile(path))).toBe(true);
    expect(await readdir(join(folder, 'new', 'folder'))).toEqual(['file.gz']);
    expect(progress.at(-1)).toEqual({ file: 'file.gz', receivedBytes: CONTENT.length, totalBytes: CONTENT.length });
  });

  test('goes on where a former process stopped', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'file.gz.part'), CONTENT.subarray(0, 150_000));
    const { url, requests } = await serve(sendRange);
    const path = await downloadFile(file(url), folder, LOCAL);
    expect(requests.map(({ headers }) => headers.range)).toEqual(['bytes=150000-']);
    expect(CONTENT.equals(await readFile(path))).toBe(true);
  });

  test('takes a broken connection up again', async () => {
    const { url, requests } = await serve((request, response) => {
      sendRange(request, response, request.headers.range === undefined ? 100_000 : undefined);
    });
    const path = await downloadFile(file(url), await temporaryFolder(), LOCAL);
    expect(CONTENT.equals(await readFile(path))).toBe(true);
    expect(requests).toHaveLength(2);
  });

  test('keeps what arrived when the connection stays broken', async () => {
    const folder = await temporaryFolder();
    const { url } = await serve((request, response) => {
      if (request.headers.range === undefined) sendRange(request, response, 100_000);
      else response.writeHead(503).end();
    });
    await expect(downloadFile(file(url), folder, LOCAL)).rejects.toMatchObject({
      code: 'E_DATA_DOWNLOAD',
      message: expect.stringContaining('the server answers 503') as string,
    });
    expect((await readFile(join(folder, 'file.gz.part'))).length).toBeGreaterThan(0);
  });

  test('begins anew when the server knows no ranges', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'file.gz.part'), 'something else');
    const { url } = await serve((_, response) => response.end(CONTENT));
    const path = await downloadFile(file(url), folder, LOCAL);
    expect(CONTENT.equals(await readFile(path))).toBe(true);
  });

  test('begins anew when the server has nothing after what is there', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'file.gz.part'), 'something else');
    const { url } = await serve((request, response) => {
      if (request.headers.range !== undefined) response.writeHead(416).end();
      else response.end(CONTENT);
    });
    await expect(downloadFile(file(url), folder, LOCAL)).resolves.toBe(join(folder, 'file.gz'));
  });

  test('removes a file of another digest and says so', async () => {
    const folder = await temporaryFolder();
    const { url } = await serve((_, response) => response.end(Buffer.from(CONTENT).fill(0, 5, 6)));
    await expect(downloadFile(file(url), folder, LOCAL)).rejects.toMatchObject({
      code: 'E_DATA_DIGEST',
      message: expect.stringMatching(/its SHA-256 is [0-9a-f]{64}, expected [0-9a-f]{64}\. It was removed\./) as string,
    });
    expect(await readdir(folder)).toEqual([]);
  });

  test('stops a server that sends more than the file has', async () => {
    const folder = await temporaryFolder();
    const { url } = await serve((_, response) => response.end(Buffer.concat([CONTENT, CONTENT])));
    await expect(downloadFile(file(url), folder, LOCAL)).rejects.toMatchObject({
      code: 'E_DATA_DOWNLOAD',
      message: expect.stringContaining('sends more than') as string,
    });
    expect(await readdir(folder)).toEqual([]);
  });

  test('follows a redirect', async () => {
    const { url } = await serve((request, response) => {
      if (request.url === '/there') sendRange(request, response);
      else response.writeHead(302, { location: '/there' }).end();
    });
    await expect(downloadFile(file(url), await temporaryFolder(), LOCAL)).resolves.toBeTypeOf('string');
  });

  test.each([
    ['to an unencrypted address', 'http://example.invalid/x', 'only https: URLs are followed'],
    ['to a file', 'file:///etc/passwd', 'only https: URLs are followed'],
    ['to data in the address', 'data:text/plain,x', 'only https: URLs are followed'],
    ['to another host', 'https://example.invalid/x', 'it redirects to another host, example.invalid'],
    ['into the network behind', 'https://169.254.169.254/latest', 'it redirects to another host, 169.254.169.254'],
    ['to another port of this machine', 'http://127.0.0.1:1/x', 'it redirects to another host, 127.0.0.1:1'],
    ['to what is no address', 'https://[', 'Invalid URL'],
    ['in a circle', '/again', 'more than 5 redirects'],
  ])('does not follow redirects %s', async (_, location, message) => {
    const { url } = await serve((_request, response) => response.writeHead(302, { location }).end());
    await expect(downloadFile(file(url), await temporaryFolder(), LOCAL)).rejects.toMatchObject({
      code: 'E_DATA_DOWNLOAD',
      message: expect.stringContaining(message) as string,
    });
  });

  test('follows a redirect to a host that is known beforehand, and there to no other', async () => {
    const there = await serve((_request, response) =>
      response.writeHead(302, { location: 'https://example.invalid/x' }).end(),
    );
    const { url } = await serve((_request, response) => response.writeHead(302, { location: there.url }).end());
    const known = { ...file(url), redirectHosts: [new URL(there.url).host] };
    await expect(downloadFile(known, await temporaryFolder(), LOCAL)).rejects.toMatchObject({
      message: expect.stringContaining('it redirects to another host, example.invalid') as string,
    });
    expect(there.requests).toHaveLength(1);
  });

  test('keeps nothing of a redirect that it refuses', async () => {
    const folder = await temporaryFolder();
    const { url, requests } = await serve((_request, response) =>
      response.writeHead(302, { location: 'https://example.invalid/x' }).end(CONTENT),
    );
    await expect(downloadFile(file(url), folder, LOCAL)).rejects.toMatchObject({ code: 'E_DATA_DOWNLOAD' });
    expect(requests).toHaveLength(1);
    expect(await readdir(folder)).toEqual([]);
  });

  test.each([
    ['at another byte', 'bytes 0-199999/200000'],
    ['nowhere it says', undefined],
  ])('refuses a continuation that begins %s, and keeps what it has', async (_, range) => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'file.gz.part'), CONTENT.subarray(0, 1000));
    const { url } = await serve((_request, response) =>
      response.writeHead(206, range === undefined ? {} : { 'content-range': range }).end(CONTENT),
    );
    await expect(downloadFile(file(url), folder, LOCAL)).rejects.toMatchObject({
      message: expect.stringContaining('starts at another byte than requested') as string,
    });
    expect(CONTENT.subarray(0, 1000).equals(await readFile(join(folder, 'file.gz.part')))).toBe(true);
  });

  test('stops a continuation that brings more than is missing, and removes it', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'file.gz.part'), CONTENT.subarray(0, 150_000));
    const { url } = await serve((_request, response) =>
      response.writeHead(206, { 'content-range': 'bytes 150000-199999/200000' }).end(CONTENT),
    );
    await expect(downloadFile(file(url), folder, LOCAL)).rejects.toMatchObject({
      message: expect.stringContaining('sends more than') as string,
    });
    expect(await readdir(folder)).toEqual([]);
  });

  test('gives a server up that sends byte by byte', async () => {
    const { url, requests } = await serve((request, response) => {
      const from = Number(/\d+/.exec(request.headers.range ?? '0'));
      response.writeHead(from > 0 ? 206 : 200, from > 0 ? { 'content-range': `bytes ${from}-` } : {});
      const drip = setInterval(() => response.write('x'), 10);
      response.on('close', () => clearInterval(drip));
    });
    const options = { ...LOCAL, paceWindowMs: 150 };
    await expect(downloadFile(file(url), await temporaryFolder(), options)).rejects.toMatchObject({
      code: 'E_DATA_DOWNLOAD',
      message: expect.stringContaining('less than 1024 bytes per second') as string,
    });
    // Taken up again as often as any connection that broke, and no more.
    expect(requests).toHaveLength(4);
  });

  test('accepts http: on the loopback interface only when told to', async () => {
    const { url, requests } = await serve(sendRange);
    await expect(downloadFile(file(url), await temporaryFolder())).rejects.toMatchObject({ code: 'E_DATA_DOWNLOAD' });
    expect(requests).toEqual([]);
  });

  test.each([
    ['never answers', () => undefined],
    ['falls silent', (_: IncomingMessage, response: ServerResponse) => void response.write('x')],
  ])('gives a server up that %s', async (_, answer) => {
    const { url } = await serve(answer);
    const impatient = { allowLoopbackHttp: true, connectTimeoutMs: 100, stallTimeoutMs: 100 };
    await expect(downloadFile(file(url), await temporaryFolder(), impatient)).rejects.toMatchObject({
      code: 'E_DATA_DOWNLOAD',
      message: expect.stringContaining('no answer for 0.1 s') as string,
    });
  });

  test('says why a connection failed', async () => {
    const failing = () =>
      Promise.reject(new TypeError('fetch failed', { cause: new Error('getaddrinfo ENOTFOUND x') }));
    await expect(
      downloadFile(file('https://example.invalid/x'), await temporaryFolder(), { fetch: failing }),
    ).rejects.toMatchObject({
      code: 'E_DATA_DOWNLOAD',
      message: 'https://example.invalid/x cannot be downloaded: getaddrinfo ENOTFOUND x.',
    });
  });

  test.each([
    ['SELF_SIGNED_CERT_IN_CHAIN', /NODE_EXTRA_CA_CERTS/],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', /NODE_EXTRA_CA_CERTS/],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', /NODE_EXTRA_CA_CERTS/],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', /NODE_EXTRA_CA_CERTS/],
    ['ECONNRESET', /^Check the network/],
  ])('says what to do about %s', async (code, remedy) => {
    const cause = Object.assign(new Error(code.toLowerCase()), { code });
    const fetch = () => Promise.reject(new TypeError('fetch failed', { cause }));
    await expect(
      downloadFile(file('https://example.invalid/x'), await temporaryFolder(), { fetch }),
    ).rejects.toMatchObject({ code: 'E_DATA_DOWNLOAD', remedy: expect.stringMatching(remedy) as string });
  });

  test('ends with the reason of an abort', async () => {
    const controller = new AbortController();
    const { url } = await serve((_, response) => {
      response.write('x');
      setTimeout(() => {
        controller.abort(new Error('interrupted'));
      }, 20);
    });
    const options = { ...LOCAL, signal: controller.signal };
    await expect(downloadFile(file(url), await temporaryFolder(), options)).rejects.toThrow('interrupted');
  });

  test('says that the folder cannot be written', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'file'), '');
    await expect(downloadFile(file('https://example.invalid/x'), join(folder, 'file'), LOCAL)).rejects.toMatchObject({
      code: 'E_WRITE',
    });
  });
});

describe('a proxy', () => {
  test.each(['http_proxy', 'HTTP_PROXY', 'ALL_PROXY'])('named by %s brings the file', async (variable) => {
    const { url } = await serve(sendRange);
    const proxy = await serveProxy();
    const env = { [variable]: proxy.url };
    const path = await downloadFile(file(url), await temporaryFolder(), { ...LOCAL, env });
    expect(CONTENT.equals(await readFile(path))).toBe(true);
    expect(proxy.connects).toEqual([new URL(url).host]);
  });

  test('is not asked for the hosts of NO_PROXY, nor for another protocol', async () => {
    const { url } = await serve(sendRange);
    const proxy = await serveProxy();
    const { host } = new URL(proxy.url);
    for (const env of [{ HTTP_PROXY: host, NO_PROXY: 'example.invalid,127.0.0.1' }, { HTTPS_PROXY: proxy.url }]) {
      await downloadFile(file(url), await temporaryFolder(), { ...LOCAL, env });
    }
    expect(proxy.connects).toEqual([]);
  });

  test.each([
    ['that refuses', 'http://user:secret@127.0.0.1:0', 'Proxy response (403)'],
    ['that is not there', 'http://user:secret@127.0.0.1:9', 'ECONNREFUSED'],
    ['of no address', 'gopher://user:secret@127.0.0.1:9', 'HTTP_PROXY is not an http: or https: URL'],
  ])('%s is named by its variable, without its password', async (_, address, message) => {
    const { url } = await serve(sendRange);
    const refusing = await serveProxy(403);
    const env = { HTTP_PROXY: address.replace(':0', `:${new URL(refusing.url).port}`) };
    const failed = downloadFile(file(url), await temporaryFolder(), { ...LOCAL, env });
    await expect(failed).rejects.toMatchObject({
      code: 'E_DATA_DOWNLOAD',
      message: expect.stringMatching(/HTTP_PROXY/) as string,
    });
    await expect(failed).rejects.toThrow(message);
    await expect(failed).rejects.not.toThrow('secret');
  });
});
