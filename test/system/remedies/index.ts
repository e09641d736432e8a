import { DATA } from './data.js';
import { RESULTS } from './results.js';
import { RUNS } from './runs.js';
import { USAGE } from './usage.js';

export const REMEDIES = { ...USAGE, ...RUNS, ...RESULTS, ...DATA };
