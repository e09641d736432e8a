import type { Claim } from '../../core/claim.js';
import { OP_CLAIMS } from '../examples/index.js';
import { ACCURACY_CLAIMS, RELATION_CLAIMS } from './accuracy.js';
import { ALEXNET_CLAIMS } from './alexnet.js';
import { CNN_CLAIMS } from './cnn.js';
import { DECK_003_CLAIMS } from './deck-003.js';
import { DATA_CLAIMS } from './data.js';
import { EXAMPLE_NET_CLAIMS } from './example-net.js';
import { LAST_LAYER_CLAIMS } from './last-layers.js';
import { LENET_5_CLAIMS } from './lenet-5.js';
import { LISTING_CLAIMS } from './listings.js';
import { MLP_CLAIMS } from './mlp.js';
import { NETWORK_CLAIMS } from './networks.js';
import { PARAMETER_CLAIMS } from './parameters.js';
import { TORCHSUMMARY_CLAIMS } from './torchsummary.js';
import { VGG_16_CLAIMS } from './vgg-16.js';

/** Every claim of the ledger, in the order of the reports. */
export const ALL_CLAIMS: readonly Claim[] = [
  ...ACCURACY_CLAIMS,
  ...RELATION_CLAIMS,
  ...MLP_CLAIMS,
  ...CNN_CLAIMS,
  ...LISTING_CLAIMS,
  ...PARAMETER_CLAIMS,
  ...TORCHSUMMARY_CLAIMS,
  ...VGG_16_CLAIMS,
  ...LENET_5_CLAIMS,
  ...ALEXNET_CLAIMS,
  ...EXAMPLE_NET_CLAIMS,
  ...NETWORK_CLAIMS,
  ...DECK_003_CLAIMS,
  ...LAST_LAYER_CLAIMS,
  ...OP_CLAIMS,
  ...DATA_CLAIMS,
];
