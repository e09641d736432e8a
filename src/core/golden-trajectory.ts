import { z } from 'zod';
import { BACKENDS } from './cell.js';
import { trainingExperimentSchema } from './experiment.js';

const count = z.number().int().nonnegative();

/**
 * The first steps of a training that PyTorch has taken, from the same weights and on the same batches. The images are the
 * first ones of the drawn stand-in, which has the same bits everywhere.
 */
export const goldenTrajectorySchema = z.strictObject({
  /** Recipe of the training; its id names the random streams and the file of the results. */
  experiment: trainingExperimentSchema,
  /** Id of the experiment whose steps these are, or those of its narrow twin. */
  of: z.string(),
  narrow: z.boolean(),
  seed: count,
  /** Examples a step. */
  batchSize: count,
  steps: count,
  /** Steps that are replayed on backends that would take many minutes for all of them; 0 for none. */
  stepsOn: z.partialRecord(z.enum(BACKENDS), count).optional(),
  /** Images of the stand-in that are shuffled: enough for the steps. */
  trainImages: count,
});
export type GoldenTrajectory = Readonly<z.infer<typeof goldenTrajectorySchema>>;
