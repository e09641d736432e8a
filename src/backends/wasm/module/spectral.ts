import { FilterSpectra } from './filter-spectra.js';
import { axisTables, realFrequencies, transformLength } from './fourier.js';
import { multiplyAdds, windowLength, type Axis, type Geometry } from './geometry.js';
import type { KernelModule } from './kernel-module.js';

/** Channels of a panel. */
const PANEL = 8;
/** Images and panels that a task transforms: GROUP and PANELS of assembly/spectrum.ts. */
const GROUP = 4;
const PANELS = 2;
/** Bytes of a complex cell of four channels, and of a number of each channel of a panel. */
const CELL = 32;
/** Bytes of the images' spectra that are in use at once: about the third-level cache. Larger batches are taken in parts. */
const SPECTRA_BYTES = 24 * 2 ** 20;
/** Bytes after each part of a frequency: GAP of assembly/spectrum.ts. */
const GAP = 64;
/** The parts of a batch that is too large are a multiple of this long. */
const PART = 8;
/** Longest side of the circle: scratch memory grows with its square. */
const LONGEST = 64;
/** Multiply-adds over the windows that a complex product of a large matrix is worth: three real ones, at a better pace. */
const PRODUCT = 2;
/** The same for a number of one channel that is transformed along one axis. */
const NUMBER = 14;

/** Length of the circle on which a convolution along one axis is a product of spectra. */
function circle(axis: Axis): number {
  // What wraps around falls on the zeros before the input.
  return transformLength(Math.max(axis.input + axis.padding, axis.output + windowLength(axis) - 1 - axis.padding));
}

/** Multiply-adds of one pass (forward, or a gradient) by transforms. */
function spectralMultiplyAdds({ batch, height, width, channels, filters }: Geometry): number {
  const [tall, wide] = [circle(height), circle(width)];
  const transform = (rows: number, columns: number, lines: number) =>
    NUMBER * rows * roundUp(columns, PANEL) * wide * (lines + tall);
  return (
    PRODUCT * batch * realFrequencies(tall, wide) * channels * filters +
    transform(batch, channels, height.input) +
    transform(batch, filters, height.output) +
    transform(channels, filters, height.taps)
  );
}

/** Multiply-adds of the products of spectra of one pass: three for each pair of complex numbers, one where they are real. */
export function multiplyAddsOfSpectra({ batch, height, width, channels, filters }: Geometry): number {
  const frequencies = realFrequencies(circle(height), circle(width));
  return batch * channels * filters * (3 * (frequencies - 4) + 4);
}

/** Whether transforms need less work than the convolution itself, as with the decks' 7x7 filters. Says nothing of threads. */
export function isSpectral(geometry: Geometry): boolean {
  const { height, width } = geometry;
  return (
    height.stride === 1 &&
    width.stride === 1 &&
    Math.max(circle(height), circle(width)) <= LONGEST &&
    spectralMultiplyAdds(geometry) < multiplyAdds(geometry)
  );
}

/** Where the numbers of an axis lie on the circle: at offset, offset + distance, ... */
interface Positions {
  readonly length: number;
  readonly offset: number;
  readonly distance: number;
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
 * networks through FFTs" (2013).
 */
export class SpectralConvolution {
  readonly #module: KernelModule;
  readonly #filters: FilterSpectra;
  /** Addresses of tables, by length and step. */
  readonly #tables = new Map<string, number>();

  /** @param isLive whether the values of a filter still exist */
  constructor(module: KernelModule, isLive: (values: object) => boolean) {
    this.#module = module;
    this.#filters = new FilterSpectra(module, isLive);
  }

  /** x [N,H,W,C] * filter [kh,kw,C,K] -> y [N,Ho,Wo,K], x and y as addresses. */
  forward(geometry: Geometry, x: number, filter: Filter, y: number): void {
    const [from, to] = [inputImages(geometry, x), outputImages(geometry, y)];
    this.#multiply(geometry, filter, from, to, false);
  }

  /** dy [N,Ho,Wo,K], filter [kh,kw,C,K] -> dx [N,H,W,C] */
  inputGradient(geometry: Geometry, dy: number, filter: Filter, dx: number): void {
    const [from, to] = [outputImages(geometry, dy), inputImages(geometry, dx)];
    this.#multiply(geometry, filter, from, to, true);
  }

  /** @param backward convolves with the filter, as a gradient; else correlates, as a convolution layer does */
  #multiply(geometry: Geometry, filter: Filter, from: Images, to: Images, backward: boolean): void {
    const { channels, filters } = geometry;
    const plan = planOf(geometry);
    const bRoom = roundUp(channels, PANEL);
    const [aChannels, cChannels] = [from.channels, to.channels];
    const most = roundUp(plan.chunk, 4);
    const product = (b: number, a: number, c: number) => {
      for (const [first, rows] of chunksOf(geometry.batch, plan.chunk)) {
        const room = roundUp(rows, 4);
        this.#transform(plan, from.layout(rows), from.tensor + first * from.bytes, a, room);
        const args = {
          ...{ a, b, c, aRoom: room, bRoom, cRoom: room, aChannels, bChannels: filters, cChannels, rows },
          ...{ frequencies: plan.frequencies, middle: plan.tall / 2, backward: backward ? 1 : 0, accumulate: 0 },
        };
        const scratch = 128 + panelBytes(room, aChannels) + 4 * panelBytes(PANEL, aChannels);
        this.#module.run('spectralProduct', args, plan.frequencies, scratch);
        this.#back(plan, to.layout(rows), to.tensor + first * to.bytes, c, room);
      }
    };
    const layout = filterLayout(geometry);
    this.#filters.lend(
      filter.values,
      `${plan.tall} ${plan.wide} ${JSON.stringify(layout)}`,
      spectrumBytes(plan, bRoom, filters),
      (b) => this.#transform(plan, layout, filter.address, b, bRoom),
      (b) => {
        const sizes = [spectrumBytes(plan, most, aChannels), spectrumBytes(plan, most, cChannels)];
        this.#module.withMemory(sizes, (a, c) => product(b, a, c));
      },
    );
  }

  /** -> dw [kh,kw,C,K] */
  filterGradient(geometry: Geometry, x: number, dy: number, dw: number): void {
    const { batch, channels, filters } = geometry;
    const plan = planOf(geometry);
    const [input, output] = [inputImages(geometry, x), outputImages(geometry, dy)];
    const cRoom = roundUp(channels, PANEL);
    const most = roundUp(plan.chunk, 4);
    const sizes = [
      spectrumBytes(plan, cRoom, filters),
      spectrumBytes(plan, most, channels),
      spectrumBytes(plan, most, filters),
    ];
    this.#module.withMemory(sizes, (c, a, b) => {
      for (const [first, rows] of chunksOf(batch, plan.chunk)) {
        const room = roundUp(rows, 4);
        this.#transform(plan, input.layout(rows), x + first * input.bytes, a, room);
        this.#transform(plan, output.layout(rows), dy + first * output.bytes, b, room);
        const args = {
          ...{ a, b, c, aRoom: room, bRoom: room, cRoom, aChannels: channels, bChannels: filters, cChannels: filters },
          ...{ frequencies: plan.frequencies, middle: plan.tall / 2, backward: 0, accumulate: first > 0 ? 1 : 0, rows },
        };
        const scratch = 128 + panelBytes(room, channels) + 2 * panelBytes(room, PANEL);
        this.#module.run('spectralCorrelation', args, plan.frequencies, scratch);
      }
      this.#back(plan, filterLayout(geometry), dw, c, cRoom);
    });
  }

  #transform(plan: Plan, layout: Layout, tensor: number, spectrum: number, room: number): void {
    this.#run('spectrumOf', plan, layout, { tensor, spectrum, room });
  }

  #back(plan: Plan, layout: Layout, tensor: number, spectrum: number, room: number): void {
    this.#run('tensorOf', plan, layout, { tensor, spectrum, room });
  }

  #run(
    operation: 'spectrumOf' | 'tensorOf',
    { tall, wide }: Plan,
    { rowStep, lineStep, columnStep, rows, channels, vertical, horizontal }: Layout,
    between: { tensor: number; spectrum: number; room: number },
  ): void {
    const args = {
      ...{ ...between, rowStep, lineStep, columnStep, rows, channels },
      ...{ height: vertical.length, width: horizontal.length, tall, wide },
      ...{ lineOffset: vertical.offset, lineDistance: vertical.distance },
      ...{ columnOffset: horizontal.offset, columnDistance: horizontal.distance },
      ...{ across: this.#table(wide, 1), along: this.#table(tall, wide) },
      // Both spectra of a product are twice too large, and a transform back is as large as its circle.
      scale: 1 / (4 * tall * wide),
    };
    const tasks = Math.ceil(channels / (PANEL * PANELS)) * Math.ceil(rows / GROUP);
    this.#module.run(operation, args, tasks, CELL * (PANELS * tall * wide + 3 * Math.max(tall, wide)));
  }

  #table(n: number, step: number): number {
    const key = `${n} ${step}`;
    const address = this.#tables.get(key) ?? this.#module.place(axisTables(n, step));
    this.#tables.set(key, address);
    return address;
  }

  /** Gives tables and spectra back. */
  dispose(): void {
    this.#filters.dispose();
    for (const address of this.#tables.values()) this.#module.free(address);
    this.#tables.clear();
  }
}

/** A filter at an address; `values` stands for its numbers, which do not change. */
interface Filter {
  readonly address: number;
  readonly values: object;
}

/** A tensor of images, its layout, and the bytes of one image. */
interface Images {
  readonly tensor: number;
  readonly channels: number;
  readonly bytes: number;
  readonly layout: (rows: number) => Layout;
}

interface Plan {
  /** Lengths of the circle. */
  readonly tall: number;
  readonly wide: number;
  readonly frequencies: number;
  /** Images taken together. */
  readonly chunk: number;
}

function planOf({ batch, height, width, channels, filters }: Geometry): Plan {
  const [tall, wide] = [circle(height), circle(width)];
  const plan = { tall, wide, frequencies: realFrequencies(tall, wide) };
  const perImage = spectrumBytes(plan, 1, channels) + spectrumBytes(plan, 1, filters);
  const most = Math.floor(SPECTRA_BYTES / perImage / PART) * PART;
  const chunk = Math.max(1, Math.min(batch, Math.max(2 * PART, most)));
  return { ...plan, chunk };
}

function spectrumBytes({ frequencies }: Pick<Plan, 'frequencies'>, rows: number, channels: number): number {
  return 2 * frequencies * (panelBytes(rows, channels) + GAP);
}

/** Bytes of some rows in all panels of one part of a frequency. */
function panelBytes(rows: number, channels: number): number {
  return 4 * rows * roundUp(channels, PANEL);
}

/** The first image and the number of images of each part of a batch. */
function chunksOf(batch: number, chunk: number): [number, number][] {
  return Array.from({ length: Math.ceil(batch / chunk) }, (_, index) => {
    const first = index * chunk;
    return [first, Math.min(chunk, batch - first)];
  });
}

function inputImages({ height, width, channels }: Geometry, tensor: number): Images {
  return images(tensor, channels, [height.input, height.padding], [width.input, width.padding]);
}

function outputImages({ height, width, filters }: Geometry, tensor: number): Images {
  return images(tensor, filters, [height.output, 0], [width.output, 0]);
}

type LengthAndOffset = readonly [length: number, offset: number];

function images(tensor: number, channels: number, [tall, top]: LengthAndOffset, [wide, left]: LengthAndOffset): Images {
  const lineStep = 4 * wide * channels;
  const steps = { rowStep: tall * lineStep, lineStep, columnStep: 4 * channels };
  const vertical = { length: tall, offset: top, distance: 1 };
  const horizontal = { length: wide, offset: left, distance: 1 };
  const layout = (rows: number) => ({ ...steps, rows, channels, vertical, horizontal });
  return { tensor, channels, bytes: steps.rowStep, layout };
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
