import { z } from 'zod';
import { PROFILES } from './experiment.js';

/**
 * Backends a cell can run on. `wasm-stock` is tfjs-backend-wasm as released, `wasm` the same with kernels of cnnbench.
 * `cpu` and `gpu` are libtensorflow (tfjs-node, tfjs-node-gpu), `webgpu` is Dawn. `fake` is scripted and only for tests.
 */
export const BACKENDS = ['wasm', 'wasm-stock', 'cpu', 'gpu', 'webgpu', 'js', 'fake'] as const;
export type BackendName = (typeof BACKENDS)[number];

/** Backends whose results have other bits with --wasm-fma; on the others it has no effect. */
export const FMA_BACKENDS: readonly BackendName[] = ['wasm'];

/** Backends that give the same bits on every machine, with any number of threads; with --wasm-fma they do not. */
export const SAME_BITS_BACKENDS: readonly BackendName[] = ['wasm'];

/** The unit of work, of isolation and of resumption. */
export const cellSchema = z.strictObject({
  experiment: z.string().max(4000),
  backend: z.enum(BACKENDS),
  seed: z.number().int().nonnegative(),
  profile: z.enum(PROFILES),
});
export type Cell = Readonly<z.infer<typeof cellSchema>>;

/** Stable, readable and usable as a file name: `mlp-1.wasm.quick.seed1`. */
export function cellId(cell: Cell): string {
  return `${cell.experiment}.${cell.backend}.${cell.profile}.seed${cell.seed}`;
}

/** The cell of an id; nothing where it is none. */
export function parseCellId(id: string): Cell | undefined {
  const [backend, profile, seed] = id.split('.').slice(-3);
  const cell = { experiment: experimentOfCell(id), backend, profile, seed: Number(seed?.replace(/^seed/, '')) } as Cell;
  const isCell = BACKENDS.includes(cell.backend) && PROFILES.includes(cell.profile) && Number.isSafeInteger(cell.seed);
  return isCell && cellId(cell) === id ? cell : undefined;
}

/** The experiment of a cell's id: all but backend, profile and seed, of which none has a dot. */
export function experimentOfCell(id: string): string {
  return id.split('.').slice(0, -3).join('.');
}
