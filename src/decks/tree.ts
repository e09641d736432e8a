import type { Node as YamlNode, Scalar, YAMLMap } from 'yaml';
import { positionsIn } from './lines.js';
import type { Complaint } from './problem.js';

/** Characters of a file, from `start` to before `end`. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

export interface MapNode extends Place {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, { readonly key: Place; readonly value: Tree }>;
}
export interface ListNode extends Place {
  readonly kind: 'list';
  readonly items: readonly Tree[];
}
export interface ScalarNode extends Place {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  /** In quotes, or a block of text: never taken for a number. */
  readonly quoted: boolean;
}

/** What a deck file says, with where it says so. */
export type Tree = MapNode | ListNode | ScalarNode;

/** The built-in decks' longest would have 40 kB as YAML. */
export const MOST_BYTES = 2 ** 18;
const DEEPEST = 32;
const MOST_NODES = 20_000;

const TEN = 10;

/** A tree, or what keeps the text from being one. */
export type Parsed = { readonly tree: Tree } | { readonly problems: readonly Complaint[] };

/**
 * Reads YAML 1.2 by its core schema, which has JSON as a subset. Aliases, anchors, tags and merge keys are refused: a deck
 * is read by people, from top to bottom, and has each thing where it stands.
 */
export async function parseTree(text: string): Promise<Parsed> {
  const yaml = await import('yaml');
  const problems: Complaint[] = [];
  const positions = positionsIn(text);
  // Unique keys are looked at below: the package compares each with each, which takes seconds for a list of thousands.
  const documents = yaml.parseAllDocuments(text, {
    version: '1.2',
    schema: 'core',
    uniqueKeys: false,
    prettyErrors: false,
  });
  const [document, second] = 'empty' in documents ? [] : documents;
  const complain = (message: string, { start, end }: Place, hint?: string) =>
    problems.push({ code: 'E_DECK_SYNTAX', message, start, end, ...(hint !== undefined && { hint }) });
  for (const { message, pos, code } of document?.errors.slice(0, TEN) ?? []) {
    const tooDeep = code === 'RESOURCE_EXHAUSTION';
    complain(tooDeep ? TOO_DEEP : plainMessage(message), { start: pos[0], end: pos[1] });
    if (tooDeep) break;
  }
  if (problems.length > 0) return { problems };
  const { version } = document?.directives.yaml ?? {};
  if (version !== undefined && version !== '1.2') {
    complain(`a deck is YAML 1.2, and this says YAML ${version}`, { start: 0, end: 1 }, 'Omit the line %YAML.');
  }
  if (second !== undefined) {
    const [start] = second.range;
    complain('a deck is one document, and a second one begins here', { start, end: start + 1 });
  }
  const contents = document?.contents as YamlNode | null | undefined;
  if (contents === undefined || contents === null) {
    complain('the file is empty', { start: 0, end: 0 }, '"cnnbench init" writes a deck to start from.');
    return { problems };
  }

  let nodes = 0;
  const placeOf = (
    node: { range?: readonly [number, number, number] | null | undefined } | null | undefined,
  ): Place => ({
    start: node?.range?.[0] ?? 0,
    end: node?.range?.[1] ?? 0,
  });
  const build = (node: unknown, depth: number, around: Place): Tree => {
    const nothing: Tree = { kind: 'scalar', value: null, quoted: false, ...around };
    nodes++;
    if (node === null || node === undefined) return nothing;
    const place = placeOf(node);
    if (depth > DEEPEST) {
      complain(TOO_DEEP, place);
      return nothing;
    }
    if (nodes > MOST_NODES) {
      if (nodes === MOST_NODES + 1) complain(`a deck has at most ${MOST_NODES.toLocaleString('en-US')} values`, place);
      return nothing;
    }
    if (yaml.isAlias(node)) {
      complain(`"*${node.source}" is an alias; decks have none`, place, 'Write out what it stands for.');
      return nothing;
    }
    refuseExtras(node as YamlNode, place);
    if (yaml.isMap(node)) return mapOf(node, depth, place);
    if (yaml.isSeq(node)) {
      const items = node.items.map((item) => build(item, depth + 1, { start: place.end, end: place.end }));
      return { kind: 'list', items, ...place };
    }
    const { value, type } = node as Scalar;
    return { kind: 'scalar', value: scalarValue(value), quoted: type !== undefined && type !== 'PLAIN', ...place };
  };
  const refuseExtras = (node: YamlNode, place: Place) => {
    const { anchor, tag } = node as { anchor?: string; tag?: string };
    if (anchor !== undefined) complain(`"&${anchor}" is an anchor; decks have none`, place, `Leave it out.`);
    if (tag !== undefined) complain(`a tag such as "${shortTag(tag)}" has no place in a deck`, place, 'Leave it out.');
  };
  const mapOf = (node: YAMLMap, depth: number, place: Place): MapNode => {
    const entries = new Map<string, { key: Place; value: Tree }>();
    for (const { key, value } of node.items) {
      const at = placeOf(key as YamlNode | null);
      const name = yaml.isScalar(key) ? sourceOf(key) : undefined;
      if (name === undefined) {
        complain('a key has to be a word', at.end > at.start ? at : place);
        continue;
      }
      refuseExtras(key as YamlNode, at);
      if (name === '<<') {
        complain('"<<" would merge another map into this one, which a deck has not', at, 'Write out its keys.');
        continue;
      }
      if (name === '__proto__') {
        complain('"__proto__" is not a name', at);
        continue;
      }
      const earlier = entries.get(name);
      if (earlier !== undefined) {
        complain(`"${name}" is here twice`, at, `The first one is in line ${positions(earlier.key.start).line}.`);
        continue;
      }
      entries.set(name, { key: at, value: build(value, depth + 1, at) });
    }
    return { kind: 'map', entries, ...place };
  };
  const tree = build(contents, 1, placeOf(contents));
  return problems.length > 0 ? { problems } : { tree };
}

const TOO_DEEP = `a deck is at most ${DEEPEST} levels deep`;

/** The values as plain JSON, without the keys `x-...`, which are the author's own. */
export function valueOf(tree: Tree): unknown {
  switch (tree.kind) {
    case 'scalar':
      return tree.value;
    case 'list':
      return tree.items.map(valueOf);
    case 'map':
      return Object.fromEntries(
        [...tree.entries].filter(([key]) => !isOwn(key)).map(([key, { value }]) => [key, valueOf(value)]),
      );
  }
}

function isOwn(key: string): boolean {
  return key.startsWith('x-');
}

/** What stands at a path; the nearest around it where nothing does. `key`: of the last step, where it is one of a map. */
export function nodeAt(tree: Tree, path: readonly PropertyKey[]): { readonly node: Tree; readonly key?: Place } {
  let found: { node: Tree; key?: Place } = { node: tree };
  for (const step of path) {
    const { node } = found;
    if (node.kind === 'map') {
      const entry = node.entries.get(String(step));
      if (entry === undefined) return found;
      found = { node: entry.value, key: entry.key };
    } else if (node.kind === 'list') {
      const item = node.items[Number(step)];
      if (item === undefined) return found;
      found = { node: item };
    } else {
      return found;
    }
  }
  return found;
}

/** A number is a key, too, as its digits; a list or a map is none. */
function sourceOf({ value, source }: Scalar): string | undefined {
  if (typeof value === 'string') return value;
  return source === undefined || source === '' ? undefined : source;
}

function scalarValue(value: unknown): ScalarNode['value'] {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}

function plainMessage(message: string): string {
  const line = message.split('\n')[0] ?? '';
  return `this is not YAML: ${line.slice(0, 1).toLowerCase()}${line.slice(1, 200)}`;
}

function shortTag(tag: string): string {
  return tag.replace('tag:yaml.org,2002:', '!!').slice(0, 40);
}
