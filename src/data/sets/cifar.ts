import type { CatalogEntry, CatalogFile } from '../catalog-entry.js';

function cifarFile(name: string, sha256: string, variants: CatalogFile['variants'] = []): CatalogFile {
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

/** Digests: docs/data.md. */
export const CIFAR_10: CatalogEntry = {
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
};

function cifar100File(split: 'train' | 'test', count: number, sha256: string): CatalogFile {
  const bytes = count * 3074;
  return { role: split, name: `${split}.bin`, split, format: 'cifar-100-batch', count, bytes, sha256, variants: [] };
}

const FINE =
  'apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus butterfly camel can ' +
  'castle caterpillar cattle chair chimpanzee clock cloud cockroach couch crab crocodile cup dinosaur dolphin ' +
  'elephant flatfish forest fox girl hamster house kangaroo keyboard lamp lawn_mower leopard lion lizard ' +
  'lobster man maple_tree motorcycle mountain mouse mushroom oak_tree orange orchid otter palm_tree pear ' +
  'pickup_truck pine_tree plain plate poppy porcupine possum rabbit raccoon ray road rocket rose sea seal shark ' +
  'shrew skunk skyscraper snail snake spider squirrel streetcar sunflower sweet_pepper table tank telephone ' +
  'television tiger tractor train trout tulip turtle wardrobe whale willow_tree wolf woman worm';
const COARSE =
  'aquatic_mammals fish flowers food_containers fruit_and_vegetables household_electrical_devices ' +
  'household_furniture insects large_carnivores large_man-made_outdoor_things large_natural_outdoor_scenes ' +
  'large_omnivores_and_herbivores medium_mammals non-insect_invertebrates people reptiles small_mammals trees ' +
  'vehicles_1 vehicles_2';

/** As in `coarse_label_names.txt` of the release. */
export const CIFAR_100_SUPERCLASSES: readonly string[] = COARSE.split(' ');

/**
 * The archive as pinned by TensorFlow Datasets 4.9.10 (url_checksums/cifar100.txt); its files as pinned by torchvision for Ruby. The data
 * set's page gives the archive's MD5, 03b5dce01913d631647c71ecec9e9cb8.
 */
export const CIFAR_100: CatalogEntry = {
  name: 'cifar-100',
  title: 'CIFAR-100',
  imageShape: [32, 32, 3],
  // As in `fine_label_names.txt` of the release.
  classes: FINE.split(' '),
  files: [
    cifar100File('train', 50_000, 'f31298fc616915fa142368359df1c4ca2ae984d6915ca468b998a5ec6aeebf29'),
    cifar100File('test', 10_000, 'd8b1e6b7b3bee4020055f0699b111f60b1af1e262aeb93a0b659061746f8224a'),
  ],
  archive: { name: 'cifar-100-binary.tar.gz', maxInflatedBytes: 200_000_000 },
  subfolders: ['cifar-100', 'cifar-100-binary', 'cifar-100/cifar-100-binary'],
  systemDirs: [],
  downloads: [
    {
      name: 'cifar-100-binary.tar.gz',
      url: 'https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz',
      bytes: 168_513_733,
      sha256: '58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec',
    },
  ],
};
