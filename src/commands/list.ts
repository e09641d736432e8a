import { Args, Flags } from '@oclif/core';
import { ofDecks } from '../app/decks/with-decks.js';
import { BaseCommand } from '../cli/base-command.js';
import { shown } from '../cli/shown.js';
import { DECK_FILTER_FLAGS, filtered } from '../cli/deck-flags.js';
import { recipes } from '../app/list/recipes.js';
import type { Claim } from '../core/claim.js';
import { datasetOf, type Experiment } from '../core/experiment.js';
import { number, text, textOr } from '../report/cells.js';
import { paragraph, table, type ColumnOf } from '../report/document.js';
import { counted } from '../stats/wording.js';
import { builtInLedger } from '../suites/built-in.js';

const LEDGER = builtInLedger();

const KINDS = ['suites', 'experiments', 'claims'] as const;

export default class List extends BaseCommand {
  static override summary = 'List suites, experiments and claims.';
  static override args = {
    kind: Args.string({ options: [...KINDS], description: 'what to list (default: suites and experiments)' }),
  };
  static override flags = {
    ...DECK_FILTER_FLAGS,
    recipes: Flags.boolean({ description: 'print the training recipes as JSON, for reference/pytorch' }),
  };
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> claims --deck 002',
    '<%= config.bin %> <%= command.id %> experiments --deck course/deck.yaml',
    '<%= config.bin %> <%= command.id %> experiments --json',
  ];

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(List);
    const { ledger, decks } = await filtered(LEDGER, flags);
    const { claims, experiments } = ofDecks(ledger, decks);
    if (flags.recipes) {
      if (!this.jsonEnabled()) this.log(JSON.stringify(recipes(experiments), undefined, 1));
      return recipes(experiments);
    }
    const kind = args.kind ?? (flags.deck === undefined ? undefined : 'claims');
    const suites = ledger.suites.map((name) => ({
      name,
      experiments: experiments.filter((experiment) => experiment.suite === name).length,
      claims: claims.filter((claim) => claim.suite === name).length,
    }));
    const blocks = [
      ...(kind === 'suites' || kind === undefined ? table(SUITE_COLUMNS, suites) : []),
      ...(kind === 'experiments' || kind === undefined ? table(EXPERIMENT_COLUMNS, experiments) : []),
      ...(kind === 'claims' ? [...table(CLAIM_COLUMNS, claims), paragraph(counted(claims.length, 'claim'))] : []),
    ];
    this.log(shown({ blocks }));
    return {
      ...(kind !== 'claims' && kind !== 'experiments' && { suites }),
      ...(kind !== 'claims' && kind !== 'suites' && { experiments: experiments.map(withModelId) }),
      ...(kind !== 'experiments' && kind !== 'suites' && { claims: claims.map(plain) }),
    };
  }
}

interface Suite {
  readonly name: string;
  readonly experiments: number;
  readonly claims: number;
}

const SUITE_COLUMNS: readonly ColumnOf<Suite>[] = [
  { head: 'suite', cell: ({ name }) => text(name) },
  { head: 'experiments', align: 'right', cell: ({ experiments }) => number(experiments) },
  { head: 'claims', align: 'right', cell: ({ claims }) => number(claims) },
];

const EXPERIMENT_COLUMNS: readonly ColumnOf<Experiment>[] = [
  { head: 'experiment', cell: ({ id }) => text(id) },
  { head: 'suite', cell: ({ suite }) => text(suite) },
  { head: 'data', cell: (experiment) => textOr(datasetOf(experiment)) },
  { head: 'what', cell: ({ title }) => text(title) },
];

const CLAIM_COLUMNS: readonly ColumnOf<Claim>[] = [
  { head: 'claim', cell: ({ id }) => text(id) },
  { head: 'place', cell: ({ place }) => text(place) },
  { head: 'printed', cell: ({ printed }) => text(printed) },
];

/** An experiment with the id of its model: "params ID --json" has the layers. */
function withModelId(experiment: Experiment): object {
  return 'model' in experiment ? { ...experiment, model: experiment.model.id } : experiment;
}

/** A claim without the function that measures it. */
function plain(claim: Claim): object {
  return Object.fromEntries(Object.entries(claim).filter(([, value]) => typeof value !== 'function'));
}
