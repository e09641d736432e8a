import { cnnbenchInWords } from '../../core/build.js';
import { grouped } from '../../core/grouped.js';
import type { Environment } from '../../core/record.js';
import type { Summary, SummaryCell } from '../../core/summary.js';
import { code, duration, number, percentage, text, textOr } from '../cells.js';
import { section, table, type Block, type ColumnOf } from '../document.js';
import { deviceInWords, numberInWords, versionInWords } from '../words.js';
import { backendColumn, dataColumn, experimentColumn, on, profileColumn } from './columns.js';

/** What the cells were run on. */
export function environmentSection(summary: Summary): readonly Block[] {
  const { environment, machines = [environment], builds, cells } = summary;
  const secondsOf = (index: number) =>
    cells.reduce((sum, { machine = 1, seconds }) => sum + (machine === index + 1 ? seconds : 0), 0);
  const rows = machines.map((machine, index) => ({ machine, name: String(index + 1), seconds: secondsOf(index) }));
  type Machine = (typeof rows)[number];
  const columns: readonly ColumnOf<Machine>[] = [
    ...(machines.length === 1 ? [] : [{ head: 'machine', cell: ({ name }: Machine) => text(name) }]),
    // A machine may have had several builds; which there are, the notes say.
    ...MACHINE_COLUMNS.filter(({ head }) => builds === undefined || head !== BUILD).map((column) =>
      on(column, ({ machine }: Machine) => machine),
    ),
    { head: 'time in cells', align: 'right', cell: ({ seconds }) => duration(seconds) },
  ];
  return section('Environment', [...table(columns, rows), ...backendAndDataTables(summary)]);
}

const BUILD = 'cnnbench';

/** A machine, and the program on it. */
export const MACHINE_COLUMNS: readonly ColumnOf<Environment>[] = [
  { head: BUILD, cell: (environment) => text(cnnbenchInWords(environment)) },
  { head: 'Node.js', cell: ({ node }) => text(node) },
  { head: 'system', cell: ({ platform, arch }) => text(`${platform} ${arch}`) },
  { head: 'processor', cell: ({ cpu, cores }) => text(`${cpu}, ${cores} cores`) },
  { head: 'memory', cell: ({ memory }) => text(`${numberInWords(memory / 2 ** 30)} GiB`) },
];

const BACKEND_COLUMNS: readonly ColumnOf<Summary['backends'][number]>[] = [
  { head: 'backend', cell: ({ name }) => text(name) },
  { head: 'version', cell: (backend) => text(versionInWords(backend)) },
  { head: 'device', cell: (backend) => text(deviceInWords(backend)) },
  { head: 'threads', align: 'right', cell: ({ threads }) => number(threads) },
  { head: 'variant', cell: ({ variant }) => text(variant) },
  { head: 'own kernels', optional: true, cell: ({ ownKernels }) => textOr(ownKernels.join(', ')) },
];

/** What computed, and on which files. */
export function backendAndDataTables({ backends, cells }: Pick<Summary, 'backends' | 'cells'>): readonly Block[] {
  const datasets = grouped(
    cells.flatMap(({ dataset }) => dataset ?? []),
    ({ fingerprint }) => [fingerprint],
  ).map(([dataset]) => dataset);
  type Dataset = (typeof datasets)[number];
  const columns: readonly ColumnOf<Dataset>[] = [
    { head: 'data', cell: ({ name }) => text(name) },
    { head: 'provenance', cell: ({ provenance }) => text(provenance) },
    { head: 'fingerprint (SHA-256)', cell: ({ fingerprint }) => code(fingerprint) },
  ];
  return [...table(BACKEND_COLUMNS, backends), ...table(columns, datasets)];
}

const SEED_COLUMNS: readonly ColumnOf<SummaryCell>[] = [
  experimentColumn,
  { ...dataColumn, cell: ({ dataset }) => dataColumn.cell({ dataset }) },
  { ...backendColumn, cell: ({ backend }) => text(backend) },
  profileColumn,
  { head: 'seed', align: 'right', cell: ({ seed }) => number(seed) },
  { head: 'epochs', align: 'right', cell: ({ epochs }) => number(epochs) },
  { head: 'training images', align: 'right', cell: ({ trainImages }) => number(trainImages, 'images') },
  { head: 'test images', align: 'right', cell: ({ testImages }) => number(testImages, 'images') },
  { head: 'batch', align: 'right', cell: ({ batchSize }) => textOr(batchSize?.toString()) },
  { head: 'test accuracy', align: 'right', cell: ({ testAccuracy }) => percentage(testAccuracy) },
  { head: 'weights (SHA-256)', cell: ({ weightsSha256 = '' }) => code(weightsSha256.slice(0, 16)) },
];

/** Every cell that was trained. */
export function seedSection({ cells }: Pick<Summary, 'cells'>): readonly Block[] {
  const trained = cells.filter(({ testAccuracy }) => testAccuracy !== undefined);
  return section(`Every cell that was trained: ${trained.length}`, table(SEED_COLUMNS, trained), { detail: true });
}
