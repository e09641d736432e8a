import { pathInWords } from './explain.js';
import type { Complaint, DeckCode } from './problem.js';
import { nodeAt, type Tree } from './tree.js';

/** Collects what is wrong with the meaning of a deck, each at the place of a path. */
export interface Complaints {
  readonly found: readonly Complaint[];
  /** Of what stands at the path, or of the key, where that is what is wrong. */
  add(code: DeckCode, path: readonly PropertyKey[], message: string, hint?: string): void;
}

export function complaintsOn(tree: Tree): Complaints {
  const found: Complaint[] = [];
  return {
    found,
    add(code, path, message, hint) {
      const { node, key } = nodeAt(tree, path);
      const { start, end } = node.kind === 'scalar' ? node : (key ?? { start: node.start, end: node.start + 1 });
      found.push({
        code,
        message: `${pathInWords(path)}: ${message}`,
        start,
        end,
        ...(hint !== undefined && { hint }),
      });
    },
  };
}
