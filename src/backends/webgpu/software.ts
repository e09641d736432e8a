import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** Names the library of SwiftShader where it lies elsewhere than in `PLACES`. */
export const SWIFTSHADER_VARIABLE = 'CNNBENCH_SWIFTSHADER';

/** The Vulkan driver that computes on the processor. Chromium and Chrome bring it. */
const LIBRARY = 'libvk_swiftshader.so';

/** Folders into which packages of Chromium and Chrome put it on Linux. */
const PLACES = [
  '/usr/lib/chromium',
  '/usr/lib64/chromium',
  '/usr/lib/chromium-browser',
  '/usr/lib64/chromium-browser',
  '/opt/google/chrome',
  '/snap/chromium/current/usr/lib/chromium-browser',
];

/** The first of the two is what the loader of Vulkan reads since 1.3.207, the second what it read before. */
const DRIVER_VARIABLES: readonly string[] = ['VK_DRIVER_FILES', 'VK_ICD_FILENAMES'];

/**
 * Path of SwiftShader, or nothing where there is none: what `CNNBENCH_SWIFTSHADER` names, else from an installed Chromium.
 *
 * @throws Error where the variable names no readable file by an absolute path
 */
export async function findSwiftShader(environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  const named = environment[SWIFTSHADER_VARIABLE];
  if (named !== undefined && named !== '') {
    if (!isAbsolute(named)) throw new Error(`${SWIFTSHADER_VARIABLE}=${named} is not an absolute path`);
    if (!(await isReadable(named))) throw new Error(`${SWIFTSHADER_VARIABLE}=${named} is not a readable file`);
    return named;
  }
  if (process.platform !== 'linux') return undefined;
  for (const place of PLACES) {
    const path = join(place, LIBRARY);
    if (await isReadable(path)) return path;
  }
  return undefined;
}

/**
 * Runs `load` while the loader of Vulkan is told to take one driver and no other, and puts the environment back.
 *
 * @param library absolute path of the driver
 */
export async function withDriver<Result>(library: string, load: () => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'cnnbench-vulkan-'));
  const before = DRIVER_VARIABLES.map((name) => [name, process.env[name]] as const);
  try {
    const manifest = join(folder, 'icd.json');
    // The manifest that Chromium ships names the library relative to itself, which some loaders look for elsewhere.
    const content = { file_format_version: '1.0.0', ICD: { library_path: library, api_version: '1.0.5' } };
    await writeFile(manifest, JSON.stringify(content));
    for (const name of DRIVER_VARIABLES) process.env[name] = manifest;
    return await load();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
    await rm(folder, { recursive: true, force: true });
  }
}

async function isReadable(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
