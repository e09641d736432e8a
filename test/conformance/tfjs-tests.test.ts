import { build } from 'esbuild';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const KNOWN = new URL('../fixtures/wasm/tfjs-known-failures.json', import.meta.url);

/** By name of the test: why it failed; empty where it passed. */
type Results = Readonly<Record<string, string>>;

/** A project with the tests of tfjs-core in one file. */
let project: string;
let stock: Results;
beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'cnnbench-tfjs-'));
  await mkdir(join(project, 'node_modules'));
  await symlink(ROOT, join(project, 'node_modules', 'cnnbench'));
  await symlink(join(ROOT, 'node_modules', '@tensorflow'), join(project, 'node_modules', '@tensorflow'));
  await build({
    ...{ absWorkingDir: ROOT, entryPoints: ['test/fixtures/wasm/tfjs-tests.mjs'], outfile: join(project, 'tests.mjs') },
    ...{ bundle: true, platform: 'node', format: 'esm', mainFields: ['module', 'main'], logLevel: 'error' },
    // The package says that its tests have no side effects.
    ignoreAnnotations: true,
    alias: { 'cnnbench-built': join(ROOT, 'dist/backends/wasm') },
    banner: { js: "import * as modules from 'node:module'; const require = modules.createRequire(import.meta.url);" },
  });
  stock = await run('stock', 1);
});
afterAll(() => rm(project, { recursive: true }));

async function run(kernels: string, threads: number): Promise<Results> {
  const file = join(project, `${kernels}-${threads}.json`);
  const options = { cwd: project, timeout: 240_000, maxBuffer: 2 ** 26 };
  await promisify(execFile)(process.execPath, ['tests.mjs', kernels, String(threads), file], options);
  return JSON.parse(await readFile(file, 'utf8')) as Results;
}

const namesOf = (results: Results, passed: boolean) =>
  Object.keys(results).filter((name) => (results[name] === '') === passed);

/** Names by the reason why they fail: on stock alone, and with ours, too. */
interface Known {
  readonly stock: Readonly<Record<string, readonly string[]>>;
  readonly both: Readonly<Record<string, readonly string[]>>;
}

const readKnown = async () => JSON.parse(await readFile(KNOWN, 'utf8')) as Known;

test('stock passes what it is known to pass', { tags: 'slow' }, async () => {
  const { stock: alone, both } = await readKnown();
  const known = [alone, both].flatMap((reasons) => Object.values(reasons).flat());
  expect(namesOf(stock, true).length).toBeGreaterThan(3500);
  expect(namesOf(stock, false).filter((name) => !known.includes(name))).toEqual([]);
});

/** What docs/wasm-kernels.md says of ours. */
const FIGURES = { passed: 3937, failed: 224 };

test.for([
  ['module', 1],
  ['module', 2],
  ['xnnpack', 1],
] as const)('what stock passes, %s passes with %i threads', { tags: 'slow' }, async ([kernels, threads]) => {
  const tuned = await run(kernels, threads);
  expect(namesOf(stock, true).filter((name) => tuned[name] !== '')).toEqual([]);
  expect(namesOf(tuned, false).toSorted()).toEqual(
    Object.values((await readKnown()).both)
      .flat()
      .toSorted(),
  );
  expect({ passed: namesOf(tuned, true).length, failed: namesOf(tuned, false).length }).toEqual(FIGURES);
});
