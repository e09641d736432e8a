import type { Tensor } from '@tensorflow/tfjs-core';
import type { ActiveBackend } from '../backends/backend.js';
import { randomStream, type RandomStream } from '../core/random.js';
import type { Bound } from './bounds.js';

/** What the problems take from a backend. */
export type ProblemBackend = Pick<ActiveBackend, 'tf' | 'adam'>;

/** Draws one number. */
export type Draw = (stream: RandomStream) => number;

export interface ProblemInput {
  readonly shape: readonly number[];
  readonly draw: Draw;
}

/** One operation on random numbers, for every backend the same ones. */
export interface OpProblem {
  /** The kernel of tfjs that it is about. */
  readonly kernel: string;
  /** What sets it apart from the kernel's other problems. */
  readonly detail: string;
  readonly inputs: readonly ProblemInput[];
  readonly bound: Bound;
  /** Runs inside a tidy. */
  run(backend: ProblemBackend, inputs: readonly Tensor[]): Tensor;
}

export function nameOf({ kernel, detail }: OpProblem): string {
  return `${kernel} ${detail}`;
}

/** Values of the inputs, float32: a stream for each problem, so that a new one changes no other. */
export function drawInputs(problem: OpProblem, seed: number): Float32Array[] {
  const stream = randomStream(`parity/${nameOf(problem)}`, seed, 'problem');
  return problem.inputs.map(({ shape, draw }) =>
    Float32Array.from({ length: shape.reduce((product, length) => product * length, 1) }, () => draw(stream)),
  );
}

/** Uniform in [low, high). */
export function uniform(low: number, high: number): Draw {
  return (stream) => low + (high - low) * stream();
}

/** Uniform in [-1, 1). */
export const SIGNED = uniform(-1, 1);

/** No sum of it cancels. */
const POSITIVE = uniform(0.5, 1.5);

/** Either sign, magnitudes from `least` to `most`, all powers of ten alike. */
export function logUniform(least: number, most: number): Draw {
  return (stream) => {
    const magnitude = least * (most / least) ** stream();
    return stream() < 0.5 ? -magnitude : magnitude;
  };
}

/** Sums of few outputs may all cancel by chance, and then have no scale to hold an error against. */
export function drawForSums(outputs: number): Draw {
  return outputs < 64 ? POSITIVE : SIGNED;
}
