import type { Environment } from '../../core/record.js';
import { digits, number, text } from '../../report/cells.js';
import { section, table, type Block, type Cell, type ColumnOf, type Document } from '../../report/document.js';
import type { ProbeResult } from '../../runner/parent/probe-backend.js';

/** A backend's probe with what is known about it beforehand. */
export interface Diagnosis {
  readonly probe: ProbeResult;
  /** What the backend is, in one line. */
  readonly title: string;
}

/**
 * 0 where a backend works that `run` measures, else 3. `js` is the oracle: it works everywhere and counts only where it
 * was asked for by name.
 */
export function doctorExitCode(probes: readonly ProbeResult[], named: boolean): 0 | 3 {
  return probes.some(({ works, name }) => works && (named || name !== 'js')) ? 0 : 3;
}

/**
 * What `doctor` found: a table, and below it, backend by backend, what does not fit into it: names in full, kernels, reasons.
 *
 * @param suites those that are trained
 */
export function doctorDocument(
  { cnnbench, node, platform, arch, cores, cpu, memory }: Environment,
  diagnoses: readonly Diagnosis[],
  suites: readonly string[],
): Document {
  const probes = diagnoses.map(({ probe }) => probe);
  const caption = 'GFLOP/s: float32 matrix product, 256x256 to 4096x4096, doubled until one takes 50 ms.';
  return {
    title: `cnnbench ${cnnbench}, Node ${node}, ${platform} ${arch}, ${cores} x ${cpu}, ${(memory / 2 ** 30).toFixed(0)} GiB`,
    blocks: [
      ...table(columnsFor(suites), probes, { footnotes: [caption] }),
      ...diagnoses.flatMap(({ probe, title }) => section(`${probe.name}: ${title}`, factTable(probe))),
    ],
  };
}

function columnsFor(suites: readonly string[]): readonly ColumnOf<ProbeResult>[] {
  const ofWorking = (head: string, cell: (probe: Working) => Cell, align?: 'right'): ColumnOf<ProbeResult> => ({
    ...{ head, align },
    cell: (probe) => (probe.works ? cell(probe) : text('')),
  });
  return [
    { head: 'backend', cell: ({ name }) => text(name) },
    { head: 'works', cell: ({ works }) => text(works ? 'yes' : 'no', works ? 'good' : 'bad') },
    ofWorking('version', ({ description }) => text(description.version)),
    ofWorking('variant', ({ description }) => text(description.variant)),
    ofWorking('threads', ({ description }) => number(description.threads), 'right'),
    ofWorking(
      'GFLOP/s',
      ({ gigaflops = NaN }) => digits(gigaflops, gigaflops.toFixed(gigaflops < 10 ? 1 : 0)),
      'right',
    ),
    ofWorking('trains', ({ missingKernels }) => {
      const missing = missingKernels.map(({ suite }) => suite);
      return text(suites.filter((suite) => !missing.includes(suite)).join(', ') || '-');
    }),
    ofWorking('device', ({ description: { device, software } }) =>
      text(`${software === true ? '(software) ' : ''}${device}`),
    ),
  ];
}

type Working = Extract<ProbeResult, { works: true }>;

function factTable(probe: ProbeResult): readonly Block[] {
  const facts = probe.works ? factsOf(probe) : { 'does not work': probe.reason, 'what to do': probe.remedy };
  const columns: readonly ColumnOf<readonly [string, string]>[] = [
    { head: '', cell: ([name]) => text(name) },
    { head: '', cell: ([, words]) => text(words) },
  ];
  return table(columns, Object.entries(facts));
}

function factsOf({ description, missingKernels }: Working): Record<string, string> {
  const { device, library, driver, software, ownKernels } = description;
  return {
    device: software === true ? `${device}; software rendering, its speed says nothing about a GPU` : device,
    ...(library !== undefined && { library }),
    ...(driver !== undefined && { driver }),
    ...(ownKernels.length > 0 && { 'own kernels': ownKernels.join(', ') }),
    ...Object.fromEntries(missingKernels.map(({ suite, kernels }) => [`cannot train ${suite}`, kernelText(kernels)])),
  };
}

function kernelText(kernels: readonly string[]): string {
  return `no kernel ${kernels.join(', ')}`;
}
