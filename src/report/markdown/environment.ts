import { grouped } from '../../core/grouped.js';
import type { Summary } from '../../core/summary.js';
import { markdown, markdownCode } from '../escape.js';
import { markdownTable } from '../markdown-table.js';
import { cnnbenchInWords, deviceInWords, durationInWords, numberInWords, versionInWords } from '../words.js';

export function environmentSection({ environment, backends, cells }: Summary): readonly string[] {
  const seconds = cells.reduce((sum, cell) => sum + cell.seconds, 0);
  const machine = markdownTable(
    ['', ''],
    [
      ['cnnbench', markdown(cnnbenchInWords(environment))],
      ['Node.js', markdown(environment.node)],
      ['system', markdown(`${environment.platform} ${environment.arch}`)],
      ['processor', markdown(`${environment.cpu}, ${environment.cores} cores`)],
      ['memory', `${numberInWords(environment.memory / 2 ** 30)} GiB`],
      ['time in cells', durationInWords(seconds)],
    ],
  );
  return ['## Environment', machine, ...backendAndDataTables({ backends, cells })];
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
