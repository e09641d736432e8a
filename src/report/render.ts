import type { Summary } from '../core/summary.js';
import type { RenderedReport, Renderer, RenderOptions } from './format.js';
import { renderJson } from './json.js';
import { renderJunit } from './junit.js';
import { renderMarkdown } from './markdown/report.js';
import { renderTerminal } from './terminal.js';

/** Formats of a report. A new one is a renderer and its line in RENDERERS. */
export const REPORT_FORMATS = ['terminal', 'markdown', 'json', 'junit'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

const RENDERERS: Readonly<Record<ReportFormat, Renderer>> = {
  terminal: renderTerminal,
  markdown: renderMarkdown,
  json: renderJson,
  junit: renderJunit,
};

/** A summary in one of the formats. */
export function renderReport(summary: Summary, format: ReportFormat, options: RenderOptions = {}): RenderedReport {
  return RENDERERS[format](summary, options);
}
