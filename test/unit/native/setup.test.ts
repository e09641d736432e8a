import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execFileSync, spawnSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Parts } from '../../../src/native/flavours.js';
import { setUp, type SetupOptions } from '../../../src/native/setup.js';
import type { Proof } from '../../../src/native/proof.js';

/** Tools of the machine stay out: npm, pip and the compiler are scripts of this test. */
const PYTHON = spawnSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).stdout.trim();

const FILE = 'tensorflow_cpu-2.18.1-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl';
const PROOF: Proof = { libtensorflow: '2.18.1', version: '4.22.0', onGpu: false, gigaflops: 100 };

const SYSTEM = ['cp', 'mkdir', 'sleep', 'sh'].map((name) => [name, which(name)] as const);

let folder: string;
let bin: string;
let wheel: string;
let parts: Parts;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cnnbench-setup-'));
  bin = join(folder, 'bin');
  wheel = join(folder, FILE);
  mkdirSync(bin);
  makeWheel(wheel);
  const sha256 = createHash('sha256').update(readFileSync(wheel)).digest('hex');
  const tensorflow = { project: 'tensorflow-cpu', version: '2.18.1', file: FILE, sha256, megabytes: 1 };
  parts = { npmPackage: '@tensorflow/tfjs-node', tensorflow, cuda: [] };
  soundTools();
  vi.stubEnv('PATH', bin);
  vi.stubEnv('CXX', '');
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

function soundTools(): void {
  const packageFolder = 'node_modules/@tensorflow/tfjs-node';
  tool('npm', `echo npm "$@" >>"${folder}/calls"; [ -f package-lock.json ] && mkdir -p ${packageFolder}/binding`);
  tool('python3', `[ "$2" = pip ] && exit 1; exec ${PYTHON} "$@"`);
  tool('pip', `echo pip "$@" >>"${folder}/calls"; for last; do :; done; cp "${wheel}" "$last/${FILE}"`);
  tool('c++', `echo c++ >>"${folder}/calls"; for last; do :; done; echo binding >"$last"`);
  for (const [name, path] of SYSTEM) tool(name, `exec ${path} "$@"`);
}

function which(name: string): string {
  return execFileSync('/bin/sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim();
}

/** A shell script; asked for its version, it says one. */
function tool(name: string, script: string): void {
  const asked = 'for word; do [ "$word" = --version ] && [ "$2" != pip ] && echo 1.0 && exit 0; done\n';
  const path = join(bin, name);
  writeFileSync(path, `#!/bin/sh\n${name === 'sh' || name === 'cp' || name === 'mkdir' ? '' : asked}${script}\n`);
  chmodSync(path, 0o755);
}

function makeWheel(path: string): void {
  const script = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w") as wheel:
    for name in ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2", "include/tensorflow/c/c_api.h", "python/keras.py"]:
        wheel.writestr("tensorflow/" + name, name)
    wheel.writestr("tensorflow/include/tensorflow/c/../../../../../evil.h", "evil")
`;
  execFileSync(PYTHON, ['-c', script, path]);
}

function run(more: Partial<SetupOptions> = {}) {
  return setUp('cpu', {
    cacheDir: join(folder, 'cache'),
    force: false,
    signal: new AbortController().signal,
    onProgress: () => undefined,
    platform: 'linux',
    arch: 'x64',
    parts,
    prove: () => Promise.resolve(PROOF),
    ...more,
  });
}

const calls = () => (existsSync(join(folder, 'calls')) ? readFileSync(join(folder, 'calls'), 'utf8') : '');
const left = () => readdirSync(join(folder, 'cache', 'native')).toSorted();
const failure = (code: string, message: RegExp, remedy?: string): unknown =>
  expect.objectContaining({
    code,
    message: expect.stringMatching(message),
    ...(remedy !== undefined && { remedy }),
  });

describe('a set-up', () => {
  test('installs, puts the libraries where tfjs-node looks, and leaves no download', async () => {
    const proved: string[] = [];
    const result = await run({
      prove: (place) => {
        proved.push(place);
        return Promise.resolve(PROOF);
      },
    });
    expect(result).toMatchObject({ flavour: 'cpu', outcome: 'installed', proof: PROOF });
    const tfjsNode = join(result.folder, 'node_modules/@tensorflow/tfjs-node');
    expect(readdirSync(join(tfjsNode, 'deps/lib')).toSorted()).toEqual([
      'libtensorflow.so',
      'libtensorflow.so.2',
      'libtensorflow_cc.so.2',
      'libtensorflow_framework.so',
      'libtensorflow_framework.so.2',
    ]);
    expect(existsSync(join(tfjsNode, 'deps/include/tensorflow/c/c_api.h'))).toBe(true);
    expect(existsSync(join(tfjsNode, 'lib/napi-v8/tfjs_binding.node'))).toBe(true);
    // Before it was in its place.
    expect(proved).toEqual([expect.stringContaining('.partial-')]);
    expect(calls()).toContain('npm ci --ignore-scripts');
    expect(calls()).toMatch(/--require-hashes.*--python-version 3\.11|--python-version 3\.11.*--require-hashes/);
    const name = result.folder.split('/').at(-1) as string;
    expect(left()).toEqual([name, 'downloads', 'setup-cpu.log']);
    expect(readdirSync(join(folder, 'cache/native/downloads'))).toEqual([]);
  });

  test('writes nothing outside of its folder, whatever a wheel holds', async () => {
    await run();
    const all = readdirSync(folder, { recursive: true }) as string[];
    expect(all.filter((path) => path.endsWith('evil.h'))).toSatisfy((paths: string[]) =>
      paths.every((path) => path.includes('/node_modules/')),
    );
    expect(existsSync(join(dirname(folder), 'evil.h'))).toBe(false);
  });

  test('does nothing when all is well, and everything again with --force', async () => {
    await run();
    const before = calls();
    expect(await run()).toMatchObject({ outcome: 'was there', proof: PROOF });
    expect(calls()).toBe(before);
    expect(await run({ force: true })).toMatchObject({ outcome: 'installed' });
    expect(calls()).not.toBe(before);
  });

  test('is made again where it no longer computes', async () => {
    await run();
    let tries = 0;
    const prove = () => (tries++ === 0 ? Promise.reject(new Error('no such library')) : Promise.resolve(PROOF));
    expect(await run({ prove })).toMatchObject({ outcome: 'installed' });
  });

  test('that was interrupted leaves nothing half installed, and what it fetched is not fetched again', async () => {
    const controller = new AbortController();
    tool('c++', 'sleep 60');
    const interrupted = run({
      signal: controller.signal,
      onProgress: (line) => line.startsWith('compiling') && setTimeout(() => controller.abort(new Error('stop')), 50),
    });
    await expect(interrupted).rejects.toThrow('stop');
    expect(left()).toEqual(['downloads', 'setup-cpu.log']);
    tool('c++', 'for last; do :; done; echo binding >"$last"');
    await run();
    expect(calls().match(/^pip /gm)).toHaveLength(1);
  });

  test('removes what a killed one left, and nothing of the other flavour, which may be at work', async () => {
    const native = join(folder, 'cache', 'native');
    const dead = spawnSync('/bin/sh', ['-c', 'exit 0']).pid;
    mkdirSync(join(native, `cpu-0.partial-${dead}`), { recursive: true });
    mkdirSync(join(native, `gpu-0.partial-${dead}`));
    await run();
    expect(left()).toContain(`gpu-0.partial-${dead}`);
    expect(left()).not.toContain(`cpu-0.partial-${dead}`);
  });

  test('says beforehand what is fetched, what is kept, and how long it takes', async () => {
    const said: string[] = [];
    const onProgress = (line: string) => void said.push(line);
    await run({ onProgress });
    expect(said[0]).toMatch(
      /^downloading up to 1 MB in 1 file, keeping 1 GB in .*; half a minute on two cores with a fast network$/,
    );
  });

  test('waits for another one in the same cache, and takes what that made', async () => {
    const said: string[] = [];
    const onProgress = (line: string) => void said.push(line);
    const results = await Promise.all([1, 2, 3].map(() => run({ onProgress })));
    expect(results.map(({ outcome }) => outcome).toSorted()).toEqual(['installed', 'was there', 'was there']);
    expect(calls().match(/^npm /gm)).toHaveLength(1);
    expect(said).toContain('waiting for another process that is setting up cpu');
    expect(left()).toEqual([results[0]?.folder.split('/').at(-1), 'downloads', 'setup-cpu.log']);
  });

  test('whose proof fails is not put in place', async () => {
    await expect(run({ prove: () => Promise.reject(new Error('wrong product')) })).rejects.toThrow('wrong product');
    expect(left()).toEqual(['downloads', 'setup-cpu.log']);
  });
});

const OTHER =
  'Run the same command again; if it happens again, the package index serves something else: tell its operator.';

describe('a set-up says what is wrong', () => {
  test('on another platform', async () => {
    await expect(run({ platform: 'darwin', arch: 'arm64' })).rejects.toEqual(
      failure('E_SETUP_PLATFORM', /darwin on arm64/),
    );
    expect(calls()).toBe('');
  });

  test.each([
    ['npm', /^npm is needed/, 'Install npm, which comes with Node, and put it on the PATH.'],
    ['python3', /^Python 3 is needed/, 'Install Python 3, e.g. "apt install python3 python3-pip".'],
    ['pip', /^pip is needed.*python3 -m pip/, 'Install pip, e.g. "apt install python3-pip" or "python3 -m ensurepip".'],
    ['c++', /^a C\+\+ compiler is needed/, 'Install one, e.g. "apt install g++", or choose it with CXX=...'],
  ])('without %s; with it, all is well', async (name, said, remedy) => {
    rmSync(join(bin, name));
    await expect(run()).rejects.toEqual(failure('E_SETUP_TOOL', said, remedy));
    expect(left()).toEqual([]);
    soundTools();
    expect(await run()).toMatchObject({ outcome: 'installed' });
  });

  test.each([
    [
      'npm',
      'E_SETUP_FETCH',
      /npm could not install.*ENOTFOUND.*setup-cpu\.log/,
      'echo "npm error code ENOTFOUND" >&2; exit 1',
      'Check that npm reaches its registry (npm ping), then run the same command again.',
    ],
    [
      'npm',
      'E_SETUP_DIGEST',
      /EINTEGRITY/,
      'echo "npm error code EINTEGRITY" >&2; exit 1',
      'Run the same command again; if it happens again, the registry serves something else: tell its operator.',
    ],
    [
      'pip',
      'E_SETUP_FETCH',
      /pip could not download.*No matching.*setup-cpu\.log/,
      'echo "ERROR: No matching distribution" >&2; exit 1',
      'Check that pip reaches its index (pip config list, PIP_INDEX_URL), then run the same command again.',
    ],
    [
      'pip',
      'E_SETUP_FETCH',
      /another file/,
      'exit 0',
      'Check which index pip uses (pip config list), then run the same command again.',
    ],
    [
      'pip',
      'E_SETUP_DIGEST',
      /not the pinned/,
      'echo "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES" >&2; exit 1',
      OTHER,
    ],
    ['pip', 'E_SETUP_DIGEST', /not the pinned/, `for last; do :; done; echo other >"$last/${FILE}"`, OTHER],
    [
      'pip',
      'E_WRITE',
      /disk is full/,
      'echo "OSError: [Errno 28] No space left on device" >&2; exit 1',
      'Free some space, then run the same command again.',
    ],
    [
      'c++',
      'E_SETUP_BUILD',
      /could not be compiled.*no such header/,
      'echo "error: no such header" >&2; exit 1',
      'It needs a C++17 compiler such as g++ 9 or clang++ 10; choose one with CXX=... and run the command again.',
    ],
  ])('when %s fails: %s; and once it works, the same command sets it up', async (name, code, said, script, remedy) => {
    tool(name, script);
    await expect(run()).rejects.toEqual(failure(code, said, remedy));
    expect(left()).toEqual(expect.not.arrayContaining([expect.stringMatching(/^cpu-/)]));
    soundTools();
    expect(await run()).toMatchObject({ outcome: 'installed' });
  });

  test('when the compiler is no good, which CXX=... changes', async () => {
    tool('c++', 'echo "error: no such header" >&2; exit 1');
    await expect(run()).rejects.toThrow('no such header');
    tool('my-c++', 'for last; do :; done; echo binding >"$last"');
    vi.stubEnv('CXX', 'my-c++');
    expect(await run()).toMatchObject({ outcome: 'installed' });
  });

  test('when a wheel cannot be unpacked, which --force changes', async () => {
    tool('python3', `[ "$2" = pip ] && exit 1; [ "$1" = -c ] && exit 1; exec ${PYTHON} "$@"`);
    const remedy = 'Run the same command again with --force.';
    await expect(run()).rejects.toEqual(failure('E_SETUP_BUILD', /could not be unpacked/, remedy));
    soundTools();
    expect(await run({ force: true })).toMatchObject({ outcome: 'installed' });
  });

  test('where the cache cannot be written to', async () => {
    writeFileSync(join(folder, 'cache'), 'a file');
    const remedy = 'Free some space or choose another cache with XDG_CACHE_HOME, then run the same command again.';
    await expect(run()).rejects.toEqual(failure('E_WRITE', /cache/, remedy));
    expect(await run({ cacheDir: join(folder, 'another') })).toMatchObject({ outcome: 'installed' });
  });
});
