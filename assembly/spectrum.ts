/**
 * Between tensors and their spectra: discrete Fourier transforms along two axes. Spectra are kept as
 * [frequency][re, im][panel of 8 channels][row][8], twice as large as they should be, where a row is an image or, in a filter's
 * spectrum, an input channel. Channels are real, so half of the frequencies say it all: u up to tall / 2 for v = 0, all u for
 * each v between, u up to tall / 2 for v = wide / 2. The last channels of a panel that is not full are zeros.
 *
 * Four channels and the next four are the real and the imaginary part of one transform, so a panel is a grid of complex cells.
 */
import { CELL, transformAxis } from './fourier';

/** Rows (images) of a task: what they write lies side by side. */
const GROUP = 4;
/**
 * Panels of a task, whose grids are filled at once: together they are a line of the cache of the tensor. The same channels of
 * a filter's next tap often lie a power of two further, so a line would be gone before another panel wants it.
 */
const PANELS = 2;
/** Channels of a panel. */
const PANEL = 8;
/**
 * Bytes after each part of a frequency. A row is written to all frequencies: with a power of two between them, all of them would share
 * a few sets of the cache.
 */
const GAP = 64;

/** Between a tensor [row, height, width, channels], in any order of the first three axes, and its spectrum. */
@unmanaged
export class TransformArguments {
  tensor: usize;
  /** Bytes between two rows, two lines, two columns of the tensor. Channels are contiguous. */
  rowStep: usize;
  lineStep: usize;
  columnStep: usize;
  spectrum: usize;
  /** Rows to transform, and rows that the spectrum has room for. */
  rows: i32;
  room: i32;
  channels: i32;
  height: i32;
  width: i32;
  /** Lengths of the circle, even. */
  tall: i32;
  wide: i32;
  /** Where the first line (column) lies on the circle, and how far apart two are. */
  lineOffset: i32;
  lineDistance: i32;
  columnOffset: i32;
  columnDistance: i32;
  /** Tables of assembly/fourier.ts: cells of a line, and cells of a column. */
  across: usize;
  along: usize;
  /** Multiplies the tensor that comes back. */
  scale: f32;
}

/** Scratch memory: the grids, and what the transforms need, three cells for each of the longer side. */
@inline
function gridBytes(p: TransformArguments): usize {
  return <usize>(p.tall * p.wide) * CELL;
}

@inline
export function panelsOf(channels: i32): i32 {
  return (channels + PANEL - 1) / PANEL;
}

/** Bytes between the real and the imaginary parts of a frequency: half of a frequency. */
@inline
export function partBytes(channels: i32, room: i32): usize {
  return <usize>(panelsOf(channels) * room) * CELL + GAP;
}

/** Whether every cell of the circle gets one number. */
@inline
function isWhole(p: TransformArguments): bool {
  return p.height == p.tall && p.width == p.wide && p.lineDistance == 1 && p.columnDistance == 1;
}

/** Whether the positions along an axis go around the circle. */
@inline
function wraps(length: i32, offset: i32, distance: i32, circle: i32): bool {
  return offset + (length - 1) * distance >= circle;
}

/** Transforms the lines that hold something, or all of them. */
function transformLines(p: TransformArguments, grid: usize, work: usize): void {
  const line = <usize>p.wide * CELL;
  if (wraps(p.height, p.lineOffset, p.lineDistance, p.tall)) {
    transformAxis(p.across, grid, line, p.tall, work);
  } else {
    transformAxis(p.across, grid + <usize>p.lineOffset * line, <usize>p.lineDistance * line, p.height, work);
  }
}

/** Task: 4 rows of two panels to their spectrum. Rows that there is only room for become zeros. */
export function spectrumOf(p: TransformArguments, task: i32, scratch: usize): void {
  const panels = panelsOf(p.channels);
  const across = (panels + PANELS - 1) / PANELS;
  const firstPanel = (task % across) * PANELS;
  const endPanel = min(firstPanel + PANELS, panels);
  const first = (task / across) * GROUP;
  const end = min(first + GROUP, p.rows);
  const size = gridBytes(p);
  const work = scratch + <usize>PANELS * size;
  for (let row = first; row < end; row++) {
    fill(p, row, firstPanel, endPanel, scratch);
    let grid = scratch;
    for (let panel = firstPanel; panel < endPanel; panel++) {
      transformLines(p, grid, work);
      transformAxis(p.along, grid, CELL, p.wide, work);
      untangle(p, row, panel, grid);
      grid += size;
    }
  }
  if (first + GROUP < p.rows) return;
  for (let row = p.rows; row < p.room; row++) {
    for (let panel = firstPanel; panel < endPanel; panel++) clear(p, row, panel);
  }
}

function clear(p: TransformArguments, row: i32, panel: i32): void {
  const part = partBytes(p.channels, p.room);
  let to = rowOf(p, row, panel);
  const half = p.tall >> 1;
  const parts = 2 * (2 * (half + 1) + ((p.wide >> 1) - 1) * p.tall);
  for (let i = 0; i < parts; i++) {
    memory.fill(to, 0, CELL);
    to += part;
  }
}

/** Copies one row of some panels to their grids. Positions that coincide on the circle are added. */
function fill(p: TransformArguments, row: i32, firstPanel: i32, endPanel: i32, grids: usize): void {
  const size = gridBytes(p);
  const whole = isWhole(p);
  if (!whole) memory.fill(grids, 0, <usize>(endPanel - firstPanel) * size);
  const firstChannel = firstPanel * PANEL;
  const channels = min(endPanel * PANEL, p.channels) - firstChannel;
  const tensor = p.tensor + <usize>row * p.rowStep + <usize>firstChannel * 4;
  let lineAt = p.lineOffset;
  for (let y = 0; y < p.height; y++) {
    while (lineAt >= p.tall) lineAt -= p.tall;
    const line = grids + <usize>(lineAt * p.wide) * CELL;
    let columnAt = p.columnOffset;
    let from = tensor + <usize>y * p.lineStep;
    for (let x = 0; x < p.width; x++) {
      while (columnAt >= p.wide) columnAt -= p.wide;
      const cell = line + <usize>columnAt * CELL;
      if (channels == PANEL * PANELS) {
        fillCell(cell, from, whole);
        fillCell(cell + size, from + CELL, whole);
      } else if (channels >= PANEL) {
        fillCell(cell, from, whole);
        if (channels > PANEL) fillPart(cell + size, from + CELL, channels - PANEL, whole);
      } else fillPart(cell, from, channels, whole);
      from += p.columnStep;
      columnAt += p.columnDistance;
    }
    lineAt += p.lineDistance;
  }
}

/** @param whole nothing was in the cell */
@inline
function fillCell(cell: usize, from: usize, whole: bool): void {
  const low = v128.load(from);
  const high = v128.load(from, 16);
  v128.store(cell, whole ? low : f32x4.add(v128.load(cell), low));
  v128.store(cell, whole ? high : f32x4.add(v128.load(cell, 16), high), 16);
}

function fillPart(cell: usize, from: usize, channels: i32, whole: bool): void {
  for (let channel = 0; channel < PANEL; channel++) {
    const at = (<usize>channel) << 2;
    const before: f32 = whole ? 0 : load<f32>(cell + at);
    store<f32>(cell + at, channel < channels ? before + load<f32>(from + at) : 0);
  }
}

/** Address of a row in the spectrum's first frequency. */
@inline
function rowOf(p: TransformArguments, row: i32, panel: i32): usize {
  return p.spectrum + <usize>(panel * p.room + row) * CELL;
}

/** A grid Z of two times four channels, A + i B: 2 A = Z + conj Z', 2 i B = Z - conj Z', where Z' is at the opposite frequency. */
function untangle(p: TransformArguments, row: i32, panel: i32, grid: usize): void {
  const part = partBytes(p.channels, p.room);
  const line = <usize>p.wide * CELL;
  const middle = p.wide >> 1;
  let to = rowOf(p, row, panel);
  for (let v = 0; v <= middle; v++) {
    const last = v == 0 || v == middle ? p.tall >> 1 : p.tall - 1;
    const near = grid + <usize>v * CELL;
    const far = grid + <usize>(v == 0 ? 0 : p.wide - v) * CELL;
    for (let u = 0; u <= last; u++) {
      const z = near + <usize>u * line;
      const opposite = far + <usize>(u == 0 ? 0 : p.tall - u) * line;
      const re = v128.load(z);
      const im = v128.load(z, 16);
      const otherRe = v128.load(opposite);
      const otherIm = v128.load(opposite, 16);
      v128.store(to, f32x4.add(re, otherRe));
      v128.store(to, f32x4.add(im, otherIm), 16);
      v128.store(to + part, f32x4.sub(im, otherIm));
      v128.store(to + part, f32x4.sub(otherRe, re), 16);
      to += 2 * part;
    }
  }
}

/** Task: the spectrum of 4 rows of two panels back to the tensor. */
export function tensorOf(p: TransformArguments, task: i32, scratch: usize): void {
  const panels = panelsOf(p.channels);
  const across = (panels + PANELS - 1) / PANELS;
  const firstPanel = (task % across) * PANELS;
  const endPanel = min(firstPanel + PANELS, panels);
  const first = (task / across) * GROUP;
  const end = min(first + GROUP, p.rows);
  const size = gridBytes(p);
  const work = scratch + <usize>PANELS * size;
  for (let row = first; row < end; row++) {
    let grid = scratch;
    for (let panel = firstPanel; panel < endPanel; panel++) {
      tangle(p, row, panel, grid);
      transformAxis(p.along, grid, CELL, p.wide, work);
      transformLines(p, grid, work);
      grid += size;
    }
    empty(p, row, firstPanel, endPanel, scratch);
  }
}

/** The reverse of `untangle`, with real and imaginary parts exchanged: so the transform runs backwards. */
function tangle(p: TransformArguments, row: i32, panel: i32, grid: usize): void {
  const part = partBytes(p.channels, p.room);
  const line = <usize>p.wide * CELL;
  const middle = p.wide >> 1;
  let from = rowOf(p, row, panel);
  for (let v = 0; v <= middle; v++) {
    const last = v == 0 || v == middle ? p.tall >> 1 : p.tall - 1;
    const near = grid + <usize>v * CELL;
    const far = grid + <usize>(v == 0 ? 0 : p.wide - v) * CELL;
    for (let u = 0; u <= last; u++) {
      const z = near + <usize>u * line;
      const opposite = far + <usize>(u == 0 ? 0 : p.tall - u) * line;
      const aRe = v128.load(from);
      const bRe = v128.load(from, 16);
      const aIm = v128.load(from + part);
      const bIm = v128.load(from + part, 16);
      v128.store(opposite, f32x4.sub(bRe, aIm));
      v128.store(opposite, f32x4.add(aRe, bIm), 16);
      v128.store(z, f32x4.add(aIm, bRe));
      v128.store(z, f32x4.sub(aRe, bIm), 16);
      from += 2 * part;
    }
  }
}

/** Copies the grids of some panels, with their parts exchanged, to one row. */
function empty(p: TransformArguments, row: i32, firstPanel: i32, endPanel: i32, grids: usize): void {
  const size = gridBytes(p);
  const firstChannel = firstPanel * PANEL;
  const channels = min(endPanel * PANEL, p.channels) - firstChannel;
  const tensor = p.tensor + <usize>row * p.rowStep + <usize>firstChannel * 4;
  let lineAt = p.lineOffset;
  for (let y = 0; y < p.height; y++) {
    while (lineAt >= p.tall) lineAt -= p.tall;
    const line = grids + <usize>(lineAt * p.wide) * CELL;
    let columnAt = p.columnOffset;
    let to = tensor + <usize>y * p.lineStep;
    for (let x = 0; x < p.width; x++) {
      while (columnAt >= p.wide) columnAt -= p.wide;
      const cell = line + <usize>columnAt * CELL;
      emptyCell(cell, to, min(channels, PANEL), p.scale);
      if (channels > PANEL) emptyCell(cell + size, to + CELL, channels - PANEL, p.scale);
      to += p.columnStep;
      columnAt += p.columnDistance;
    }
    lineAt += p.lineDistance;
  }
}

@inline
function emptyCell(cell: usize, to: usize, channels: i32, scale: f32): void {
  if (channels == PANEL) {
    v128.store(to, f32x4.mul(v128.load(cell, 16), f32x4.splat(scale)));
    v128.store(to, f32x4.mul(v128.load(cell), f32x4.splat(scale)), 16);
    return;
  }
  for (let channel = 0; channel < channels; channel++) {
    const at = (<usize>channel) << 2;
    store<f32>(to + at, load<f32>(cell + (at ^ 16)) * scale);
  }
}
