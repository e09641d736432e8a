import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { CnnbenchError, messageOf } from '../../core/errors.js';
import { captureEnvironment } from '../../records/environment.js';
import { deckTemplate, workflowTemplate } from './templates.js';

const SCHEMA = join('node_modules', 'cnnbench', 'schema', 'deck-1.json');

export interface Initialised {
  /** Paths of the files that were written. */
  readonly files: readonly string[];
}

/**
 * Writes a deck to start from, and a workflow that runs it. Nothing that is there is touched.
 *
 * @param folder made where it is not there
 * @throws CnnbenchError E_USAGE where one of the files is there, E_OUT_UNWRITABLE
 */
export async function initDeck(folder: string): Promise<Initialised> {
  const schema = relative(resolve(folder), resolve(SCHEMA)).replaceAll('\\', '/');
  const files = [
    [join(folder, 'deck.yaml'), deckTemplate(schema.startsWith('.') ? schema : `./${schema}`)],
    [join(folder, '.github', 'workflows', 'cnnbench.yml'), workflowTemplate(captureEnvironment().cnnbench)],
  ] as const;
  for (const [path] of files) {
    if (existsSync(path)) {
      throw new CnnbenchError('E_USAGE', `${path} already exists`, 'Choose another folder: "cnnbench init DIR".');
    }
  }
  for (const [path, text] of files) {
    try {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text, { flag: 'wx' });
    } catch (error) {
      const message = `cannot write ${path}: ${messageOf(error)}`;
      throw new CnnbenchError('E_OUT_UNWRITABLE', message, 'Choose a folder you may write to.', { cause: error });
    }
  }
  return { files: files.map(([path]) => path) };
}
