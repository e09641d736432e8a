import { Args } from '@oclif/core';
import { initDeck, type Initialised } from '../app/init/init.js';
import { BaseCommand } from '../cli/base-command.js';

export default class Init extends BaseCommand {
  static override summary =
    'Write a deck to start from: the numbers of a page of your own, to be judged like the five.';
  static override description =
    'Writes deck.yaml, with comments, and a workflow of GitHub Actions that runs it. The deck runs at once: a small net on Fashion-MNIST and five claims, of which one is wrong. See docs/decks.md.';
  static override args = { folder: Args.string({ default: '.', description: 'where to (default: here)' }) };
  static override examples = [
    {
      description: 'write a deck and run it',
      command: '<%= config.bin %> <%= command.id %> && <%= config.bin %> run deck.yaml',
    },
    '<%= config.bin %> <%= command.id %> course',
  ];

  async run(): Promise<Initialised> {
    const { args } = await this.parse(Init);
    const written = await initDeck(args.folder);
    this.log(written.files.join('\n'));
    process.stderr.write(`Now: npx cnnbench run ${written.files[0] ?? ''}\n`);
    return written;
  }
}
