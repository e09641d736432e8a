import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { expect, test } from 'vitest';
import { webgpuBackend } from '../../src/backends/webgpu/index.js';
import { describeBackend } from './available.js';

await describeBackend(webgpuBackend, 'an error of the device fails what is read after it', () => {
  const start = async () => {
    const { tf } = await webgpuBackend.activate({});
    const { device } = tf.backend() as WebGPUBackend;
    const product = () => tf.matMul(tf.ones([64, 64]), tf.ones([64, 64]));
    expect((await product().data())[0]).toBe(64);
    return { tf, device, product };
  };
  const failed = (message: RegExp) => ({ code: 'E_BACKEND_FAILED', message: expect.stringMatching(message) as string });

  test('a command that the device refuses', async () => {
    const { device, product } = await start();
    const result = product();
    device.createBuffer({ size: 16, usage: 0 });
    await expect(result.data()).rejects.toMatchObject(failed(/usage/i));
    await expect(product().data(), 'for good').rejects.toMatchObject(failed(/usage/i));
  });

  test('a tensor larger than the device can hold', async () => {
    const { tf, device } = await start();
    const rows = Math.ceil(device.limits.maxStorageBufferBindingSize / 4 / 1024) + 1;
    const sum = tf.sum(tf.fill([rows, 1024], 1));
    await expect(sum.data()).rejects.toMatchObject(failed(/./));
  });

  test.each(['before a read', 'during a read'])('a device that is lost %s', async (when) => {
    const { device, product } = await start();
    const result = product();
    const early = when === 'during a read' ? result.data() : undefined;
    device.destroy();
    await expect(early ?? result.data()).rejects.toMatchObject(failed(/./));
    await expect(product().data(), 'for good').rejects.toMatchObject(failed(/destroyed/));
  });
});
