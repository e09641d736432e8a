import { REGISTERED_BACKENDS } from '../../backends/registry.js';
import { BACKENDS, type BackendName } from '../../core/cell.js';
import { CnnbenchError } from '../../core/errors.js';
import type { BackendDescription } from '../../core/record.js';
import { probeBackend, type Probe } from '../../runner/parent/probe-backend.js';

/** A backend that works here. */
export interface ChosenBackend {
  readonly name: BackendName;
  /** A processor plays its GPU. */
  readonly software: boolean;
  /** As probed; absent for the scripted one. */
  readonly description?: BackendDescription;
}

/**
 * The backends of `--backend`, repeated or as comma lists; without it, every default backend that works here, GPUs that a
 * processor plays left out: nobody waits for these but who asks for them.
 *
 * @throws CnnbenchError E_UNKNOWN_BACKEND, E_BACKEND_UNAVAILABLE for a named one that does not work, E_NO_BACKEND
 */
export async function chooseBackends(
  words: readonly string[] | undefined,
  signal: AbortSignal,
  probe: Probe = probeBackend,
): Promise<ChosenBackend[]> {
  const named = namedBackends(words);
  const candidates = named.length > 0 ? named : REGISTERED_BACKENDS.filter((it) => it.byDefault).map((it) => it.name);
  const working: ChosenBackend[] = [];
  for (const name of candidates) {
    if (name === 'fake') {
      working.push({ name, software: false });
      continue;
    }
    const probed = await probe(name, signal);
    if (probed.works) {
      const { description } = probed;
      const software = description.software ?? false;
      if (named.length > 0 || !software) working.push({ name, software, description });
    } else if (named.length > 0) {
      throw new CnnbenchError(
        'E_BACKEND_UNAVAILABLE',
        `the backend ${name} does not work here: ${probed.reason}`,
        probed.remedy,
      );
    }
  }
  if (working.length === 0) {
    throw new CnnbenchError(
      'E_NO_BACKEND',
      'no backend works here',
      'Run "cnnbench doctor" to see why and how to fix it.',
    );
  }
  return working;
}

/**
 * The backends of `--backend`, repeated or as comma lists, each once.
 *
 * @throws CnnbenchError E_UNKNOWN_BACKEND
 */
export function namedBackends(words: readonly string[] | undefined): BackendName[] {
  return [...new Set((words ?? []).flatMap((word) => word.split(',')).map((word) => word.trim()))].map(knownBackend);
}

function knownBackend(word: string): BackendName {
  const name = BACKENDS.find((candidate) => candidate === word);
  if (name !== undefined) return name;
  const known = REGISTERED_BACKENDS.map((backend) => backend.name).join(', ');
  throw new CnnbenchError('E_UNKNOWN_BACKEND', `there is no backend "${word}"`, `Choose one of ${known}.`);
}

/**
 * The one backend that a word names.
 *
 * @throws CnnbenchError E_UNKNOWN_BACKEND, E_USAGE for a list
 */
export function oneBackend(word: string): BackendName {
  const [name, ...others] = namedBackends([word]);
  if (name !== undefined && others.length === 0) return name;
  throw new CnnbenchError(
    'E_USAGE',
    `--backend ${word}: only one backend is possible here`,
    'Choose one, and repeat the command for others.',
  );
}
