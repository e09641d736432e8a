import { CnnbenchError, excerpt, messageOf } from '../../core/errors.js';
import { complaint } from './complain.js';
import { checkLimit, LIMITS } from './limits.js';
import type { RawImage } from './raw.js';

type Sharp = (typeof import('sharp'))['default'];

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** The chunk IEND: no content, its name, its checksum. */
const PNG_END = Buffer.from('0000000049454e44ae426082', 'hex');
const JPEG = [0xff, 0xd8, 0xff];

/** Turns PNG and JPEG files into pixels. Other formats never reach the library: it knows many, some of them programs. */
export type DecodePicture = (bytes: Uint8Array, what: string) => Promise<RawImage>;

/**
 * Loads sharp, which is optional: nobody who trains on arrays needs it.
 *
 * @throws E_DATA_DECODER where it is not installed or does not run here
 */
export async function pictureDecoder(
  load: () => Promise<{ default: Sharp }> = () => import('sharp'),
): Promise<DecodePicture> {
  let sharp: Sharp;
  try {
    sharp = (await load()).default;
  } catch (error) {
    throw new CnnbenchError(
      'E_DATA_DECODER',
      `PNG and JPEG files need the package sharp, which cannot be loaded: ${excerpt(messageOf(error))}.`,
      'Run "npm install sharp" where cnnbench is installed, or save the images as arrays (npz) or CSV.',
      { cause: error },
    );
  }
  // One thread a picture: several are decoded at once.
  sharp.concurrency(1);
  sharp.cache(false);
  return (bytes, what) => decode(sharp, bytes, what);
}

const begins = (bytes: Uint8Array, magic: readonly number[]) => magic.every((byte, index) => bytes[index] === byte);

/**
 * Pixels as stored: no colour profile is applied and no EXIF orientation, as with Pillow and Keras; alpha is left out; palettes and
 * one-bit greys become bytes.
 */
async function decode(sharp: Sharp, bytes: Uint8Array, what: string): Promise<RawImage> {
  if (!begins(bytes, PNG) && !begins(bytes, JPEG))
    throw complaint('E_DATA_IMAGE', `${what} is neither a PNG nor a JPEG.`);
  // The library does not miss the end of a PNG whose pixels are all there.
  if (begins(bytes, PNG) && !Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(PNG_END)) {
    throw complaint('E_DATA_IMAGE', `${what} is damaged or incomplete: it has no end.`);
  }
  const picture = sharp(bytes, {
    failOn: 'warning',
    limitInputPixels: LIMITS.pixels,
    ignoreIcc: true,
    animated: false,
  });
  try {
    const { width, height, depth, space, hasAlpha } = await picture.metadata();
    checkLimit(what, width * height, LIMITS.pixels, 'pixels');
    if (depth !== 'uchar' || space === 'cmyk') {
      throw complaint(
        'E_DATA_IMAGE',
        `${what} has ${space === 'cmyk' ? 'the colours CMYK' : `values of the type ${depth}`}.`,
      );
    }
    const grey = space === 'b-w';
    const { data, info } = await picture
      .toColourspace(grey ? 'b-w' : 'srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
    const channels = grey ? 1 : 3;
    if (info.width !== width || info.height !== height || info.channels < channels) {
      throw complaint('E_DATA_IMAGE', `${what} is decoded to another size than its header says.`);
    }
    const values = info.channels === channels && !hasAlpha ? data : firstChannels(data, info.channels, channels);
    return { height, width, channels, values };
  } catch (error) {
    if (error instanceof CnnbenchError) throw error;
    throw complaint('E_DATA_IMAGE', `${what} is damaged or incomplete: ${excerpt(messageOf(error))}.`, error);
  }
}

function firstChannels(values: Uint8Array, from: number, to: number): Uint8Array {
  const kept = new Uint8Array((values.length / from) * to);
  for (let index = 0; index < kept.length; index++) {
    kept[index] = values[Math.floor(index / to) * from + (index % to)] as number;
  }
  return kept;
}

/** Pictures decoded at the same time: enough for the threads of Node's pool, few enough for the memory. */
const AT_ONCE = 8;

/** Decodes in order, some ahead. @param read the bytes of a picture */
export async function* decodeAll(
  count: number,
  read: (index: number) => Promise<Uint8Array>,
  nameOf: (index: number) => string,
): AsyncGenerator<RawImage> {
  const decodePicture = await pictureDecoder();
  const start = async (index: number) => decodePicture(await read(index), nameOf(index));
  const ahead: Promise<RawImage>[] = [];
  for (let index = 0; index < count; index++) {
    while (ahead.length < AT_ONCE && index + ahead.length < count) {
      const started = start(index + ahead.length);
      // Met where it is awaited; one that fails before must not end the process.
      started.catch(() => undefined);
      ahead.push(started);
    }
    yield await (ahead.shift() as Promise<RawImage>);
  }
}
