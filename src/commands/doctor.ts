import { REGISTERED_BACKENDS } from '../backends/registry.js';
import { BaseCommand } from '../cli/base-command.js';
import { plainTable } from '../cli/table.js';
import { captureEnvironment } from '../records/environment.js';
import type { MissingKernels } from '../runner/protocol.js';
import { probeBackend, type ProbeResult } from '../runner/probe-backend.js';

export default class Doctor extends BaseCommand {
  static override summary = 'Say which backends work here, and if one does not, why and what to do.';
  static override description =
    'Starts every backend in a process of its own and multiplies two matrices on it. Exits with 3 when none works.';
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --json'];

  async run(): Promise<unknown> {
    await this.parse(Doctor);
    const signal = this.interruption();
    const environment = captureEnvironment();
    const backends: ProbeResult[] = [];
    for (const { name } of REGISTERED_BACKENDS) backends.push(await probeBackend(name, signal));

    const { cpu, cores, memory, node, platform, arch, cnnbench } = environment;
    this.log(
      `cnnbench ${cnnbench}, Node ${node}, ${platform} ${arch}, ${cores} x ${cpu}, ${(memory / 2 ** 30).toFixed(0)} GiB\n`,
    );
    const head = ['backend', 'works', 'version', 'variant', 'threads', 'device', 'GFLOP/s', 'own kernels'];
    this.log(plainTable(head, backends.map(row), ['threads', 'GFLOP/s']));
    for (const backend of backends) {
      if (!backend.works) this.log(`\n${backend.name}: ${backend.reason}\n  ${backend.remedy}`);
      else for (const missing of backend.missingKernels) this.log(`\n${untrainable(backend.name, missing)}`);
    }
    if (!backends.some((backend) => backend.works)) process.exitCode = 3;
    return { environment, backends };
  }
}

function untrainable(backend: string, { suite, kernels }: MissingKernels): string {
  return `${backend} cannot train the suite ${suite}: it has no kernel ${kernels.join(', ')}`;
}

function row(probe: ProbeResult): (string | number)[] {
  if (!probe.works) return [probe.name, 'no', '', '', '', '', '', ''];
  const { version, variant, threads, device, ownKernels } = probe.description;
  return [
    probe.name,
    'yes',
    version,
    variant,
    threads,
    device,
    probe.gigaflops.toFixed(1),
    ownKernels.join(', ') || '-',
  ];
}
