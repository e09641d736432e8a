import { join } from 'node:path';
import { z } from 'zod';
import { CnnbenchError, messageOf } from '../core/errors.js';
import { list } from '../core/list.js';
import { nameSchema } from '../core/name.js';
import { SCHEMA_VERSION } from '../core/record.js';
import { isShard, SHARD_FIELDS } from '../core/shard.js';
import { looksSchema } from '../core/summary.js';
import { sweepGridSchema } from '../core/sweep.js';
import { writeAtomically } from './atomic.js';
import { parseJson, RESTORE } from './parse.js';
import { readText } from './read-file.js';

const MANIFEST = 'run.json';

/** What a run is made with besides its cells and data. Its identity has `fma`, which changes bits, and `trace`, which leaves out throughput. */
const runSettingsSchema = z.strictObject({
  threads: z.number().int().positive().optional(),
  fma: z.boolean(),
  trace: z.boolean(),
  /** Longest a cell may take. */
  timeoutMs: z.number().positive(),
  /** Bytes a cell may take. */
  memoryLimit: z.number().positive().optional(),
  /** Least time between two checkpoints of a training, where they have a folder. */
  checkpointSeconds: z.number().nonnegative().optional(),
});
export type RunSettings = Readonly<z.infer<typeof runSettingsSchema>>;

const manifestSchema = z.strictObject({
  schemaVersion: z.literal(SCHEMA_VERSION),
  id: z.string(),
  /** Digest of cells, recipes and data, see `runDigest`. The shards of a plan have the same. */
  planId: z.string(),
  startedAt: z.iso.datetime(),
  /** Command line that makes the run again. */
  command: z.string(),
  /** Ids of the planned cells. */
  cells: list(z.string()),
  /** Numbers of seeds at which the run is judged, with `--until-decided`. Absent: once, with all seeds. */
  looks: looksSchema.optional(),
  /** With what `run --resume` goes on. Absent in runs of versions that did not know it. */
  settings: runSettingsSchema.optional(),
  /** Set once every planned cell has a record and the reports are written. */
  finished: z.boolean(),
  /** Copies of the deck files that experiments and claims of the run come from. Absent: the built-in decks. */
  decks: list(
    z.strictObject({
      id: nameSchema,
      /** Below the folder of the run. */
      file: z.string().regex(/^decks\/[a-z0-9][a-z0-9_-]{0,99}\.yaml$/i, 'a file of the folder decks'),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
    }),
    { most: 100 },
  ).optional(),
  /** What a sweep varies. Absent: no sweep. */
  sweep: sweepGridSchema.optional(),
  /** The part of a plan that `cells` are, and the ids of all its cells, in its order. Absent: `cells` are the plan. */
  shard: z
    .strictObject({ ...SHARD_FIELDS, plan: list(z.string()) })
    .refine(isShard)
    .optional(),
});
export type RunManifest = z.infer<typeof manifestSchema>;

/** What a manifest says of a run before it starts. */
export type RunPlan = Readonly<Pick<RunManifest, 'planId' | 'command' | 'cells' | 'looks' | 'sweep' | 'shard'>> & {
  readonly settings: RunSettings;
};

/** Ids of all cells of the plan that a folder is of: of a shard, those of the others, too. */
export function cellsOfPlan({ cells, shard }: Pick<RunManifest, 'cells' | 'shard'>): readonly string[] {
  return shard?.plan ?? cells;
}

/** @throws CnnbenchError E_WRITE */
export async function writeManifest(path: string, manifest: RunManifest): Promise<void> {
  await writeAtomically(join(path, MANIFEST), `${JSON.stringify(manifest, undefined, 2)}\n`);
}

/** The manifest of a run. @throws CnnbenchError E_RECORD_NOT_FOUND where there is none, E_RECORD_INVALID */
export async function expectManifest(path: string): Promise<RunManifest> {
  const manifest = await readManifest(path);
  if (manifest !== undefined) return manifest;
  const remedy = 'Use a run folder: it has a run.json and a folder records.';
  throw new CnnbenchError('E_RECORD_NOT_FOUND', `${path} contains no cnnbench run`, remedy);
}

/** The manifest of a run, or nothing where there is none. @throws CnnbenchError E_RECORD_INVALID */
export async function readManifest(path: string): Promise<RunManifest | undefined> {
  const file = join(path, MANIFEST);
  const invalid = (why: string) =>
    new CnnbenchError('E_RECORD_INVALID', `${file} does not describe a run: ${why}`, `${RESTORE}.`);
  const text = await readText(file).catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw invalid(messageOf(error));
  });
  return text === undefined ? undefined : parseJson(manifestSchema, text, invalid);
}
