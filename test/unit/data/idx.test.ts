import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CnnbenchError } from '../../../src/core/errors.js';
import { parseIdxImages, parseIdxLabels } from '../../../src/data/idx.js';
import { idxImages, idxLabels } from '../../fixtures/data/tiny.js';

const THREE = { count: 3, height: 28, width: 28 };

describe('IDX reader', () => {
  test('reads images as a view of the bytes after the header', () => {
    const bytes = idxImages(3);
    const images = parseIdxImages(bytes, 'f', THREE);
    expect(images).toEqual(bytes.subarray(16));
    expect(images).toHaveLength(3 * 28 * 28);
  });

  test('reads labels', () => {
    expect([...parseIdxLabels(idxLabels([0, 9, 5]), 'f', 3)]).toEqual([0, 9, 5]);
  });

  test('names the file and both magic numbers when the magic number is wrong', () => {
    expect(() => parseIdxImages(idxImages(3, 1, 0x801), 'train-images', THREE)).toThrow(
      expect.objectContaining({
        code: 'E_DATA_MAGIC',
        message: 'train-images starts with 0x00000801; an IDX file of its kind starts with 0x00000803.',
      }),
    );
    expect(() => parseIdxLabels(idxLabels([1], 0x803), 'f', 1)).toThrow(
      expect.objectContaining({ code: 'E_DATA_MAGIC' }),
    );
  });

  test.each([
    ['an empty file', new Uint8Array(0)],
    ['half a header', idxImages(3).subarray(0, 10)],
    ['one byte too few', idxImages(3).subarray(0, -1)],
    ['one byte too many', Buffer.concat([idxImages(3), Uint8Array.of(0)])],
    ['another count', idxImages(2)],
  ])('rejects %s as of the wrong size', (_, bytes) => {
    expect(() => parseIdxImages(bytes, 'f', THREE)).toThrow(expect.objectContaining({ code: 'E_DATA_SIZE' }));
  });

  test('rejects label 10 and says which image has it', () => {
    expect(() => parseIdxLabels(idxLabels([1, 2, 10]), 'train-labels', 3)).toThrow(
      expect.objectContaining({
        code: 'E_DATA_LABEL',
        message: 'train-labels: image 2 has the label 10; labels are 0 to 9.',
      }),
    );
  });

  test('meets arbitrary bytes with nothing but a CnnbenchError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), fc.constantFrom(0, 0x801, 0x803), (bytes, magic) => {
        if (bytes.length >= 4 && magic > 0) new DataView(bytes.buffer).setUint32(0, magic);
        for (const parse of [() => parseIdxImages(bytes, 'f', THREE), () => parseIdxLabels(bytes, 'f', 3)]) {
          try {
            parse();
          } catch (error) {
            expect(error).toBeInstanceOf(CnnbenchError);
          }
        }
      }),
    );
  });
});
