import { CnnbenchError } from '../core/errors.js';

const UNITS: Readonly<Record<string, number>> = { M: 2 ** 20, MIB: 2 ** 20, G: 2 ** 30, GIB: 2 ** 30 };

/** Node and tfjs take about this before anything is computed, bytes. */
const LEAST = 256 * 2 ** 20;

/**
 * Bytes of a value of `--memory`: `4GiB`, `1.5G`, `512MiB`. As with systemd and Docker, M and G are powers of 1024.
 *
 * @throws CnnbenchError E_USAGE
 */
export function parseMemory(text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s*([a-z]+)$/i.exec(text.trim()) ?? [];
  const bytes = Math.floor(Number(number) * (UNITS[unit?.toUpperCase() ?? ''] ?? NaN));
  const remedy = 'Use a number with MiB or GiB, such as 512MiB or 4GiB.';
  if (!Number.isSafeInteger(bytes)) throw new CnnbenchError('E_USAGE', `--memory: "${text}" is not a size`, remedy);
  if (bytes >= LEAST) return bytes;
  throw new CnnbenchError('E_USAGE', `--memory ${text} is too small; the minimum is 256MiB`, remedy);
}
