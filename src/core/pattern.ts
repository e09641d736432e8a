/** Whether a text matches a pattern in which `*` stands for any characters. Never tries twice, as a RegExp would. */
export function matches(pattern: string, text: string): boolean {
  const [first = '', ...others] = pattern.split('*');
  const last = others.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first)) return false;
  let position = first.length;
  for (const part of others) {
    const found = text.indexOf(part, position);
    if (found === -1) return false;
    position = found + part.length;
  }
  return text.length - position >= last.length && text.endsWith(last);
}

/** The same for paths: `*` stands for anything but a slash, and a first part `**` for any folders, or none. */
export function matchesPath(pattern: string, path: string): boolean {
  const parts = path.split('/');
  const patterns = pattern.split('/');
  const own = patterns[0] === '**' ? patterns.slice(1) : patterns;
  if (own === patterns ? parts.length !== own.length : parts.length < own.length) return false;
  return own.every((each, index) => matches(each, parts[parts.length - own.length + index] as string));
}
