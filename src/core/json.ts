/** Most values of a document, far above any real one: JSON.parse makes a hundred bytes of the two of an empty list. */
const MOST_VALUES = 2_000_000;

/**
 * JSON.parse for text that may come from anywhere.
 *
 * @throws SyntaxError, with a message that quotes the text; RangeError where it holds more values than memory should be given to
 */
export function parseBoundedJson(text: string): unknown {
  if (hasTooMany(text)) throw new RangeError(`it has more than ${MOST_VALUES.toLocaleString('en-US')} values`);
  return JSON.parse(text);
}

/** Each value of a document has a comma or a bracket before it; those within texts are counted, too. */
function hasTooMany(text: string): boolean {
  const beginning = /[,[{]/g;
  for (let values = 0; beginning.test(text); values++) if (values === MOST_VALUES) return true;
  return false;
}
