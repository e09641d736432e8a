import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { CnnbenchError } from '../../core/errors.js';
import type { Tf, TfLayers } from '../tfjs.js';

/** tfjs-backend-wasm as released, current, on one thread. */
export interface LoadedWasm {
  readonly tf: Tf;
  readonly layers: TfLayers;
  /** Of tfjs-backend-wasm. */
  readonly version: string;
  /** What its build computes with: `SIMD` or `no SIMD`. */
  readonly variant: string;
}

/** @throws CnnbenchError E_BACKEND_UNAVAILABLE */
export async function loadWasm(): Promise<LoadedWasm> {
  const tf = await import('@tensorflow/tfjs-core');
  const layers = await import('@tensorflow/tfjs-layers');
  const wasm = await import('@tensorflow/tfjs-backend-wasm');
  const entry = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  wasm.setWasmPaths(join(dirname(entry), sep));
  if (!(await tf.setBackend('wasm'))) {
    throw new CnnbenchError(
      'E_BACKEND_UNAVAILABLE',
      'the wasm backend could not start',
      'Run "cnnbench doctor"; reinstall with "npm ci" if files of @tensorflow/tfjs-backend-wasm are missing.',
    );
  }
  const simd = await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT');
  return { tf, layers, version: wasm.version_wasm, variant: simd === true ? 'SIMD' : 'no SIMD' };
}

/** What --threads comes to without the threaded build. */
export function oneThreadNotices(threads: number): string[] {
  return threads > 1 ? ['tfjs-backend-wasm has no threads in Node (tensorflow/tfjs#3830); one thread is used'] : [];
}
