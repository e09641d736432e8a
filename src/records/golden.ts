import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { nameSchema } from '../core/name.js';
import { CnnbenchError, messageOf } from '../core/errors.js';
import { parseJson } from './parse.js';
import { MOST_SMALL_BYTES, readText } from './read-file.js';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const text = z.string().max(1000);

/** What reference/pytorch/golden.py writes. */
const goldenSchema = z.strictObject({
  schemaVersion: z.literal(1),
  /** Id of the golden trajectory. */
  experiment: text,
  seed: z.number().int().nonnegative(),
  batchSize: z.number().int().positive(),
  dataset: z.strictObject({ dataset: nameSchema, dataFingerprint: sha256, provenance: z.literal('stand-in') }),
  initialWeightsSha256: sha256,
  /** Of the images' bytes of all steps, then of the labels'. */
  batchesSha256: sha256,
  /** Input shape and layers as trained, each with its name. */
  model: z.strictObject({
    input: z.array(z.number().int().positive()).max(8),
    layers: z.array(z.record(z.string().max(50), z.unknown())).max(100),
  }),
  optimizer: z.strictObject({
    name: z.literal('adam'),
    learningRate: z.number(),
    beta1: z.number(),
    beta2: z.number(),
    epsilon: z.number(),
  }),
  /** Of each step's batch, before the step. */
  losses: z.array(z.number()).min(1).max(1000),
  /** Largest relative change of a loss when start weights move by 1e-6 and the learning rate by 1e-5 of themselves. */
  sensitivity: z.number().nonnegative(),
  /** Of each tensor, by its name: L2 norm after the last step, and of what the steps changed. */
  weights: z.record(
    z.string().max(200),
    z.strictObject({ norm: z.number().nonnegative(), changeNorm: z.number().nonnegative() }),
  ),
  torch: text,
  numpy: text,
  /** What makes the file again, in reference/pytorch. */
  commands: z.array(text).max(5),
});
export type GoldenResult = Readonly<z.infer<typeof goldenSchema>>;

/**
 * The steps that PyTorch took of a golden trajectory, from the files of the package.
 *
 * @param id of `GOLDEN_TRAJECTORIES`
 * @throws CnnbenchError E_RECORD_INVALID where the file is missing or damaged
 */
export async function readGolden(id: string): Promise<GoldenResult> {
  const path = fileURLToPath(new URL(`../../reference/pytorch/golden/${id}.json`, import.meta.url));
  const invalid = (why: string) =>
    new CnnbenchError('E_RECORD_INVALID', `${path} is not a golden trajectory: ${why}`, 'Reinstall cnnbench.');
  const json = await readText(path, MOST_SMALL_BYTES).catch((error: unknown) => {
    throw invalid(messageOf(error));
  });
  return parseJson(goldenSchema, json, invalid);
}
