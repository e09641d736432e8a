import { Args, Flags } from '@oclif/core';
import { withDecks } from '../app/decks/with-decks.js';
import { BaseCommand } from '../cli/base-command.js';
import { shown } from '../cli/shown.js';
import { DECK_FLAGS, deckChoice } from '../cli/deck-flags.js';
import { claimsOf, type ModelClaim } from '../app/params/model-claims.js';
import { explain } from '../app/params/explanation.js';
import { readModelJson } from '../app/params/read-model.js';
import { paramsDocument } from '../app/params/params-document.js';
import { PARAMS_FORMATS, paramsCsv } from '../app/params/params-table.js';
import { CnnbenchError } from '../core/errors.js';
import type { Explanation } from '../model/explain.js';
import type { JsonSummary } from '../model/json/summarize-json.js';
import { summarize } from '../model/summary.js';
import { printableJson } from '../report/escape.js';
import { renderDocument } from '../report/render.js';
import type { Ledger } from '../ledger/ledger.js';
import { builtInLedger } from '../suites/built-in.js';

const LEDGER = builtInLedger();

interface ParamsResult extends JsonSummary {
  readonly printed?: Explanation;
  /** Of the decks; absent for a model of the user's own. */
  readonly claims?: readonly ModelClaim[];
}

export default class Params extends BaseCommand {
  static override summary = 'Count the parameters, multiply-accumulates and memory of a model.';
  static override description = `Counts symbolically: nothing is allocated and no tfjs is loaded. Models: ${LEDGER.models.map((model) => model.id).join(', ')}.`;
  static override args = {
    model: Args.string({ description: 'an architecture, or an experiment that trains one' }),
  };
  static override flags = {
    ...DECK_FLAGS,
    'model-json': Flags.string({
      helpValue: 'FILE',
      description: 'count a model saved by tf.layers or Keras ("-": stdin)',
    }),
    printed: Flags.string({
      helpValue: 'NUMBER',
      description: 'a printed number of parameters to compare and explain',
    }),
    format: Flags.option({ options: PARAMS_FORMATS, default: 'table' as const, description: 'output format' })(),
    verbose: Flags.boolean({ description: 'also list claims that hold' }),
  };
  static override examples = [
    '<%= config.bin %> <%= command.id %> vgg-16',
    '<%= config.bin %> <%= command.id %> deck-003-mlp --printed 34093578',
    '<%= config.bin %> <%= command.id %> googlenet --format csv > googlenet.csv',
    '<%= config.bin %> <%= command.id %> --model-json model.json',
  ];

  async run(): Promise<ParamsResult> {
    const { args, flags } = await this.parse(Params);
    const ledger = await withDecks(LEDGER, deckChoice(flags));
    const model = await chosenModel(ledger, args.model, flags['model-json']);
    const printed = flags.printed === undefined ? undefined : explain(model, flags.printed);
    const claims = args.model === undefined ? undefined : claimsOf(ledger.claims, model);
    const result = { ...model, ...(printed && { printed }), ...(claims && { claims }) };
    switch (flags.format) {
      case 'json':
        if (!this.jsonEnabled()) this.log(printableJson(result));
        return result;
      case 'csv':
        this.log(paramsCsv(model));
        return result;
      case 'markdown':
        this.log(renderDocument(paramsDocument(model, { printed, claims }), 'markdown').text.trimEnd());
        return result;
      case 'table':
        this.log(shown(paramsDocument(model, { printed, claims }), { verbose: flags.verbose }));
        return result;
    }
  }
}

async function chosenModel(ledger: Ledger, id: string | undefined, file: string | undefined): Promise<JsonSummary> {
  if (id !== undefined && file === undefined) return summarize(ledger.model(id));
  if (id === undefined && file !== undefined) return readModelJson(file);
  const many = id === undefined ? 'neither' : 'both';
  throw new CnnbenchError(
    'E_USAGE',
    `give either a model or --model-json; ${many} was given`,
    '"cnnbench params --help" lists the models.',
  );
}
