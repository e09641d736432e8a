type Variables = Readonly<Record<string, string | undefined>>;

/** How downloads reach the network. */
export interface Route {
  readonly fetch: typeof globalThis.fetch;
  /** The variable that names a proxy, which `NO_PROXY` may make an exception of. Absent: none does. */
  readonly variable?: string;
}

/** As curl and pip read them: small letters first. */
const VARIABLES: Readonly<Record<string, readonly string[]>> = {
  'https:': ['https_proxy', 'HTTPS_PROXY'],
  'http:': ['http_proxy', 'HTTP_PROXY'],
};
const FOR_ALL = ['all_proxy', 'ALL_PROXY'];

/**
 * The way to addresses of a protocol that the environment asks for: through the proxy of `HTTPS_PROXY` (`HTTP_PROXY`), else of
 * `ALL_PROXY`, but for the hosts of `NO_PROXY`; else straight. Node's own `fetch` of version 20 knows none of them.
 *
 * @throws Error where that is no address that a proxy can have
 */
export async function routeTo(protocol: string, env: Variables): Promise<Route> {
  const names = [...(VARIABLES[protocol] ?? []), ...FOR_ALL];
  const variable = names.find((name) => (env[name] ?? '') !== '');
  if (variable === undefined) return { fetch: globalThis.fetch };
  const named = env[variable] ?? '';
  const proxy = named.includes('://') ? named : `http://${named}`;
  // Without its words: they may have a password.
  if (!URL.canParse(proxy) || !/^https?:/.test(proxy)) throw new Error(`${variable} is not an http: or https: URL`);
  const { EnvHttpProxyAgent, fetch } = await import('undici');
  const noProxy = env['no_proxy'] ?? env['NO_PROXY'] ?? '';
  const dispatcher = new EnvHttpProxyAgent({ httpProxy: proxy, httpsProxy: proxy, noProxy });
  // Its own `fetch`: that of Node has another version of undici, which takes no dispatcher of this one.
  const routed = (url: Parameters<typeof fetch>[0], init: Parameters<typeof fetch>[1]) =>
    fetch(url, { ...init, dispatcher });
  return { fetch: routed as unknown as typeof globalThis.fetch, variable };
}
