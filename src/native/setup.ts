import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CnnbenchError, messageOf } from '../core/errors.js';
import { waitForLock, type FileLock } from '../files/lock.js';
import { buildBinding, placeLibraries } from './build.js';
import { installFolder, nativeFolder, packageIn, PARTS, type Flavour, type Parts } from './flavours.js';
import type { Proof } from './proof.js';
import { findTool, runTool, type Tool } from './tool.js';
import { fetchWheel, type StepOptions } from './wheels.js';

export interface SetupOptions {
  readonly cacheDir: string;
  /** Build it anew even if it works. */
  readonly force: boolean;
  readonly signal: AbortSignal;
  /** Gets a line for each step that takes time. */
  readonly onProgress: (line: string) => void;
  /** `process.platform` and `process.arch`. */
  readonly platform?: string;
  readonly arch?: string;
  readonly parts?: Parts;
  /** Lets the package in a folder compute, and throws where it does not. */
  readonly prove: (packageFolder: string, flavour: Flavour, signal: AbortSignal) => Promise<Proof>;
}

export interface SetupResult {
  readonly flavour: Flavour;
  readonly outcome: 'installed' | 'was there';
  readonly folder: string;
  readonly proof: Proof;
}

/**
 * Makes a native backend work from package registries alone: tfjs-node by npm, libtensorflow by pip, the binding by a C++
 * compiler. All is made in a temporary folder, proved, and only then put in its place, so that an interrupted set-up leaves
 * nothing that looks finished; the next one takes the downloads that are whole. One process at a time sets a flavour up in a
 * cache; one that waited for another takes what that made.
 *
 * @throws CnnbenchError E_SETUP_PLATFORM, E_SETUP_TOOL, E_SETUP_FETCH, E_SETUP_DIGEST, E_SETUP_BUILD, E_WRITE
 */
export async function setUp(flavour: Flavour, options: SetupOptions): Promise<SetupResult> {
  refuseOtherPlatforms(flavour, options.platform ?? process.platform, options.arch ?? process.arch);
  const parent = nativeFolder(options.cacheDir);
  let lock: FileLock | undefined;
  try {
    await mkdir(parent, { recursive: true });
    const onWait = () => options.onProgress(`waiting for another process that is setting up ${flavour}`);
    lock = await waitForLock(join(parent, `${flavour}.lock`), { signal: options.signal, onWait });
    return await setUpAlone(flavour, options);
  } catch (error) {
    throw isAboutDisk(error)
      ? new CnnbenchError(
          'E_WRITE',
          `${parent}: ${messageOf(error)}`,
          'Free some space or choose another cache with XDG_CACHE_HOME, then run the same command again.',
          { cause: error },
        )
      : error;
  } finally {
    lock?.release();
  }
}

async function setUpAlone(flavour: Flavour, options: SetupOptions): Promise<SetupResult> {
  const { cacheDir, force, signal, onProgress, prove, parts = PARTS[flavour] } = options;
  const folder = installFolder(cacheDir, flavour);
  if (!force && existsSync(folder)) {
    try {
      onProgress(`testing what is in ${folder}`);
      const proof = await prove(packageIn(folder, parts), flavour, signal);
      return { flavour, outcome: 'was there', folder, proof };
    } catch (error) {
      signal.throwIfAborted();
      onProgress(`it has to be installed again: ${messageOf(error)}`);
    }
  }
  const proof = await install(flavour, parts, folder, options);
  return { flavour, outcome: 'installed', folder, proof };
}

async function install(
  flavour: Flavour,
  parts: Parts,
  folder: string,
  { cacheDir, signal, onProgress, prove }: SetupOptions,
): Promise<Proof> {
  const tools = await findTools(signal);
  onProgress(costInWords(flavour, parts, folder));
  const parent = nativeFolder(cacheDir);
  await removeAbandoned(parent, flavour);
  const staging = `${folder}${STAGING}${process.pid}`;
  const log = join(parent, `setup-${flavour}.log`);
  await writeFile(log, `cnnbench setup ${flavour}, ${new Date().toISOString()}\n`);
  const step: StepOptions = { log, signal, onProgress };
  try {
    await mkdir(staging);
    await installPackages(flavour, staging, tools.npm, step);
    const downloads = join(parent, 'downloads');
    const fetch = (wheel: Parts['tensorflow']) => fetchWheel(wheel, tools.pip, downloads, step);
    const tensorflow = await fetch(parts.tensorflow);
    const cuda: string[] = [];
    for (const wheel of parts.cuda) cuda.push(await fetch(wheel));
    const packageFolder = packageIn(staging, parts);
    await placeLibraries(packageFolder, { tensorflow, cuda }, tools.python, step);
    await buildBinding(staging, packageFolder, parts, tools.compiler, step);
    onProgress('testing it with matrix products');
    const proof = await prove(packageFolder, flavour, signal);
    await replaceFolder(staging, folder);
    for (const wheel of [tensorflow, ...cuda]) await rm(wheel, { force: true });
    return proof;
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** Measured on two cores with a near mirror; docs/decisions/0007-libtensorflow.md. */
const COSTS = {
  cpu: { gigabytesKept: 1, time: 'half a minute' },
  gpu: { gigabytesKept: 3.8, time: 'three minutes' },
} as const satisfies Readonly<Record<Flavour, unknown>>;

/** Beforehand, so that nobody begins it on a metered network or a full disk unawares. */
function costInWords(flavour: Flavour, { tensorflow, cuda }: Parts, folder: string): string {
  const wheels = [tensorflow, ...cuda];
  const megabytes = wheels.reduce((sum, wheel) => sum + wheel.megabytes, 0).toLocaleString('en-US');
  const { gigabytesKept, time } = COSTS[flavour];
  const files = wheels.length === 1 ? '1 file' : `${wheels.length} files`;
  return `downloading up to ${megabytes} MB in ${files}, keeping ${gigabytesKept} GB in ${folder}; ${time} on two cores with a fast network`;
}

/** Between the name of an installation and the process that makes it. */
const STAGING = '.partial-';

function refuseOtherPlatforms(flavour: Flavour, platform: string, arch: string): void {
  if (platform === 'linux' && arch === 'x64') return;
  throw new CnnbenchError(
    'E_SETUP_PLATFORM',
    `setup supports Linux on x64 only, and this is ${platform} on ${arch}`,
    flavour === 'cpu'
      ? 'With access to storage.googleapis.com, "npm ci" installs the backend cpu.'
      : 'With access to storage.googleapis.com, "npm install @tensorflow/tfjs-node-gpu@4.22.0" installs the backend gpu.',
  );
}

interface Tools {
  readonly npm: Tool;
  readonly python: Tool;
  readonly pip: Tool;
  readonly compiler: Tool;
}

async function findTools(signal: AbortSignal): Promise<Tools> {
  const find = (what: string, candidates: readonly Tool[], remedy: string) =>
    findTool(candidates, { signal, what, remedy });
  const cxx = process.env['CXX'];
  return {
    npm: await find('npm', [['npm']], 'Install npm, which comes with Node, and put it on the PATH.'),
    python: await find(
      'Python 3',
      [['python3'], ['python']],
      'Install Python 3, e.g. "apt install python3 python3-pip".',
    ),
    pip: await find(
      'pip',
      [['python3', '-m', 'pip'], ['python', '-m', 'pip'], ['pip3'], ['pip']],
      'Install pip, e.g. "apt install python3-pip" or "python3 -m ensurepip".',
    ),
    compiler: await find(
      'a C++ compiler',
      [...(cxx === undefined || cxx === '' ? [] : [[cxx] as const]), ['c++'], ['g++'], ['clang++']],
      'Install one, e.g. "apt install g++", or choose it with CXX=...',
    ),
  };
}

/** What a killed set-up of this flavour left: with its lock, nobody else is at it. */
async function removeAbandoned(parent: string, flavour: Flavour): Promise<void> {
  const left = (await readdir(parent)).filter((name) => name.startsWith(`${flavour}-`) && name.includes(STAGING));
  for (const name of left) await rm(join(parent, name), { recursive: true, force: true });
}

async function installPackages(flavour: Flavour, staging: string, npm: Tool, step: StepOptions): Promise<void> {
  const pinned = fileURLToPath(new URL(`../../native/${flavour}/`, import.meta.url));
  for (const name of ['package.json', 'package-lock.json']) await copyFile(join(pinned, name), join(staging, name));
  step.onProgress(`installing ${PARTS[flavour].npmPackage} with npm`);
  await runTool(npm, ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--omit=dev'], {
    ...step,
    cwd: staging,
    code: 'E_SETUP_FETCH',
    failure: `npm could not install ${PARTS[flavour].npmPackage}`,
    remedy: 'Check that npm reaches its registry (npm ping), then run the same command again.',
    otherReason: (said) =>
      said.includes('EINTEGRITY')
        ? new CnnbenchError(
            'E_SETUP_DIGEST',
            'npm downloaded another package than the lock file pins (EINTEGRITY)',
            'Run the same command again; if it happens again, the registry serves something else: tell its operator.',
          )
        : undefined,
  });
}

/** Puts a finished folder in its place; an older one goes away only then. */
async function replaceFolder(finished: string, folder: string): Promise<void> {
  const old = join(dirname(folder), `${basename(folder)}-old${STAGING}${process.pid}`);
  if (existsSync(folder)) await rename(folder, old);
  await rename(finished, folder);
  await rm(old, { recursive: true, force: true });
}

function isAboutDisk(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return ['ENOSPC', 'EDQUOT', 'EACCES', 'EPERM', 'EROFS', 'ENOTDIR'].includes(code ?? '');
}
