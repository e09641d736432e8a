import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { cpuBackend, gpuBackend } from '../../../../src/backends/native/index.js';
import { installFolder } from '../../../../src/native/flavours.js';
import { prepareGpu } from '../../../../src/native/gpu.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cnnbench-gpu-'));
  vi.stubEnv('XDG_CACHE_HOME', folder);
  vi.stubEnv('PATH', folder);
  vi.stubEnv('CUDA_VISIBLE_DEVICES', undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** A set-up whose tfjs says of itself what a test wants, and takes a while for each product. */
function install(backend: { isUsingGpuDevice: boolean }, productMs = 0): void {
  const packages = join(installFolder(join(folder, 'cnnbench'), 'gpu'), 'node_modules', '@tensorflow');
  const write = (path: string, text: string) => {
    mkdirSync(join(packages, dirname(path)), { recursive: true });
    writeFileSync(join(packages, path), text);
  };
  write('tfjs-node-gpu/lib/napi-v8/tfjs_binding.node', '');
  write('tfjs-node-gpu/package.json', '{"version":"4.22.0"}');
  write('tfjs-node-gpu/dist/index.js', '');
  write('tfjs-layers/index.js', '');
  write(
    'tfjs-core/index.js',
    `exports.backend = () => (${JSON.stringify({ ...backend, binding: { TF_Version: '2.18.1' } })});
     exports.fill = exports.slice = exports.reshape = () => ({ dataSync: () => [512], dispose() {} });
     exports.matMul = () => { const end = performance.now() + ${productMs}; while (performance.now() < end); };
     exports.tidy = (compute) => compute();
     exports.dispose = () => {};`,
  );
}

function driver(answer: string): void {
  writeFileSync(join(folder, 'nvidia-smi'), `#!/bin/sh\n${answer}\n`);
  chmodSync(join(folder, 'nvidia-smi'), 0o755);
}

const refusal = (said: RegExp): unknown =>
  expect.objectContaining({ code: 'E_BACKEND_UNAVAILABLE', message: expect.stringMatching(said) });

describe('the backend gpu', () => {
  test('says how to set it up', async () => {
    await expect(gpuBackend.activate({})).rejects.toMatchObject({ remedy: 'Run "cnnbench setup gpu".' });
    await expect(cpuBackend.activate({})).rejects.toMatchObject({ code: 'E_BACKEND_UNAVAILABLE' });
  });

  test.each([['exit 9'], ['echo']])('is not available where the driver lists no GPU (%s)', async (answer) => {
    install({ isUsingGpuDevice: true });
    driver(answer);
    await expect(gpuBackend.activate({})).rejects.toEqual(refusal(/no GPU is visible/));
  });

  test('never computes on the processor instead', async () => {
    install({ isUsingGpuDevice: false });
    driver('echo "NVIDIA Test 9000, 550.54"');
    await expect(gpuBackend.activate({})).rejects.toEqual(
      refusal(/cannot use the NVIDIA Test 9000 \(driver 550\.54\)/),
    );
  });

  test('is refused when it is no faster than one core, whatever it says of itself', async () => {
    install({ isUsingGpuDevice: true }, 400);
    driver('echo "NVIDIA Test 9000, 550.54"');
    await expect(gpuBackend.activate({})).rejects.toEqual(refusal(/\d+ GFLOP\/s.*may not be in use/));
  });
});

describe('the environment of a GPU', () => {
  test.each([
    [undefined, '0'],
    ['2,3', '2'],
    ['GPU-1f2e', 'GPU-1f2e'],
  ])('names one of those that are visible: %s', (visible, chosen) => {
    const env: NodeJS.ProcessEnv = { PATH: '/bin', ...(visible !== undefined && { CUDA_VISIBLE_DEVICES: visible }) };
    prepareGpu('/package', env);
    expect(env).toMatchObject({
      CUDA_VISIBLE_DEVICES: chosen,
      TF_FORCE_GPU_ALLOW_GROWTH: 'true',
      NVIDIA_TF32_OVERRIDE: '0',
      PATH: '/package/deps/nvidia/cuda_nvcc/bin:/bin',
    });
  });
});
