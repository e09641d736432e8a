import { CnnbenchError, messageOf } from '../core/errors.js';
import { routeTo, type Route } from './proxy.js';

export interface TransferOptions {
  readonly signal?: AbortSignal | undefined;
  /** Replaces the `fetch` that `routeTo` finds. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** Where proxies are named. Default: `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Accept http: on 127.0.0.1, for tests. Everything else is https: only, redirects included. */
  readonly allowLoopbackHttp?: boolean | undefined;
  /** Longest wait for an answer, milliseconds. Default 10,000. */
  readonly connectTimeoutMs?: number | undefined;
  /** Longest silence within an answer, milliseconds. Default 20,000. */
  readonly stallTimeoutMs?: number | undefined;
  /** Time in which an answer has to bring at least `LEAST_RATE` on average, again and again, milliseconds. Default 60,000. */
  readonly paceWindowMs?: number | undefined;
}

/** Where a file is. */
export interface TransferSource {
  readonly url: string;
  /** Hosts that its own host may redirect to. Default: none but itself. */
  readonly redirectHosts?: readonly string[] | undefined;
}

/** An answer that has begun to arrive. */
export interface Transfer {
  /** Whether the chunks continue after the bytes that were there already. Else they are the file from its beginning. */
  readonly resumed: boolean;
  readonly chunks: AsyncIterable<Uint8Array>;
}

const REDIRECTS = 5;
/** Bytes a second: below it a server only keeps the line busy. */
const LEAST_RATE = 1024;
/** What to do about a network that is away, or not good enough. */
export const NETWORK_REMEDY =
  'Check the network, and HTTPS_PROXY behind a proxy, and run the command again: the download resumes.';

/** Where a proxy or a virus scanner signs what goes through it: Node knows the certificates that it came with, and those named to it. */
const CERTIFICATE_REMEDY =
  'Set NODE_EXTRA_CA_CERTS to a PEM file with the certificates of your network, and run the command again.';

/** Codes of OpenSSL as Node names them: SELF_SIGNED_CERT_IN_CHAIN, UNABLE_TO_VERIFY_LEAF_SIGNATURE, UNABLE_TO_GET_ISSUER_CERT_LOCALLY. */
function isOfCertificate(error: unknown): boolean {
  if (error instanceof AggregateError) return isOfCertificate(error.errors[0]);
  if (!(error instanceof Error)) return false;
  const { code = '' } = error as NodeJS.ErrnoException;
  return /_(CERT|SIGNATURE)(_|$)/.test(code) || isOfCertificate(error.cause);
}

function failure(url: string, what: string, cause?: unknown): CnnbenchError {
  const remedy = isOfCertificate(cause) ? CERTIFICATE_REMEDY : NETWORK_REMEDY;
  return new CnnbenchError('E_DATA_DOWNLOAD', `${url} cannot be downloaded: ${what}.`, remedy, { cause });
}

/** `fetch failed` says nothing; its deepest cause does, and where several addresses failed their first one does. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return reasonOf(error.errors[0]);
  return error instanceof Error && error.cause !== undefined ? reasonOf(error.cause) : messageOf(error);
}

function checkUrl(url: URL, allowLoopbackHttp: boolean): void {
  const loopback = allowLoopbackHttp && url.protocol === 'http:' && url.hostname === '127.0.0.1';
  if (url.protocol !== 'https:' && !loopback) throw failure(url.href, 'only https: URLs are followed');
}

/** Aborts unless `restart` or `stop` is called every so many milliseconds. */
function watchdog(abort: AbortController, milliseconds: number): { restart: () => void; stop: () => void } {
  const bark = () => {
    abort.abort(new Error(`no answer for ${milliseconds / 1000} s`));
  };
  let timer = setTimeout(bark, milliseconds);
  const stop = () => {
    clearTimeout(timer);
  };
  const restart = () => {
    stop();
    timer = setTimeout(bark, milliseconds);
  };
  return { restart, stop };
}

/** Takes the bytes that have come; false where a window of time brought fewer than it should. */
function paceOver(milliseconds: number): (bytes: number) => boolean {
  let [start, received] = [performance.now(), 0];
  return (bytes) => {
    received += bytes;
    const seconds = (performance.now() - start) / 1000;
    if (seconds * 1000 < milliseconds) return true;
    const enough = received >= LEAST_RATE * seconds;
    [start, received] = [performance.now(), 0];
    return enough;
  };
}

/**
 * Follows redirects by hand: their number is bounded, and each target is https: on a host that is known beforehand, so that
 * nobody is led into the network behind this machine.
 */
async function request(
  { url, redirectHosts = [] }: TransferSource,
  headers: Record<string, string>,
  signal: AbortSignal,
  { fetch }: Route,
  options: TransferOptions,
) {
  let target = new URL(url);
  const hosts = [target.host, ...redirectHosts];
  for (let redirects = 0; redirects <= REDIRECTS; redirects++) {
    checkUrl(target, options.allowLoopbackHttp ?? false);
    if (!hosts.includes(target.host)) throw failure(url, `it redirects to another host, ${target.host}`);
    const response = await fetch(target, { headers, signal, redirect: 'manual' });
    const location = response.headers.get('location');
    if (response.status < 300 || response.status >= 400 || location === null) return response;
    await response.body?.cancel();
    target = new URL(location, target);
  }
  throw failure(url, `more than ${REDIRECTS} redirects`);
}

/** The chunks of an answer; silence for too long ends it, and so does a trickle. */
async function* watchedChunks(
  url: string,
  body: AsyncIterable<Uint8Array>,
  abort: AbortController,
  options: TransferOptions,
): AsyncGenerator<Uint8Array> {
  const dog = watchdog(abort, options.stallTimeoutMs ?? 20_000);
  const keepsPace = paceOver(options.paceWindowMs ?? 60_000);
  try {
    for await (const chunk of body) {
      dog.stop();
      if (!keepsPace(chunk.length)) throw new Error(`less than ${LEAST_RATE} bytes per second`);
      yield chunk;
      dog.restart();
    }
  } catch (error) {
    options.signal?.throwIfAborted();
    throw failure(url, reasonOf(abort.signal.aborted ? abort.signal.reason : error), error);
  } finally {
    dog.stop();
  }
}

/**
 * Asks for a file from byte `from` on (RFC 9110, range requests).
 *
 * @throws E_DATA_DOWNLOAD, also while the chunks are read; the reason of `signal` when that is aborted
 */
export async function openTransfer(source: TransferSource, from: number, options: TransferOptions): Promise<Transfer> {
  const { url } = source;
  const abort = new AbortController();
  const signal = options.signal === undefined ? abort.signal : AbortSignal.any([abort.signal, options.signal]);
  const dog = watchdog(abort, options.connectTimeoutMs ?? 10_000);
  // The digest and the range are those of the bytes as stored: no compression on the way.
  const headers: Record<string, string> = { 'accept-encoding': 'identity' };
  if (from > 0) headers['range'] = `bytes=${from}-`;
  let route: Route | undefined;
  try {
    const { fetch, env = process.env } = options;
    route = fetch === undefined ? await routeTo(new URL(url).protocol, env) : { fetch };
    const response = await request(source, headers, signal, route, options);
    // What is there is no beginning of what the server has.
    if (from > 0 && response.status === 416) return await openTransfer(source, 0, options);
    const resumed = from > 0 && response.status === 206;
    if (resumed && !response.headers.get('content-range')?.startsWith(`bytes ${from}-`)) {
      throw failure(url, 'the response starts at another byte than requested');
    }
    if (!resumed && response.status !== 200) throw failure(url, `the server answers ${response.status}`);
    if (response.body === null) throw failure(url, 'the response is empty');
    const body = response.body as AsyncIterable<Uint8Array>;
    return { resumed, chunks: watchedChunks(url, body, abort, options) };
  } catch (error) {
    options.signal?.throwIfAborted();
    const reason = abort.signal.aborted ? (abort.signal.reason as unknown) : error;
    // Ends what may still be arriving.
    abort.abort();
    if (error instanceof CnnbenchError) throw error;
    const by = route?.variable === undefined ? '' : ` (${route.variable} names a proxy)`;
    throw failure(url, reasonOf(reason) + by, error);
  } finally {
    dog.stop();
  }
}
