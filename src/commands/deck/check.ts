import { Args } from '@oclif/core';
import { checkDeck, type CheckedDeck } from '../../app/decks/check-deck.js';
import { checkedDocument } from '../../app/decks/checked-document.js';
import { BaseCommand } from '../../cli/base-command.js';
import { shown } from '../../cli/shown.js';
import { builtInLedger } from '../../suites/built-in.js';

export default class DeckCheck extends BaseCommand {
  static override summary = 'Read a deck without running it: what is wrong with it, or what was understood.';
  static override description =
    'Mistakes come with line, column and what is allowed there. Without mistakes: each claim with the values that it allows, each experiment with its estimated time per profile.';
  static override args = { file: Args.string({ required: true, description: 'a deck, YAML or JSON' }) };
  static override examples = [
    '<%= config.bin %> <%= command.id %> deck.yaml',
    '<%= config.bin %> <%= command.id %> course/deck.yaml --json',
  ];

  async run(): Promise<CheckedDeck> {
    const { args } = await this.parse(DeckCheck);
    const checked = await checkDeck(builtInLedger(), args.file);
    this.log(shown(checkedDocument(checked)));
    return checked;
  }
}
