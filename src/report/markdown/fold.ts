import { markdownHtml } from '../escape.js';

export function headed(heading: string, body: readonly string[]): readonly string[] {
  return body.length === 0 ? [] : [heading, ...body];
}

/** A section that is closed until it is clicked on. The title is HTML; GitHub reads Markdown only after a blank line. */
export function folded(title: string, body: string, open = false): readonly string[] {
  if (body === '') return [];
  return [`<details${open ? ' open' : ''}>\n<summary>${markdownHtml(title)}</summary>`, body, '</details>'];
}
