import type { NativeBackend } from '../../native/load.js';
import type { NormaliseBytes } from '../additions.js';
import type { Tf } from '../tfjs.js';
import { operationsOf } from './operations.js';

/**
 * By TensorFlow, on all threads: byte / 127.5 - 1. The same bits as ((byte / 255) - 0.5) / 0.5 with each step rounded, because
 * doubling a float32 number rounds nothing.
 */
export function normaliseBytes(tf: Tf, backend: NativeBackend): NormaliseBytes {
  const run = operationsOf(backend);
  const { binding } = backend;
  const [half, one] = [tf.scalar(127.5), tf.scalar(1)];
  let bytes = new Uint8Array();
  return (shape, fill) => {
    const count = tf.util.sizeFromShape([...shape]);
    if (bytes.length < count) bytes = new Uint8Array(count);
    const used = bytes.subarray(0, count);
    fill(used);
    return tf.tidy(() => {
      // tfjs has no tensors of bytes, and no kernel of Cast for them.
      const id = binding.createTensor(shape, binding.TF_UINT8, used);
      const [cast] = binding.executeOp(
        'Cast',
        [
          { name: 'SrcT', type: binding.TF_ATTR_TYPE, value: binding.TF_UINT8 },
          { name: 'DstT', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
          { name: 'Truncate', type: binding.TF_ATTR_BOOL, value: false },
        ],
        [id],
        1,
      );
      binding.deleteTensor(id);
      return run('Sub', [run('RealDiv', [backend.createOutputTensor(cast), half]), one]);
    });
  };
}
