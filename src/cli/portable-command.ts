/** Flags of `run` that name a folder of one machine. Another one has its own, and results do not depend on it. */
const FOLDERS = ['--out', '--data-dir'];

/** A word as a shell reads it: plain and quoted parts without a blank between them. */
const WORD = /(?:'[^']*'|\\.|[^\s'\\]+)+/g;

/**
 * The command line of a run without the folders of the machine that it ran on.
 *
 * @param others flags with a value that are left out, too
 */
export function portableCommand(command: string, others: readonly string[] = []): string {
  const leftOut = [...FOLDERS, ...others];
  const words = command.match(WORD) ?? [];
  return words
    .filter((word, index) => {
      const isFlag = leftOut.some((flag) => word === flag || word.replace(/^'/, '').startsWith(`${flag}=`));
      return !isFlag && !leftOut.includes(words[index - 1] ?? '');
    })
    .join(' ');
}
