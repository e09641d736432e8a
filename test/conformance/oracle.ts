import type { Tf } from '../../src/backends/tfjs.js';
import { wasmBackend } from '../../src/backends/wasm/index.js';
import '@tensorflow/tfjs-backend-cpu';

export { randomNumbers, relativeError } from './numbers.js';
export { valuesOn } from './values-on.js';

/** Loads tfjs once with the wasm backend current and the pure-JavaScript backend, the oracle, at hand. */
export async function loadBackends(): Promise<Tf> {
  return (await wasmBackend.activate({})).tf;
}
