import { CORRELATION } from './correlation.js';
import { IDENTITIES } from './identities.js';
import { LAYERS } from './layers.js';
import { POOLING } from './pooling.js';
import { SHAPES } from './shapes.js';
import { claimsOf, experimentOf } from './sheet.js';
import { TRANSPOSED } from './transposed.js';

const SHEETS = [CORRELATION, POOLING, SHAPES, TRANSPOSED, LAYERS, IDENTITIES];

/** The `ops` suite: one experiment a sheet, and so one process a sheet and backend. */
export const OPS_EXPERIMENTS = SHEETS.map(experimentOf);

export const OP_CLAIMS = SHEETS.flatMap(claimsOf);
