import { CnnbenchError, ERROR_CODES, type ErrorCode } from '../../core/errors.js';
import { askChild } from './child-process.js';
import type { ExportRequest } from '../protocol.js';

const TIMEOUT_MS = 600_000;

/**
 * Draws the start weights of an experiment in a process of its own, and its first batches where asked for, and writes
 * them to the file of the request.
 *
 * @throws CnnbenchError E_WRITE; codes of the data; E_NO_WEIGHTS when the process dies
 */
export async function exportStart(request: Omit<ExportRequest, 'type'>, signal: AbortSignal): Promise<void> {
  const answer = await askChild<{ error?: Error }>(
    { type: 'export', ...request },
    { timeoutMs: TIMEOUT_MS, signal },
    (message) => {
      if (message.type === 'exported') return {};
      if (message.type !== 'failed') return undefined;
      const { code, message: said, remedy } = message;
      return { error: isKnown(code) ? new CnnbenchError(code, said, remedy) : new Error(said) };
    },
  );
  if ('died' in answer) throw noWeights(answer.reason);
  if (answer.error !== undefined) throw answer.error;
}

/** @param reason how the cell or its process ended */
export function noWeights(reason: string): CnnbenchError {
  return new CnnbenchError(
    'E_NO_WEIGHTS',
    `there are no weights to export: ${reason}`,
    '"cnnbench doctor" shows what works here; give a training more time with --timeout.',
  );
}

function isKnown(code: string): code is Exclude<ErrorCode, 'E_BUG'> {
  return Object.hasOwn(ERROR_CODES, code) && code !== 'E_BUG';
}
