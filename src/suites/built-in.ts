import type { Deck } from '../core/deck.js';
import { CATALOG } from '../data/catalog.js';
import { ledgerOf, type Ledger } from '../ledger/ledger.js';
import { ARCHITECTURES } from './architectures/index.js';
import { ALL_CLAIMS } from './claims/index.js';
import { EXPERIMENTS } from './experiments.js';
import { GOLDEN_TRAJECTORIES } from './golden.js';
import { NOTES } from './notes.js';
import { PUBLISHED } from './published.js';
import { REFERENCES } from './references.js';

/** By the number that the name of their file starts with. */
const DECKS: readonly Deck[] = [
  { id: '000', title: 'Convolutional Neural Network', author: 'Quang-Vinh Dinh' },
  { id: '001', title: 'Convolutional Neural Network (Draft)', author: 'Quang-Vinh Dinh' },
  { id: '002', title: 'Convolutional Neural Networks', author: 'B\u00f9i Ti\u1ebfn L\u00ean' },
  { id: '003', title: 'Lecture 5. Convolutional Neural Network' },
  { id: '004', title: 'Convolution neural network', author: 'Khiem Nguyen' },
];

/** The ledger of the five built-in decks. Only composition roots ask for it. */
export function builtInLedger(): Ledger {
  return ledgerOf({
    decks: DECKS,
    files: [],
    datasets: Object.values(CATALOG),
    models: ARCHITECTURES,
    experiments: EXPERIMENTS,
    claims: ALL_CLAIMS,
    notes: NOTES,
    references: REFERENCES,
    published: PUBLISHED,
    trajectories: GOLDEN_TRAJECTORIES,
  });
}
