import { expect, test } from 'vitest';
import type { ModelSpec } from '../../../src/core/model.js';
import { checkFitsData } from '../../../src/model/fits-data.js';

const model: ModelSpec = {
  id: 'm',
  title: 'Net',
  input: [4, 4, 1],
  layers: [{ kind: 'flatten' }, { kind: 'dense', units: 3 }],
};
const data = (imageShape: [number, number, number], count: number) => ({
  imageShape,
  classes: Array.from({ length: count }, (_, index) => String(index)),
});
const failure = (spec: ModelSpec, imageShape: [number, number, number], count: number) => {
  try {
    checkFitsData(spec, data(imageShape, count), 'leaves');
    return undefined;
  } catch (error) {
    return error as { code: string; message: string; remedy: string };
  }
};

test('a model that takes the images and ends in the classes fits', () => {
  expect(failure(model, [4, 4, 1], 3)).toBeUndefined();
});

test('another number of classes is an error, and its remedy makes it fit', () => {
  const error = failure(model, [4, 4, 1], 20);
  expect(error).toMatchObject({ code: 'E_MODEL_DATA', message: 'Net ends in 3 values; leaves has 20 classes.' });
  expect(error?.remedy).toBe('Give the last layer 20 units, or correct the classes of the data set.');
  const units = 20;
  expect(failure({ ...model, layers: [{ kind: 'flatten' }, { kind: 'dense', units }] }, [4, 4, 1], 20)).toBeUndefined();
});

test('an output that is an image is no class', () => {
  const spec: ModelSpec = { ...model, layers: [{ kind: 'conv2d', filters: 3, kernel: 4 }] };
  expect(failure(spec, [4, 4, 1], 3)?.message).toBe('Net ends in 1 x 1 x 3 values; leaves has 3 classes.');
});

test('images of another size are an error', () => {
  expect(failure(model, [4, 4, 3], 3)).toMatchObject({
    code: 'E_MODEL_DATA',
    message: 'Net takes 4 x 4 x 1; the images of leaves are 4 x 4 x 3.',
    remedy:
      'Give the model the input of the data set, or prepare the images (resize, pad, channels) to the size that the model takes.',
  });
});
