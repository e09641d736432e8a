import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { installFolder, packageIn, PARTS, type Flavour } from './flavours.js';

/** Folder of a tfjs-node that was built: by `cnnbench setup`, which was asked for, else by npm, else nothing. */
export function findInstallation(cacheDir: string, flavour: Flavour): string | undefined {
  const own = packageIn(installFolder(cacheDir, flavour), PARTS[flavour]);
  return [own, packageOfNpm(flavour)].find((folder) => folder !== undefined && hasBinding(folder));
}

/** npm leaves the package without its binding where libtensorflow could not be downloaded. */
function hasBinding(folder: string): boolean {
  const lib = join(folder, 'lib');
  return existsSync(lib) && readdirSync(lib).some((name) => existsSync(join(lib, name, 'tfjs_binding.node')));
}

function packageOfNpm(flavour: Flavour): string | undefined {
  try {
    return dirname(createRequire(import.meta.url).resolve(`${PARTS[flavour].npmPackage}/package.json`));
  } catch {
    return undefined;
  }
}
