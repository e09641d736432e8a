import type { DeckData } from '../../core/deck-data.js';
import { catalogEntry, COARSE_CIFAR_100 } from '../catalog.js';
import { isOfDeck, type LedgerDataset } from '../catalog-entry.js';
import { preparedShape } from './built-in.js';

/** What is known of a deck's data before a file is read. */
export interface DeckDataForm {
  /** [height, width, channels] as trained on. Absent where only the files say it. */
  readonly imageShape?: readonly [height: number, width: number, channels: number];
  readonly classes?: number;
  /** Images. Absent where only the files say it. */
  readonly counts?: { readonly train: number; readonly test: number };
}

/** What a deck says of its data, and what is known of the built-in set that they are. */
export function formOfDeckData(data: DeckData): DeckDataForm {
  const { source, classes: stated, prepare } = data;
  const classes = typeof stated === 'object' ? stated.length : stated;
  if (source.format === 'built-in') {
    const entry = source.labels === 'coarse' ? COARSE_CIFAR_100 : catalogEntry(source.set);
    if (entry === undefined) return {};
    const images = (split: 'train' | 'test') =>
      entry.files
        .filter((file) => file.split === split && file.format !== 'idx-labels')
        .reduce((sum, { count }) => sum + count, 0);
    return {
      imageShape: preparedShape(data, entry.imageShape),
      classes: entry.classes.length,
      counts: { train: images('train'), test: images('test') },
    };
  }
  const shape =
    'shape' in source ? source.shape : source.format.startsWith('cifar') ? ([32, 32, 3] as const) : undefined;
  const sized = prepare?.resize !== undefined && prepare.channels !== undefined;
  const known = shape ?? (sized ? ([1, 1, 1] as const) : undefined);
  return {
    ...(known !== undefined && { imageShape: preparedShape(data, known) }),
    ...(classes !== undefined && { classes }),
  };
}

/** Images of the data sets of decks, by name, as far as they are known before a file is read. */
export function countsIn(datasets: readonly LedgerDataset[]): (name: string) => DeckDataForm['counts'] {
  const counts = new Map(
    datasets.flatMap((dataset) => (isOfDeck(dataset) ? [[dataset.name, formOfDeckData(dataset.data).counts]] : [])),
  );
  return (name) => counts.get(name);
}
