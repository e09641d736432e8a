/** A command as one would type it again, quoted for a POSIX shell. */
export function commandLine(command: string, argv: readonly string[]): string {
  const words = argv.map((word) =>
    /^[\w@%+=:,./*-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`,
  );
  return ['npx cnnbench', command, ...words].join(' ');
}
