import { summarySchema } from '../core/summary.js';
import { printableJson } from './escape.js';
import type { Renderer } from './format.js';

/** The summary itself, as `summary.json` has it. Throws where it does not fit its schema: a bug, not a report. */
export const renderJson: Renderer = (summary) => ({
  text: `${printableJson(summarySchema.parse(summary))}\n`,
  files: [],
});
