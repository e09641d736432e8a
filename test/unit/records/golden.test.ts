import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { decodeSafetensors } from '../../../src/core/safetensors.js';
import { drawStandInDataset } from '../../../src/data/stand-in/stand-in.js';
import { readGolden } from '../../../src/records/golden.js';
import { encodeExport } from '../../../src/train/weights-export.js';
import { LEDGER } from '../../fixtures/ledger.js';

const ids = LEDGER.trajectories.map(({ experiment }) => experiment.id);

test('there is a file for each golden trajectory, and no other', () => {
  const files = readdirSync(new URL('../../../reference/pytorch/golden', import.meta.url));
  expect(files.toSorted()).toEqual(ids.map((id) => `${id}.json`).toSorted());
});

describe.each(ids)('the golden trajectory %s', (id) => {
  test('started from the weights, and took the batches and the recipe, of today', async () => {
    const golden = await readGolden(id);
    const { experiment, seed, batchSize, steps, trainImages } = LEDGER.trajectory(id);
    const dataset = drawStandInDataset(experiment.dataset, { trainImages, testImages: 0 });
    const batches = { dataset, batchSize, steps };
    const { tensors, metadata } = decodeSafetensors(encodeExport({ experiment, seed, batches, version: '0' }));
    const hash = createHash('sha256');
    for (const { name, values } of tensors) if (name.startsWith('batches.')) hash.update(values);
    expect(golden).toMatchObject({
      experiment: id,
      seed,
      batchSize,
      dataset: { dataset: experiment.dataset, dataFingerprint: dataset.identity.fingerprint, provenance: 'stand-in' },
      initialWeightsSha256: metadata['weightsSha256'],
      batchesSha256: hash.digest('hex'),
      model: JSON.parse(metadata['model'] as string),
      optimizer: experiment.optimizer,
    });
    expect(golden.losses).toHaveLength(steps);
    const names = tensors.map(({ name }) => name).filter((name) => !name.startsWith('batches.'));
    expect(Object.keys(golden.weights)).toEqual(names);
  });

  test('does not depend on rounding', async () => {
    expect((await readGolden(id)).sensitivity).toBeLessThanOrEqual(2e-5);
  });
});

test('one that is not there is an error with a code', async () => {
  await expect(readGolden('mlp-5')).rejects.toMatchObject({ code: 'E_RECORD_INVALID' });
  expect(() => LEDGER.trajectory('mlp-5')).toThrow(expect.objectContaining({ code: 'E_UNKNOWN_EXPERIMENT' }));
});
