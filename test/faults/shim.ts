import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Compiles what makes system calls fail or the clock jump (shim.c). @returns its path; nothing where that cannot be done */
export function compileShim(): string | undefined {
  if (process.platform !== 'linux') return undefined;
  const library = join(mkdtempSync(join(tmpdir(), 'cnnbench-shim-')), 'shim.so');
  const source = fileURLToPath(new URL('./shim.c', import.meta.url));
  const compiled = spawnSync('cc', ['-O1', '-shared', '-fPIC', '-o', library, source, '-ldl']).status === 0;
  const works = compiled && spawnSync(process.execPath, ['-e', '0'], { env: { LD_PRELOAD: library } }).status === 0;
  return works ? library : undefined;
}
