import { copyCifar100Batch, copyCifarBatch } from '../cifar.js';
import { complaint } from './complain.js';
import { locate, readWhole } from './files.js';
import { equalImages, type RawSplit } from './raw.js';

const SIDE = 32;
const PLANE = SIDE * SIDE;

/**
 * A binary batch of CIFAR-10 or CIFAR-100 (https://www.cs.toronto.edu/~kriz/cifar.html): one or two label bytes (coarse, fine), then
 * the red, the green and the blue plane, each image.
 *
 * @param heads label bytes of an image
 * @param label which of them is the label
 */
export async function readCifar(
  folders: readonly string[],
  path: string,
  heads: 1 | 2,
  label: 0 | 1,
): Promise<RawSplit> {
  const bytes = await readWhole(await locate(folders, path));
  const record = heads + 3 * PLANE;
  const count = bytes.length / record;
  if (!Number.isInteger(count) || count === 0) {
    throw complaint('E_DATA_SIZE', `${path} has ${bytes.length} bytes; an image of this format has ${record}.`);
  }
  const values = new Uint8Array(count * 3 * PLANE);
  const labels = new Uint8Array(count);
  if (heads === 1) copyCifarBatch(bytes, values, labels);
  else copyCifar100Batch(bytes, values, labels, label);
  return {
    count,
    images: () => equalImages(values, { height: SIDE, width: SIDE, channels: 3 }),
    labels: [...labels],
    nameOf: (index) => `image ${index} of ${path}`,
  };
}
