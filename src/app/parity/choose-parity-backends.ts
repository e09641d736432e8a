import { REGISTERED_BACKENDS } from '../../backends/registry.js';
import { CnnbenchError } from '../../core/errors.js';
import { ORACLE } from '../../parity/ladder.js';
import { probeBackend } from '../../runner/parent/probe-backend.js';
import { chooseBackends, type ChosenBackend } from '../run/choose-backends.js';
import type { ProgressStream } from '../run/progress.js';

/**
 * The backends of `--backend`; without it, every one that works here but the oracle, with a line for each that does not.
 *
 * @throws CnnbenchError as `chooseBackends` does, and E_UNKNOWN_BACKEND for the scripted one, which computes nothing
 */
export async function chooseParityBackends(
  words: readonly string[] | undefined,
  stream: ProgressStream,
  signal: AbortSignal,
): Promise<ChosenBackend[]> {
  if (words !== undefined) {
    const named = await chooseBackends(words, signal);
    if (!named.some(({ name }) => name === 'fake')) return named;
    throw new CnnbenchError('E_UNKNOWN_BACKEND', 'the backend fake computes nothing', 'Choose another backend.');
  }
  const working: ChosenBackend[] = [];
  for (const { name } of REGISTERED_BACKENDS.filter((backend) => backend.name !== ORACLE)) {
    const probe = await probeBackend(name, signal);
    if (probe.works) {
      const { description } = probe;
      working.push({ name, software: description.software ?? false, description });
    } else stream.write(`${name} does not work here and is skipped: ${probe.reason}\n`);
  }
  if (working.length > 0) return working;
  throw new CnnbenchError(
    'E_NO_BACKEND',
    `no backend but ${ORACLE} works here`,
    'Run "cnnbench doctor" to see why and how to fix it.',
  );
}
