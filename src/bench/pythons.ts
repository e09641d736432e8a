import { execFileSync } from 'node:child_process';
import { PYTORCH, type Contestant } from './contestant.js';

/** A Python, and what its PyTorch is called in names: its version. */
export interface Python {
  readonly file: string;
  readonly label: string;
}

/** The same contestants, each PyTorch once for every Python: `torch-2.15-1`. With a single one the names stay. */
export function withPythons(contestants: readonly Contestant[], pythons: readonly Python[]): readonly Contestant[] {
  return contestants.flatMap((contestant) => {
    const { backend, threads } = contestant;
    if (backend !== PYTORCH) return [contestant];
    return pythons.map(({ file, label }) => ({
      ...contestant,
      name: pythons.length === 1 ? contestant.name : `${PYTORCH}-${label}-${threads}`,
      python: file,
    }));
  });
}

/** Each Python with the version of its PyTorch; one that has none says so when it is to compute. */
export function labelled(files: readonly string[]): readonly Python[] {
  if (files.length === 1) return files.map((file) => ({ file, label: '' }));
  return files.map((file, index) => {
    const program = 'import torch; print(".".join(torch.__version__.split(".")[:2]))';
    try {
      const label = execFileSync(file, ['-c', program], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }).trim();
      return { file, label };
    } catch {
      return { file, label: String.fromCharCode(97 + index) };
    }
  });
}
