import { z } from 'zod';
import { nearest } from '../core/nearest.js';
import type { Complaint } from './problem.js';
import { nodeAt, type Place, type Tree } from './tree.js';

type Issue = z.core.$ZodIssue;
type Schema = z.core.$ZodType;

/** Values that a hint lists, at most. */
const MOST_LISTED = 60;

/**
 * What a schema finds wrong with a deck, with places: unknown keys with those that are allowed, and of alternatives only what
 * keeps the value from being the one that was meant.
 */
export function explain(schema: Schema, issues: readonly Issue[], tree: Tree): Complaint[] {
  return explainAll(schema, issues, [], tree);
}

function explainAll(schema: Schema, issues: readonly Issue[], base: readonly PropertyKey[], tree: Tree): Complaint[] {
  const strange = issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? issue.keys.map((name) => ({ at: pathInWords(issue.path), name })) : [],
  );
  // A key with a typing mistake is missing under its right name, too: one mistake, said once.
  const isSaid = (path: readonly PropertyKey[]) =>
    strange.some(
      ({ at, name }) => at === pathInWords(path.slice(0, -1)) && nearest(name, [String(path.at(-1))]) !== undefined,
    );
  return issues.flatMap((issue) => {
    const path = [...base, ...issue.path];
    if (isMissing(tree, path)) return isSaid(issue.path) ? [] : [missing(descend(schema, issue.path), path, tree)];
    return explainIssue(descend(schema, issue.path), issue, path, tree);
  });
}

function missing(schema: Schema, path: readonly PropertyKey[], tree: Tree): Complaint {
  const [of, name] = [path.slice(0, -1), String(path.at(-1))];
  const holder = nodeAt(tree, of);
  const expected = describe(schema);
  return complaint(
    `${inWords(of)} needs "${name}"`,
    holder.key ?? holder.node,
    expected === undefined ? undefined : `${name}: ${expected}`,
  );
}

function complaint(message: string, place: Place, hint?: string): Complaint {
  return { code: 'E_DECK_FIELD', message, ...spot(place), ...(hint !== undefined && hint !== '' && { hint }) };
}

function explainIssue(schema: Schema, issue: Issue, path: readonly PropertyKey[], tree: Tree): Complaint[] {
  const { node, key } = nodeAt(tree, path);
  switch (issue.code) {
    case 'unrecognized_keys': {
      const allowed = keysOf(schema);
      return issue.keys.map((name) => {
        const place = node.kind === 'map' ? node.entries.get(name)?.key : undefined;
        return complaint(`${inWords(path)} has no "${name}"`, place ?? node, suggestion(name, allowed));
      });
    }
    case 'invalid_union':
      return explainUnion(schema, issue, path, tree);
    case 'invalid_key':
      return [complaint(`"${String(path.at(-1))}" is not ${issue.issues[0]?.message ?? 'a name'}`, key ?? node)];
    case 'invalid_type':
      return [complaint(`${inWords(path)} is ${describeNode(node)}`, node, expectation(schema, node))];
    case 'invalid_value': {
      const values = issue.values.map(String);
      const found = node.kind === 'scalar' ? `"${shorten(String(node.value))}"` : describeNode(node);
      const word = node.kind === 'scalar' ? String(node.value) : '';
      return [complaint(`${inWords(path)} cannot be ${found}`, node, suggestion(word, values))];
    }
    default:
      return [complaint(`${inWords(path)}: ${shorten(issue.message)}`, node, describe(schema))];
  }
}

/**
 * Of several alternatives, the one that was meant: the right kind of value, then the most keys that it knows, then the fewest
 * that it misses. Where none stands out, what all of them offer.
 */
function explainUnion(
  schema: Schema,
  issue: Extract<Issue, { code: 'invalid_union' }>,
  path: readonly PropertyKey[],
  tree: Tree,
): Complaint[] {
  const { node, key } = nodeAt(tree, path);
  const options = optionsOf(schema);
  const branches = issue.errors
    .map((issues, index) => ({ issues, schema: options[index] ?? schema }))
    .filter(({ issues }) => !issues.some((each) => each.path.length === 0 && isWrongKind(each)));
  const ranked = branches.map((branch) => ({
    ...branch,
    unknown: new Set([
      ...branch.issues.flatMap((each) => (each.path.length === 0 && 'keys' in each ? each.keys : [])),
      ...branch.issues.flatMap((each) =>
        each.path.length === 1 && each.code === 'invalid_value' ? [String(each.path[0])] : [],
      ),
    ]),
    missing: branch.issues.flatMap((each) =>
      each.path.length === 1 && isMissing(tree, [...path, ...each.path]) ? [String(each.path[0])] : [],
    ),
  }));
  const keys = node.kind === 'map' ? [...node.entries.keys()] : [];
  // A key that says which alternative is meant, and says none.
  const chooser = keys.find(
    (name) => branches.length > 1 && branches.every((branch) => valuesAt(branch.issues, name).length > 0),
  );
  if (chooser !== undefined && node.kind === 'map') {
    const chosen = node.entries.get(chooser)?.value ?? node;
    const word = chosen.kind === 'scalar' ? String(chosen.value) : '';
    const values = [...new Set(branches.flatMap((branch) => valuesAt(branch.issues, chooser)))];
    return [complaint(`${inWords([...path, chooser])} cannot be "${shorten(word)}"`, chosen, suggestion(word, values))];
  }
  const known = ({ unknown }: (typeof ranked)[number]) => keys.filter((name) => !unknown.has(name)).length;
  const [best, next] = ranked.toSorted((a, b) => known(b) - known(a) || a.missing.length - b.missing.length);
  const standsOut =
    best !== undefined &&
    (next === undefined || known(best) > known(next) || best.missing.length < next.missing.length) &&
    // A map of which an alternative knows no key is none of them.
    (node.kind !== 'map' || known(best) > 0);
  if (standsOut) return explainAll(best.schema, best.issues, path, tree);
  const place = node.kind === 'scalar' ? node : (key ?? node);
  if (ranked.length > 0 && node.kind === 'map') {
    const choices = [...new Set(ranked.flatMap((branch) => branch.missing))];
    const strange = keys.find((name) => ranked.every(({ unknown }) => unknown.has(name)));
    if (strange === undefined)
      return [complaint(`${inWords(path)} needs one more key`, place, `one of: ${listed(choices)}`)];
    const at = node.entries.get(strange)?.key ?? place;
    return [complaint(`${inWords(path)} has no "${strange}"`, at, suggestion(strange, choices))];
  }
  const words = [...new Set(options.flatMap(wordsOf))];
  if (node.kind === 'scalar' && typeof node.value === 'string' && words.length > 0) {
    const isAlone = options.some((option) => keysOf(option).length === 1 && keysOf(option)[0] === node.value);
    const message = isAlone
      ? `"${node.value}" needs its options`
      : `${inWords(path)} cannot be "${shorten(node.value)}"`;
    return [complaint(message, place, isAlone ? `${node.value}: ...` : suggestion(node.value, words))];
  }
  return [complaint(`${inWords(path)} is ${describeNode(node)}`, place, expectation(schema, node))];
}

/** The values that an alternative takes for a key whose value is none of them. */
function valuesAt(issues: readonly Issue[], key: string): string[] {
  return issues.flatMap((each) =>
    each.code === 'invalid_value' && each.path.length === 1 && each.path[0] === key ? each.values.map(String) : [],
  );
}

function isWrongKind({ code }: Issue): boolean {
  return code === 'invalid_type' || code === 'invalid_value';
}

/** `did you mean "filters"? allowed: ...` */
function suggestion(word: string, allowed: readonly string[]): string {
  const near = nearest(word, allowed) ?? allowed.find((name) => name.toLowerCase() === word.toLowerCase());
  const meant = near === undefined ? '' : `did you mean "${near}"? `;
  return allowed.length === 0 ? '' : `${meant}allowed: ${listed(allowed)}`;
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, MOST_LISTED).join(', ');
  return names.length > MOST_LISTED ? `${shown}, ...` : shown;
}

function isMissing(tree: Tree, path: readonly PropertyKey[]): boolean {
  if (path.length === 0) return false;
  const { node } = nodeAt(tree, path.slice(0, -1));
  return node.kind === 'map' && !node.entries.has(String(path.at(-1)));
}

/** A map or a list as the character that it begins at: its caret would go over the whole line. */
function spot(place: Place & { readonly kind?: Tree['kind'] }): Place {
  const { start, end, kind } = place;
  return kind === 'map' || kind === 'list' ? { start, end: Math.min(end, start + 1) } : { start, end };
}

/** `experiments.small.recipe`, as a page would name it. */
export function pathInWords(path: readonly PropertyKey[]): string {
  return path
    .map((part, index) => (typeof part === 'number' ? `[${part + 1}]` : `${index === 0 ? '' : '.'}${String(part)}`))
    .join('');
}

function inWords(path: readonly PropertyKey[]): string {
  return path.length === 0 ? 'the deck' : pathInWords(path);
}

function shorten(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}...` : text;
}

function describeNode(node: Tree): string {
  if (node.kind !== 'scalar') return node.kind === 'map' ? 'a map' : 'a list';
  if (node.value === null) return 'empty';
  return typeof node.value === 'string'
    ? `the text "${shorten(node.value)}"`
    : `the ${typeof node.value} ${String(node.value)}`;
}

/** What was expected, and for the mistakes that everybody makes, how they are mended. */
function expectation(schema: Schema, node: Tree): string | undefined {
  const expected = describe(schema);
  if (expected === undefined) return undefined;
  const said = `it takes ${expected}`;
  if (node.kind !== 'scalar') return said;
  const { value } = node;
  const kinds = kindsOf(schema);
  if (kinds.includes('string') && (typeof value === 'number' || typeof value === 'boolean')) {
    return `${said}: put it into quotes, "${String(value)}"`;
  }
  if (kinds.includes('number') && typeof value === 'string') {
    const plain = value.replaceAll(/[_,\s]/g, '');
    if (plain !== '' && Number.isFinite(Number(plain))) return `${said}: write ${plain}, without quotes`;
  }
  return said;
}

/** What a value is, in words. */
function describe(schema: Schema): string | undefined {
  const inner = unwrap(schema);
  const meant = [schema, inner].map((each) => z.globalRegistry.get(each)?.description).find(Boolean);
  const kind = kindInWords(inner);
  if (meant === undefined || kind === undefined) return meant ?? kind;
  return kind === 'text' || optionsOf(inner).length > 4 ? meant : `${kind} (${meant})`;
}

function kindInWords(schema: Schema): string | undefined {
  const { def } = schema._zod;
  switch (def.type) {
    case 'string':
      return 'text';
    case 'number':
      return schema instanceof z.ZodNumber && schema.format === 'safeint' ? 'a whole number' : 'a number';
    case 'boolean':
      return 'true or false';
    case 'array':
    case 'tuple':
      return 'a list';
    case 'record':
      return 'a map';
    case 'object':
      return `a map with ${listed(keysOf(schema))}`;
    case 'enum':
    case 'literal':
      return `one of ${listed(wordsOf(schema))}`;
    case 'union':
      return [...new Set(optionsOf(schema).map(describe))].filter(Boolean).slice(0, 6).join(', or ');
    default:
      return undefined;
  }
}

function kindsOf(schema: Schema): string[] {
  const inner = unwrap(schema);
  return inner instanceof z.ZodUnion ? optionsOf(inner).flatMap(kindsOf) : [inner._zod.def.type];
}

/** The words that a schema takes: its values, or the only key of a map. */
function wordsOf(schema: Schema): string[] {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodEnum) return inner.options.map(String);
  if (inner instanceof z.ZodLiteral) return [...inner.values].map(String);
  if (inner instanceof z.ZodUnion) return optionsOf(inner).flatMap(wordsOf);
  const keys = keysOf(inner);
  return keys.length === 1 ? keys : [];
}

function keysOf(schema: Schema): string[] {
  const inner = unwrap(schema);
  return inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
}

function optionsOf(schema: Schema): readonly Schema[] {
  const inner = unwrap(schema);
  return inner instanceof z.ZodUnion ? inner.options : [];
}

/** The schema of what stands at a path; alternatives end it. */
function descend(schema: Schema, path: readonly PropertyKey[]): Schema {
  return path.reduce<Schema>((each, step) => {
    const inner = unwrap(each);
    if (inner instanceof z.ZodObject) return (inner.shape as Record<PropertyKey, Schema>)[step] ?? inner;
    if (inner instanceof z.ZodRecord) return inner.valueType;
    if (inner instanceof z.ZodArray) return inner.element;
    if (inner instanceof z.ZodTuple) return (inner.def.items as readonly Schema[])[Number(step)] ?? inner;
    return inner;
  }, schema);
}

function unwrap(schema: Schema): Schema {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodReadonly) return unwrap(schema.def.innerType);
  if (schema instanceof z.ZodLazy) return unwrap(schema.def.getter());
  // Of one alternative, zod says what is wrong with it as if there were no choice.
  if (schema instanceof z.ZodUnion && schema.options.length === 1) return unwrap(schema.options[0] as Schema);
  return schema;
}
