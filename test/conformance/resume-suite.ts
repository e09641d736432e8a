import { expect, test } from 'vitest';
import type { Backend } from '../../src/backends/backend.js';
import type { TrainingState } from '../../src/core/training-state.js';
import { train } from '../../src/train/train.js';
import { tinyCnn, tinyJob, tinyMlp } from '../fixtures/train/tiny.js';
import { describeBackend } from './available.js';

const EPOCHS = 2;

/**
 * A training that goes on from where it was saved has the bits of one that never stopped.
 *
 * @param every of so many places one is tried: a GPU that a processor plays takes seconds for each
 * @param trainsCnns false where a kernel for that is missing
 */
export async function describeResume(backend: Backend, { every = 1, trainsCnns = true } = {}): Promise<void> {
  await describeBackend(backend, `a training that goes on, on ${backend.name}`, (active) => {
    test.each([['an MLP', tinyMlp()] as const, ...(trainsCnns ? [['a CNN', tinyCnn()] as const] : [])])(
      '%s goes on from wherever it was saved to the same bits',
      every > 1 ? { tags: 'slow' } : {},
      async (_, model) => {
        const job = tinyJob({ seed: 4, epochs: EPOCHS, model });
        const saved: TrainingState[] = [];
        const run = async (from?: TrainingState) => {
          const losses: number[] = [];
          const before = active.tf.memory().numTensors;
          const observer = {
            onStep: async ({ loss }: { readonly loss: number }) => void losses.push(loss),
            onEpoch: async () => undefined,
            ...(from === undefined && {
              onRest: async (save: () => Promise<TrainingState>) => void saved.push(structuredClone(await save())),
            }),
          };
          const outcome = await train(active, job, observer, () => 0, from);
          expect(active.tf.memory().numTensors).toBe(before);
          return { outcome, losses };
        };
        const undisturbed = await run();
        expect(undisturbed.outcome.outcome).toBe('completed');
        // After each of the four steps of an epoch, and after its evaluation.
        const steps = [1, 2, 3, 4];
        const epochs = Array.from({ length: EPOCHS }, (_, index) => index + 1);
        expect(saved.map(({ progress: { epoch, step } }) => [epoch, step])).toEqual(
          epochs.flatMap((epoch) => [...steps.map((step) => [epoch, step]), [epoch + 1, 0]]),
        );
        for (const from of saved.filter((_state, place) => place % every === 0)) {
          const losses = undisturbed.losses.slice(from.optimizer.steps);
          expect(await run(from)).toEqual({ outcome: undisturbed.outcome, losses });
        }
      },
    );
  });
}
