/** Flags of `run` that name a folder of one machine. Another one has its own, and results do not depend on it. */
const FOLDERS = ['--out', '--data-dir'];

/** A word as a shell reads it: plain and quoted parts without a blank between them. */
const WORD = /(?:'[^']*'|\\.|[^\s'\\]+)+/g;

/** The command line of a run without the folders of the machine that it ran on. */
export function portableCommand(command: string): string {
  const words = command.match(WORD) ?? [];
  return words
    .filter((word, index) => {
      const folder = FOLDERS.some((flag) => word === flag || word.replace(/^'/, '').startsWith(`${flag}=`));
      return !folder && !FOLDERS.includes(words[index - 1] ?? '');
    })
    .join(' ');
}
