import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { writeWholeFolder } from '../../../src/records/whole-folder.js';

let parent: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'cnnbench-whole-folder-'));
});
afterEach(() => rm(parent, { recursive: true, force: true }));

const fillWith = (text: string) => async (folder: string) => {
  await writeFile(join(folder, 'file'), text);
  return text.length;
};
const textOfTarget = () => readFile(join(parent, 'run', 'file'), 'utf8');
const write = (text: string, replaces = true) => writeWholeFolder(join(parent, 'run'), fillWith(text), { replaces });

describe('a folder that is there as a whole or not at all', () => {
  test('is what was filled, and nothing else is left', async () => {
    expect(await write('one')).toBe(3);
    expect(await write('other')).toBe(5);
    expect(await textOfTarget()).toBe('other');
    expect(await readdir(parent)).toEqual(['run']);
  });

  test('stays as it was where filling or replacing fails', async () => {
    await write('one');
    const failing = writeWholeFolder(join(parent, 'run'), () => Promise.reject(new Error('no room')), {
      replaces: true,
    });
    await expect(failing).rejects.toMatchObject({ code: 'E_WRITE', message: expect.stringContaining('no room') });
    await expect(write('other', false)).rejects.toMatchObject({ code: 'E_WRITE' });
    expect(await textOfTarget()).toBe('one');
    expect(await readdir(parent)).toEqual(['run']);
  });

  test('removes what killed processes left of it, and nothing that may be of others', async () => {
    const dead = spawnSync(process.execPath, ['--version']).pid;
    const kept = [`.run.${process.ppid}.tmp`, `.other.${dead}.tmp`, `.run.x.${dead}.tmp`, `.run.${dead}.tmp.txt`];
    for (const name of [...kept, `.run.${dead}.tmp`, `.run.${dead}.tmp.old`]) await mkdir(join(parent, name));
    await write('one');
    expect(await readdir(parent)).toEqual([...kept, 'run'].toSorted());
  });

  test('leaves what was set aside where it cannot take its place', async () => {
    const dead = spawnSync(process.execPath, ['--version']).pid;
    await mkdir(join(parent, `.run.${dead}.tmp.old`));
    const failing = writeWholeFolder(join(parent, 'run'), () => Promise.reject(new Error('no room')), {
      replaces: true,
    });
    await expect(failing).rejects.toMatchObject({ code: 'E_WRITE' });
    expect(await readdir(parent)).toEqual([`.run.${dead}.tmp.old`]);
  });
});
