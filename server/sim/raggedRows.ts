import type { RaggedRows } from './network.ts';

/** Rows as two flat arrays. */
export function ragged(rows: readonly (readonly number[])[]): RaggedRows {
  const starts = new Int32Array(rows.length + 1);
  rows.forEach((row, r) => {
    starts[r + 1] = starts[r] + row.length;
  });
  const items = new Int32Array(starts[rows.length]);
  rows.forEach((row, r) => {
    items.set(row, starts[r]);
  });
  return { starts, items };
}
