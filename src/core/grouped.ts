export type NonEmpty<T> = readonly [T, ...T[]];

/** Groups of equal keys, in the order of their first members. Keys are compared as JSON. */
export function grouped<T>(items: readonly T[], keyOf: (item: T) => readonly unknown[]): readonly NonEmpty<T>[] {
  const groups = new Map<string, [T, ...T[]]>();
  for (const item of items) {
    const key = JSON.stringify(keyOf(item));
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return [...groups.values()];
}
