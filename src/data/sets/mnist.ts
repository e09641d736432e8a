import type { CatalogDownload, CatalogEntry, CatalogFile } from '../catalog-entry.js';

/** IDX headers: magic and count, and for images also height and width, four bytes each. */
const IDX_LABEL_HEADER = 8;
const IDX_IMAGE_HEADER = 16;

/** SHA-256 of the decompressed images and labels of a split, where they are published. */
interface Digests {
  readonly images?: string;
  readonly labels?: string;
}

/** Names and sizes are those of MNIST for all sets that take its place. */
function splitFiles(split: 'train' | 'test', { images, labels }: Digests = {}): CatalogFile[] {
  const [prefix, count] = split === 'train' ? ['train', 60_000] : ['t10k', 10_000];
  const shared = { split, count, variants: [] } as const;
  return [
    {
      ...shared,
      role: `${split}-images`,
      name: `${prefix}-images-idx3-ubyte`,
      format: 'idx-images',
      bytes: IDX_IMAGE_HEADER + count * 28 * 28,
      ...(images !== undefined && { sha256: images }),
    },
    {
      ...shared,
      role: `${split}-labels`,
      name: `${prefix}-labels-idx1-ubyte`,
      format: 'idx-labels',
      bytes: IDX_LABEL_HEADER + count,
      ...(labels !== undefined && { sha256: labels }),
    },
  ];
}

type DownloadFacts = readonly [name: string, bytes: number, sha256: string];

function downloads(
  folder: string,
  files: readonly DownloadFacts[],
  redirectHosts?: readonly string[],
): CatalogDownload[] {
  return files.map(([name, bytes, sha256]) => ({
    name: `${name}.gz`,
    url: `${folder}/${name}.gz`,
    ...(redirectHosts && { redirectHosts }),
    bytes,
    sha256,
  }));
}

const IMAGE_SHAPE = [28, 28, 1] as const;

/** Digests: docs/data.md. */
export const FASHION_MNIST: CatalogEntry = {
  name: 'fashion-mnist',
  title: 'Fashion-MNIST',
  imageShape: IMAGE_SHAPE,
  classes: ['T-shirt/top', 'Trouser', 'Pullover', 'Dress', 'Coat', 'Sandal', 'Shirt', 'Sneaker', 'Bag', 'Ankle boot'],
  files: [
    ...splitFiles('train', {
      images: 'c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888',
      labels: 'bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9',
    }),
    ...splitFiles('test', {
      images: '5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b',
      labels: '0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34',
    }),
  ],
  subfolders: ['fashion-mnist', 'FashionMNIST/raw'],
  systemDirs: ['/usr/share/datasets/fashion-mnist'],
  downloads: downloads(
    'https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion',
    [
      ['train-images-idx3-ubyte', 26_421_880, '3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84'],
      ['train-labels-idx1-ubyte', 29_515, 'a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845'],
      ['t10k-images-idx3-ubyte', 4_422_102, '346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073'],
      ['t10k-labels-idx1-ubyte', 5_148, '67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5'],
    ],
    ['raw.githubusercontent.com'],
  ),
  debianPackage: { name: 'dataset-fashion-mnist', folder: 'usr/share/datasets/fashion-mnist' },
};

/**
 * Downloads as pinned by TensorFlow Datasets 4.9.10 (url_checksums/mnist.txt). Contents as pinned by several independent projects on
 * GitHub, which agree; docs/data.md names them.
 */
export const MNIST: CatalogEntry = {
  name: 'mnist',
  title: 'MNIST',
  imageShape: IMAGE_SHAPE,
  classes: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
  files: [
    ...splitFiles('train', {
      images: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
      labels: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
    }),
    ...splitFiles('test', {
      images: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
      labels: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
    }),
  ],
  subfolders: ['mnist', 'MNIST/raw'],
  systemDirs: [],
  downloads: downloads('https://storage.googleapis.com/cvdf-datasets/mnist', [
    ['train-images-idx3-ubyte', 9_912_422, '440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609'],
    ['train-labels-idx1-ubyte', 28_881, '3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c'],
    ['t10k-images-idx3-ubyte', 1_648_877, '8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6'],
    ['t10k-labels-idx1-ubyte', 4_542, 'f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6'],
  ]),
};

/**
 * Downloads as pinned by TensorFlow Datasets 4.9.10 (url_checksums/kmnist.txt) and by torchvision for Ruby. Digests of the contents are
 * published nowhere that we know of, so that only the downloads themselves are official.
 */
export const KMNIST: CatalogEntry = {
  name: 'kmnist',
  title: 'KMNIST',
  imageShape: IMAGE_SHAPE,
  classes: ['o', 'ki', 'su', 'tsu', 'na', 'ha', 'ma', 'ya', 're', 'wo'],
  files: [...splitFiles('train'), ...splitFiles('test')],
  subfolders: ['kmnist', 'KMNIST/raw'],
  systemDirs: [],
  downloads: downloads('https://codh.rois.ac.jp/kmnist/dataset/kmnist', [
    ['train-images-idx3-ubyte', 18_165_135, '51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4'],
    ['train-labels-idx1-ubyte', 29_497, 'e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17'],
    ['t10k-images-idx3-ubyte', 3_041_136, 'edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5'],
    ['t10k-labels-idx1-ubyte', 5_120, '20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c'],
  ]),
};
