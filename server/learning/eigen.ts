/** A symmetric matrix as its rows. */
export type Matrix = readonly Float64Array[];

/** Of a symmetric matrix: `vectors[i][j]` is component i of the vector that belongs to `values[j]`. */
export interface Eigen {
  readonly values: Float64Array;
  readonly vectors: Matrix;
}

const SWEEPS_MAX = 30;
/** Of the matrix' own size (the sum of its squares), what may be left beside the diagonal. */
const LEFT_OVER = 1e-26;

/** The unit matrix. */
export function identity(n: number): Float64Array[] {
  return Array.from({ length: n }, (_, i) => {
    const row = new Float64Array(n);
    row[i] = 1;
    return row;
  });
}

/**
 * Values and vectors of a symmetric matrix by Jacobi's rotations, row after row (Golub & Van Loan 2013, Matrix
 * Computations, section 8.5). Slow for large matrices, and for small ones as exact as can be.
 */
export function eigen(matrix: Matrix): Eigen {
  const n = matrix.length;
  const a = matrix.map((row) => row.slice());
  const vectors = identity(n);
  for (let sweep = 0; sweep < SWEEPS_MAX && besideDiagonal(a) > LEFT_OVER * size(a); sweep++) {
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) rotate(a, vectors, p, q);
  }
  return { values: Float64Array.from(a, (row, i) => row[i]!), vectors };
}

/** Turns the plane of axes p and q so that nothing is left at (p, q). */
function rotate(a: Float64Array[], vectors: Float64Array[], p: number, q: number): void {
  const apq = a[p]![q]!;
  if (apq === 0) return;
  const theta = (a[q]![q]! - a[p]![p]!) / (2 * apq);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  for (const row of a) turn(row, p, q, c, s);
  const [rowP, rowQ] = [a[p]!, a[q]!];
  for (let k = 0; k < rowP.length; k++) {
    const [x, y] = [rowP[k]!, rowQ[k]!];
    rowP[k] = c * x - s * y;
    rowQ[k] = s * x + c * y;
  }
  for (const row of vectors) turn(row, p, q, c, s);
}

function turn(row: Float64Array, p: number, q: number, c: number, s: number): void {
  const [x, y] = [row[p]!, row[q]!];
  row[p] = c * x - s * y;
  row[q] = s * x + c * y;
}

function besideDiagonal(a: Matrix): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) for (let j = 0; j < i; j++) sum += a[i]![j]! * a[i]![j]!;
  return sum;
}

function size(a: Matrix): number {
  let sum = 0;
  for (const row of a) for (const value of row) sum += value * value;
  return sum;
}
