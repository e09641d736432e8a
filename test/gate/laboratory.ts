import type { ActiveBackend } from '../../src/backends/backend.js';
import { wasmBackend } from '../../src/backends/wasm/index.js';
import { summarizeRecords } from '../../src/app/summarize-runs.js';
import type { Dataset } from '../../src/core/dataset.js';
import type { CellRecord } from '../../src/core/record.js';
import { recordSchema, SCHEMA_VERSION } from '../../src/core/record.js';
import { loadDataset } from '../../src/data/load.js';
import { CATALOG } from '../../src/data/catalog.js';
import { resolveDataset } from '../../src/data/resolve.js';
import { gate, type GateResult } from '../../src/stats/gate/gate.js';
import { lintRecords } from '../../src/stats/gate/lint.js';
import { recipeDigest } from '../../src/ledger/recipe.js';
import { batchSizeOf, train } from '../../src/train/train.js';
import { ENVIRONMENT } from '../fixtures/records/build.js';
import type { Mutant } from './mutants.js';
import { LEDGER } from '../fixtures/ledger.js';

export const PROFILE = 'quick';
const STARTED_AT = '2026-01-02T03:04:05.000Z';

export interface Laboratory {
  readonly backend: ActiveBackend;
  readonly fashion: Dataset;
}

/** One thread of `wasm`, and Fashion-MNIST; nothing where that is not on this machine. */
export async function openLaboratory(): Promise<Laboratory | undefined> {
  const options = { cacheDir: '', allowDownload: false, allowStandIn: true };
  const source = await resolveDataset(CATALOG['fashion-mnist'], options);
  if (source.kind === 'stand-in') return undefined;
  return { fashion: await loadDataset(source), backend: await wasmBackend.activate({ threads: 1 }) };
}

/** What a cell with this bug in it would leave: a record that says it is honest. Without a mutant, it is. */
export async function trainRecord(
  { backend, fashion }: Laboratory,
  id: Mutant['experiment'],
  seed: number,
  mutant?: Mutant,
): Promise<CellRecord> {
  const experiment = LEDGER.training(id);
  const settings = experiment.profiles[PROFILE];
  const honest = { experiment, settings, dataset: fashion, seed };
  const job = mutant?.job?.(honest) ?? honest;
  const silent = { onStep: () => Promise.resolve(), onEpoch: () => Promise.resolve() };
  const mend = mutant?.breakBackend?.(backend.tf);
  const outcome = await train(backend, job, silent, () => performance.now()).finally(mend);
  if (outcome.outcome === 'diverged') throw new Error(`${mutant?.name ?? 'the honest run'}: ${outcome.reason}`);
  const { testAccuracy, curve, parameters, orderSha256, initialWeightsSha256, weightsSha256 } = outcome;
  return recordSchema.parse({
    schemaVersion: SCHEMA_VERSION,
    cell: { experiment: id, backend: 'wasm', seed, profile: PROFILE },
    suite: experiment.suite,
    recipeSha256: recipeDigest(experiment, PROFILE),
    startedAt: STARTED_AT,
    seconds: 0,
    environment: ENVIRONMENT,
    backend: backend.description,
    outcome: 'completed',
    result: {
      kind: 'training',
      dataset: fashion.identity,
      trainImages: fashion.train.count,
      testImages: fashion.test.count,
      batchSize: batchSizeOf(experiment, settings, fashion),
      epochs: settings.epochs,
      testAccuracy,
      curve,
      parameters,
      orderSha256,
      initialWeightsSha256,
      weightsSha256,
    },
  });
}

/** The gate without a policy over the records of one run. */
export function gateOf(records: readonly CellRecord[]): GateResult {
  const experiments = [...new Set(records.map(({ cell }) => cell.experiment))];
  const run = {
    id: 'laboratory',
    startedAt: STARTED_AT,
    command: '',
    plannedCells: records.length,
    finished: true,
  };
  return gate(summarizeRecords(LEDGER, records, experiments, run), {}, lintRecords(records));
}
