import { Args, Flags } from '@oclif/core';
import { withDecks } from '../app/decks/with-decks.js';
import { BaseCommand } from '../cli/base-command.js';
import { DECK_FLAGS, deckChoice } from '../cli/deck-flags.js';
import { chooseBackends } from '../app/run/choose-backends.js';
import { dataChoice, SOURCE_FLAGS } from '../cli/data-flags.js';
import { exportGolden, exportWeights, type ExportedFile } from '../app/export/export-weights.js';
import type { BackendName } from '../core/cell.js';
import { CnnbenchError } from '../core/errors.js';
import { PROFILES } from '../core/experiment.js';
import { builtInLedger } from '../suites/built-in.js';

const LEDGER = builtInLedger();

const WEEK_SECONDS = 7 * 24 * 3600;

export default class Export extends BaseCommand {
  static override summary = 'Write the weights of an experiment as safetensors, for PyTorch and others.';
  static override description =
    'Initial weights are the same on every backend. Trained weights have the weightsSha256 of the record that "run" writes. docs/export.md has the layout, and code that loads it into PyTorch.';
  static override args = {
    experiment: Args.string({ required: true, description: 'experiment with weights' }),
  };
  static override flags = {
    ...SOURCE_FLAGS,
    ...DECK_FLAGS,
    seed: Flags.integer({ min: 0, default: 1, description: 'seed of the weights and the batch order' }),
    format: Flags.option({
      options: ['safetensors'] as const,
      default: 'safetensors' as const,
      description: 'file format',
    })(),
    out: Flags.string({ helpValue: 'FILE', description: 'output file (default: named after its contents)' }),
    trained: Flags.boolean({ description: 'train first, and write the final weights' }),
    backend: Flags.string({
      char: 'b',
      helpValue: 'NAME',
      dependsOn: ['trained'],
      description: 'backend to train on (default: wasm)',
    }),
    profile: Flags.option({
      options: PROFILES,
      default: 'quick',
      description: 'how much to train, and the batch size',
    })(),
    batches: Flags.integer({
      min: 0,
      default: 0,
      helpValue: 'K',
      description: 'also write the first K training batches',
    }),
    golden: Flags.boolean({
      exclusive: ['trained', 'batches', 'seed', 'profile'],
      description: `write the start and batches of a golden trajectory: ${LEDGER.trajectories.map(({ experiment }) => experiment.id).join(', ')}`,
    }),
    threads: Flags.integer({ min: 1, dependsOn: ['trained'], description: 'threads per backend' }),
    timeout: Flags.integer({
      min: 1,
      helpValue: 'SECONDS',
      dependsOn: ['trained'],
      description: 'time limit of the training (default: a week)',
    }),
  };
  static override examples = [
    '<%= config.bin %> <%= command.id %> mlp-4 --seed 1',
    {
      description: 'what another framework needs for the same first 20 steps',
      command: '<%= config.bin %> <%= command.id %> cnn-2 --profile quick --batches 20 --out cnn-2.safetensors',
    },
    {
      description: 'train, and write the final weights',
      command: '<%= config.bin %> <%= command.id %> mlp-1 --trained --backend wasm --profile full',
    },
  ];

  async run(): Promise<ExportedFile> {
    const { args, flags } = await this.parse(Export);
    const signal = this.interruption();
    const file = flags.golden
      ? await exportGolden(LEDGER.trajectory(args.experiment), flags.out, signal)
      : await exportWeights(await withDecks(LEDGER, deckChoice(flags)), {
          experiment: args.experiment,
          seed: flags.seed,
          profile: flags.profile,
          out: flags.out,
          batches: flags.batches,
          ...(flags.trained && {
            trained: {
              backend: await chooseBackend(flags.backend ?? 'wasm', signal),
              threads: flags.threads,
              timeoutMs: (flags.timeout ?? WEEK_SECONDS) * 1000,
            },
          }),
          data: dataChoice(flags),
          stream: process.stderr,
          signal,
        });
    this.log(`${file.path}\nweights SHA-256 ${file.metadata['weightsSha256'] ?? ''}`);
    return file;
  }
}

async function chooseBackend(word: string, signal: AbortSignal): Promise<BackendName> {
  const [backend, ...others] = await chooseBackends([word], signal);
  if (backend !== undefined && backend.name !== 'fake' && others.length === 0) return backend.name;
  throw new CnnbenchError(
    'E_USAGE',
    `"${word}" is not a single backend that trains`,
    'Name one backend with --backend.',
  );
}
