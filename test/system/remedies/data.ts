import { cp, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { ErrorCode } from '../../../src/core/errors.js';
import { tarGz } from '../../fixtures/data/tiny.js';
import type { Remedies, Remedy, World } from './walk.js';

const LABELS = 't10k-labels-idx1-ubyte';
const OFFICIAL = 'Replace the file with the official one (see docs/data.md), or remove it from the data folder.';

/** A file of Fashion-MNIST's form, black or of the first class. */
function blackIdx(...lengths: number[]): Buffer {
  const file = Buffer.alloc(4 + 4 * lengths.length + lengths.reduce((product, length) => product * length, 1));
  file.writeUInt32BE(0x800 + lengths.length);
  lengths.forEach((length, axis) => file.writeUInt32BE(length, 4 + 4 * axis));
  return file;
}

const mine = ({ cwd }: World, name: string, content: Uint8Array) => writeFile(join(cwd, 'mine', name), content);

async function fashion(here: World): Promise<void> {
  await mkdir(join(here.cwd, 'mine'));
  await mine(here, 'train-images-idx3-ubyte', blackIdx(60_000, 28, 28));
  await mine(here, 'train-labels-idx1-ubyte', blackIdx(60_000));
  await mine(here, 't10k-images-idx3-ubyte', blackIdx(10_000, 28, 28));
}

const whole = (here: World) => mine(here, LABELS, blackIdx(10_000));
const FASHION = 'run data-fashion-mnist -b js --profile smoke --data-dir mine --out out';
const VERIFY = 'verify out/records/data-fashion-mnist.js.smoke.seed0.json';
const CIFAR = 'run data-cifar-10 -b js --profile smoke --data-dir mine --out out';

/** A data set of which one file is spoilt, and then replaced by a whole one, as the remedy says. */
function spoilt(code: ErrorCode, spoil: (whole: Buffer) => Uint8Array, name = LABELS, remedy = OFFICIAL): Remedy {
  return {
    ...{ code, command: FASHION, remedy },
    async given(here) {
      await fashion(here);
      await mine(here, name, spoil(blackIdx(10_000)));
    },
    async by(here) {
      await rm(join(here.cwd, 'mine', name));
      await whole(here);
    },
  };
}

async function blackCifar(here: World): Promise<void> {
  await mkdir(join(here.cwd, 'mine'), { recursive: true });
  const black = Buffer.alloc(30_730_000);
  for (const name of ['test_batch', ...[1, 2, 3, 4, 5].map((batch) => `data_batch_${batch}`)]) {
    await mine(here, `${name}.bin`, black);
  }
}

/** Folders and files of data sets. What downloads say is tried in test/unit/data/remedies.test.ts. */
export const DATA: Remedies = {
  'a data file that is cut off': spoilt(
    'E_DATA_GZIP',
    (bytes) => gzipSync(bytes).subarray(0, -8),
    `${LABELS}.gz`,
    'Replace the file with a complete copy; `gzip -t` checks it.',
  ),
  'a data file of another kind': spoilt('E_DATA_MAGIC', (bytes) => bytes.fill(7, 0, 4)),
  'a data file that is too short': spoilt('E_DATA_SIZE', (bytes) => bytes.subarray(0, -1)),
  'a data file with a wrong label': spoilt('E_DATA_LABEL', (bytes) => bytes.fill(10, 20, 21)),
  'a data file that unpacks to far more than it should': spoilt(
    'E_DATA_SIZE',
    () => gzipSync(Buffer.alloc(100_000_000)),
    `${LABELS}.gz`,
    'Replace the file with the official one (see docs/data.md).',
  ),
  'a data file that cannot be read': {
    ...{ code: 'E_DATA_READ', command: FASHION, remedy: 'Check that the file exists and is readable.' },
    async given(here) {
      await fashion(here);
      // Whoever reads it at its beginning gets an error, root too.
      await symlink('/proc/self/mem', join(here.cwd, 'mine', LABELS));
    },
    async by(here) {
      await rm(join(here.cwd, 'mine', LABELS));
      await whole(here);
    },
  },
  'a part of a data set': {
    ...{ code: 'E_DATA_DIR', command: FASHION, given: fashion, by: whole },
    remedy: 'Add the missing files, or use a folder without files of this data set.',
  },
  'a data folder that is not there': {
    ...{ code: 'E_DATA_DIR', command: 'data list --data-dir nowhere', then: 'data list' },
    remedy: 'Set --data-dir (or CNNBENCH_DATA) to the folder with the data sets, or omit it.',
  },
  'a data folder that leads nowhere': {
    ...{ code: 'E_DATA_READ', command: 'data list --data-dir mine', remedy: 'Check that the folder is readable.' },
    async given({ cwd }) {
      await mkdir(join(cwd, 'mine'));
      await symlink('fashion-mnist', join(cwd, 'mine', 'fashion-mnist'));
    },
    by: ({ cwd }) => rm(join(cwd, 'mine', 'fashion-mnist')),
  },
  'batches of another version of CIFAR-10': {
    ...{ code: 'E_DATA_SIZE', command: CIFAR, by: blackCifar },
    remedy: 'Use the complete binary version of CIFAR-10 (cifar-10-binary.tar.gz); see docs/data.md.',
    async given(here) {
      await blackCifar(here);
      await mine(here, 'test_batch.bin', Buffer.alloc(30_000_000));
    },
  },
  'an archive of something else': {
    ...{ code: 'E_DATA_ARCHIVE', command: CIFAR },
    remedy: 'Replace the archive with the official one (see docs/data.md).',
    async given(here) {
      await mkdir(join(here.cwd, 'mine'));
      await mine(here, 'cifar-10-binary.tar.gz', await tarGz([{ name: 'readme.html', content: Buffer.from('hello') }]));
    },
    by: async (here) =>
      mine(
        here,
        'cifar-10-binary.tar.gz',
        await tarGz(
          ['data_batch_1', 'data_batch_2', 'data_batch_3', 'data_batch_4', 'data_batch_5', 'test_batch'].map(
            (name) => ({
              name: `cifar-10-batches-bin/${name}.bin`,
              content: Buffer.alloc(30_730_000),
            }),
          ),
        ),
      ),
  },
  'no data': {
    ...{ code: 'E_DATA_UNAVAILABLE', command: 'run data-cifar-10 -b js --profile smoke --no-stand-in --out out' },
    remedy:
      'Run "cnnbench data pull" with a network connection, or put the files into a folder and use --data-dir (docs/data.md lists them).',
    ...{ says: /use (--data-dir)/, by: blackCifar },
    then: 'run data-cifar-10 -b js --profile smoke --no-stand-in --out out $1 mine',
  },
  'other data than a record was made on': {
    ...{ code: 'E_DATA_UNAVAILABLE', command: `${VERIFY} --data-dir other`, then: `${VERIFY} --data-dir mine` },
    remedy: 'Use --data-dir with those files; docs/data.md lists them.',
    async given(here) {
      await fashion(here);
      await whole(here);
      await cp(join(here.cwd, 'mine'), join(here.cwd, 'other'), { recursive: true });
      await writeFile(join(here.cwd, 'other', LABELS), blackIdx(10_000).fill(1, 20));
      await here.given(FASHION.split(' '));
    },
  },
  'a run that was begun with other data': {
    ...{ code: 'E_OUT_FOREIGN', command: 'run --resume out' },
    remedy: 'Use --data-dir with its data. If recipes have changed, "…" starts it again.',
    async given(here) {
      await blackCifar(here);
      await here.given(CIFAR.split(' '));
    },
    then: 'run --resume out --data-dir mine',
  },
};
