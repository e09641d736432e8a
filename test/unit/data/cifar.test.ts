import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CnnbenchError } from '../../../src/core/errors.js';
import { copyCifarBatch, parseCifarBatch } from '../../../src/data/cifar.js';
import { cifarBatch } from '../../fixtures/data/tiny.js';

describe('CIFAR-10 batch reader', () => {
  test('turns planes into pixels', () => {
    const record = new Uint8Array(3073);
    record[0] = 7;
    record.fill(10, 1, 1025).fill(20, 1025, 2049).fill(30, 2049);
    record[1 + 33] = 11; // red, second row, second column
    const { images, labels } = parseCifarBatch(record, 'f');
    expect([...labels]).toEqual([7]);
    expect([...images.subarray(0, 6)]).toEqual([10, 20, 30, 10, 20, 30]);
    expect([...images.subarray(33 * 3, 34 * 3)]).toEqual([11, 20, 30]);
  });

  test('keeps every value of every record', () => {
    const bytes = cifarBatch([1, 2, 3]);
    const { images, labels } = parseCifarBatch(bytes, 'f', 3);
    expect([...labels]).toEqual([1, 2, 3]);
    for (const [image, channel, pixel] of [
      [0, 0, 0],
      [1, 2, 500],
      [2, 1, 1023],
    ] as const) {
      expect(images[image * 3072 + pixel * 3 + channel]).toBe(bytes[image * 3073 + 1 + channel * 1024 + pixel]);
    }
  });

  test('copies only as many images as the target holds', () => {
    const images = new Uint8Array(3072);
    const labels = new Uint8Array(1);
    copyCifarBatch(cifarBatch([4, 5]), images, labels);
    expect([...labels]).toEqual([4]);
  });

  test.each([
    ['an empty file', new Uint8Array(0)],
    ['no multiple of a record', cifarBatch([1, 2]).subarray(1)],
  ])('rejects %s as of the wrong size', (_, bytes) => {
    expect(() => parseCifarBatch(bytes, 'f')).toThrow(expect.objectContaining({ code: 'E_DATA_SIZE' }));
  });

  test('rejects another number of images than expected', () => {
    expect(() => parseCifarBatch(cifarBatch([1, 2]), 'data_batch_1.bin', 10_000)).toThrow(
      expect.objectContaining({
        code: 'E_DATA_SIZE',
        message: 'data_batch_1.bin has 6146 bytes; 10000 images of 3073 bytes each are 30730000.',
      }),
    );
  });

  test('rejects label 10 and says which image has it', () => {
    expect(() => parseCifarBatch(cifarBatch([1, 10]), 'f')).toThrow(
      expect.objectContaining({ code: 'E_DATA_LABEL', message: 'f: image 1 has the label 10; labels are 0 to 9.' }),
    );
  });

  test('meets arbitrary bytes with nothing but a CnnbenchError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 32 }), fc.integer({ min: 0, max: 2 }), (bytes, records) => {
        const padded = Buffer.concat([bytes, new Uint8Array(records * 3073)]).subarray(0, records * 3073 || undefined);
        try {
          parseCifarBatch(padded, 'f');
        } catch (error) {
          expect(error).toBeInstanceOf(CnnbenchError);
        }
      }),
      { numRuns: 50 },
    );
  });
});
