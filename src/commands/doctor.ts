import { Flags } from '@oclif/core';
import { REGISTERED_BACKENDS } from '../backends/registry.js';
import { namedBackends } from '../app/run/choose-backends.js';
import { BaseCommand } from '../cli/base-command.js';
import { shown } from '../cli/shown.js';
import { doctorDocument, doctorExitCode, type Diagnosis } from '../app/doctor/doctor.js';
import { CLEAR_LINE } from '../app/terminal.js';
import type { Environment } from '../core/record.js';
import type { Ledger } from '../ledger/ledger.js';
import { captureEnvironment } from '../records/environment.js';
import { probeBackend, type ProbeResult } from '../runner/parent/probe-backend.js';
import { builtInLedger } from '../suites/built-in.js';

export default class Doctor extends BaseCommand {
  static override summary = 'Show which backends work on this machine, and how to fix the others.';
  static override description =
    'Starts each backend in its own process, multiplies matrices and checks which suites it can train. Exits with 3 if none works; js counts only if it is named.';
  static override flags = {
    backend: Flags.string({
      char: 'b',
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'NAME',
      description: 'only this backend (repeatable, or comma-separated)',
    }),
  };
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    { description: 'why does cpu not work?', command: '<%= config.bin %> <%= command.id %> -b cpu' },
    '<%= config.bin %> <%= command.id %> --json',
  ];

  async run(): Promise<{ environment: Environment; backends: readonly ProbeResult[] }> {
    const { flags } = await this.parse(Doctor);
    const signal = this.interruption();
    const named = namedBackends(flags.backend);
    const trained = trainedSuites(builtInLedger());
    const diagnoses: Diagnosis[] = [];
    for (const name of named.length > 0 ? named : REGISTERED_BACKENDS.map((backend) => backend.name)) {
      const { stderr } = process;
      stderr.write(stderr.isTTY ? `${CLEAR_LINE}starting ${name}` : `starting ${name}\n`);
      const title = REGISTERED_BACKENDS.find((backend) => backend.name === name)?.title ?? 'scripted, for tests';
      diagnoses.push({ title, probe: await probeBackend(name, signal, trained) });
      if (stderr.isTTY) stderr.write(CLEAR_LINE);
    }

    const environment = captureEnvironment();
    const suites = trained.map(({ suite }) => suite);
    this.log(shown(doctorDocument(environment, diagnoses, suites)));
    const backends = diagnoses.map(({ probe }) => probe);
    process.exitCode = doctorExitCode(backends, named.length > 0);
    return { environment, backends };
  }
}

/** Suites that train, and what. */
function trainedSuites({ suites, experiments }: Ledger) {
  const modelsOf = (suite: string) =>
    experiments.flatMap((it) => (it.kind === 'training' && it.suite === suite ? [it.model] : []));
  return suites.map((suite) => ({ suite, models: modelsOf(suite) })).filter(({ models }) => models.length > 0);
}
