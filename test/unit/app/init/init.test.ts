import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { initDeck } from '../../../../src/app/init/init.js';
import { temporaryFolder } from '../../../fixtures/temporary-folder.js';

test('a deck is written where there is none, and nowhere else', async () => {
  const folder = await temporaryFolder();
  const { files } = await initDeck(join(folder, 'a'));
  expect(files).toEqual([join(folder, 'a', 'deck.yaml'), join(folder, 'a', '.github', 'workflows', 'cnnbench.yml')]);
  await expect(initDeck(join(folder, 'a'))).rejects.toMatchObject({
    code: 'E_USAGE',
    remedy: 'Choose another folder: "cnnbench init DIR".',
  });
  await expect(initDeck(join(folder, 'b'))).resolves.toBeDefined();
});

test('a workflow that is there already keeps the deck from being written, too', async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, '.github', 'workflows'), { recursive: true });
  await writeFile(join(folder, '.github', 'workflows', 'cnnbench.yml'), 'mine');
  await expect(initDeck(folder)).rejects.toMatchObject({ code: 'E_USAGE' });
  expect(await readdir(folder)).toEqual(['.github']);
});

test('where nothing can be written, another folder helps', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'file'), '');
  await expect(initDeck(join(folder, 'file', 'deck'))).rejects.toMatchObject({
    code: 'E_OUT_UNWRITABLE',
    remedy: 'Choose a folder you may write to.',
  });
  await expect(initDeck(join(folder, 'deck'))).resolves.toBeDefined();
});
