import { isDeckFile } from '../core/deck.js';

/** Flags of `run` that name a folder of one machine. Another one has its own, and results do not depend on it. */
const FOLDERS = ['--out', '--data-dir'];

/** Flags with a file that belongs to a repository, or else is of one machine, too. */
const FILES = ['--policy'];

/** A word as a shell reads it: plain and quoted parts without a blank between them. */
const WORD = /(?:'[^']*'|\\.|[^\s'\\]+)+/g;

/**
 * The command line of a run without the folders of the machine that it ran on, nor files outside of the folder where it was given.
 *
 * @param others flags with a value that are left out, too
 */
export function portableCommand(command: string, others: readonly string[] = []): string {
  const leftOut = [...FOLDERS, ...others];
  const words = command.match(WORD) ?? [];
  /** The flag that a word is, or begins with, or is the value of; and that value. */
  const flagAt = (index: number): readonly [flag: string, value: string] | undefined => {
    const [before = '', word = '', after = ''] = [words[index - 1], words[index], words[index + 1]];
    const plain = word.replace(/^'/, '');
    for (const flag of [...leftOut, ...FILES]) {
      if (before === flag) return [flag, word];
      if (word === flag) return [flag, after];
      if (plain.startsWith(`${flag}=`)) return [flag, plain.slice(flag.length + 1)];
    }
    return undefined;
  };
  return words
    .map(withinFolder)
    .filter((_, index) => {
      const [flag, value] = flagAt(index) ?? [];
      return flag === undefined || (FILES.includes(flag) && isWithin(value ?? ''));
    })
    .join(' ');
}

/** A deck file of another folder by its name alone: the folder of a run has a copy of it. */
function withinFolder(word: string): string {
  const [, before = '', path = '', after = ''] = /^(['"]?(?:--deck=)?)(.*?)(['"]?)$/.exec(word) ?? [];
  if (!isDeckFile(path) || before.startsWith('--policy') || isWithin(path)) return word;
  return `${before}${path.split(/[/\\]/).at(-1) ?? ''}${after}`;
}

/** Whether a path stays in the folder that it starts from. */
function isWithin(path: string): boolean {
  return !/^['"]?(\/|~|\w:|\\)|(^|[/'"])\.\.(\/|['"]?$)/.test(path);
}
