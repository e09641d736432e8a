import { summarySchema } from '../core/summary.js';
import type { Renderer } from './format.js';

/** The summary itself, as `summary.json` has it. Throws where it does not fit its schema: a bug, not a report. */
export const renderJson: Renderer = (summary) => ({
  text: `${JSON.stringify(summarySchema.parse(summary), null, 2)}\n`,
  files: [],
});
