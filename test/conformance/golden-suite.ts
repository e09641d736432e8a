import { expect, test } from 'vitest';
import type { Backend } from '../../src/backends/backend.js';
import { drawStandInDataset } from '../../src/data/stand-in/stand-in.js';
import { readGolden } from '../../src/records/golden.js';
import { GOLDEN_CHANGE_TOLERANCE, GOLDEN_TOLERANCE } from '../../src/parity/bounds.js';
import { tensorsOf } from '../../src/train/initialise.js';
import { startWeights } from '../../src/train/trainer.js';
import { replayTrajectory } from '../../src/train/trajectory.js';
import { describeBackend } from './available.js';
import { LEDGER } from '../fixtures/ledger.js';

/**
 * A backend takes the steps that PyTorch took, as many as it says. One file for each backend.
 *
 * @param quick trajectories that it replays within seconds; the others are slow tests
 */
export async function describeGolden(backend: Backend, quick: readonly string[] = []): Promise<void> {
  const replays = LEDGER.trajectories
    .map(
      (trajectory) =>
        [trajectory.experiment.id, trajectory.stepsOn?.[backend.name] ?? trajectory.steps, trajectory] as const,
    )
    .filter(([, steps]) => steps > 0);
  await describeBackend(backend, `golden trajectories on ${backend.name}`, (active) => {
    const replay = async ([id, steps, replayed]: (typeof replays)[number]) => {
      const { experiment, trainImages, ...trajectory } = replayed;
      const dataset = drawStandInDataset(experiment.dataset, { trainImages, testImages: 0 });
      const golden = await readGolden(id);
      const { losses, weights } = await replayTrajectory(active, { experiment, ...trajectory, steps, dataset });
      expect(losses).toHaveLength(steps);
      const errors = losses.map((loss, step) => Math.abs(loss / (golden.losses[step] as number) - 1));
      expect(Math.max(...errors)).toBeLessThan(GOLDEN_TOLERANCE);
      if (steps < trajectory.steps) return;
      const start = startWeights({ experiment, ...trajectory }).flatMap(tensorsOf);
      const changes = weights.map(({ values }, index) => distance(values, start[index]?.values ?? new Float32Array()));
      for (const [index, [name, { changeNorm }]] of Object.entries(golden.weights).entries()) {
        expect(Math.abs((changes[index] as number) / changeNorm - 1), name).toBeLessThan(GOLDEN_CHANGE_TOLERANCE);
      }
    };
    const name = '%s has the losses of PyTorch for %i steps';
    test.for(replays.filter(([id]) => quick.includes(id)))(name, replay);
    test.for(replays.filter(([id]) => !quick.includes(id)))(name, { tags: 'slow' }, replay);
  });
}

/** L2 norm of the difference. */
function distance(a: Float32Array, b: Float32Array): number {
  return Math.sqrt(a.reduce((sum, value, index) => sum + (value - (b[index] as number)) ** 2, 0));
}
