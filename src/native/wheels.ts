import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { CnnbenchError } from '../core/errors.js';
import { runTool, type Tool } from './tool.js';
import type { Wheel } from './wheel.js';

/** What the steps of a set-up share. */
export interface StepOptions {
  readonly log: string;
  readonly signal: AbortSignal;
  readonly onProgress: (line: string) => void;
}

/**
 * Fetches a wheel by pip, which knows the user's index, proxy and certificates. One that is there and whole is not
 * fetched again.
 *
 * @param folder kept between attempts
 * @returns path of the file, whose SHA-256 is the pinned one
 * @throws CnnbenchError E_SETUP_FETCH, E_SETUP_DIGEST
 */
export async function fetchWheel(wheel: Wheel, pip: Tool, folder: string, options: StepOptions): Promise<string> {
  const path = join(folder, wheel.file);
  if (existsSync(path) && (await digestOf(path)) === wheel.sha256) return path;
  await mkdir(folder, { recursive: true });
  options.onProgress(`fetching ${wheel.project} ${wheel.version} (${wheel.megabytes} MB)`);
  const requirements = join(folder, `${wheel.project}.txt`);
  await writeFile(requirements, `${wheel.project}==${wheel.version} --hash=sha256:${wheel.sha256}\n`);
  const what = `${wheel.project} ${wheel.version}`;
  await runTool(
    pip,
    [
      ...[
        'download',
        '--no-deps',
        '--only-binary=:all:',
        '--no-input',
        '--progress-bar=off',
        '--disable-pip-version-check',
      ],
      ...tagsOf(wheel.file),
      ...['--require-hashes', '-r', requirements, '-d', folder],
    ],
    {
      ...options,
      cwd: folder,
      code: 'E_SETUP_FETCH',
      failure: `pip could not download ${what}`,
      remedy: 'Check that pip reaches its index (pip config list, PIP_INDEX_URL), then run the same command again.',
      otherReason: (said) => (/DO NOT MATCH THE HASHES/i.test(said) ? notThePinned(what) : undefined),
    },
  );
  await rm(requirements);
  if (!existsSync(path)) {
    throw new CnnbenchError(
      'E_SETUP_FETCH',
      `pip downloaded another file than ${wheel.file} for ${what}; full log: ${options.log}`,
      'Check which index pip uses (pip config list), then run the same command again.',
    );
  }
  if ((await digestOf(path)) !== wheel.sha256) {
    await rm(path);
    throw notThePinned(what);
  }
  return path;
}

function notThePinned(what: string): CnnbenchError {
  return new CnnbenchError(
    'E_SETUP_DIGEST',
    `what pip downloaded for ${what} is not the pinned file: its SHA-256 differs`,
    'Run the same command again; if it happens again, the package index serves something else: tell its operator.',
  );
}

/** The flags by which pip takes exactly this file: PEP 427, `name-version-python-abi-platform.whl`. */
function tagsOf(file: string): string[] {
  const [python = '', abi = '', platforms = ''] = file
    .replace(/\.whl$/, '')
    .split('-')
    .slice(-3);
  const version = /^cp3([0-9]+)$/.exec(python)?.[1];
  return [
    ...['--implementation', version === undefined ? 'py' : 'cp', '--abi', abi],
    ...['--python-version', `3.${version ?? '11'}`],
    ...platforms.split('.').flatMap((platform) => ['--platform', platform]),
  ];
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/**
 * Unpacks, from a wheel, a zip archive, the files whose path in it fits a pattern. Python does it, which pip implies; its
 * zipfile never writes outside of the folder.
 *
 * @param pattern a regular expression of Python for the whole path
 */
export async function unpackWheel(
  path: string,
  python: Tool,
  pattern: string,
  folder: string,
  options: StepOptions,
): Promise<void> {
  await runTool(python, ['-c', UNPACK, path, pattern, folder], {
    ...options,
    cwd: folder,
    code: 'E_SETUP_BUILD',
    failure: `${path} could not be unpacked`,
    remedy: 'Run the same command again with --force.',
  });
}

const UNPACK = `
import os, re, sys, zipfile
path, pattern, folder = sys.argv[1:]
with zipfile.ZipFile(path) as wheel:
    names = [name for name in wheel.namelist() if re.fullmatch(pattern, name)]
    if not names:
        sys.exit(f"error: no file in {path} fits {pattern}")
    for name in names:
        path = wheel.extract(name, folder)
        if '/bin/' in name:
            os.chmod(path, 0o755)
`;
