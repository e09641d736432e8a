import type { TestRandom } from './random.js';

/** Numbers that lengths, offsets and counts are replaced by: the edges of their types, and what overflows. */
const LENGTHS = [0, 1, 7, 0x7f, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0xffffffff];

/** Damages bytes in one to four places, as a bad disk, a cut download or an attacker would. */
export function mutateBytes(random: TestRandom, original: Uint8Array): Uint8Array {
  let bytes = Uint8Array.from(original);
  for (let times = 1 + random.below(4); times > 0; times--) bytes = random.pick(DAMAGES)(random, bytes);
  return bytes;
}

type Damage = (random: TestRandom, bytes: Uint8Array) => Uint8Array<ArrayBuffer>;

const DAMAGES: readonly Damage[] = [
  function flipBit(random, bytes) {
    const at = random.below(bytes.length);
    return Uint8Array.from(bytes, (byte, index) => (index === at ? byte ^ (1 << random.below(8)) : byte));
  },
  function setByte(random, bytes) {
    const at = random.below(bytes.length);
    return Uint8Array.from(bytes, (byte, index) => (index === at ? random.below(256) : byte));
  },
  function truncate(random, bytes) {
    return Uint8Array.from(bytes.subarray(0, random.below(bytes.length + 1)));
  },
  function append(random, bytes) {
    return Uint8Array.from([...bytes, ...Array.from({ length: random.below(600) }, () => random.below(256))]);
  },
  function splice(random, bytes) {
    const [from, to] = [random.below(bytes.length), random.below(bytes.length)];
    const part = bytes.subarray(from, from + random.below(64));
    return Uint8Array.from([...bytes.subarray(0, to), ...part, ...bytes.subarray(to)]);
  },
  function cutOut(random, bytes) {
    const from = random.below(bytes.length);
    return Uint8Array.from([...bytes.subarray(0, from), ...bytes.subarray(from + random.below(64))]);
  },
  function editLength(random, bytes) {
    const edited = Uint8Array.from(bytes);
    // Headers are at the front, and that is where lengths are.
    const at = random.below(Math.min(64, Math.max(1, edited.length - 3)));
    if (at + 4 <= edited.length) {
      new DataView(edited.buffer).setUint32(at, random.pick(LENGTHS), random.next() < 0.5);
    }
    return edited;
  },
];

/** Texts that break terminals, pages, markup, names and numbers. */
export const HOSTILE_TEXTS: readonly string[] = [
  '\u001b[31mred\u001b[0m\u001b]0;title\u0007\u009b2J',
  '<script>alert(1)</script><img src=x onerror=alert(1)>',
  '"><svg/onload=alert(1)>\']]>--><!--',
  '[x](javascript:alert(1)) ![x](https://example.org/x.png) https://example.org',
  '| a | b |\n| --- | --- |\r\n# heading\n\n<!-- /cnnbench:verdicts -->',
  '```\n~~~\n`code` \\',
  '::error title=x::y\n::set-output name=x::y %0A%25',
  '\u202eevil\u2066\u200b\u2028\u2029\ufeff\u061c',
  '\ud800 lone \udfff',
  'nul \u0000 byte',
  '../../../../etc/passwd',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'mlp-1@lr=3e-4',
  'mlp-1@lr=1e999,batch=0',
  '*'.repeat(60),
  'x'.repeat(5000),
  '\u6f22'.repeat(500),
  '',
  ' ',
  'NaN',
  'Infinity',
  '2026-01-01T00:00:00.000Z',
];
const HOSTILE_NUMBERS = [
  0,
  -0,
  -1,
  1,
  2,
  0.5,
  1e-320,
  1e308,
  -1e308,
  5e-324,
  2 ** 31,
  2 ** 32,
  2 ** 53,
  2 ** 53 - 1,
  1e21,
  1e6,
  100_000,
  0.1,
];
const HOSTILE_KEYS = ['__proto__', 'constructor', 'prototype', 'toString', 'extra', '', 'length', 'then'];

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Changes a JSON document in one to five places: types, values, keys, sizes; sometimes the text itself. */
export function mutateJson(random: TestRandom, text: string): string {
  if (random.next() < 0.1) {
    const bytes = mutateBytes(random, new TextEncoder().encode(text));
    return Buffer.from(bytes).toString('latin1');
  }
  const root: { value: Json } = { value: JSON.parse(text) as Json };
  for (let times = random.pick([1, 1, 1, 2, 5]); times > 0; times--) mutatePlace(random, root);
  const changed = JSON.stringify(root.value, undefined, random.pick([0, 2]));
  return random.next() < 0.1 ? rewrite(random, changed) : changed;
}

/** Goes down to a random place and changes what is there. */
function mutatePlace(random: TestRandom, root: { value: Json }): void {
  let holder: Json[] | Record<string, Json> = root;
  let key: string | number = 'value';
  for (;;) {
    const value: Json | undefined = (holder as Record<string | number, Json>)[key];
    if (typeof value !== 'object' || value === null || random.next() < 0.03) break;
    const keys: readonly (string | number)[] = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
    if (keys.length === 0) break;
    holder = value;
    key = random.pick(keys);
  }
  const old = (holder as Record<string | number, Json>)[key];
  // Most changes keep the type, so that some of the documents stay valid and reach what comes after the reader.
  const next = random.next() < 0.85 && old !== undefined ? sameType(random, old) : otherType(random);
  Object.defineProperty(holder, key, { value: next, enumerable: true, configurable: true, writable: true });
}

function sameType(random: TestRandom, value: Json): Json {
  switch (typeof value) {
    case 'string':
      return random.next() < 0.8 ? random.pick(HOSTILE_TEXTS) : value + random.pick(HOSTILE_TEXTS);
    case 'number':
      return random.next() < 0.7 ? random.pick(HOSTILE_NUMBERS) : value * random.pick([-1, 1e3, 1e-9, 1.0001]);
    case 'boolean':
      return !value;
    default:
      return Array.isArray(value) ? mutateList(random, value) : mutateObject(random, value);
  }
}

function mutateList(random: TestRandom, list: readonly Json[]): Json {
  return random.pick<() => Json>([
    () => [],
    () => list.slice(0, random.below(list.length + 1)),
    () => [...list, ...list],
    () => list.toReversed(),
    () => Array.from({ length: 300 }, (_, index) => list[index % Math.max(1, list.length)] ?? index),
  ])();
}

function mutateObject(random: TestRandom, object: Readonly<Record<string, Json>> | null): Json {
  const entries = Object.entries(object ?? {});
  const gone = random.below(entries.length + 1);
  const kept = random.next() < 0.5 ? entries.filter((_, index) => index !== gone) : entries;
  const added = random.next() < 0.5 ? [[random.pick(HOSTILE_KEYS), { polluted: true }] as const] : [];
  const changed: Record<string, Json> = {};
  for (const [key, value] of [...kept, ...added]) {
    Object.defineProperty(changed, key, { value, enumerable: true, configurable: true, writable: true });
  }
  return changed;
}

function otherType(random: TestRandom): Json {
  return random.pick<() => Json>([
    () => null,
    () => true,
    () => random.pick(HOSTILE_NUMBERS),
    () => random.pick(HOSTILE_TEXTS),
    () => [],
    () => ({}),
    () => [[[[]]]],
    () => 'y'.repeat(100_000),
  ])();
}

/** What JSON.stringify cannot write: numbers beyond all bounds, keys twice, marks, deep nesting, invalid tails. */
function rewrite(random: TestRandom, text: string): string {
  return random.pick<() => string>([
    () => `\ufeff${text}`,
    () => text.replace(/\d+/, '1e999'),
    () => text.replace(/\d+/, '-'),
    () => text.replace(/\d+/, 'NaN'),
    () => text.replace(/"(\w+)":/, '"$1":0,"$1":'),
    () => text.replace('{', '{"__proto__":{"polluted":true},'),
    () => `${'['.repeat(20_000)}${text}${']'.repeat(20_000)}`,
    () => `${text}${text}`,
    () => `${text}\u0000`,
  ])();
}
