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
  const labels: number[] = [];
  for (let image = 0, to = 0; image < count; image++) {
    labels.push(bytes[image * record + label] as number);
    const start = image * record + heads;
    for (let from = start; from < start + PLANE; from++) {
      values[to++] = bytes[from] as number;
      values[to++] = bytes[from + PLANE] as number;
      values[to++] = bytes[from + 2 * PLANE] as number;
    }
  }
  return {
    count,
    images: () => equalImages(values, { height: SIDE, width: SIDE, channels: 3 }),
    labels,
    nameOf: (index) => `image ${index} of ${path}`,
  };
}
