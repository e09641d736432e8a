import type { CountClaim } from '../../core/claim.js';
import { countClaims } from './count-claims.js';

/** What deck 002 says of AlexNet's layers when it visualises them. With 227 input, as the paper's figures need it. */
export const LAST_LAYER_CLAIMS: readonly CountClaim[] = [
  ...countClaims({ deck: '002', model: 'alexnet-227', place: 'Visualizing Activations' }, [
    {
      id: 'conv5/size',
      printed: '13 \u00d7 13',
      statement: 'A channel of conv5 has 13 x 13 activations (227 input; the 224 of deck 004 would give 12 x 12).',
      unit: 'shape',
      measure: { what: 'size', of: 'conv5' },
    },
  ]),
  ...countClaims({ deck: '002', model: 'alexnet-227', place: 'Last Layer' }, [
    {
      id: 'fc7/features',
      printed: '4096',
      statement: 'FC7 is a 4096-dimensional feature vector.',
      unit: 'features',
      measure: { what: 'activations', of: 'fc7' },
    },
  ]),
];
