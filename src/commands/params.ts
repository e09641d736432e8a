import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../cli/base-command.js';
import { claimsOf, claimsText, type ModelClaim } from '../app/params/model-claims.js';
import { explain, explanationText } from '../app/params/explanation.js';
import { readModelJson } from '../app/params/read-model.js';
import { PARAMS_FORMATS, paramsCsv, paramsMarkdown, paramsTable } from '../app/params/params-table.js';
import { CnnbenchError } from '../core/errors.js';
import type { Explanation } from '../model/explain.js';
import type { JsonSummary } from '../model/json/summarize-json.js';
import { summarize } from '../model/summary.js';
import { markdown, printableJson } from '../report/escape.js';
import { builtInLedger } from '../suites/built-in.js';

const LEDGER = builtInLedger();

interface ParamsResult extends JsonSummary {
  readonly printed?: Explanation;
  /** Of the decks; absent for a model of the user's own. */
  readonly claims?: readonly ModelClaim[];
}

export default class Params extends BaseCommand {
  static override summary =
    'Print the layers of an architecture or of a model.json: shapes, parameters, multiply-accumulates, memory.';
  static override description = `Counted symbolically: nothing is allocated, no tfjs is loaded.
Models: ${LEDGER.models.map((model) => model.id).join(', ')}.`;
  static override args = {
    model: Args.string({ description: 'id of an architecture, or of an experiment that has one' }),
  };
  static override flags = {
    'model-json': Flags.string({
      helpValue: 'FILE',
      description: 'count a model that tf.layers or Keras saved ("-": from stdin)',
    }),
    printed: Flags.string({
      helpValue: 'NUMBER',
      description: 'a printed number of parameters: compare it, and explain the difference',
    }),
    format: Flags.option({ options: PARAMS_FORMATS, default: 'table' as const, description: 'format of the layers' })(),
    verbose: Flags.boolean({ description: 'show the claims that hold, too' }),
  };
  static override examples = [
    '<%= config.bin %> <%= command.id %> vgg-16',
    '<%= config.bin %> <%= command.id %> deck-003-mlp --printed 34093578',
    '<%= config.bin %> <%= command.id %> googlenet --format csv > googlenet.csv',
    '<%= config.bin %> <%= command.id %> --model-json model.json',
  ];

  async run(): Promise<ParamsResult> {
    const { args, flags } = await this.parse(Params);
    const model = await chosenModel(args.model, flags['model-json']);
    const printed = flags.printed === undefined ? undefined : explain(model, flags.printed);
    const claims = args.model === undefined ? undefined : claimsOf(LEDGER.claims, model);
    const result = { ...model, ...(printed && { printed }), ...(claims && { claims }) };
    switch (flags.format) {
      case 'json':
        if (!this.jsonEnabled()) this.log(printableJson(result));
        return result;
      case 'csv':
        this.log(paramsCsv(model));
        return result;
      case 'markdown':
        this.log(paramsMarkdown(model));
        break;
      case 'table':
        this.log(paramsTable(model));
    }
    const { parameters, nonTrainable } = model.totals;
    const remarks = [
      ...(model.storedValues === undefined ? [] : [storedText(model.storedValues, parameters + nonTrainable)]),
      ...(printed === undefined ? [] : [explanationText(printed, parameters)]),
      ...(claims === undefined || claims.length === 0 ? [] : [claimsText(claims, flags.verbose)]),
    ];
    const isMarkdown = flags.format === 'markdown';
    for (const remark of remarks) this.log(`\n${isMarkdown ? markdownLines(remark) : remark}`);
    return result;
  }
}

function markdownLines(text: string): string {
  return text.split('\n').map(markdown).join('  \n');
}

async function chosenModel(id: string | undefined, file: string | undefined): Promise<JsonSummary> {
  if (id !== undefined && file === undefined) return summarize(LEDGER.model(id));
  if (id === undefined && file !== undefined) return readModelJson(file);
  const many = id === undefined ? 'neither' : 'both';
  throw new CnnbenchError(
    'E_USAGE',
    `the id of an architecture or --model-json: ${many} given`,
    'Run "cnnbench params --help" for the ids.',
  );
}

function storedText(stored: number, counted: number): string {
  const number = (value: number) => value.toLocaleString('en-US');
  const verdict = stored === counted ? 'as counted' : `not the ${number(counted)} counted`;
  return `The weights manifest lists ${number(stored)} values, ${verdict}.`;
}
