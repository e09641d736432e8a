import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { world } from './world.js';

const RECORD = 'moved/records/my-lecture.model-mlp.js.quick.seed0.json';

test('a deck of init runs at once, its wrong number is found, and the folder of the run needs no deck', async () => {
  const { cwd, given, read, summary } = await world();
  await given(['init']);
  await given(['init'], 2); // Nothing that is there is touched.
  await given(['run', 'deck.yaml', 'model-mlp', '-b', 'js', '--out', 'out']);
  const verdicts = Object.fromEntries((await summary()).claims.map(({ id, verdict }) => [id, verdict]));
  expect(verdicts).toEqual({
    'my-lecture/parameters': 'reproduced',
    'my-lecture/hidden-layer': 'reproduced',
    'my-lecture/last-layer': 'not reproduced',
  });

  await rename(join(cwd, 'out'), join(cwd, 'moved'));
  await rename(join(cwd, 'deck.yaml'), join(cwd, 'gone'));
  expect(await read('moved', 'decks', 'my-lecture.yaml')).toBe(await read('gone'));
  expect((await given(['report', 'moved'])).stdout).toContain('measured 1,290 parameters');
  expect((await given(['gate', 'moved'], 1)).stdout).toContain('my-lecture/last-layer');
  await given(['merge', 'moved', '--out', 'merged', '--allow', 'dirty']);
  expect(await read('merged', 'decks', 'my-lecture.yaml')).toBe(await read('gone'));
  await given(['verify', RECORD]);
});

test('a mistake in a deck ends before anything runs, with its line, also as JSON', async () => {
  const { cwd, given } = await world();
  await given(['init']);
  await writeFile(
    join(cwd, 'bad.yaml'),
    'schemaVersion: 1\ndeck: x\ncite: { title: A page }\nclaims:\n  - { id: n, place: p, printed: 96.50 }\n',
  );
  const { stderr, stdout } = await given(['deck', 'check', 'bad.yaml', '--json'], 2);
  expect(stderr).toContain('bad.yaml:5:33: error: quote printed values');
  expect(stderr).toContain(
    '\n  5 |   - { id: n, place: p, printed: 96.50 }\n    |                                 ^^^^^\n',
  );
  expect(JSON.parse(stdout)).toMatchObject({
    error: {
      problems: [
        { code: 'E_DECK_FIELD', line: 5, column: 5 },
        { code: 'E_DECK_PRINTED', line: 5, column: 33 },
      ],
    },
  });
  await given(['list', 'claims', '--deck', 'deck.yaml', '--no-builtin']);
  await given(['run', 'deck.yaml', 'no-such-experiment'], 2);
});
