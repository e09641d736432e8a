/** Something that speaks against what was asked for. */
export interface Objection {
  /** As a sentence without its full stop. */
  readonly what: string;
  readonly remedy: string;
}

/** As many as a sentence bears; the rest as a number. */
export function listed(items: readonly string[], most = 3): string {
  const rest = items.length - most;
  return [...items.slice(0, most), ...(rest > 0 ? [`${rest} more`] : [])].join(', ');
}
