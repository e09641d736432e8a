import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const execute = promisify(execFile);

/** An empty project that the packed package was installed into. Its dependencies are those of this checkout. */
let project: string;
beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'cnnbench-library-'));
  const packages = join(project, 'node_modules');
  await mkdir(join(packages, 'cnnbench'), { recursive: true });
  const pack = ['pack', '--ignore-scripts', '--silent', '--pack-destination', project];
  const { stdout } = await execute('npm', pack, { cwd: ROOT });
  await execute('tar', [
    '-xzf',
    join(project, stdout.trim()),
    '-C',
    join(packages, 'cnnbench'),
    '--strip-components=1',
  ]);
  const { dependencies } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { dependencies: object };
  for (const name of [...Object.keys(dependencies), '@types/node']) {
    await mkdir(dirname(join(packages, name)), { recursive: true });
    await symlink(join(ROOT, 'node_modules', name), join(packages, name));
  }
  await writeFile(join(project, 'package.json'), JSON.stringify({ name: 'consumer', type: 'module' }));
});
afterAll(() => rm(project, { recursive: true }));

async function node(name: string, text: string): Promise<string> {
  await writeFile(join(project, name), text);
  const { stdout, stderr } = await execute(process.execPath, [name], { cwd: project, timeout: 120_000 });
  expect(stderr).toBe('');
  return stdout;
}

async function example(): Promise<string> {
  const page = await readFile(join(ROOT, 'docs/library.md'), 'utf8');
  const code = /```js\n([^]*?)```/.exec(page)?.[1];
  if (code === undefined) throw new Error('docs/library.md has no example');
  return code;
}

test('the example of docs/library.md runs and judges in an empty project, and the process ends', async () => {
  const lines = (await node('example.js', await example())).trim().split('\n');
  expect(lines[0]).toMatch(/^mlp-4 on wasm: completed, accuracy 0\.\d+$/);
  expect(lines.slice(1)).not.toEqual([]);
  for (const line of lines.slice(1)) expect(line).toMatch(/^00\d\/[^ ]+: not run$/);
});

test('it is typed', async () => {
  const typed = `import type { ClaimVerdict, RunOptions, Summary } from 'cnnbench';
const options: RunOptions = { what: ['mlp-4'], seeds: 1, onProgress: (text) => void text.length };
export const first = (summary: Summary): ClaimVerdict | undefined => summary.claims[0];
// @ts-expect-error There is no such profile.
export const wrong: RunOptions = { ...options, profile: 'slow' };
`;
  await writeFile(join(project, 'example.ts'), `${await example()}\n${typed}`);
  const options = [
    '--noEmit',
    '--strict',
    '--skipLibCheck',
    '--target',
    'ES2023',
    '--module',
    'NodeNext',
    'example.ts',
  ];
  await execute(join(ROOT, 'node_modules/.bin/tsc'), options, { cwd: project }).catch((error: unknown) => {
    throw new Error((error as { stdout: string }).stdout);
  });
});

test.each([
  ["{ profile: 'slow' }", 'E_USAGE', /^run\(\): profile: /],
  ['{ what: [] }', 'E_USAGE', /^run\(\): what: /],
  ['{ seeds: 0 }', 'E_USAGE', /^run\(\): seeds: /],
  ['{ seed: 1 }', 'E_USAGE', /^run\(\): .*seed/],
  ['{ seeds: 3, untilDecided: 5 }', 'E_USAGE', /untilDecided/],
  ["{ what: ['mlp-99'], backends: ['fake'] }", 'E_UNKNOWN_EXPERIMENT', /mlp-99/],
  ["{ what: ['mlp-4'], backends: ['wsam'] }", 'E_UNKNOWN_BACKEND', /wsam/],
])('run(%s) is refused with %s and a remedy', async (options, code, message) => {
  const text = await node(
    'refused.js',
    `import { CnnbenchError, run } from 'cnnbench';
try { await run(${options}); } catch (error) {
  console.log(JSON.stringify({ ...error, message: error.message, known: error instanceof CnnbenchError }));
}`,
  );
  expect(JSON.parse(text)).toMatchObject({
    ...{ code, message: expect.stringMatching(message), remedy: expect.stringMatching(/\.$/), known: true },
    ...(code === 'E_USAGE' && { remedy: 'docs/library.md has the options.' }),
  });
});

test('a signal ends a run, and the next call goes on with it', async () => {
  const text = await node(
    'aborted.js',
    `import { run } from 'cnnbench';
const options = { what: ['lenet-5', 'vgg-16', 'mlp-1'], backends: ['fake'], out: 'aborted', profile: 'smoke' };
const controller = new AbortController();
const onProgress = (text) => text.startsWith('[1/3]') && controller.abort(new Error('enough'));
console.log(await run({ ...options, signal: controller.signal, onProgress }).catch((error) => error.message));
console.log((await run(options)).summary.run.finished);`,
  );
  expect(text.trim().split('\n')).toEqual(['enough', 'true']);
});
