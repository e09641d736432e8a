import type { BackendName } from '../core/cell.js';
import { CnnbenchError } from '../core/errors.js';
import type { Backend } from './backend.js';
import { jsBackend } from './js.js';
import { cpuBackend, gpuBackend } from './native/index.js';
import { wasmBackend } from './wasm/index.js';
import { wasmStockBackend } from './wasm/stock.js';
import { webgpuBackend } from './webgpu/index.js';

/** Every backend that computes, fastest first. To add one, write its file and name it here. */
export const REGISTERED_BACKENDS: readonly Backend[] = [
  gpuBackend,
  cpuBackend,
  wasmBackend,
  wasmStockBackend,
  webgpuBackend,
  jsBackend,
];

export function findBackend(name: BackendName): Backend {
  const backend = REGISTERED_BACKENDS.find((candidate) => candidate.name === name);
  if (backend === undefined) {
    throw new CnnbenchError(
      'E_UNKNOWN_BACKEND',
      `there is no backend "${name}"`,
      `Choose one of ${REGISTERED_BACKENDS.map((candidate) => candidate.name).join(', ')}.`,
    );
  }
  return backend;
}
