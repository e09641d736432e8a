import type { Summary } from '../core/summary.js';
import type { Document } from './document.js';
import type { RenderedReport, Renderer, RenderOptions } from './format.js';
import { renderJson } from './json.js';
import { renderJunit } from './junit.js';
import { renderMarkdown } from './markdown/render.js';
import { reportDocument } from './sections/report.js';
import { renderText } from './text/render.js';

/** Formats that a document is laid out in. */
export const DOCUMENT_FORMATS = ['terminal', 'markdown'] as const;
export type DocumentFormat = (typeof DOCUMENT_FORMATS)[number];

const LAYOUTS: Readonly<Record<DocumentFormat, (document: Document, options: RenderOptions) => RenderedReport>> = {
  terminal: (document, options) => ({ text: renderText(document, options), files: [] }),
  markdown: renderMarkdown,
};

/** Formats of the report of a run. A new one is a renderer and its line in RENDERERS. */
export const REPORT_FORMATS = [...DOCUMENT_FORMATS, 'json', 'junit'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

const RENDERERS: Readonly<Record<ReportFormat, Renderer>> = {
  terminal: (summary, options) => renderDocument(reportDocument(summary), 'terminal', options),
  markdown: (summary, options) => renderDocument(reportDocument(summary), 'markdown', options),
  json: renderJson,
  junit: renderJunit,
};

/** A document in one of the formats. Pure. */
export function renderDocument(
  document: Document,
  format: DocumentFormat,
  options: RenderOptions = {},
): RenderedReport {
  return LAYOUTS[format](document, options);
}

/** A summary in one of the formats. Pure. */
export function renderReport(summary: Summary, format: ReportFormat, options: RenderOptions = {}): RenderedReport {
  return RENDERERS[format](summary, options);
}
