import type { Scenario } from './schema.ts';

export interface GridRequest {
  readonly rows: number;
  readonly columns: number;
  readonly vehicles: number;
  readonly durationS: number;
  readonly seed: number;
  /** Whether trips begin and end at boundaries, or on any road between two intersections. */
  readonly ends?: 'boundary' | 'anywhere';
}

/**
 * A scenario of random trips on a grid, as short as a person would write it: the trips themselves are
 * drawn, always the same for one seed, when it is laid out.
 */
export function generateGrid({
  rows,
  columns,
  vehicles,
  durationS,
  seed,
  ends = 'boundary',
}: GridRequest): Scenario {
  return {
    name: `grid ${rows}x${columns}`,
    description: `${vehicles} random trips within ${durationS} s on a grid of ${rows} rows and ${columns} columns.`,
    durationS,
    grid: { rows, columns, lanes: 3 },
    randomTrips: { vehicles, durationS, seed, ...(ends === 'anywhere' ? { ends } : {}) },
  };
}
