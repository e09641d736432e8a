import type { DatasetName } from '../core/dataset.js';

/** A content that is not the official one and is known for what it is. */
interface KnownVariant {
  /** SHA-256 of the decompressed content. */
  readonly sha256: string;
  /** What is different about it, as printed with every result. */
  readonly note: string;
}

/** What a file of a data set is, and in which form. */
export interface FileForm {
  /** What the file is to the data set, unique within it. */
  readonly role: string;
  /** Canonical name of the decompressed file. */
  readonly name: string;
  readonly split: 'train' | 'test';
  readonly format: 'idx-images' | 'idx-labels' | 'cifar-batch';
  /** Images (or labels) in the file. */
  readonly count: number;
  /** Length of the decompressed content, bytes. */
  readonly bytes: number;
}

/** One canonical file of a data set. */
export interface CatalogFile extends FileForm {
  /** SHA-256 of the official decompressed content. */
  readonly sha256: string;
  readonly variants: readonly KnownVariant[];
}

/** A file of the official release as it is downloaded. */
export interface CatalogDownload {
  /** Name in the cache. */
  readonly name: string;
  readonly url: string;
  /** Hosts that the one of `url` redirects to. Absent: it answers itself. */
  readonly redirectHosts?: readonly string[];
  readonly bytes: number;
  /** SHA-256 of the downloaded bytes, compression included. */
  readonly sha256: string;
}

/** A Debian package that installs the files. */
export interface DebianPackage {
  readonly name: string;
  /** Folder of the files within the package, relative to the root. */
  readonly folder: string;
}

/** All that is known about where a data set comes from and how its files are recognised. */
export interface CatalogEntry {
  readonly name: DatasetName;
  readonly title: string;
  readonly imageShape: readonly [height: number, width: number, channels: number];
  readonly classes: readonly string[];
  /** In canonical order: the order of the fingerprint, and of the images within a split. */
  readonly files: readonly CatalogFile[];
  /** The archive that holds all files, if the release has one. */
  readonly archive?: { readonly name: string; readonly maxInflatedBytes: number };
  /** Folders below a data folder in which the files usually lie. */
  readonly subfolders: readonly string[];
  /** Folders in which a system package installs the files. */
  readonly systemDirs: readonly string[];
  readonly downloads: readonly CatalogDownload[];
  readonly debianPackage?: DebianPackage;
}

const FASHION_URL = 'https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion';

/** IDX headers: magic and count, and for images also height and width, four bytes each. */
const IDX_LABEL_HEADER = 8;
const IDX_IMAGE_HEADER = 16;

function fashionFiles(split: 'train' | 'test', count: number, images: string, labels: string): CatalogFile[] {
  const prefix = split === 'train' ? 'train' : 't10k';
  const shared = { split, count, variants: [] };
  return [
    {
      ...shared,
      role: `${split}-images`,
      name: `${prefix}-images-idx3-ubyte`,
      format: 'idx-images',
      bytes: IDX_IMAGE_HEADER + count * 28 * 28,
      sha256: images,
    },
    {
      ...shared,
      role: `${split}-labels`,
      name: `${prefix}-labels-idx1-ubyte`,
      format: 'idx-labels',
      bytes: IDX_LABEL_HEADER + count,
      sha256: labels,
    },
  ];
}

function fashionDownload(name: string, bytes: number, sha256: string): CatalogDownload {
  return {
    name: `${name}.gz`,
    url: `${FASHION_URL}/${name}.gz`,
    redirectHosts: ['raw.githubusercontent.com'],
    bytes,
    sha256,
  };
}

function cifarFile(name: string, sha256: string, variants: readonly KnownVariant[] = []): CatalogFile {
  return {
    role: name.replaceAll('_', '-'),
    name: `${name}.bin`,
    split: name.startsWith('test') ? 'test' : 'train',
    format: 'cifar-batch',
    count: 10_000,
    bytes: 10_000 * 3073,
    sha256,
    variants,
  };
}

/** The data sets the suites train on. Where each digest comes from: docs/data.md. */
export const CATALOG: Readonly<Record<'fashion-mnist' | 'cifar-10', CatalogEntry>> = {
  'fashion-mnist': {
    name: 'fashion-mnist',
    title: 'Fashion-MNIST',
    imageShape: [28, 28, 1],
    classes: ['T-shirt/top', 'Trouser', 'Pullover', 'Dress', 'Coat', 'Sandal', 'Shirt', 'Sneaker', 'Bag', 'Ankle boot'],
    files: [
      ...fashionFiles(
        'train',
        60_000,
        'c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888',
        'bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9',
      ),
      ...fashionFiles(
        'test',
        10_000,
        '5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b',
        '0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34',
      ),
    ],
    subfolders: ['fashion-mnist', 'FashionMNIST/raw'],
    systemDirs: ['/usr/share/datasets/fashion-mnist'],
    downloads: [
      fashionDownload(
        'train-images-idx3-ubyte',
        26_421_880,
        '3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84',
      ),
      fashionDownload(
        'train-labels-idx1-ubyte',
        29_515,
        'a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845',
      ),
      fashionDownload(
        't10k-images-idx3-ubyte',
        4_422_102,
        '346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073',
      ),
      fashionDownload(
        't10k-labels-idx1-ubyte',
        5_148,
        '67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5',
      ),
    ],
    debianPackage: { name: 'dataset-fashion-mnist', folder: 'usr/share/datasets/fashion-mnist' },
  },
  'cifar-10': {
    name: 'cifar-10',
    title: 'CIFAR-10',
    imageShape: [32, 32, 3],
    classes: ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'],
    files: [
      cifarFile('data_batch_1', 'cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5'),
      cifarFile('data_batch_2', 'a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed'),
      cifarFile('data_batch_3', 'bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67'),
      cifarFile('data_batch_4', '014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48'),
      cifarFile('data_batch_5', '755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add'),
      cifarFile('test_batch', '8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b', [
        {
          sha256: '123ca0dad8f960344d9149742165d4215093c84c8c4bdc5922af93b614bdb501',
          note: '20 of the 10,000 test images are JPEG copies; moves an accuracy by 0.2 points at the very most',
        },
      ]),
    ],
    archive: { name: 'cifar-10-binary.tar.gz', maxInflatedBytes: 200_000_000 },
    subfolders: ['cifar-10', 'cifar-10-batches-bin', 'cifar-10/cifar-10-batches-bin'],
    systemDirs: [],
    downloads: [
      {
        name: 'cifar-10-binary.tar.gz',
        url: 'https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz',
        bytes: 170_052_171,
        sha256: 'c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd',
      },
    ],
  },
};
