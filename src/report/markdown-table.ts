export type Alignment = 'left' | 'right';

/**
 * A table of GitHub's Markdown.
 *
 * @param rows cells that are already escaped
 */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  alignments: readonly Alignment[] = [],
): string {
  const rule = head.map((_, index) => (alignments[index] === 'right' ? '---:' : '---'));
  return [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
