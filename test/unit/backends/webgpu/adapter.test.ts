import { describe, expect, test } from 'vitest';
import { findAdapter, isSoftware, unavailable } from '../../../../src/backends/webgpu/adapter.js';

describe('isSoftware', () => {
  const of = (device: string, description: string, isFallbackAdapter = false) =>
    isSoftware({ device, description, isFallbackAdapter });

  test.each([
    [of('swiftshader-device-subzero-', 'SwiftShader driver 5.0.0', true), true],
    [of('swiftshader-device-subzero-', ''), true],
    [of('', 'llvmpipe (LLVM 15.0.6, 256 bits)'), true],
    [of('microsoft-basic-render-driver', 'Microsoft Basic Render Driver'), true],
    [of('anything', 'anything', true), true],
    [of('nvidia-h200', 'NVIDIA: 550.54.15'), false],
    [of('', ''), false],
  ])('case %#', (actual, expected) => {
    expect(actual).toBe(expected);
  });
});

describe('unavailable', () => {
  test.each([
    ['linux', 'libvulkan.so.1: cannot open shared object file', undefined, /Vulkan loader/, /libvulkan1/],
    ['linux', undefined, undefined, /no Vulkan driver/, /chromium-common.*CNNBENCH_SWIFTSHADER/],
    ['linux', undefined, '/s.so', /SwiftShader \(\/s\.so\) gave no adapter/, /vulkaninfo/],
    ['darwin', undefined, undefined, /Metal/, /Metal/],
    ['win32', undefined, undefined, /D3D12/, /D3D12/],
  ] as const)('on %s, loader %s, SwiftShader %s', (platform, loader, library, message, remedy) => {
    expect(unavailable(platform, loader, library)).toMatchObject({
      code: 'E_BACKEND_UNAVAILABLE',
      message: expect.stringMatching(message) as string,
      remedy: expect.stringMatching(remedy) as string,
    });
  });
});

describe('findAdapter', () => {
  const gpuWith = (adapter: GPUAdapter | null) =>
    ({ requestAdapter: () => Promise.resolve(adapter) }) as unknown as GPU;

  test('takes a GPU where there is one, and looks no further', async () => {
    const adapter = {} as GPUAdapter;
    const gpu = gpuWith(adapter);
    const found = await findAdapter(() => gpu, { CNNBENCH_SWIFTSHADER: 'not looked at' });
    expect(found.adapter).toBe(adapter);
    expect(found.gpu).toBe(gpu);
  });

  test('says so when CNNBENCH_SWIFTSHADER names no file', async () => {
    await expect(findAdapter(() => gpuWith(null), { CNNBENCH_SWIFTSHADER: '/nowhere.so' })).rejects.toMatchObject({
      code: 'E_BACKEND_UNAVAILABLE',
      message: expect.stringContaining('/nowhere.so') as string,
      remedy: 'Set CNNBENCH_SWIFTSHADER to the absolute path of libvk_swiftshader.so, or unset it.',
    });
    // Unset, it is looked for where Debian and Chromium put it; found or not, the variable is no trouble any more.
    const unset = await findAdapter(() => gpuWith(null), {}).catch((error: unknown) => error);
    expect(String(unset)).not.toContain('/nowhere.so');
  });
});
