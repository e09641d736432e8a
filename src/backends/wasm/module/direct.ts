import { windowLength, type Axis, type Geometry } from './geometry.js';
import type { KernelModule } from './kernel-module.js';
import { pack, panelBytes, panelCount } from './product.js';

/** Positions, or rows of the filter's gradient, of one task, and scratch memory: as in assembly/convolution.ts. */
const TASK = 64;
const SCRATCH = 256 * (TASK + 256) * 4 + 4 * 256 + 256;

/** Zeros that a convolution without padding needs before and after its input. */
export function zerosAround({ input, output, stride, padding, ...axis }: Axis): [number, number] {
  const covered = (output - 1) * stride + windowLength({ input, output, stride, padding, ...axis });
  return [padding, Math.max(0, covered - padding - input)];
}

/** The same convolution of an input that has its zeros already. */
export function withoutPadding(geometry: Geometry): Geometry {
  const widen = (axis: Axis): Axis => {
    const [before, after] = zerosAround(axis);
    return { ...axis, input: before + axis.input + after, padding: 0 };
  };
  return { ...geometry, height: widen(geometry.height), width: widen(geometry.width) };
}

/** Convolutions, and their gradients, as matrix products over the windows. No padding: see `withoutPadding`. */
export class DirectConvolution {
  readonly #module: KernelModule;

  constructor(module: KernelModule) {
    this.#module = module;
  }

  /** x [N,H,W,C] * filter [kh,kw,C,K] -> y [N,Ho,Wo,K], all addresses. */
  forward(geometry: Geometry, x: number, filter: number, y: number): void {
    const { batch, height, width, filters } = geometry;
    const rows = height.taps * width.taps * geometry.channels;
    this.#module.withMemory([panelBytes(rows, filters)], (panels) => {
      pack(this.#module, { address: filter, rows, columns: filters, transposed: false }, panels);
      const tasks = Math.ceil((batch * height.output * width.output) / TASK);
      this.#run('convolve', geometry, x, panels, y, tasks);
    });
  }

  /** -> dx [N,H,W,C]. Only without dilation. */
  inputGradient(geometry: Geometry, dy: number, filter: number, dx: number): void {
    const { filters } = geometry;
    const { count, length } = runsOf(geometry);
    const bytes = 4 * filters * panelCount(length) * 8;
    this.#module.withMemory([count * bytes], (panels) => {
      for (let run = 0; run < count; run++) {
        const address = filter + 4 * run * length * filters;
        pack(this.#module, { address, rows: filters, columns: length, transposed: true }, panels + run * bytes);
      }
      this.#run('inputGradient', geometry, dx, panels, dy, geometry.batch);
    });
  }

  /** -> dw [kh,kw,C,K]. Only without dilation. */
  filterGradient(geometry: Geometry, x: number, dy: number, dw: number): void {
    const { count, length } = runsOf(geometry);
    this.#run('filterGradient', geometry, x, dw, dy, count * Math.ceil(length / TASK));
  }

  #run(
    operation: 'convolve' | 'inputGradient' | 'filterGradient',
    geometry: Geometry,
    x: number,
    filter: number,
    y: number,
    tasks: number,
  ): void {
    const { batch, height, width, channels, filters } = geometry;
    const { count: runCount, length, offsets } = runsOf(geometry);
    const line = 4 * width.input * channels;
    this.#module.withValues(offsets, (runs) => {
      const args = {
        ...{ x, filter, y, runs, runCount, length, batch, filters },
        outHeight: height.output,
        outWidth: width.output,
        imageStep: height.input * line,
        rowStep: height.stride * line,
        columnStep: 4 * width.stride * channels,
      };
      this.#module.run(operation, args, tasks, SCRATCH);
    });
  }
}

/** The contiguous pieces of one window: its lines or, where the taps of a line are apart, its taps. */
function runsOf({ height, width, channels }: Geometry): { count: number; length: number; offsets: Int32Array } {
  const taps = width.dilation === 1 ? 1 : width.taps;
  const count = height.taps * taps;
  const offsets = Int32Array.from({ length: count }, (_, run) => {
    const [line, tap] = [Math.floor(run / taps), run % taps];
    return 4 * channels * (line * height.dilation * width.input + tap * width.dilation);
  });
  return { count, length: (width.taps / taps) * channels, offsets };
}
