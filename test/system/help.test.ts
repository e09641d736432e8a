import { Config } from '@oclif/core';
import { fileURLToPath } from 'node:url';
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import CnnbenchHelp from '../../src/cli/help.js';
import { cnnbench } from './cnnbench.js';

const ROOT = new URL('../../', import.meta.url);
const config = await Config.load(fileURLToPath(ROOT));
/** By the name that a user types. oclif writes the id anew when it formats a command. */
const COMMANDS = config.commands
  .filter(({ pluginName }) => pluginName === config.pjson.name)
  .map((command) => [command.id.replace(':', ' '), command] as const);
const NAMES = COMMANDS.map(([name]) => name);

/** The help of oclif, by the method that makes its text: a process for each command takes longer than all the texts. */
class HelpTexts extends CnnbenchHelp {
  of = (...[, command]: (typeof COMMANDS)[number]): string => this.formatCommand(command);
}
const help = new HelpTexts(config, { ...config.pjson.oclif.helpOptions, stripAnsi: true });

describe('every command', () => {
  test.each(COMMANDS)('%s has help with examples and --json', (...command) => {
    const text = help.of(...command);
    expect(text).toContain('EXAMPLES');
    expect(text).toContain('--json');
  });

  test('is named by the help of the program', async () => {
    const { code, stdout } = await cnnbench(['--help']);
    expect(code).toBe(0);
    for (const name of NAMES) expect(stdout).toMatch(new RegExp(`^  ${name.split(' ')[0]} `, 'm'));
    const [everyday = '', others = ''] = stdout.split('OTHER COMMANDS');
    expect(everyday.match(/(?<=^ {2})[a-z]+(?= )/gm)).toEqual(['run', 'claims', 'report', 'gate', 'doctor']);
    expect(others).toMatch(/^ {2}data +Find, download and verify data sets\.$/m);
  });

  test.each(COMMANDS)(
    '%s is described in paragraphs, which are wrapped where they are shown',
    (_, { summary, description }) => {
      expect(summary).toMatch(/^[A-Z][^\n]*[.]$/);
      expect(description ?? '').not.toMatch(/[^\n]\n[^\n]/);
    },
  );

  test('prints its help, and nothing on stderr', async () => {
    const { code, stdout, stderr } = await cnnbench(['data', 'draw', '--help']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain(help.of(...COMMANDS.find(([name]) => name === 'data draw')!));
  });

  test('run has its flags in groups', () => {
    const text = help.of(...COMMANDS.find(([name]) => name === 'run')!);
    expect(text.match(/^[A-Z]+ FLAGS$/gm)).toEqual([
      'PLAN FLAGS',
      'DATA FLAGS',
      'LIMIT FLAGS',
      'OUTPUT FLAGS',
      'GATE FLAGS',
      'DECK FLAGS',
      'GLOBAL FLAGS',
    ]);
    expect(text).not.toMatch(/^FLAGS$/m);
    expect(text).toContain('$ cnnbench run [WHAT...] [FLAGS]\n');
  });

  test('is in the table of README.md', async () => {
    const readme = await readFile(new URL('README.md', ROOT), 'utf8');
    const rows = readme.split('\n').filter((line) => line.startsWith('| `cnnbench '));
    const named = rows.flatMap((row) => {
      const [, topic = '', verbs = ''] = /^\| `cnnbench (\w+)(?: ([a-z]+(?:\\\|[a-z]+)*))?/.exec(row) ?? [];
      return ['data', 'deck'].includes(topic) ? verbs.split('\\|').map((verb) => `${topic} ${verb}`) : [topic];
    });
    expect(named.toSorted()).toEqual(NAMES.toSorted());
  });

  test('that does not exist is refused with the nearest name', async () => {
    const { code, stderr } = await cnnbench(['doctr']);
    expect(stderr).toBe(
      'cnnbench: there is no command "doctr"; did you mean "doctor"? [E_USAGE]\n  Run "cnnbench --help" to see them all.\n',
    );
    expect(code).toBe(2);
  });
});
