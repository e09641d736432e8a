import { expect, test } from 'vitest';
import { portableCommand } from '../../../src/app/portable-command.js';

test.each([
  ['npx cnnbench run all', 'npx cnnbench run all'],
  [
    'npx cnnbench run mlp --out /tmp/x --seeds 5 --data-dir /home/a/data -b wasm',
    'npx cnnbench run mlp --seeds 5 -b wasm',
  ],
  ['npx cnnbench run mlp --out=/tmp/x --data-dir=/d --profile full', 'npx cnnbench run mlp --profile full'],
  [`npx cnnbench run --out '/tmp/my run' mlp`, 'npx cnnbench run mlp'],
  [String.raw`npx cnnbench run --data-dir '/tmp/it'\''s here' mlp`, 'npx cnnbench run mlp'],
  [`npx cnnbench run '--out=/tmp/my run' mlp`, 'npx cnnbench run mlp'],
  [`npx cnnbench run 'mlp-?' --seeds 1,2,7`, `npx cnnbench run 'mlp-?' --seeds 1,2,7`],
  ['npx cnnbench run mlp --gate --policy /tmp/p.json -b wasm', 'npx cnnbench run mlp --gate -b wasm'],
  [`npx cnnbench run mlp --gate '--policy=/tmp/my p.json'`, 'npx cnnbench run mlp --gate'],
  ['npx cnnbench run --policy ../p.ts --gate mlp', 'npx cnnbench run --gate mlp'],
  ['npx cnnbench run --policy ci/../../p.ts --gate mlp', 'npx cnnbench run --gate mlp'],
  ['npx cnnbench run --gate --policy ci/p.ts mlp', 'npx cnnbench run --gate --policy ci/p.ts mlp'],
  ['npx cnnbench run --gate --policy=..p.ts mlp', 'npx cnnbench run --gate --policy=..p.ts mlp'],
  ['npx cnnbench run /home/me/course/deck.yaml small --seeds 5', 'npx cnnbench run deck.yaml small --seeds 5'],
  ["npx cnnbench run '../my course/deck.yaml'", "npx cnnbench run 'deck.yaml'"],
  ['npx cnnbench run all --deck /srv/a.yaml --deck=../b.json', 'npx cnnbench run all --deck a.yaml --deck=b.json'],
  ['npx cnnbench run course/deck.yaml', 'npx cnnbench run course/deck.yaml'],
  ['', ''],
])('%s', (command, portable) => {
  expect(portableCommand(command)).toBe(portable);
});

test('leaves other flags out where it is told to', () => {
  const command = 'npx cnnbench run mlp --shard 2/5 --out x --seeds 5 --shard=1/2';
  expect(portableCommand(command, ['--shard'])).toBe('npx cnnbench run mlp --seeds 5');
});
