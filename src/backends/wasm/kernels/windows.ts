/** One of the axes that a window slides along. */
export interface WindowAxis {
  readonly input: number;
  readonly output: number;
  readonly window: number;
  readonly stride: number;
  /** Positions before the input. */
  readonly padding: number;
}

/** Windows over volumes; those over images are one number deep. */
export interface Windows {
  readonly batch: number;
  readonly channels: number;
  readonly depth: WindowAxis;
  readonly height: WindowAxis;
  readonly width: WindowAxis;
}

/**
 * Goes through the numbers of the input that the windows cover, window after window.
 *
 * @param visit gets the index of the first channel of a position of the input, that of its window of the output, and how many
 * positions that window covers. Windows that cover nothing are left out
 */
export function eachCovered(
  { batch, channels, depth, height, width }: Windows,
  visit: (from: number, to: number, covered: number) => void,
): void {
  const row = width.input * channels;
  const plane = height.input * row;
  let to = 0;
  for (let image = 0; image < batch; image++) {
    const start = image * depth.input * plane;
    for (let d = 0; d < depth.output; d++) {
      const [front, back] = covered(depth, d);
      for (let h = 0; h < height.output; h++) {
        const [top, bottom] = covered(height, h);
        for (let w = 0; w < width.output; w++, to += channels) {
          const [left, right] = covered(width, w);
          const count = (back - front) * (bottom - top) * (right - left);
          for (let a = front; a < back; a++) {
            for (let b = top; b < bottom; b++) {
              for (let c = left; c < right; c++) visit(start + a * plane + b * row + c * channels, to, count);
            }
          }
        }
      }
    }
  }
}

/**
 * Where the largest number of each window is: of equal ones the first, and -1 where a window has nothing of the input.
 *
 * @param x [batch, depth, height, width, channels]
 * @returns for [batch, depth, height, width, channels] of the output, indices of `x`
 */
export function largestOfWindows(x: Float32Array | Int32Array, windows: Windows): Int32Array {
  const { batch, channels, depth, height, width } = windows;
  const found = new Int32Array(batch * depth.output * height.output * width.output * channels).fill(-1);
  eachCovered(windows, (from, to) => {
    for (let channel = 0; channel < channels; channel++) {
      const largest = found[to + channel] as number;
      if (largest < 0 || isLarger(x[from + channel] as number, x[largest] as number))
        found[to + channel] = from + channel;
    }
  });
  return found;
}

/** As in tfjs, what is no number is never the largest, unless there is nothing else. */
function isLarger(value: number, largest: number): boolean {
  return value > largest || (Number.isNaN(largest) && !Number.isNaN(value));
}

/** What a window covers of the input: the first position, and that after the last. */
function covered({ input, window, stride, padding }: WindowAxis, index: number): [number, number] {
  const first = index * stride - padding;
  const start = Math.max(0, first);
  return [start, Math.max(start, Math.min(input, first + window))];
}
