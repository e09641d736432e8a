import type { Summary, TimeToTarget } from '../../core/summary.js';
import { speedRows, type SpeedRow } from '../../stats/speeds.js';
import { ABSENT, digits, number, percentage, speed, text } from '../cells.js';
import { section, table, type Block, type Cell, type ColumnOf } from '../document.js';
import { durationInWords } from '../words.js';
import { speedCaption, TIME_TO_TARGET_CAPTION } from './captions.js';
import { backendColumn, dataColumn, experimentColumn, profileColumn } from './columns.js';

const SPEED_COLUMNS: readonly ColumnOf<SpeedRow>[] = [
  experimentColumn,
  profileColumn,
  dataColumn,
  backendColumn,
  { head: 'batch', align: 'right', cell: ({ batchSize }) => digits(batchSize, String(batchSize), 'images') },
  { head: 'cells', align: 'right', cell: ({ cells }) => number(cells, 'cells') },
  { head: 'images/s', align: 'right', cell: ({ imagesPerSecond, interval }) => speed(imagesPerSecond, interval) },
];

/** Training speeds; nothing where none were measured. */
export function speedTable(summary: Summary): readonly Block[] {
  return table(SPEED_COLUMNS, speedRows(summary), { caption: speedCaption(summary.machines !== undefined) });
}

/** How soon the printed accuracies are reached; nothing where none may be judged. */
export function timeToTargetTable({
  timesToTarget,
  cells,
}: Pick<Summary, 'timesToTarget' | 'cells'>): readonly Block[] {
  const datasetOf = ({ experiment, backend }: TimeToTarget) =>
    cells.find(
      (cell) => cell.experiment === experiment && cell.backend === backend && cell.profile === 'full' && cell.dataset,
    )?.dataset;
  const columns: readonly ColumnOf<TimeToTarget>[] = [
    experimentColumn,
    { ...dataColumn, cell: (row) => dataColumn.cell({ dataset: datasetOf(row) }) },
    backendColumn,
    { head: 'target', align: 'right', cell: ({ target }) => percentage(target) },
    { head: 'reached', align: 'right', cell: ({ reached, seeds }) => text(`${reached} of ${seeds}`) },
    {
      head: 'epoch',
      align: 'right',
      cell: ({ epoch }) => spreadCell(epoch, 'epochs', (value) => String(Math.ceil(value))),
    },
    { head: 'training', align: 'right', cell: ({ seconds }) => spreadCell(seconds, 's', durationInWords) },
  ];
  return table(columns, timesToTarget, {
    caption: TIME_TO_TARGET_CAPTION,
    rowOf: ({ claim }) => ({ label: claim }),
  });
}

export function speedSections(summary: Summary): readonly Block[] {
  return [...section('Training speed', speedTable(summary)), ...section('Time to target', timeToTargetTable(summary))];
}

/** `6 (5 to 8)`, `6 (5 or more)`; a dash where half of the seeds never got there. */
function spreadCell(spread: TimeToTarget['epoch'], unit: string, inWords: (value: number) => string): Cell {
  if (spread === undefined) return ABSENT;
  const { median, low, high } = spread;
  const range = high === undefined ? `${inWords(low)} or more` : `${inWords(low)} to ${inWords(high)}`;
  const words = low === high ? inWords(median) : `${inWords(median)} (${range})`;
  return { kind: 'estimate', value: median, unit, interval: { low, high: high ?? Infinity, level: 0.95 }, text: words };
}
