import type { DataId } from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { CnnbenchError, messageOf } from '../../core/errors.js';

/** Limits that kernels of tfjs-backend-webgpu come near to: as high as the adapter allows, as its own set-up asks. */
const LIMITS = [
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
  'maxStorageBufferBindingSize',
  'maxBufferSize',
  'maxComputeWorkgroupSizeX',
  'maxComputeInvocationsPerWorkgroup',
] as const satisfies readonly (keyof GPUSupportedLimits)[];

export function requestDevice(adapter: GPUAdapter): Promise<GPUDevice> {
  return adapter.requestDevice({
    requiredLimits: Object.fromEntries(LIMITS.map((name) => [name, adapter.limits[name]])),
  });
}

/**
 * WebGPU tells nobody of an error: it computes on, with zeros or what was there before. Every result is read with `read`,
 * so from the first error on `read` fails.
 */
export function failReadsAfterErrors(backend: Pick<WebGPUBackend, 'read'>, device: GPUDevice): void {
  let fault: string | undefined;
  device.addEventListener('uncapturederror', (event) => {
    fault ??= event.error.message;
  });
  void device.lost.then(({ message }) => (fault ??= `the device was lost: ${message}`));

  const read = backend.read.bind(backend);
  backend.read = async (dataId: DataId) => {
    const values = await read(dataId).catch((error: unknown) => {
      throw failure(fault ?? messageOf(error));
    });
    if (fault !== undefined) throw failure(fault);
    return values;
  };
}

function failure(fault: string): CnnbenchError {
  return new CnnbenchError(
    'E_BACKEND_FAILED',
    `webgpu failed: ${fault.trim()}`,
    'Try it again; if it fails again, try another driver, a smaller experiment or another backend.',
  );
}
