import { stdoutOptions } from '../app/terminal.js';
import type { Document } from '../report/document.js';
import type { RenderOptions } from '../report/format.js';
import { renderDocument } from '../report/render.js';

/** A document as a command prints it: in colour and as wide as the terminal. */
export function shown(document: Document, options: RenderOptions = {}): string {
  return renderDocument(document, 'terminal', { ...stdoutOptions(), ...options }).text.trimEnd();
}
