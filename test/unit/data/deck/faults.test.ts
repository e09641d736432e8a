import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { deckDataSchema } from '../../../../src/core/deck-data.js';
import { readBounded, readWhole } from '../../../../src/data/deck/files.js';
import { readDeckData, type FileData, type FileSpec } from '../../../../src/data/deck/read.js';
import { openZip } from '../../../../src/data/deck/zip.js';
import { DECK_DATA } from '../../../fixtures/data/deck-data.js';
import { idxImages, idxLabels, writeFiles } from '../../../fixtures/data/tiny.js';
import { idxFile, npyFile, zipFile } from '../../../fixtures/data/write-formats.js';
import { temporaryFolder } from '../../../fixtures/temporary-folder.js';

const SPLIT = { testFraction: 0.5, seed: 1, stratified: false };

function read(folder: string, source: object, change: Partial<FileData> = {}) {
  const named = 'test' in source ? {} : { split: SPLIT };
  const data = deckDataSchema.parse({ name: 'd', title: 'Leaves', scale: { divide: 1 }, source, ...named, ...change });
  return readDeckData(data as FileData, [folder]);
}

const PNG = await readFile(`${DECK_DATA}/image-files/colour.png`);
const GREY = await readFile(`${DECK_DATA}/image-files/grey.png`);
const idx: FileSpec = { format: 'idx', train: { images: 'x', labels: 'y' } };
const folder: FileSpec = { format: 'image-folder', train: '.' };
const npz = (images: string, labels = 'y'): FileSpec => ({ format: 'npz', train: { file: 'a.npz', images, labels } });
const csv = (change: object = {}) => ({
  format: 'csv',
  header: false,
  label: 'first',
  shape: [1, 2, 1],
  train: ['a.csv'],
  ...change,
});
const labels = idxLabels([0, 1, 0, 1]);
const pixels = { type: 'u1', shape: [4, 1, 2], bytes: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8) } as const;
const classes = { type: 'u1', shape: [4], bytes: Uint8Array.of(0, 1, 0, 1) } as const;
const arrays = (x: Parameters<typeof npyFile>[0], y: Parameters<typeof npyFile>[0] = classes) =>
  zipFile({ 'x.npy': npyFile(x), 'y.npy': npyFile(y) });
const text = (...lines: string[]) => Buffer.from(lines.join('\n'));
const pictures = (names: readonly string[], bytes: Uint8Array = PNG) => names.map((name) => [name, bytes] as const);
const four = ['a/1.png', 'a/2.png', 'b/1.png', 'b/2.png'];

type Files = readonly (readonly [string, Uint8Array])[];

/** What is wrong, the code, a part of the message, the files, the source, and what else the deck says. */
const FAULTS: readonly (readonly [
  what: string,
  code: string,
  says: string,
  files: Files,
  source: object,
  change?: object,
])[] = [
  ['a file that is not there', 'E_DATA_READ', 'x is neither a file nor a folder in', [], idx],
  ['a folder in place of a file', 'E_DATA_READ', 'is no file', [['x/z', labels]], idx],
  [
    'a truncated gzip',
    'E_DATA_GZIP',
    'x is damaged',
    [
      ['x', gzipSync(idxImages(4)).subarray(0, 60)],
      ['y', labels],
    ],
    idx,
  ],
  [
    'IDX labels for images',
    'E_DATA_MAGIC',
    'x has 1 dimensions; expected 3 or 4',
    [
      ['x', labels],
      ['y', labels],
    ],
    idx,
  ],
  [
    'no IDX file',
    'E_DATA_MAGIC',
    'x does not begin as an IDX file does',
    [
      ['x', PNG],
      ['y', labels],
    ],
    idx,
  ],
  [
    'a truncated IDX file',
    'E_DATA_SIZE',
    'the header announces 3136',
    [
      ['x', idxImages(4).subarray(0, -1)],
      ['y', labels],
    ],
    idx,
  ],
  [
    'a longer IDX file',
    'E_DATA_SIZE',
    'x holds 3137 bytes',
    [
      ['x', Buffer.concat([idxImages(4), PNG.subarray(0, 1)])],
      ['y', labels],
    ],
    idx,
  ],
  [
    'an IDX header that announces what no disk holds',
    'E_DATA_SIZE',
    'the header announces',
    [
      ['x', idxFile('u1', [2 ** 32 - 1, 9, 9], labels)],
      ['y', labels],
    ],
    idx,
  ],
  [
    'IDX images with two channels',
    'E_DATA_SIZE',
    '2 channels',
    [
      ['x', idxFile('u1', [1, 1, 1, 2], new Uint8Array(2))],
      ['y', labels],
    ],
    idx,
  ],
  [
    'fewer labels than images',
    'E_DATA_SIZE',
    'y has 4 labels for the 5 images of x',
    [
      ['x', idxImages(5)],
      ['y', labels],
    ],
    idx,
  ],
  [
    'a label out of range',
    'E_DATA_LABEL',
    'image 3 of x: the label 7 is none of the 2 classes of Leaves',
    [
      ['x', idxImages(4)],
      ['y', idxLabels([0, 1, 0, 7])],
    ],
    idx,
    { classes: 2 },
  ],
  [
    'more classes than are possible',
    'E_DATA_CLASS',
    'classes; 2 to 1000 are possible',
    [
      ['x', idxImages(2)],
      ['y', idxFile('i2', [2], Uint8Array.of(0, 1, 100, 0))],
    ],
    idx,
  ],
  [
    'one class',
    'E_DATA_CLASS',
    'has 1 classes',
    [
      ['x', idxImages(2)],
      ['y', idxLabels([0, 0])],
    ],
    idx,
  ],
  [
    'a class without an image',
    'E_DATA_CLASS',
    'is of the class 1',
    [
      ['x', idxImages(8)],
      ['y', idxLabels([0, 2, 0, 2, 0, 2, 0, 2])],
    ],
    idx,
  ],
  [
    'a share that leaves nothing',
    'E_DATA_SPLIT',
    'leaves 4 to train on and 0 to test on',
    [
      ['x', idxImages(4)],
      ['y', labels],
    ],
    idx,
    { split: { ...SPLIT, testFraction: 0.1 } },
  ],
  [
    'a truncated CIFAR batch',
    'E_DATA_SIZE',
    'an image of this format has 3073',
    [['b', new Uint8Array(3072)]],
    { format: 'cifar-10', train: ['b'] },
  ],
  [
    'an empty CIFAR batch',
    'E_DATA_SIZE',
    'b has 0 bytes',
    [['b', new Uint8Array(0)]],
    { format: 'cifar-10', train: ['b'] },
  ],

  ['no zip archive', 'E_DATA_FORMAT', 'it has no directory', [['a.npz', PNG]], npz('x')],
  [
    'a truncated zip archive',
    'E_DATA_FORMAT',
    'not a complete zip archive',
    [['a.npz', arrays(pixels).subarray(0, -9)]],
    npz('x'),
  ],
  [
    'an array that is not there',
    'E_DATA_FORMAT',
    'a.npz has no array "z"; it has x, y',
    [['a.npz', arrays(pixels)]],
    npz('z'),
  ],
  [
    'no array of NumPy',
    'E_DATA_MAGIC',
    'does not begin as an array of NumPy',
    [['a.npz', zipFile({ 'x.npy': PNG, 'y.npy': PNG })]],
    npz('x'),
  ],
  [
    'an array of Python objects',
    'E_DATA_FORMAT',
    'holds Python objects',
    [['a.npz', arrays({ ...pixels, descr: '|O' })]],
    npz('x'),
  ],
  [
    'an array of complex numbers',
    'E_DATA_FORMAT',
    'values of the type c1',
    [['a.npz', arrays({ ...pixels, descr: '<c1' })]],
    npz('x'),
  ],
  [
    'a header that is a program',
    'E_DATA_FORMAT',
    'a header that is not understood',
    [['a.npz', arrays({ ...pixels, descr: "' + open('x') + '" })]],
    npz('x'),
  ],
  [
    'a shape that no memory holds',
    'E_DATA_SIZE',
    'holds 8 bytes',
    [['a.npz', arrays({ ...pixels, shape: [999999999999, 99999, 9] })]],
    npz('x'),
  ],
  [
    'an empty array',
    'E_DATA_SIZE',
    'it is empty',
    [['a.npz', arrays({ ...pixels, shape: [0, 2, 2], bytes: new Uint8Array(0) })]],
    npz('x'),
  ],
  [
    'an array with two channels',
    'E_DATA_SIZE',
    'images are n x height x width',
    [['a.npz', arrays({ ...pixels, shape: [1, 2, 2, 2] })]],
    npz('x'),
  ],
  [
    'flat images without a shape',
    'E_DATA_SIZE',
    'flat images need their shape',
    [['a.npz', arrays({ ...pixels, shape: [4, 2] })]],
    npz('x'),
  ],
  [
    'another shape than the deck says',
    'E_DATA_SIZE',
    'the deck says 2 x 2 x 1',
    [['a.npz', arrays(pixels)]],
    { ...npz('x'), shape: [2, 2, 1] },
  ],
  [
    'NaN among floats',
    'E_DATA_VALUE',
    'image 1 of x in a.npz: the value NaN',
    [
      [
        'a.npz',
        arrays(
          { type: 'f4', shape: [2, 1, 1], bytes: new Uint8Array(Float32Array.of(1, NaN).buffer) },
          { type: 'u1', shape: [2], bytes: Uint8Array.of(0, 1) },
        ),
      ],
    ],
    npz('x'),
  ],
  [
    'a double that float32 does not hold',
    'E_DATA_VALUE',
    'the value 1e+300',
    [
      [
        'a.npz',
        arrays(
          { type: 'f8', shape: [2, 1, 1], bytes: new Uint8Array(Float64Array.of(1, 1e300).buffer) },
          { type: 'u1', shape: [2], bytes: Uint8Array.of(0, 1) },
        ),
      ],
    ],
    npz('x'),
  ],
  [
    'labels with a fraction',
    'E_DATA_LABEL',
    'the label 0.5 is not an integer',
    [
      [
        'a.npz',
        arrays(pixels, { type: 'f4', shape: [4], bytes: new Uint8Array(Float32Array.of(0, 1, 0.5, 0).buffer) }),
      ],
    ],
    npz('x'),
  ],
  [
    'one-hot labels',
    'E_DATA_SIZE',
    'y in a.npz is 4 x 2; expected 4 labels',
    [['a.npz', arrays(pixels, { type: 'u1', shape: [4, 2], bytes: new Uint8Array(8) })]],
    npz('x'),
  ],

  [
    'a picture that is damaged',
    'E_DATA_IMAGE',
    './b/1.png is damaged',
    [...pictures(['a/1.png', 'a/2.png', 'b/2.png']), ['b/1.png', PNG.subarray(0, 200)]],
    folder,
  ],
  [
    'a picture of another size',
    'E_DATA_SIZE',
    'is 9 x 11 x 1; the images before it are 9 x 11 x 3',
    [...pictures(four), ['b/3.png', GREY]],
    folder,
  ],
  [
    'a text that is called a picture',
    'E_DATA_IMAGE',
    'is neither a PNG nor a JPEG',
    [...pictures(four), ['b/3.png', labels]],
    folder,
  ],
  [
    'another file beside the pictures',
    'E_DATA_FORMAT',
    './b/notes.txt is not a PNG or JPEG file',
    [...pictures(four), ['b/notes.txt', labels]],
    folder,
  ],
  [
    'a folder in the folder of a class',
    'E_DATA_FORMAT',
    './b/more is not a PNG or JPEG file',
    [...pictures(four), ['b/more/1.png', PNG]],
    folder,
  ],
  ['a folder without folders', 'E_DATA_CLASS', 'has no folders', pictures(['1.png']), folder],
  [
    'an empty folder of a class',
    'E_DATA_CLASS',
    './c holds no picture',
    [...pictures(four), ['c/.keep', labels]],
    folder,
  ],
  [
    'two folders that differ in case',
    'E_DATA_CLASS',
    'the folders A and a, which are one',
    [...pictures(four), ...pictures(['A/1.png'])],
    folder,
  ],
  [
    'two folders that differ in how an accent is written',
    'E_DATA_CLASS',
    'which are one on some systems',
    pictures(['\u00e9/1.png', 'e\u0301/1.png']),
    folder,
  ],
  [
    'other classes to test on',
    'E_DATA_CLASS',
    'b is missing; c is one more',
    [...pictures(four.map((name) => `t/${name}`)), ...pictures(['s/a/1.png', 's/c/1.png'])],
    { format: 'image-folder', train: 't', test: 's' },
  ],
  [
    'other classes than the deck says',
    'E_DATA_CLASS',
    'are not the same everywhere',
    pictures(four),
    folder,
    { classes: ['a', 'c'] },
  ],
  [
    'another number of classes than the deck says',
    'E_DATA_CLASS',
    'has 2 classes (a, b); the deck says 3',
    pictures(four),
    folder,
    { classes: 3 },
  ],

  [
    'a line that is too short',
    'E_DATA_SIZE',
    'line 2 of a.csv: 1 values beside the label; the deck says 2',
    [['a.csv', text('0,1,2', '1,3', '0,1,2,0')]],
    csv(),
  ],
  ['a line that is too long', 'E_DATA_SIZE', 'line 1 of a.csv: 3 values', [['a.csv', text('0,1,2,3', '1,3,4')]], csv()],
  ['an empty table', 'E_DATA_SIZE', 'a.csv holds no image', [['a.csv', text('', '')]], csv()],
  [
    'a header that is not expected',
    'E_DATA_VALUE',
    'line 1 of a.csv: "p0" is not a number',
    [['a.csv', text('label,p0,p1', '0,1,2', '1,2,3')]],
    csv(),
  ],
  ['a value that is not there', 'E_DATA_VALUE', '"" is not a number', [['a.csv', text('0,1,2', '1,,3')]], csv()],
  [
    'a value that JavaScript alone would take',
    'E_DATA_VALUE',
    '"0x1f" is not a number',
    [['a.csv', text('0,1,2', '1,0x1f,3')]],
    csv(),
  ],
  ['NaN in a table', 'E_DATA_VALUE', '"nan" is not a number', [['a.csv', text('0,1,2', '1,nan,3')]], csv()],
  [
    'an infinite number in a table',
    'E_DATA_VALUE',
    '"1e999" is not a finite',
    [['a.csv', text('0,1,2', '1,1e999,3')]],
    csv(),
  ],
  [
    'a label that is not there',
    'E_DATA_LABEL',
    'line 2 of a.csv: the label is empty',
    [['a.csv', text('0,1,2', ',1,2')]],
    csv(),
  ],
  [
    'a word that is no class',
    'E_DATA_LABEL',
    'the label "fish" is none of the 2 classes',
    [['a.csv', text('cat,1,2', 'dog,1,2', 'fish,1,2')]],
    csv(),
    { classes: ['cat', 'dog'] },
  ],

  [
    'no Parquet file',
    'E_DATA_MAGIC',
    'does not end as a Parquet file does',
    [['a', PNG]],
    { format: 'parquet', image: 'i', label: 'l', train: ['a'] },
  ],
  [
    'a footer that is longer than its file',
    'E_DATA_FORMAT',
    'its footer is longer than the file',
    [['a', Buffer.from('\u0000\u0000\u0001\u0000PAR1')]],
    { format: 'parquet', image: 'i', label: 'l', train: ['a'] },
  ],
];

/** What each code says to do. The tests below do some of it. */
const REMEDIES: Readonly<Record<string, string>> = {
  E_DATA_READ: 'Check that it exists and is readable; --data-dir sets a folder where a deck looks first.',
  E_DATA_PATH: 'Move the real file or folder, not a link, into the folder of the deck or of --data-dir.',
  E_DATA_GZIP: 'Replace the file with a complete copy; `gzip -t` checks it.',
  E_DATA_MAGIC: 'Check which format the file has, and that images and labels are not mixed up.',
  E_DATA_SIZE:
    'Replace the file with a complete copy, or correct the sizes in the deck; pictures of several sizes need a resize.',
  E_DATA_LABEL: 'Correct the label, or the classes in the deck: labels are 0 to the number of classes minus 1.',
  E_DATA_FORMAT: 'Write the file again in the form that docs/decks-data.md describes.',
  E_DATA_VALUE: 'Replace the value: training needs finite numbers.',
  E_DATA_IMAGE: 'Save the picture as a PNG or JPEG of 8 bits, grey or RGB, or remove it.',
  E_DATA_CLASS: 'Correct the classes in the deck, or the folders and labels of the data.',
  E_DATA_SPLIT: 'Add a test set to the deck, or choose another share.',
  E_DATA_LIMIT: 'Use a part of the data, or smaller images; docs/decks-data.md has the limits.',
};

describe('what is wrong with files is one clear error', () => {
  const rows = FAULTS.map(
    ([what, code, says, files, source, change = {}]) => [what, code, says, files, source, change] as const,
  );
  test.each(rows)('%s: %s', async (_, code, says, files, source, change) => {
    const here = await writeFiles(await temporaryFolder(), files);
    const error = await read(here, source, change).then(
      () => undefined,
      (thrown: unknown) => thrown as { code?: string; message: string; remedy: string },
    );
    expect(error).toMatchObject({ code, message: expect.stringContaining(says) as string });
    expect(error?.remedy).toBe(REMEDIES[code]);
  });

  test.each([
    ['image', 'pictures', 'has no column "pictures.bytes"; it has image.bytes, image.path, label'],
    ['label', 'kind', 'has no column "kind"'],
    ['image', 'label', 'has a number where its picture should be'],
  ])('a Parquet file without the %s column %s', async (role, name, says) => {
    const columns = { image: 'image', label: 'label', [role]: name };
    const source = { format: 'parquet', ...columns, train: ['parquet/zstd.parquet'] };
    await expect(read(DECK_DATA, source)).rejects.toMatchObject({
      code: 'E_DATA_FORMAT',
      message: expect.stringContaining(says) as string,
    });
  });
});

describe('a deck does not leave its folder', () => {
  test.each([
    ['a file', 'x'],
    ['a folder on the way', 'in/x'],
  ])('by a link in place of %s', async (_, images) => {
    const [outside, here] = [await temporaryFolder(), await temporaryFolder()];
    await writeFiles(outside, [
      ['x', idxImages(4)],
      ['y', labels],
    ]);
    await writeFiles(here, [['y', labels]]);
    await symlink(images === 'x' ? join(outside, 'x') : outside, join(here, images.split('/')[0] as string));
    const source = { format: 'idx', train: { images, labels: 'y' } };
    await expect(read(here, source)).rejects.toMatchObject({ code: 'E_DATA_PATH' });
    // The remedy: the file itself.
    await writeFiles(here, [['own/x', idxImages(4)]]);
    expect((await read(here, { ...source, train: { images: 'own/x', labels: 'y' } })).train.count).toBe(2);
  });

  test.each(['a/1.png', 'a', 'c'])('by a link among pictures: %s', async (name) => {
    const [outside, here] = [await temporaryFolder(), await temporaryFolder()];
    await writeFiles(outside, pictures(['1.png']));
    await writeFiles(here, pictures(['b/1.png', 'b/2.png', ...(name === 'a' ? [] : ['a/2.png'])]));
    await symlink(name === 'a/1.png' ? join(outside, '1.png') : outside, join(here, name));
    await expect(read(here, folder)).rejects.toMatchObject({ code: 'E_DATA_PATH' });
  });

  test('but the user may name any folder, by a link, too', async () => {
    const [outside, here] = [await temporaryFolder(), await temporaryFolder()];
    await writeFiles(join(outside, 'data'), [
      ['x', idxImages(4)],
      ['y', labels],
    ]);
    await symlink(join(outside, 'data'), join(here, 'named'));
    const data = deckDataSchema.parse({ name: 'd', title: 'D', scale: { divide: 1 }, source: idx, split: SPLIT });
    const dataset = await readDeckData(data as FileData, [join(here, 'named'), here]);
    expect(dataset.train.count + dataset.test.count).toBe(4);
  });
});

describe('what is read is bounded', () => {
  test('a file, and what it inflates to', async () => {
    const here = await temporaryFolder();
    await writeFile(join(here, 'bomb'), gzipSync(new Uint8Array(5_000_000)));
    expect((await readWhole(join(here, 'bomb'))).length).toBe(5_000_000);
    await expect(readWhole(join(here, 'bomb'), 4_999_999)).rejects.toMatchObject({ code: 'E_DATA_LIMIT' });
    await expect(readBounded(join(here, 'bomb'), 100)).rejects.toMatchObject({ code: 'E_DATA_LIMIT' });
  });

  test('a member of an archive that announces less than it holds', () => {
    const zip = zipFile({ 'x.npy': new Uint8Array(1_000_000) }, { deflate: true, announce: 10 });
    expect(() => openZip(zip, 'a.npz').read('x.npy')).toThrow('x.npy in a.npz is not a complete zip archive');
  });

  test('a member of an archive whose checksum is another', () => {
    const zip = zipFile({ 'x.npy': Uint8Array.of(1, 2, 3) });
    zip[zip.indexOf(1, 30)] = 7;
    expect(() => openZip(zip, 'a.npz').read('x.npy')).toThrow('its checksum is another');
  });

  test('a pipe is no file', async () => {
    const here = await temporaryFolder();
    await mkdir(join(here, 'f'));
    await expect(readBounded(join(here, 'f'), 10)).rejects.toMatchObject({ code: 'E_DATA_READ' });
    await expect(readBounded('/dev/zero', 10)).rejects.toMatchObject({ code: 'E_DATA_READ' });
  });
});
