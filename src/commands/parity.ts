import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Flags } from '@oclif/core';
import { BaseCommand } from '../cli/base-command.js';
import { dataChoice, SOURCE_FLAGS } from '../cli/data-flags.js';
import { trainedAccuracy } from '../app/parity/accuracy.js';
import { chooseParityBackends } from '../app/parity/choose-parity-backends.js';
import { parityCost } from '../app/parity/estimate-parity.js';
import { parityProgress } from '../app/parity/parity-progress.js';
import { parityTable, summarizeParity } from '../app/parity/parity-table.js';
import { chooseSubjects } from '../app/parity/subjects.js';
import { resolveSources } from '../app/run/sources.js';
import { climb, ORACLE } from '../parity/ladder.js';
import { PROBLEMS } from '../parity/problems/index.js';
import { RUNGS } from '../parity/task.js';
import { dataLabel } from '../report/words.js';
import { readGolden } from '../records/golden.js';
import { forkParity } from '../runner/parent/fork-parity.js';
import { probeBackend } from '../runner/parent/probe-backend.js';
import { builtInLedger } from '../suites/built-in.js';

export default class Parity extends BaseCommand {
  static override summary =
    'Hold backends against the oracle js, step by step, and name the first op or layer that diverges.';
  static override description = `The same weights and the same images on js and on each backend: every op that the suites use, each layer and the loss, the
gradients from the last layer to the first, ten optimizer steps, and the accuracy of the profile smoke. For networks with
convolutions a narrow twin stands, with an eighth of the filters. On the rung golden each backend, js too, takes steps
that PyTorch took. Exits with 1 when something diverges. docs/parity.md explains the bounds.`;
  static override flags = {
    ...SOURCE_FLAGS,
    backend: Flags.string({
      char: 'b',
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'NAME',
      description: 'backend, repeatable or as comma list (default: every one that works here except js)',
    }),
    experiment: Flags.string({
      char: 'e',
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'NAME',
      description: 'what is trained: an experiment, a suite or a pattern (default: one for each model)',
    }),
    rung: Flags.option({
      options: RUNGS,
      multiple: true,
      multipleNonGreedy: true,
      description: 'climb these rungs only, repeatable',
    })(),
    seed: Flags.integer({
      min: 0,
      default: 1,
      description: 'of the inputs of the ops, the weights and the order of images; the rung golden has its own',
    }),
    'keep-going': Flags.boolean({ description: 'climb on after a rung that diverged' }),
    timeout: Flags.integer({ min: 1, default: 900, helpValue: 'SECONDS', description: 'longest a process may take' }),
  };
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    { description: 'which op is it?', command: '<%= config.bin %> <%= command.id %> --backend webgpu --rung ops' },
    { description: 'another draw', command: '<%= config.bin %> <%= command.id %> -b wasm -e mlp-4 --seed 7 --json' },
  ];

  async run(): Promise<unknown> {
    const { flags } = await this.parse(Parity);
    const signal = this.interruption();
    const stream = process.stderr;
    const timeoutMs = flags.timeout * 1000;
    const ledger = builtInLedger();
    const subjects = chooseSubjects(ledger.experiments, flags.experiment);
    const rungs = RUNGS.filter((rung) => flags.rung?.includes(rung) ?? true);
    const chosen = await chooseParityBackends(flags.backend, stream, signal);
    const backends = chosen.map(({ name }) => name);
    const descriptions = new Map(chosen.map(({ name, description }) => [name, description]));
    if (rungs.includes('golden') && !descriptions.has(ORACLE)) {
      const probe = await probeBackend(ORACLE, signal);
      if (probe.works) descriptions.set(ORACLE, probe.description);
    }
    const trained = rungs.some((rung) => rung !== 'ops' && rung !== 'golden')
      ? subjects.map(({ experiment }) => experiment)
      : [];
    const software = new Set(chosen.filter((backend) => backend.software).map(({ name }) => name));
    const jobs = availableParallelism();
    const { allowDownload } = dataChoice(flags);
    stream.write(`${parityCost({ ledger, backends, software, subjects, rungs, jobs, allowDownload })}\n`);
    const sources = await resolveSources(ledger, trained, {
      ...dataChoice(flags),
      stream,
      signal,
    });

    const folder = await mkdtemp(join(tmpdir(), 'cnnbench-parity-'));
    try {
      const results = await climb({
        trajectories: ledger.trajectories,
        ...{ backends, subjects, rungs, problems: PROBLEMS, seed: flags.seed },
        keepGoing: flags['keep-going'],
        jobs,
        compute: forkParity({
          ...{ folder, timeoutMs, signal },
          sourceOf: (task) => (task.kind === 'training' ? sources.get(task.experiment.dataset) : undefined),
        }),
        readReference: readGolden,
        accuracyOf: trainedAccuracy({
          ...{ software, seed: flags.seed, timeoutMs, signal },
          sources,
        }),
        observer: parityProgress(stream),
      });
      const climbed = [...new Set([...results.map(({ backend }) => backend), ...backends])];
      const parities = climbed.map((backend) => summarizeParity(backend, descriptions.get(backend), results));
      const data = [...sources.values()].map(({ identity }) => identity);
      this.log(parities.map(parityTable).join('\n\n'));
      const images = data.length === 0 ? '' : ` Images: ${data.map(dataLabel).join(', ')}.`;
      const isAllGolden = rungs.every((rung) => rung === 'golden');
      this.log(isAllGolden ? '\nSeeds and drawn images as PyTorch had them.' : `\nSeed ${flags.seed}.${images}`);
      if (parities.some(({ verdict }) => verdict === 'diverges' || verdict === 'crashed')) process.exitCode = 1;
      return { oracle: ORACLE, seed: flags.seed, data, backends: parities };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}
