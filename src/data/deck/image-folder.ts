import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../../core/errors.js';
import { complaint } from './complain.js';
import { locate, readBounded } from './files.js';
import { checkLimit, LIMITS } from './limits.js';
import { decodeAll } from './picture.js';
import type { RawSplit } from './raw.js';

const PICTURE = /\.(png|jpe?g)$/i;

/** By code points, as Python sorts. */
export function byCodePoint(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/**
 * A folder with one folder a class, each with PNG and JPEG files: torchvision's ImageFolder, classes and files in the same order (by code
 * points). Names that begin with a dot are passed over, and files beside the folders.
 */
export async function readImageFolder(folders: readonly string[], path: string): Promise<RawSplit> {
  const root = await locate(folders, path);
  const classes = (await list(root, path)).filter((entry) => entry.isDirectory()).map(({ name }) => name);
  if (classes.length === 0) throw complaint('E_DATA_CLASS', `${path} has no folders, one per class.`);
  refuseAlike(classes, path);
  const files: string[] = [];
  const labels: number[] = [];
  for (const [label, name] of classes.entries()) {
    const pictures = await picturesIn(join(root, name), `${path}/${name}`);
    for (const picture of pictures) files.push(`${name}/${picture}`);
    labels.push(...pictures.map(() => label));
    checkLimit(path, files.length, LIMITS.images, 'images');
  }
  const nameOf = (index: number) => `${path}/${files[index] ?? ''}`;
  return {
    count: files.length,
    images: () =>
      decodeAll(files.length, (index) => readBounded(join(root, files[index] as string), LIMITS.picture), nameOf),
    labels,
    classes,
    nameOf,
  };
}

async function list(folder: string, path: string): Promise<Dirent[]> {
  let entries: Dirent[];
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch (error) {
    throw complaint('E_DATA_READ', `${path} is not a readable folder: ${messageOf(error)}.`, error);
  }
  const seen = entries.filter(({ name }) => !name.startsWith('.')).sort((a, b) => byCodePoint(a.name, b.name));
  const link = seen.find((entry) => entry.isSymbolicLink());
  if (link !== undefined) throw complaint('E_DATA_PATH', `${path}/${link.name} is a symbolic link.`);
  return seen;
}

/** Another computer may take them for one: `Cat` and `cat`, or an accented letter written in two ways. */
function refuseAlike(classes: readonly string[], path: string): void {
  const seen = new Map<string, string>();
  for (const name of classes) {
    const key = name.normalize('NFC').toLowerCase();
    const other = seen.get(key);
    if (other !== undefined)
      throw complaint('E_DATA_CLASS', `${path} holds the folders ${other} and ${name}, which are one on some systems.`);
    seen.set(key, name);
  }
}

async function picturesIn(folder: string, path: string): Promise<string[]> {
  const entries = await list(folder, path);
  const other = entries.find((entry) => !entry.isFile() || !PICTURE.test(entry.name));
  if (other !== undefined) throw complaint('E_DATA_FORMAT', `${path}/${other.name} is not a PNG or JPEG file.`);
  if (entries.length === 0) throw complaint('E_DATA_CLASS', `${path} holds no picture.`);
  return entries.map(({ name }) => name);
}
