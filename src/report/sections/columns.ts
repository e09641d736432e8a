import type { ClaimVerdict } from '../../core/summary.js';
import { ABSENT, code, printed, text, textOr, verdictCell } from '../cells.js';
import type { ColumnOf } from '../document.js';
import { backendInWords, dataLabel, type SummaryDataset } from '../words.js';

/** Columns that several tables have: one head for one thing. */

/** A column of something that a row has. */
export function on<T, U>(column: ColumnOf<T>, pick: (row: U) => T): ColumnOf<U> {
  return { ...column, cell: (row) => column.cell(pick(row)) };
}

export const experimentColumn: ColumnOf<{ readonly experiment: string }> = {
  head: 'experiment',
  cell: ({ experiment }) => code(experiment),
};

export const profileColumn: ColumnOf<{ readonly profile: string }> = {
  head: 'profile',
  shared: true,
  cell: ({ profile }) => text(profile),
};

export const backendColumn: ColumnOf<{
  readonly backend: string;
  readonly software?: boolean;
  readonly machine?: number | undefined;
}> = { head: 'backend', shared: true, cell: (row) => text(backendInWords({ software: false, ...row })) };

/** What is not the official data set says so wherever its name stands. */
export const dataColumn: ColumnOf<{ readonly dataset: SummaryDataset | undefined }> = {
  head: 'data',
  cell: ({ dataset }) =>
    dataset === undefined
      ? ABSENT
      : {
          ...text(dataLabel(dataset), dataset.standIn ? 'warn' : undefined),
          ...(dataset.standIn && { kind: 'text', style: 'strong' }),
        },
};

export const claimColumn: ColumnOf<Pick<ClaimVerdict, 'id' | 'statement'>> = {
  head: 'claim',
  cell: ({ id, statement }) => ({ kind: 'claim', id, text: statement }),
};

export const printedColumn: ColumnOf<Pick<ClaimVerdict, 'kind' | 'printed'>> = {
  head: 'printed',
  align: 'right',
  cell: printed,
};

export const claimBackendColumn: ColumnOf<Pick<ClaimVerdict, 'backend'>> = {
  head: 'backend',
  shared: true,
  cell: ({ backend }) => textOr(backend),
};

export const verdictColumn: ColumnOf<Pick<ClaimVerdict, 'verdict'>> = {
  head: 'verdict',
  cell: ({ verdict }) => verdictCell(verdict),
};
