import {
  acrossForward,
  acrossInverse,
  alongForward,
  alongInverse,
  realFrequencies,
  type Matrices,
  type Positions,
} from './fourier.js';
import { multiplyAdds, windowLength, type Axis, type Geometry } from './geometry.js';
import type { KernelModule } from './kernel-module.js';

/** Channels of a panel. */
const PANEL = 8;
/** Images that a transform takes together: GROUP of assembly/spectrum.ts. */
const GROUP = 8;
/** Bytes of the images' spectra that are in use at once: about the third-level cache. Larger batches are taken in parts. */
const SPECTRA_BYTES = 24 * 2 ** 20;
/** Longest side of the circle: scratch memory and work grow with its square and cube. */
const LONGEST = 64;
/** Multiply-adds in a direct convolution that one of a transform, in shorter loops, is worth. */
const OVERHEAD = 1.5;

/** Length of the circle on which a convolution along one axis is a product of spectra; even, for the transforms. */
function circle(axis: Axis): number {
  // What wraps around falls on the zeros before the input.
  return roundUp(Math.max(axis.input + axis.padding, axis.output + windowLength(axis) - 1 - axis.padding), 2);
}

/** Multiply-adds of one pass (forward, or a gradient) by transforms. */
function spectralMultiplyAdds({ batch, height, width, channels, filters }: Geometry): number {
  const [n, m] = [circle(height), realFrequencies(circle(width))];
  const transform = (rows: number, tall: number, wide: number) => rows * m * tall * (wide + 2 * n);
  return (
    4 * batch * n * m * channels * filters +
    OVERHEAD * transform(batch * channels, height.input, width.input) +
    OVERHEAD * transform(batch * filters, height.output, width.output) +
    OVERHEAD * transform(channels * filters, height.taps, width.taps)
  );
}

/** Whether transforms need less work than the convolution itself, as with the decks' 7x7 filters. Says nothing of threads. */
export function isSpectral(geometry: Geometry): boolean {
  const { height, width, channels, filters } = geometry;
  return (
    height.stride === 1 &&
    width.stride === 1 &&
    channels % PANEL === 0 &&
    filters % PANEL === 0 &&
    Math.max(circle(height), circle(width)) <= LONGEST &&
    spectralMultiplyAdds(geometry) < multiplyAdds(geometry)
  );
}

/** What is transformed: images or filters, [row, line, column, channel] with any strides, in bytes. */
interface Layout {
  readonly rowStep: number;
  readonly lineStep: number;
  readonly columnStep: number;
  readonly rows: number;
  readonly channels: number;
  readonly vertical: Positions;
  readonly horizontal: Positions;
}

/**
 * Convolutions, and their gradients, as products of spectra: Mathieu, Henaff and LeCun, "Fast training of convolutional
 * networks through FFTs" (2013), with small dense transforms instead of FFTs.
 */
export class SpectralConvolution {
  readonly #module: KernelModule;
  /** Matrices by what they do. */
  readonly #matrices = new Map<string, Placed>();

  constructor(module: KernelModule) {
    this.#module = module;
  }

  /** x [N,H,W,C] * filter [kh,kw,C,K] -> y [N,Ho,Wo,K], all addresses. */
  forward(geometry: Geometry, x: number, filter: number, y: number): void {
    this.#multiply(geometry, { tensor: x, layoutOf: inputLayout }, { tensor: y, layoutOf: outputLayout }, filter, true);
  }

  /** @param transposed the filter as [kh,kw,K,C] */
  inputGradient(geometry: Geometry, dy: number, transposed: number, dx: number): void {
    const from = { tensor: dy, layoutOf: outputLayout };
    this.#multiply(geometry, from, { tensor: dx, layoutOf: inputLayout }, transposed, false);
  }

  /**
   * Images times a filter [kh, kw, channels of `from`, channels of `to`], spectrum by spectrum.
   *
   * @param conjugate correlates, as a convolution layer does; else convolves, as its gradient
   */
  #multiply(geometry: Geometry, from: Images, to: Images, filter: number, conjugate: boolean): void {
    const plan = planOf(geometry);
    const [{ channels }, { channels: filters }] = [from.layoutOf(geometry, 1), to.layoutOf(geometry, 1)];
    this.#module.withMemory(sizesOf(plan, channels, filters), (b, a, c) => {
      this.#transform(plan, filterLayout({ ...geometry, channels, filters }), filter, b, channels);
      for (const [first, rows] of chunksOf(geometry.batch, plan.chunk)) {
        const room = roundUp(rows, 4);
        const [source, target] = [from.layoutOf(geometry, rows), to.layoutOf(geometry, rows)];
        this.#transform(plan, source, from.tensor + first * source.rowStep, a, room);
        const args = {
          ...{ a, b, c, aRoom: room, bRoom: channels, cRoom: room, rows },
          ...{ aPanels: channels / PANEL, bPanels: filters / PANEL, conjugate: conjugate ? 1 : 0, accumulate: 0 },
        };
        this.#module.run('spectralProduct', args, plan.frequencies);
        this.#back(plan, target, to.tensor + first * target.rowStep, c, room);
      }
    });
  }

  /** -> dw [kh,kw,C,K] */
  filterGradient(geometry: Geometry, x: number, dy: number, dw: number): void {
    const { batch, channels, filters } = geometry;
    const plan = planOf(geometry);
    this.#module.withMemory(sizesOf(plan, channels, filters), (c, a, b) => {
      for (const [first, rows] of chunksOf(batch, plan.chunk)) {
        const room = roundUp(rows, 4);
        const [input, output] = [inputLayout(geometry, rows), outputLayout(geometry, rows)];
        this.#transform(plan, input, x + first * input.rowStep, a, room);
        this.#transform(plan, output, dy + first * output.rowStep, b, room);
        const args = {
          ...{ a, b, c, aRoom: room, bRoom: room, cRoom: channels, rows },
          ...{ aPanels: channels / PANEL, bPanels: filters / PANEL, conjugate: 1, accumulate: first > 0 ? 1 : 0 },
        };
        this.#module.run('spectralCorrelation', args, plan.frequencies);
      }
      this.#back(plan, filterLayout(geometry), dw, c, channels);
    });
  }

  #transform(plan: Plan, layout: Layout, tensor: number, spectrum: number, room: number): void {
    const across = this.#place('acrossForward', plan.width, layout.horizontal, acrossForward);
    const along = this.#place('alongForward', plan.height, layout.vertical, alongForward);
    const lines = 2 * layout.vertical.length * realFrequencies(plan.width);
    this.#run('spectrumOf', plan, layout, { tensor, spectrum, room }, across, along, lines);
  }

  #back(plan: Plan, layout: Layout, tensor: number, spectrum: number, room: number): void {
    const scale = 1 / (plan.height * plan.width);
    const across = this.#place(`acrossInverse ${plan.height}`, plan.width, layout.horizontal, (n, positions) =>
      acrossInverse(n, positions, scale),
    );
    const along = this.#place('alongInverse', plan.height, layout.vertical, alongInverse);
    const lines =
      2 * plan.height + 2 * layout.vertical.length * realFrequencies(plan.width) + 4 * (Math.floor(plan.width / 4) + 1);
    this.#run('tensorOf', plan, layout, { tensor, spectrum, room }, across, along, lines);
  }

  /** @param lines of 8 rows and 8 channels that a task keeps in scratch memory */
  #run(
    operation: 'spectrumOf' | 'tensorOf',
    plan: Plan,
    { rowStep, lineStep, columnStep, rows, channels, vertical, horizontal }: Layout,
    between: { tensor: number; spectrum: number; room: number },
    across: Placed,
    along: Placed,
    lines: number,
  ): void {
    const args = {
      ...{ ...between, rowStep, lineStep, columnStep, rows, panels: channels / PANEL },
      ...{ height: vertical.length, width: horizontal.length, tall: plan.height, wide: plan.width },
      ...{ lineOffset: vertical.offset, lineDistance: vertical.distance },
      ...{ columnOffset: horizontal.offset, columnDistance: horizontal.distance },
      ...{ acrossEven: across.even, acrossOdd: across.odd, alongEven: along.even, alongOdd: along.odd },
    };
    const tasks = (channels / PANEL) * Math.ceil(rows / GROUP);
    this.#module.run(operation, args, tasks, 512 + lines * GROUP * PANEL * 4);
  }

  #place(name: string, n: number, positions: Positions, make: (n: number, at: Positions) => Matrices): Placed {
    const key = JSON.stringify([name, n, positions]);
    const known = this.#matrices.get(key);
    if (known !== undefined) return known;
    const { even, odd } = make(n, positions);
    const placed = { even: this.#module.place(even), odd: this.#module.place(odd) };
    this.#matrices.set(key, placed);
    return placed;
  }

  /** Gives the matrices back. */
  dispose(): void {
    for (const { even, odd } of this.#matrices.values()) {
      this.#module.free(even);
      this.#module.free(odd);
    }
    this.#matrices.clear();
  }
}

/** A tensor of images, and how some of them lie in memory. */
interface Images {
  readonly tensor: number;
  readonly layoutOf: (geometry: Geometry, rows: number) => Layout;
}

/** Addresses of matrices. */
interface Placed {
  readonly even: number;
  readonly odd: number;
}

interface Plan {
  /** Lengths of the circle. */
  readonly height: number;
  readonly width: number;
  readonly frequencies: number;
  /** Images taken together. */
  readonly chunk: number;
}

function planOf({ batch, height, width, channels, filters }: Geometry): Plan {
  const circles = { height: circle(height), width: circle(width) };
  const plan = { ...circles, frequencies: circles.height * realFrequencies(circles.width) };
  const most = Math.floor(SPECTRA_BYTES / spectrumBytes(plan, 1, channels + filters) / GROUP) * GROUP;
  const chunk = Math.max(1, Math.min(batch, Math.max(2 * GROUP, most)));
  return { ...plan, chunk };
}

function spectrumBytes({ frequencies }: Pick<Plan, 'frequencies'>, rows: number, channels: number): number {
  return frequencies * 2 * rows * channels * 4;
}

/** Bytes of the spectra of a filter between two numbers of channels, and of the images on either side of it. */
function sizesOf(plan: Plan, channels: number, filters: number): number[] {
  const rows = roundUp(plan.chunk, 4);
  return [
    spectrumBytes(plan, channels, filters),
    spectrumBytes(plan, rows, channels),
    spectrumBytes(plan, rows, filters),
  ];
}

/** The first image and the number of images of each part of a batch. */
function chunksOf(batch: number, chunk: number): [number, number][] {
  return Array.from({ length: Math.ceil(batch / chunk) }, (_, index) => {
    const first = index * chunk;
    return [first, Math.min(chunk, batch - first)];
  });
}

function inputLayout({ height, width, channels }: Geometry, rows: number): Layout {
  return imagesLayout(rows, channels, height.input, width.input, height.padding, width.padding);
}

function outputLayout({ height, width, filters }: Geometry, rows: number): Layout {
  return imagesLayout(rows, filters, height.output, width.output, 0, 0);
}

function imagesLayout(rows: number, channels: number, tall: number, wide: number, top: number, left: number): Layout {
  return {
    rowStep: 4 * tall * wide * channels,
    lineStep: 4 * wide * channels,
    columnStep: 4 * channels,
    rows,
    channels,
    vertical: { length: tall, offset: top, distance: 1 },
    horizontal: { length: wide, offset: left, distance: 1 },
  };
}

/** Input channels are the rows, filters the channels. */
function filterLayout({ height, width, channels, filters }: Geometry): Layout {
  return {
    rowStep: 4 * filters,
    lineStep: 4 * width.taps * channels * filters,
    columnStep: 4 * channels * filters,
    rows: channels,
    channels: filters,
    vertical: { length: height.taps, offset: 0, distance: height.dilation },
    horizontal: { length: width.taps, offset: 0, distance: width.dilation },
  };
}

function roundUp(count: number, to: number): number {
  return Math.ceil(count / to) * to;
}
