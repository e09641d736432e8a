import { CommandHelp, Help, type Command } from '@oclif/core';

/** What most users need, in the order in which they need it. */
const EVERYDAY = ['run', 'claims', 'report', 'gate', 'doctor'];

/** A usage that names the arguments and leaves the flags to their list, in which those that every command has come last. */
class CnnbenchCommandHelp extends CommandHelp {
  protected override defaultUsage(): string {
    const { id, args, strict } = this.command;
    const several = strict === false ? '...' : '';
    const words = Object.entries(args).map(([name, { required }]) => {
      const word = `${name.toUpperCase()}${several}`;
      return required === true ? word : `[${word}]`;
    });
    return [id, ...words, '[FLAGS]'].join(' ');
  }

  protected override groupFlags(flags: Command.Flag.Any[]): ReturnType<CommandHelp['groupFlags']> {
    const { mainFlags, flagGroups } = super.groupFlags(flags);
    const { GLOBAL = [], ...others } = flagGroups;
    return { mainFlags, flagGroups: { ...others, GLOBAL: GLOBAL.toSorted((a, b) => a.name.localeCompare(b.name)) } };
  }
}

/** oclif's help, with the everyday commands first and topics among the others. */
export default class CnnbenchHelp extends Help {
  protected override CommandHelpClass = CnnbenchCommandHelp;

  protected override showRootHelp(): Promise<void> {
    const isRoot = ({ name }: { readonly name: string }) => !name.includes(':');
    const entries = [
      ...this.sortedCommands.map((command) => ({ name: command.id, summary: this.summary(command) })),
      ...this.sortedTopics.map(({ name, description }) => ({ name, summary: description })),
    ]
      .filter(isRoot)
      .toSorted((left, right) => left.name.localeCompare(right.name));
    const everyday = EVERYDAY.flatMap((name) => entries.filter((entry) => entry.name === name));
    const others = entries.filter((entry) => !everyday.includes(entry));
    this.log(this.formatRoot());
    for (const [title, list] of [
      ['EVERYDAY COMMANDS', everyday],
      ['OTHER COMMANDS', others],
    ] as const) {
      const rows = list.map(({ name, summary }) => [name, summary] as [string, string | undefined]);
      const body = this.renderList(rows, { indentation: 2, spacer: '\n', stripAnsi: this.opts.stripAnsi ?? false });
      this.log(`\n${this.section(title, body)}`);
    }
    this.log('\nRun "cnnbench COMMAND --help" for the flags and examples of a command.');
    return Promise.resolve();
  }
}
