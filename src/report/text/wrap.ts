/** Columns that a text takes on a terminal; East Asian wide characters and emoji take two, nothing takes less than one. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

/** Breaks a line between words, and inside of a word only where it is longer than a whole line. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((each) => broken(each, width))) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (displayWidth(longer) <= width) {
      line = longer;
    } else {
      if (line !== '') lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}

function broken(word: string, width: number): readonly string[] {
  const parts = [''];
  for (const character of word) {
    const longer = (parts.at(-1) ?? '') + character;
    if (displayWidth(longer) <= width) parts[parts.length - 1] = longer;
    else parts.push(character);
  }
  return parts;
}

/** Hangul, CJK and full-width blocks (Unicode Standard Annex 11, coarsely) and everything from the emoji planes on. */
function characterWidth(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  const wide =
    (code >= 0x1100 && code <= 0x115f) ||
    (code >= 0x231a && code <= 0x23ff) ||
    (code >= 0x25fd && code <= 0x27bf && code !== 0x2713 && code !== 0x2717) ||
    (code >= 0x2b1b && code <= 0x2b55) ||
    (code >= 0x2e80 && code <= 0xffe6) ||
    code >= 0x16fe0;
  return wide ? 2 : 1;
}
