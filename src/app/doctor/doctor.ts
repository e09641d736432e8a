import { plain } from '../../report/escape.js';
import { wrap } from '../../report/text/wrap.js';
import type { ProbeResult } from '../../runner/parent/probe-backend.js';
import { plainTable } from '../table.js';

/** A backend's probe with what is known about it beforehand. */
export interface Diagnosis {
  readonly probe: ProbeResult;
  /** What the backend is, in one line. */
  readonly title: string;
}

const HEAD = ['backend', 'works', 'version', 'variant', 'threads', 'GFLOP/s', 'trains', 'device'];
const LONGEST_VARIANT = 16;
const SHORTEST_DEVICE = 12;
const LABEL = 16;

/**
 * 0 where a backend works that `run` measures, else 3. `js` is the oracle: it works everywhere and counts only where it
 * was asked for by name.
 */
export function doctorExitCode(probes: readonly ProbeResult[], named: boolean): 0 | 3 {
  return probes.some(({ works, name }) => works && (named || name !== 'js')) ? 0 : 3;
}

/**
 * The table of `doctor`, and below it, backend by backend, what does not fit into it: names in full, kernels, reasons.
 *
 * @param suites those that are trained
 * @param width columns of the terminal
 */
export function renderDiagnoses(diagnoses: readonly Diagnosis[], suites: readonly string[], width: number): string {
  const rows = diagnoses.map(({ probe }) => row(probe, suites));
  const others = HEAD.slice(0, -1).map((head, column) =>
    Math.max(head.length, ...rows.map((it) => lengthOf(it[column]))),
  );
  const deviceWidth = Math.max(SHORTEST_DEVICE, width - others.reduce((sum, each) => sum + each + 2, 0));
  const cut = rows.map((cells) => [...cells.slice(0, -1), shorten(cells.at(-1) ?? '', deviceWidth)]);
  return [
    plainTable(HEAD, cut, ['threads', 'GFLOP/s']),
    wrap('GFLOP/s: float32 matrix product, 256x256 to 4096x4096, doubled until one takes 50 ms.', width).join('\n'),
    ...diagnoses.map((diagnosis) => details(diagnosis, width)),
  ].join('\n\n');
}

function row(probe: ProbeResult, suites: readonly string[]): string[] {
  if (!probe.works) return [probe.name, 'no', '', '', '', '', '', ''];
  const { version, variant, threads, device, software } = probe.description;
  const { gigaflops = NaN } = probe;
  const missing = probe.missingKernels.map(({ suite }) => suite);
  return [
    probe.name,
    'yes',
    plain(version),
    shorten(plain(variant), LONGEST_VARIANT),
    String(threads),
    gigaflops.toFixed(gigaflops < 10 ? 1 : 0),
    suites.filter((suite) => !missing.includes(suite)).join(', ') || '-',
    `${software === true ? '(software) ' : ''}${plain(device)}`,
  ];
}

function details({ probe, title }: Diagnosis, width: number): string {
  const head = wrap(`${probe.name}: ${title}`, width);
  const facts = probe.works ? factsOf(probe) : { 'does not work': probe.reason, 'what to do': probe.remedy };
  const lines = Object.entries(facts).flatMap(([label, text]) => {
    const [first = '', ...rest] = wrap(plain(text), Math.max(20, width - LABEL - 4));
    return [`  ${label.padEnd(LABEL)}  ${first}`, ...rest.map((line) => ' '.repeat(LABEL + 4) + line)];
  });
  return [...head, ...lines].join('\n');
}

function factsOf({ description, missingKernels }: Extract<ProbeResult, { works: true }>): Record<string, string> {
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

function lengthOf(cell: string | undefined): number {
  return cell?.length ?? 0;
}

function shorten(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 1)}…` : text;
}
