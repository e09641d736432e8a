import { Args, Flags } from '@oclif/core';
import { announceGate, gateAsJson } from '../app/gate/announce-gate.js';
import { withDecks } from '../app/decks/with-decks.js';
import { BaseCommand } from '../cli/base-command.js';
import { DECK_FLAGS, deckChoice } from '../cli/deck-flags.js';
import { GATE_FLAGS } from '../cli/gate-flags.js';
import { choosePolicy, lintDirectories } from '../app/gate/gate-run.js';
import { summarizePaths } from '../app/summarize-runs.js';
import { stdoutOptions } from '../app/terminal.js';
import { writeAtomically } from '../records/atomic.js';
import { captureEnvironment } from '../records/environment.js';
import { renderReport } from '../report/render.js';
import { exitCodeOf } from '../stats/gate/exit-code.js';
import { gate } from '../stats/gate/gate.js';
import { builtInLedger } from '../suites/built-in.js';

export default class Gate extends BaseCommand {
  static override summary = 'Pass or fail a run, with what failed, why, and what to do.';
  static override description =
    'Checks failed cells, seeds, accuracies against thresholds and the PyTorch reference, and claims. By default, what does not hold fails and what is undecided warns; a policy changes that (docs/gate.md). On GitHub Actions it also writes annotations and a job summary. Exits with 1 if the run fails.';
  static override strict = false;
  static override args = {
    dir: Args.string({ required: true, description: 'run folders, judged together' }),
  };
  static override flags = {
    ...GATE_FLAGS,
    ...DECK_FLAGS,
    junit: Flags.string({ helpValue: 'FILE', description: 'also write JUnit XML to this file' }),
  };
  static override examples = [
    '<%= config.bin %> <%= command.id %> results/runs/20261121T021530Z-a1b2c3',
    { description: 'fail on warnings too', command: '<%= config.bin %> <%= command.id %> out --strict' },
    {
      description: 'shards of one run',
      command: '<%= config.bin %> <%= command.id %> shard-1 shard-2 --junit junit.xml',
    },
  ];

  async run(): Promise<unknown> {
    const { argv, flags } = await this.parse(Gate);
    const directories = argv as string[];
    const ledger = await withDecks(builtInLedger(), deckChoice(flags), directories);
    const loaded = await choosePolicy(ledger, flags);
    const { policy } = loaded;
    const summary = await summarizePaths(ledger, directories, policy);
    const lint = await lintDirectories(directories);
    const here = captureEnvironment();
    const result = gate(summary, policy, lint, here);
    if (flags.junit !== undefined) {
      await writeAtomically(flags.junit, renderReport(summary, 'junit', { policy, lint, here }).text);
    }
    const words = { log: (text: string) => this.log(text), options: stdoutOptions() };
    await announceGate(result, loaded, this.jsonEnabled() ? undefined : words);
    process.exitCode = exitCodeOf(summary, result);
    return gateAsJson(result, loaded);
  }
}
