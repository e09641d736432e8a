import { Args, Flags } from '@oclif/core';
import { ofDecks } from '../app/decks/with-decks.js';
import { BaseCommand } from '../cli/base-command.js';
import { DECK_FILTER_FLAGS, filtered } from '../cli/deck-flags.js';
import { recipes } from '../app/list/recipes.js';
import { plainTable } from '../app/table.js';
import type { Claim } from '../core/claim.js';
import { datasetOf, type Experiment } from '../core/experiment.js';
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
    if (kind === 'suites' || kind === undefined) {
      const rows = suites.map((suite) => [suite.name, suite.experiments, suite.claims]);
      this.log(plainTable(['suite', 'experiments', 'claims'], rows, ['experiments', 'claims']));
    }
    if (kind === undefined) this.log('');
    if (kind === 'experiments' || kind === undefined) this.log(experimentTable(experiments));
    if (kind === 'claims') this.log(claimTable(claims));
    return {
      ...(kind !== 'claims' && kind !== 'experiments' && { suites }),
      ...(kind !== 'claims' && kind !== 'suites' && { experiments: experiments.map(withModelId) }),
      ...(kind !== 'experiments' && kind !== 'suites' && { claims: claims.map(plain) }),
    };
  }
}

function experimentTable(experiments: readonly Experiment[]): string {
  const rows = experiments.map((it: Experiment) => [it.id, it.suite, datasetOf(it) ?? '-', it.title]);
  return plainTable(['experiment', 'suite', 'data', 'what'], rows);
}

function claimTable(claims: readonly Claim[]): string {
  const rows = claims.map((claim) => [claim.id, claim.place, claim.printed]);
  return `${plainTable(['claim', 'place', 'printed'], rows)}\n\n${counted(claims.length, 'claim')}`;
}

/** An experiment with the id of its model: "params ID --json" has the layers. */
function withModelId(experiment: Experiment): object {
  return 'model' in experiment ? { ...experiment, model: experiment.model.id } : experiment;
}

/** A claim without the function that measures it. */
function plain(claim: Claim): object {
  return Object.fromEntries(Object.entries(claim).filter(([, value]) => typeof value !== 'function'));
}
