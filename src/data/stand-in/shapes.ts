/**
 * Whether the point (u, v) lies on the shape. The shape fills the square [-1, 1] x [-1, 1], v pointing down.
 * Arithmetic is limited to + - * / and comparisons, which IEEE 754 fixes to the last bit.
 */
export type Shape = (u: number, v: number) => boolean;

const inSquare: Shape = (u, v) => u > -1 && u < 1 && v > -1 && v < 1;

/** One of `count` stripes across [-1, 1], every second one filled, beginning with a filled one. */
const onStripe = (at: number, count: number): boolean => (Math.floor(((at + 1) * count) / 2) & 1) === 0;

const disc: Shape = (u, v) => u * u + v * v < 1;
const ring: Shape = (u, v) => disc(u, v) && u * u + v * v > 0.36;
const square: Shape = (u, v) => inSquare(u, v) && !(u > -0.6 && u < 0.6 && v > -0.6 && v < 0.6);
const triangle: Shape = (u, v) => v < 1 && v > -1 && 2 * u < v + 1 && -2 * u < v + 1;
const plus: Shape = (u, v) => inSquare(u, v) && ((u > -0.27 && u < 0.27) || (v > -0.27 && v < 0.27));
const diagonalCross: Shape = (u, v) =>
  inSquare(u, v) && ((u - v > -0.42 && u - v < 0.42) || (u + v > -0.42 && u + v < 0.42));
const rows: Shape = (u, v) => inSquare(u, v) && onStripe(v, 5);
const columns: Shape = (u, v) => inSquare(u, v) && onStripe(u, 5);
const checker: Shape = (u, v) => inSquare(u, v) && onStripe(u, 4) === onStripe(v, 4);

/** Nine dots on a 3 x 3 grid. */
const dots: Shape = (u, v) => {
  if (!inSquare(u, v)) return false;
  const du = 1.5 * (u + 1) - Math.floor(1.5 * (u + 1)) - 0.5;
  const dv = 1.5 * (v + 1) - Math.floor(1.5 * (v + 1)) - 0.5;
  return du * du + dv * dv < 0.13;
};

/** A shape and what it is called. */
export interface NamedShape {
  readonly name: string;
  readonly shape: Shape;
}

/** The classes of the stand-ins of ten; the position in the list is the label. */
const STAND_IN_SHAPES: readonly NamedShape[] = [
  { name: 'disc', shape: disc },
  { name: 'ring', shape: ring },
  { name: 'square', shape: square },
  { name: 'triangle', shape: triangle },
  { name: 'plus', shape: plus },
  { name: 'cross', shape: diagonalCross },
  { name: 'rows', shape: rows },
  { name: 'columns', shape: columns },
  { name: 'checker', shape: checker },
  { name: 'dots', shape: dots },
];

/**
 * The shapes of each class, side by side: one where there are at most ten classes, else the decimal digits of the label, the last one first: up to 100
 * classes have two, up to 1,000 three.
 */
export function shapesOfClasses(classes: number): readonly (readonly NamedShape[])[] {
  const digits = String(classes - 1).length;
  return Array.from({ length: classes }, (_, label) =>
    Array.from({ length: digits }, (__, digit) => STAND_IN_SHAPES[Math.floor(label / 10 ** digit) % 10] as NamedShape),
  );
}
