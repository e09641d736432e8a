import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeSafetensors, encodeSafetensors, type NamedTensor } from '../../../src/core/safetensors.js';
import {
  decodeCheckpoint,
  encodeCheckpoint,
  readCheckpoint,
  type Checkpoint,
  type CheckpointSubject,
  type TrainedModel,
} from '../../../src/records/checkpoint-format.js';
import { temporaryFolder } from '../../fixtures/temporary-folder.js';

const MODEL: TrainedModel = {
  weights: [
    { name: 'd.kernel', shape: [3, 2] },
    { name: 'd.bias', shape: [2] },
  ],
  epochs: 3,
  stepsPerEpoch: 4,
};

const SUBJECT: CheckpointSubject = {
  cell: { experiment: 'mlp-2', backend: 'wasm', seed: 1, profile: 'smoke' },
  recipeSha256: 'a'.repeat(64),
  dataFingerprint: 'b'.repeat(64),
  fma: false,
  cnnbench: '0.1.0',
  commit: 'c'.repeat(40),
  backend: {
    name: 'wasm',
    version: '4.22.0',
    device: 'a processor',
    threads: 2,
    variant: 'SIMD',
    ownKernels: ['Adam'],
  },
};

const tensors = (first: number) =>
  MODEL.weights.map(({ shape }, index) => {
    const size = shape.reduce((product, length) => product * length, 1);
    return { shape, values: Float32Array.from({ length: size }, (_, at) => first + index + at / 10) };
  });

const point = (epoch: number) => ({ epoch, trainLoss: 1 / 3, testLoss: 2.1, testAccuracy: 0.1, trainSeconds: 0.7 });

/** After the third step of the second epoch. */
const CHECKPOINT: Checkpoint = {
  subject: SUBJECT,
  state: {
    progress: {
      ...{ epoch: 2, step: 3, lossSum: 0.1 + 0.2, trainSeconds: 1.25, curve: [point(1)] },
      zeroGradients: [{ kind: 'zero-gradient', epoch: 1, step: 2, tensors: ['dense1.bias'] }],
    },
    weights: tensors(-1),
    optimizer: {
      steps: 7,
      powers: [Math.fround(0.478), Math.fround(0.993)],
      firstMoments: tensors(-2),
      secondMoments: tensors(0),
    },
  },
  stepSeconds: [0.5, 0.25, 0.125, 0.5],
  seconds: 12.5,
  interruptions: 1,
};

const decode = (bytes: Uint8Array, subject = SUBJECT, model = MODEL) => decodeCheckpoint(bytes, subject, model);
const BYTES = encodeCheckpoint(CHECKPOINT, MODEL);

/** With the digest that belongs to it, as somebody who knows the format would forge it. */
function forge(change: (tensors: NamedTensor[]) => NamedTensor[]): Uint8Array {
  const bytes = encodeSafetensors(change(decodeSafetensors(BYTES).tensors));
  bytes.set(createHash('sha256').update(bytes.subarray(0, -32)).digest(), bytes.length - 32);
  return bytes;
}

const withTensor = (name: string, change: (tensor: NamedTensor) => NamedTensor) =>
  forge((all) => all.map((tensor) => (tensor.name === name ? change(tensor) : tensor)));

function withHead(change: (head: Record<string, Record<string, unknown>>) => unknown): Uint8Array {
  return withTensor('state', (tensor) => {
    const head = JSON.parse(new TextDecoder().decode(tensor.values)) as Record<string, Record<string, unknown>>;
    const values = new TextEncoder().encode(JSON.stringify(change(head)));
    return { ...tensor, shape: [values.length], values };
  });
}

describe('a checkpoint', () => {
  test('is read as it was written, to the bit', () => {
    expect(decode(BYTES)).toEqual(CHECKPOINT);
    expect(encodeCheckpoint(decode(BYTES), MODEL)).toEqual(BYTES);
    expect(decode(withHead((head) => head))).toEqual(CHECKPOINT);
  });

  test('is also one between two epochs, and one at the end', () => {
    const at = (epoch: number, steps: number): Checkpoint => ({
      ...CHECKPOINT,
      state: {
        ...CHECKPOINT.state,
        progress: {
          ...{ epoch, step: 0, lossSum: 0, trainSeconds: 0 },
          curve: Array.from({ length: epoch - 1 }, (_, index) => point(index + 1)),
          zeroGradients: [],
        },
        optimizer: { ...CHECKPOINT.state.optimizer, steps },
      },
    });
    for (const between of [at(2, 4), at(4, 12)]) expect(decode(encodeCheckpoint(between, MODEL))).toEqual(between);
    expect(() => decode(encodeCheckpoint(at(5, 16), MODEL))).toThrow('do not fit');
  });

  test('goes on on another machine where the bits are the same, without the times of its steps', () => {
    const elsewhere = { ...SUBJECT, backend: { ...SUBJECT.backend, device: 'another', threads: 8 } };
    expect(decode(BYTES, elsewhere)).toEqual({ ...CHECKPOINT, stepSeconds: [] });
    const onCpu = (device: string): CheckpointSubject => ({
      ...SUBJECT,
      cell: { ...SUBJECT.cell, backend: 'cpu' },
      backend: { ...SUBJECT.backend, name: 'cpu', device },
    });
    const bytes = encodeCheckpoint({ ...CHECKPOINT, subject: onCpu('one') }, MODEL);
    expect(decode(bytes, onCpu('one')).seconds).toBe(12.5);
    expect(() => decode(bytes, onCpu('other'))).toThrow('another device');
    const fused = encodeCheckpoint({ ...CHECKPOINT, subject: { ...SUBJECT, fma: true } }, MODEL);
    expect(() => decode(fused, { ...elsewhere, fma: true })).toThrow('another device');
  });
});

describe('a checkpoint is of no use', () => {
  test('with any byte changed', () => {
    fc.assert(
      fc.property(fc.nat(BYTES.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const damaged = BYTES.slice();
        damaged[at] = (damaged[at] as number) ^ change;
        expect(() => decode(damaged)).toThrow('it is damaged (wrong SHA-256)');
      }),
    );
  });

  test('truncated, or with more at its end', () => {
    fc.assert(
      fc.property(fc.nat(BYTES.length - 1), (length) => {
        expect(() => decode(BYTES.slice(0, length))).toThrow('it is damaged');
      }),
    );
    expect(() => decode(new Uint8Array([...BYTES, 0]))).toThrow('it is damaged');
  });

  test.each<[string, Partial<CheckpointSubject>]>([
    ['it comes from another cell, mlp-2.wasm.smoke.seed1', { cell: { ...SUBJECT.cell, seed: 2 } }],
    ['it comes from another recipe', { recipeSha256: 'd'.repeat(64) }],
    ['it comes from other data', { dataFingerprint: 'd'.repeat(64) }],
    ['it comes from a run without --wasm-fma', { fma: true }],
    ['it comes from another version of cnnbench', { cnnbench: '0.2.0' }],
    ['it comes from another version of cnnbench', { commit: undefined }],
    ['it comes from another build of wasm', { backend: { ...SUBJECT.backend, version: '4.23.0' } }],
    ['it comes from another build of wasm', { backend: { ...SUBJECT.backend, ownKernels: [] } }],
  ])('for something else: %s', (reason, change) => {
    expect(() => decode(BYTES, { ...SUBJECT, ...change })).toThrow(reason);
  });

  const values = (numbers: readonly number[]) => (tensor: NamedTensor) => ({
    ...tensor,
    values: Float32Array.from(tensor.values, (value, index) => numbers[index] ?? value),
  });
  test.each<[string, Uint8Array]>([
    ['"first.d.bias" has values that are not finite', withTensor('first.d.bias', values([NaN]))],
    ['"weights.d.kernel" has values that are not finite', withTensor('weights.d.kernel', values([1, -Infinity]))],
    ['a second moment is negative', withTensor('second.d.bias', values([-1]))],
    ['"weights.d.kernel" is not that of the model', withTensor('weights.d.kernel', (it) => ({ ...it, shape: [2, 3] }))],
    ['is not float32', withTensor('weights.d.bias', (it) => ({ ...it, values: Int32Array.of(1, 2) }))],
    ['it has another model', forge((all) => all.slice(1))],
    ['it has another model', forge((all) => [...all.slice(1, 2), ...all.slice(0, 1), ...all.slice(2)])],
    ['its state is wrong', withHead(() => [])],
    ['Unrecognized key: "extra"', withHead((head) => ({ ...head, extra: 1 }))],
    ['schemaVersion', withHead((head) => ({ ...head, schemaVersion: 2 }))],
    ['optimizer.powers.0', withHead((head) => ({ ...head, optimizer: { ...head['optimizer'], powers: [2, 1] } }))],
    ['do not fit', withHead((head) => ({ ...head, progress: { ...head['progress'], step: 2 } }))],
    ['do not fit', withHead((head) => ({ ...head, progress: { ...head['progress'], curve: [] } }))],
    ['do not fit', withHead((head) => ({ ...head, progress: { ...head['progress'], curve: [point(2)] } }))],
    ['progress.lossSum', withHead((head) => ({ ...head, progress: { ...head['progress'], lossSum: null } }))],
  ])('forged: %s', (reason, bytes) => {
    expect(() => decode(bytes)).toThrow(reason);
  });

  test('with more times than steps', () => {
    expect(() => decode(encodeCheckpoint({ ...CHECKPOINT, stepSeconds: new Array<number>(8).fill(1) }, MODEL))).toThrow(
      '"stepSeconds"',
    );
  });
});

describe('the file of a checkpoint', () => {
  test('may be missing, which is no fault', async () => {
    expect(await readCheckpoint(join(await temporaryFolder(), 'none'), SUBJECT, MODEL)).toBeUndefined();
  });

  test('may be anything else, and its reader says what', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'a.safetensors');
    await writeFile(path, BYTES);
    expect(await readCheckpoint(path, SUBJECT, MODEL)).toEqual(CHECKPOINT);
    await writeFile(path, new Uint8Array(2 ** 26 + 1000));
    expect(await readCheckpoint(path, SUBJECT, MODEL)).toContain('it is larger than');
    await writeFile(path, '');
    expect(await readCheckpoint(path, SUBJECT, MODEL)).toContain('it is damaged');
    await mkdir(join(folder, 'folder'));
    expect(await readCheckpoint(join(folder, 'folder'), SUBJECT, MODEL)).toBe('it is a folder');
  });
});
