import { Flags } from '@oclif/core';
import { BaseCommand } from '../cli/base-command.js';
import { shown } from '../cli/shown.js';
import { DECK_FILTER_FLAGS, filtered } from '../cli/deck-flags.js';
import { DATA_FLAGS } from '../cli/data-flags.js';
import { judgeNow } from '../app/claims/judge-now.js';
import { summarizePaths } from '../app/summarize-runs.js';
import { CnnbenchError } from '../core/errors.js';
import type { Note } from '../core/note.js';
import { VERDICTS, type ClaimVerdict } from '../core/summary.js';
import { claimsDocument } from '../report/sections/report.js';
import { builtInLedger } from '../suites/built-in.js';

const LEDGER = builtInLedger();

export default class Claims extends BaseCommand {
  static override summary = 'List which numbers of the slides are wrong, and why.';
  static override description =
    'Takes seconds: counts layers, runs worked examples and formulas on the js backend, and checks the data sets on this machine. Accuracies need training: --from DIR takes the verdicts of a run.';
  static override flags = {
    ...DATA_FLAGS,
    ...DECK_FILTER_FLAGS,
    suite: Flags.string({ helpValue: 'NAME', description: `only claims of this suite: ${LEDGER.suites.join(', ')}` }),
    verdict: Flags.option({ options: VERDICTS, description: 'only claims with this verdict' })(),
    from: Flags.string({ helpValue: 'DIR', description: 'judge the records of a run' }),
    verbose: Flags.boolean({ description: 'also list claims that hold or were not run' }),
  };
  static override examples = [
    { description: 'which slides are wrong?', command: '<%= config.bin %> <%= command.id %>' },
    {
      description: 'the mistakes of one deck',
      command: '<%= config.bin %> <%= command.id %> --deck 002 --verdict erratum',
    },
    {
      description: 'what a run found, accuracies included',
      command: '<%= config.bin %> <%= command.id %> --from results/runs/20261121T021530Z-a1b2c3',
    },
    '<%= config.bin %> <%= command.id %> --suite ops --json',
  ];

  async run(): Promise<{ claims: readonly ClaimVerdict[]; notes: readonly Note[] }> {
    const { flags } = await this.parse(Claims);
    const { ledger, decks } = await filtered(LEDGER, flags, flags.from === undefined ? [] : [flags.from]);
    if (flags.suite !== undefined && !ledger.suites.includes(flags.suite)) throw noSuite(flags.suite, ledger.suites);
    const wanted = ({ deck, suite }: Pick<ClaimVerdict, 'deck' | 'suite'>) =>
      (decks?.includes(deck) ?? true) && (flags.suite === undefined || suite === flags.suite);
    const judged =
      flags.from === undefined
        ? await judgeNow(ledger, ledger.claims.filter(wanted), {
            dataDir: flags['data-dir'],
            signal: this.interruption(),
          })
        : (await summarizePaths(ledger, [flags.from])).claims.filter(wanted);
    const claims = judged.filter(({ verdict }) => flags.verdict === undefined || verdict === flags.verdict);
    const narrowed = flags.suite !== undefined || flags.verdict !== undefined;
    const notes = narrowed
      ? []
      : (ledger.notes ?? []).filter(({ deck }) => claims.some((claim) => claim.deck === deck));
    if (claims.length === 0) {
      this.log('No claims match.');
    } else {
      this.log(shown(claimsDocument(claims, notes), { verbose: flags.verbose || flags.verdict !== undefined }));
    }
    return { claims, notes };
  }
}

function noSuite(word: string, suites: readonly string[]): CnnbenchError {
  return new CnnbenchError('E_USAGE', `there is no suite "${word}"`, `Choose one of ${suites.join(', ')}.`);
}
