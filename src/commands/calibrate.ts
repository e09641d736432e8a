import { Flags } from '@oclif/core';
import { withDecks } from '../app/decks/with-decks.js';
import { BaseCommand } from '../cli/base-command.js';
import { DECK_FLAGS, deckChoice } from '../cli/deck-flags.js';
import { chooseBackends } from '../app/run/choose-backends.js';
import { calibrate } from '../app/calibrate/calibrate.js';
import { calibrationDocument } from '../app/calibrate/calibration-text.js';
import { shown } from '../cli/shown.js';
import { dataChoice, SOURCE_FLAGS } from '../cli/data-flags.js';
import { resolveSources } from '../app/run/sources.js';
import { CnnbenchError } from '../core/errors.js';
import { PROFILES } from '../core/experiment.js';
import { cacheDirectory } from '../data/cache.js';
import { forkExecutor } from '../runner/parent/fork.js';
import { builtInLedger } from '../suites/built-in.js';

export default class Calibrate extends BaseCommand {
  static override summary = 'Measure the speed noise of this machine.';
  static override description =
    'Runs one cell many times in fresh processes, labelled A and B in the order ABBA although nothing differs, and reports the noise, the smallest change of speed that "compare" would detect here, and whether the machine is quiet enough to measure on. The result is saved for "compare". It takes a few minutes: let nothing else run.';
  static override flags = {
    ...SOURCE_FLAGS,
    ...DECK_FLAGS,
    backend: Flags.string({ char: 'b', default: 'wasm', helpValue: 'NAME', description: 'backend to calibrate' }),
    runs: Flags.integer({
      min: 7,
      max: 25,
      default: 8,
      helpValue: 'N',
      description: 'processes per side; fewer than 7 cannot reach p < 0.002',
    }),
    experiment: Flags.string({ char: 'e', default: 'mlp-1', helpValue: 'ID', description: 'experiment to train' }),
    profile: Flags.option({
      options: PROFILES,
      default: 'quick',
      description: 'how much to train; each process has to be timed for 3 s',
    })(),
    threads: Flags.integer({ min: 1, description: 'threads per backend, as in "run"' }),
    timeout: Flags.integer({ min: 1, default: 3600, helpValue: 'SECONDS', description: 'time limit of a process' }),
  };
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --backend cpu --experiment cnn-1 --runs 10 --json',
  ];

  async run(): Promise<unknown> {
    const { flags } = await this.parse(Calibrate);
    const signal = this.interruption('Nothing was saved. Run the same command again.');
    const stream = process.stderr;
    const ledger = await withDecks(builtInLedger(), deckChoice(flags));
    const experiment = ledger.training(flags.experiment);
    const [chosen, ...others] = await chooseBackends([flags.backend], signal);
    if (chosen === undefined || others.length > 0) {
      throw new CnnbenchError('E_USAGE', `"${flags.backend}" is not one backend`, 'Name one with --backend.');
    }
    const needingData = chosen.name === 'fake' ? [] : [experiment];
    const calibrated = await calibrate({
      experiment,
      profile: flags.profile,
      backend: chosen.name,
      software: chosen.software,
      threads: flags.threads,
      perSide: flags.runs,
      timeoutMs: flags.timeout * 1000,
      sources: await resolveSources(ledger, needingData, { ...dataChoice(flags), stream, signal }),
      cacheDir: cacheDirectory(process.env),
      execute: forkExecutor,
      stream,
      signal,
    });
    this.log(shown(calibrationDocument(calibrated)));
    stream.write(`Saved for compare: ${calibrated.path}\n`);
    return calibrated;
  }
}
