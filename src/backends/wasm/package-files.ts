import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

/**
 * A file of this package. Beside the code that asks for it, which may stand in src/ or dist/; a bundle is somewhere else, and then
 * it is that of the package `cnnbench` that the bundle finds among its packages.
 *
 * @param beside from the code that asks
 * @param inPackage from the package's folder
 */
export function packageFile(code: string, beside: string, inPackage: string): URL {
  const file = new URL(beside, code);
  if (existsSync(fileURLToPath(file))) return file;
  try {
    return new URL(inPackage, pathToFileURL(createRequire(code).resolve('cnnbench/package.json')));
  } catch {
    // Whoever reads it says that it is missing.
    return file;
  }
}
