import { z } from 'zod';
import { BACKENDS } from './cell.js';
import { PROFILES } from './experiment.js';
import { list } from './list.js';

const text = z.string().max(4000);

/** Speeds of one cell in fresh processes, labelled as if they were two versions: what a machine makes of no difference. */
export const calibrationSchema = z.strictObject({
  schemaVersion: z.literal(1),
  calibratedAt: z.iso.datetime(),
  /** Version of cnnbench. */
  cnnbench: text,
  /** Facts of `machineFacts`, with those of the backend. */
  machine: z.record(text, text),
  backend: z.enum(BACKENDS),
  experiment: text,
  profile: z.enum(PROFILES),
  /** One process each, in the order in which they ran. */
  runs: list(z.strictObject({ label: z.enum(['A', 'B']), imagesPerSecond: z.number().positive() }), { least: 2 }),
});
export type Calibration = z.infer<typeof calibrationSchema>;
