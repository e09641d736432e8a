import { createHash } from 'node:crypto';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { DeckFile } from '../core/deck.js';
import { CnnbenchError, messageOf } from '../core/errors.js';
import { writeAtomically } from './atomic.js';
import type { RunManifest } from './manifest.js';
import { RESTORE } from './parse.js';
import { MOST_SMALL_BYTES, readText } from './read-file.js';

/**
 * The deck files of a run, beside its records: what a folder says does not change with a file somewhere else, and whoever gets it needs
 * no other.
 */
const FOLDER = 'decks';

type Copy = NonNullable<RunManifest['decks']>[number];

/** How the manifest lists them. */
export function copiesOf(decks: readonly DeckFile[]): Copy[] {
  return decks.map(({ deck, sha256 }) => ({ id: deck, file: `${FOLDER}/${deck}.yaml`, sha256 }));
}

/** Writes the copies. One that says something else is kept beside it under another name. */
export async function writeDeckCopies(
  folder: string,
  decks: readonly DeckFile[],
  onNotice?: (line: string) => void,
): Promise<void> {
  if (decks.length > 0) await mkdir(join(folder, FOLDER), { recursive: true });
  for (const { deck, text } of decks) {
    const path = join(folder, FOLDER, `${deck}.yaml`);
    const there = await readText(path, MOST_SMALL_BYTES).catch(() => undefined);
    if (there === text) continue;
    if (there !== undefined) {
      await rename(path, join(folder, FOLDER, `${deck}.before-${digest(there).slice(0, 12)}.yaml`));
      onNotice?.(
        `note: the deck ${deck} has changed since this run began: its claims are those of the file as it is now`,
      );
    }
    await writeAtomically(path, text);
  }
}

/** The text of a copy. @throws CnnbenchError E_RECORD_INVALID where it is not there, or is not what the manifest says */
export async function readDeckCopy(folder: string, { file, sha256 }: Copy): Promise<string> {
  const path = join(folder, file);
  const text = await readText(path, MOST_SMALL_BYTES).catch((error: unknown) => {
    throw invalid(path, messageOf(error));
  });
  if (digest(text) !== sha256) throw invalid(path, 'it has been changed since the run');
  return text;
}

function invalid(path: string, why: string): CnnbenchError {
  return new CnnbenchError(
    'E_RECORD_INVALID',
    `the copy of the deck, ${path}, is not that of the run: ${why}`,
    `${RESTORE}, or name another with --deck.`,
  );
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
