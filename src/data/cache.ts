import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/**
 * The folder of downloaded data: `$XDG_CACHE_HOME/cnnbench`, else `~/.cache/cnnbench`. A relative XDG_CACHE_HOME is
 * ignored, as the XDG Base Directory Specification demands. The folder may not exist yet.
 */
export function cacheDirectory(env: Readonly<Record<string, string | undefined>>): string {
  const { XDG_CACHE_HOME: xdg, HOME: home } = env;
  if (xdg !== undefined && isAbsolute(xdg)) return join(xdg, 'cnnbench');
  return join(home !== undefined && home !== '' ? home : homedir(), '.cache', 'cnnbench');
}
