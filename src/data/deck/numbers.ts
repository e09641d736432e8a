import type { Pixels } from '../../core/dataset.js';
import { complaint } from './complain.js';

/** Numbers of a file, in its order. */
export interface Numbers {
  readonly length: number;
  readonly at: (index: number) => number;
  /** Whether the type of the file has fractions: such values stay floats, whatever they are. */
  readonly floats: boolean;
}

/**
 * Bytes where whole numbers are all from 0 to 255, else float32, rounded as NumPy's astype(float32) does.
 *
 * @param nameOf how messages name the value at an index
 * @throws E_DATA_VALUE where a number is not finite as float32
 */
export function pixelsOf({ length, at, floats }: Numbers, nameOf: (index: number) => string): Pixels {
  if (!floats) {
    const bytes = new Uint8Array(length);
    let index = 0;
    for (; index < length; index++) {
      const value = at(index);
      if (value < 0 || value > 255) break;
      bytes[index] = value;
    }
    if (index === length) return bytes;
  }
  const values = new Float32Array(length);
  for (let index = 0; index < length; index++) {
    values[index] = at(index);
    if (!Number.isFinite(values[index])) {
      throw complaint('E_DATA_VALUE', `${nameOf(index)}: the value ${at(index)} is not a finite 32-bit number.`);
    }
  }
  return values;
}

/** @throws E_DATA_LABEL where a number is not a whole one */
export function labelsOf({ length, at }: Numbers, nameOf: (index: number) => string): number[] {
  return Array.from({ length }, (_, index) => {
    const label = at(index);
    if (!Number.isInteger(label))
      throw complaint('E_DATA_LABEL', `${nameOf(index)}: the label ${label} is not an integer.`);
    return label;
  });
}

/** The types that binary formats have. */
export type NumberType = 'u1' | 'i1' | 'u2' | 'i2' | 'u4' | 'i4' | 'u8' | 'i8' | 'f2' | 'f4' | 'f8';

/** Numbers in bytes, of either order. @param bytes of whole numbers */
export function numbersIn(bytes: Uint8Array, type: NumberType, littleEndian: boolean): Numbers {
  const width = widthOf(type);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = READERS[type];
  return {
    length: bytes.length / width,
    at: (index) => read(view, index * width, littleEndian),
    floats: type.startsWith('f'),
  };
}

/** In bytes. */
export function widthOf(type: NumberType): number {
  return Number(type.slice(1));
}

const READERS: Readonly<Record<NumberType, (view: DataView, at: number, littleEndian: boolean) => number>> = {
  u1: (view, at) => view.getUint8(at),
  i1: (view, at) => view.getInt8(at),
  u2: (view, at, little) => view.getUint16(at, little),
  i2: (view, at, little) => view.getInt16(at, little),
  u4: (view, at, little) => view.getUint32(at, little),
  i4: (view, at, little) => view.getInt32(at, little),
  u8: (view, at, little) => Number(view.getBigUint64(at, little)),
  i8: (view, at, little) => Number(view.getBigInt64(at, little)),
  f2: (view, at, little) => half(view.getUint16(at, little)),
  f4: (view, at, little) => view.getFloat32(at, little),
  f8: (view, at, little) => view.getFloat64(at, little),
};

/** IEEE 754 binary16: a sign, five bits of exponent, ten of fraction. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}
