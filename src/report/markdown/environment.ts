import { grouped } from '../../core/grouped.js';
import { cnnbenchInWords } from '../../core/build.js';
import type { Environment } from '../../core/record.js';
import type { Summary } from '../../core/summary.js';
import { markdown, markdownCode } from '../escape.js';
import { markdownTable } from '../markdown-table.js';
import { deviceInWords, durationInWords, numberInWords, versionInWords } from '../words.js';

export function environmentSection(summary: Summary): readonly string[] {
  const { environment, machines = [environment], builds, backends, cells } = summary;
  const row = (name: string, fact: (machine: Environment) => string) => [name, ...machines.map(fact)];
  const secondsOf = (index: number) =>
    cells.reduce((sum, { machine = 1, seconds }) => sum + (machine === index + 1 ? seconds : 0), 0);
  const table = markdownTable(
    ['', ...machines.map((_, index) => (machines.length === 1 ? '' : `machine ${index + 1}`))],
    [
      // A machine may have had several builds; which there are, the notes say.
      ...(builds === undefined ? [row('cnnbench', (machine) => markdown(cnnbenchInWords(machine)))] : []),
      row('Node.js', ({ node }) => markdown(node)),
      row('system', ({ platform, arch }) => markdown(`${platform} ${arch}`)),
      row('processor', ({ cpu, cores }) => markdown(`${cpu}, ${cores} cores`)),
      row('memory', ({ memory }) => `${numberInWords(memory / 2 ** 30)} GiB`),
      ['time in cells', ...machines.map((_, index) => durationInWords(secondsOf(index)))],
    ],
  );
  return ['## Environment', table, ...backendAndDataTables({ backends, cells })];
}

/** What computed, and on which files; without the tables that would be empty. */
export function backendAndDataTables({ backends, cells }: Pick<Summary, 'backends' | 'cells'>): readonly string[] {
  const table = markdownTable(
    ['backend', 'version', 'device', 'threads', 'variant', 'own kernels'],
    backends.map((backend) => [
      backend.name,
      markdown(versionInWords(backend)),
      markdown(deviceInWords(backend)),
      String(backend.threads),
      markdown(backend.variant),
      markdown(backend.ownKernels.join(', ')),
    ]),
  );
  const data = grouped(
    cells.flatMap(({ dataset }) => dataset ?? []),
    ({ fingerprint }) => [fingerprint],
  ).map(([dataset]) => dataset);
  const files = markdownTable(
    ['data', 'provenance', 'fingerprint (SHA-256)'],
    data.map(({ name, provenance, fingerprint }) => [name, provenance, markdownCode(fingerprint)]),
  );
  return [...(backends.length === 0 ? [] : [table]), ...(data.length === 0 ? [] : [files])];
}
