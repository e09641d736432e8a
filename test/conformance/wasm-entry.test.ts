import { execFile } from 'node:child_process';
import { mkdtemp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** A project beside ours, which has cnnbench and tfjs among its packages. */
let project: string;
beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'cnnbench-entry-'));
  await mkdir(join(project, 'node_modules'));
  await symlink(ROOT, join(project, 'node_modules', 'cnnbench'));
  for (const scope of ['@tensorflow', '@types']) {
    await symlink(join(ROOT, 'node_modules', scope), join(project, 'node_modules', scope));
  }
  await writeFile(join(project, 'package.json'), JSON.stringify({ name: 'consumer', type: 'module' }));
});
afterAll(() => rm(project, { recursive: true }));

async function node(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: project, timeout: 60_000 });
  return stdout;
}

/** The example of docs/wasm-kernels.md. */
async function example(): Promise<string> {
  const page = await readFile(join(ROOT, 'docs/wasm-kernels.md'), 'utf8');
  const code = /```js\n([^]*?startTunedWasm[^]*?)```/.exec(page)?.[1];
  if (code === undefined) throw new Error('docs/wasm-kernels.md has no example of startTunedWasm');
  return code;
}

test('the example of docs/wasm-kernels.md trains a CNN outside cnnbench, and the process ends', async () => {
  await writeFile(join(project, 'train.js'), await example());
  const losses = (await node('train.js')).trim().split('\n').at(-1)?.split(' ').map(Number) ?? [];
  expect(losses.length).toBe(8);
  expect(losses.every(Number.isFinite)).toBe(true);
  expect(losses.at(-1)).toBeLessThan(losses[0] as number);
});

test.for([
  ['as Node resolves packages', ['main', 'module']],
  ['of ES modules, where nothing can be replaced', ['module', 'main']],
] as const)('bundled %s, it trains, too, with threads', async ([, mainFields]) => {
  const code = (await example()).replace('startTunedWasm()', 'startTunedWasm({ threads: 2 })');
  await writeFile(join(project, 'entry.js'), code);
  await build({
    ...{
      absWorkingDir: project,
      entryPoints: ['entry.js'],
      outfile: 'bundle/train.mjs',
      bundle: true,
      platform: 'node',
    },
    ...{ format: 'esm', mainFields: [...mainFields], logLevel: 'error' },
    // CommonJS packages that are bundled ask for Node's own modules by `require`.
    banner: { js: "import * as modules from 'node:module'; const require = modules.createRequire(import.meta.url);" },
  });
  const losses = (await node('bundle/train.mjs')).trim().split('\n').at(-1)?.split(' ').map(Number) ?? [];
  expect(losses.length).toBe(8);
  expect(losses.at(-1)).toBeLessThan(losses[0] as number);
});

test('gradients are registered without tfjs-layers, and nothing is printed', async () => {
  const source = `import { startTunedWasm } from 'cnnbench/wasm-kernels';
for (const kernels of ['module', 'xnnpack']) {
  const { tf, stop } = await startTunedWasm({ kernels });
  const gradient = tf.grad((x) => tf.sum(tf.square(tf.matMul(x, x))))(tf.tensor2d([[1, 2], [3, 4]]));
  if (gradient.dataSync()[0] !== 2 * (7 * 1 + 10 * 2 + 7 * 1 + 15 * 3)) throw new Error(gradient.dataSync().join());
  await stop();
}
`;
  await writeFile(join(project, 'gradients.js'), source);
  expect(await node('gradients.js')).toBe('');
});

test('an error says what to do, and that works', async () => {
  const source = `import { startTunedWasm } from 'cnnbench/wasm-kernels';
const remedies = [];
const refused = (options) => startTunedWasm(options).then(() => undefined, ({ remedy }) => remedies.push(remedy));
await refused({ threads: 0 });
const { stop } = await startTunedWasm();
await refused({ threads: 2 });
await stop();
await (await startTunedWasm({ threads: 2 })).stop();
console.log(remedies.join('|'));
`;
  await writeFile(join(project, 'remedies.js'), source);
  const remedies = ['Omit it for 1.', 'Call stop() on the result of the first start, then start them again.'];
  expect((await node('remedies.js')).trim()).toBe(remedies.join('|'));
});

test('its types compile in a strict project', async () => {
  const source = `import { startTunedWasm, type TunedWasm, type WasmOptions } from 'cnnbench/wasm-kernels';
const options: WasmOptions = { threads: 2, fma: false };
const tuned: TunedWasm = await startTunedWasm(options);
const rank: number = tuned.tf.zeros([2, 3]).rank;
const why: string | undefined = tuned.fallback;
tuned.adam({ learningRate: rank, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 }).dispose();
// @ts-expect-error: a number
await startTunedWasm({ threads: why });
await tuned.stop();
`;
  await writeFile(join(project, 'types.ts'), source);
  const compilerOptions = {
    ...{ target: 'ES2023', module: 'NodeNext', moduleResolution: 'NodeNext', strict: true, skipLibCheck: true },
    ...{ noEmit: true, types: [] },
  };
  await writeFile(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['types.ts'] }));
  expect(await node(join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', '.')).toBe('');
});

test(
  'its types add nothing to what a strict check without skipLibCheck finds in tfjs-core',
  { tags: 'slow' },
  async () => {
    const compiler = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
    const check = async (name: string, source: string) => {
      // tfjs-core's own types need those of long, which it brings.
      const compilerOptions = { noEmit: true, strict: true, module: 'nodenext', target: 'es2022', types: ['long'] };
      await writeFile(join(project, `${name}.ts`), source);
      await writeFile(join(project, `${name}.json`), JSON.stringify({ compilerOptions, files: [`${name}.ts`] }));
      return node(compiler, '-p', `${name}.json`).catch((error: unknown) => (error as { stdout: string }).stdout);
    };
    const ours = `import { startTunedWasm } from 'cnnbench/wasm-kernels';
const { tf, stop } = await startTunedWasm({ threads: 1 });
export const sum: number | undefined = tf.sum(tf.tensor1d([1, 2])).dataSync()[0];
await stop();
`;
    const alone = "import * as tf from '@tensorflow/tfjs-core';\nexport const size: number = tf.scalar(1).size;\n";
    expect(await check('ours', ours)).toBe(await check('alone', alone));
    expect(await check('wrong', ours.replace('threads: 1', 'threads: "1"'))).toContain('wrong.ts(2,45): error TS2322');
  },
);
