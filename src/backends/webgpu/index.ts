import { createRequire } from 'node:module';
import { CnnbenchError, messageOf } from '../../core/errors.js';
import { tfjsAdam } from '../adam.js';
import type { Backend } from '../backend.js';
import { findAdapter, isSoftware } from './adapter.js';
import { failReadsAfterErrors, requestDevice } from './device.js';

const require = createRequire(import.meta.url);

/** tfjs-backend-webgpu as released, on Dawn, the WebGPU of Chromium: Vulkan, Metal or D3D12. */
export const webgpuBackend: Backend = {
  name: 'webgpu',
  title: 'WebGPU (tfjs-backend-webgpu on Dawn)',
  byDefault: true,
  async activate({ threads = 1, fma = false }) {
    const { create, globals } = await installed(() => import('webgpu'));
    const { gpu, adapter } = await findAdapter(create, process.env);
    provideGlobals(gpu, globals);
    const tf = await import('@tensorflow/tfjs-core');
    const layers = await import('@tensorflow/tfjs-layers');
    const { WebGPUBackend } = await installed(() => import('@tensorflow/tfjs-backend-webgpu'));
    // Else small operands are computed on in JavaScript, and a record would say of the device what it did not do.
    tf.env().set('WEBGPU_CPU_FORWARD', false);
    const { info } = adapter;
    const device = await requestDevice(adapter);
    const backend = new WebGPUBackend(device, info);
    failReadsAfterErrors(backend, device);
    // The package's own would ask for an adapter itself.
    tf.removeBackend('webgpu');
    tf.registerBackend('webgpu', () => backend);
    await tf.setBackend('webgpu');
    const software = isSoftware(info);
    return {
      tf,
      layers,
      adam: tfjsAdam(tf),
      description: {
        name: 'webgpu',
        version: versionOf('@tensorflow/tfjs-backend-webgpu'),
        library: `Dawn (webgpu ${versionOf('webgpu')})`,
        device: nameOf(info),
        threads: 1,
        variant: 'WGSL',
        ...(info.description !== '' && { driver: info.description }),
        ...(software && { software }),
        ownKernels: [],
      },
      notices: [
        ...(software
          ? [`webgpu has no GPU here and uses software rendering (${info.description || info.device})`]
          : []),
        ...(threads > 1 ? ['--threads has no effect on webgpu'] : []),
        ...(fma ? ['--wasm-fma has no effect on webgpu'] : []),
      ],
    };
  },
};

/** tfjs-backend-webgpu expects a browser: `navigator.gpu`, and the classes and constants of WebGPU as globals. */
function provideGlobals(gpu: GPU, globals: object): void {
  Object.assign(globalThis, globals);
  // Node has a navigator of its own since version 21.
  const { navigator = {} } = globalThis as { navigator?: object };
  Object.defineProperty(navigator, 'gpu', { value: gpu, configurable: true });
  Object.defineProperty(globalThis, 'navigator', { value: navigator, configurable: true });
}

/** An optional package, which npm leaves out where it can't be installed. */
async function installed<Package>(load: () => Promise<Package>): Promise<Package> {
  return load().catch((error: unknown) => {
    throw new CnnbenchError(
      'E_BACKEND_UNAVAILABLE',
      `a package of webgpu could not be loaded: ${messageOf(error)}`,
      'Install it with "npm install --include=optional webgpu @tensorflow/tfjs-backend-webgpu".',
      { cause: error },
    );
  });
}

/** As Dawn writes it, in lower case: `nvidia-h200`, `swiftshader-device-subzero`. */
function nameOf({ device, architecture, vendor }: GPUAdapterInfo): string {
  return [device, architecture, vendor].map((name) => name.replace(/-+$/, '')).find((name) => name !== '') ?? 'unknown';
}

function versionOf(name: string): string {
  return (require(`${name}/package.json`) as { version: string }).version;
}
