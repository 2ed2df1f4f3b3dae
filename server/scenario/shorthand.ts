import { type Draft, type DraftIntersection, type DraftLane, type DraftRoad, draftLanes } from './draft.ts';
import type { Path } from './problem.ts';
import type { Scenario } from './schema.ts';

type Isolated = NonNullable<Scenario['isolated']>;
type Corridor = NonNullable<Scenario['corridor']>;
type Grid = NonNullable<Scenario['grid']>;

export const DEFAULT_SPACING_M = 300;
export const DEFAULT_LANES = { isolated: 3, corridor: 2, side: 1, grid: 3 };

/** Collects a shorthand's intersections and two-way roads under their names. */
class Sketch {
  readonly intersections: DraftIntersection[] = [];
  readonly roads: DraftRoad[] = [];
  private readonly index = new Map<string, number>();
  private readonly path: Path;

  constructor(shorthand: string) {
    this.path = [shorthand];
  }

  place(id: string, x: number, y: number, boundary: boolean): void {
    this.index.set(id, this.intersections.length);
    this.intersections.push({ id, x, y, boundary, halfWidth: null });
  }

  /**
   * Roads both ways between two intersections. Lanes with turns belong to the traffic toward
   * intersections; a road out to a boundary has as many lanes, and nothing turns at its end.
   */
  join(a: string, b: string, lanes: readonly DraftLane[], key: string): void {
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      const target = this.index.get(to)!;
      const outward = this.intersections[target]!.boundary;
      this.roads.push({
        id: `${from}-${to}`,
        from: this.index.get(from)!,
        to: target,
        via: [],
        lanes: outward ? lanes.map((lane) => ({ ...lane, turns: null })) : lanes,
        path: this.path,
        lanesPath: [...this.path, key],
      });
    }
  }
}

/** One intersection, `main`, with roads to boundaries named after the compass. */
export function isolatedDraft(given: Isolated): Draft {
  const approach = given.approachM ?? DEFAULT_SPACING_M;
  const lanes = draftLanes(given.lanes ?? DEFAULT_LANES.isolated, given);
  const sketch = new Sketch('isolated');
  sketch.place('main', 0, 0, false);
  for (const side of ['north', 'east', 'south', 'west'] as const) {
    if (given.approaches && !given.approaches.includes(side)) continue;
    const x = side === 'east' ? approach : side === 'west' ? -approach : 0;
    const y = side === 'north' ? approach : side === 'south' ? -approach : 0;
    sketch.place(side, x, y, true);
    sketch.join(side, 'main', lanes, 'lanes');
  }
  return sketch;
}

/** Intersections `i1` … from west to east, each with a side street to `north-1`, `south-1` … */
export function corridorDraft(given: Corridor): Draft {
  const approach = given.approachM ?? DEFAULT_SPACING_M;
  const lanes = draftLanes(given.lanes ?? DEFAULT_LANES.corridor, given);
  const sideLanes = draftLanes(given.sideLanes ?? DEFAULT_LANES.side, {
    laneWidthM: given.laneWidthM,
    speedLimitKmh: given.sideSpeedLimitKmh ?? given.speedLimitKmh,
  });
  const spacing = given.spacingM ?? DEFAULT_SPACING_M;
  const sketch = new Sketch('corridor');
  let x = 0;
  sketch.place('west', -approach, 0, true);
  for (let k = 1; k <= given.intersections; k++) {
    sketch.place(`i${k}`, x, 0, false);
    sketch.join(k === 1 ? 'west' : `i${k - 1}`, `i${k}`, lanes, 'lanes');
    sketch.place(`north-${k}`, x, approach, true);
    sketch.join(`north-${k}`, `i${k}`, sideLanes, 'sideLanes');
    sketch.place(`south-${k}`, x, -approach, true);
    sketch.join(`south-${k}`, `i${k}`, sideLanes, 'sideLanes');
    if (k < given.intersections) {
      x += typeof spacing === 'number' ? spacing : (spacing[k - 1] ?? DEFAULT_SPACING_M);
    }
  }
  sketch.place('east', x + approach, 0, true);
  sketch.join('east', `i${given.intersections}`, lanes, 'lanes');
  return sketch;
}

/** Intersections `r1c1` …, row 1 in the north, column 1 in the west, with boundaries all around. */
export function gridDraft(given: Grid): Draft {
  const { rows, columns } = given;
  const spacing = given.spacingM ?? DEFAULT_SPACING_M;
  const approach = given.approachM ?? spacing;
  const lanes = draftLanes(given.lanes ?? DEFAULT_LANES.grid, given);
  const sketch = new Sketch('grid');
  const right = (columns - 1) * spacing;
  const top = (rows - 1) * spacing;
  for (let r = 1; r <= rows; r++) {
    for (let c = 1; c <= columns; c++) {
      sketch.place(`r${r}c${c}`, (c - 1) * spacing, top - (r - 1) * spacing, false);
      if (r > 1) sketch.join(`r${r - 1}c${c}`, `r${r}c${c}`, lanes, 'lanes');
      if (c > 1) sketch.join(`r${r}c${c - 1}`, `r${r}c${c}`, lanes, 'lanes');
    }
  }
  const border = (id: string, x: number, y: number, inside: string) => {
    sketch.place(id, x, y, true);
    sketch.join(id, inside, lanes, 'lanes');
  };
  for (let c = 1; c <= columns; c++) {
    border(`north-${c}`, (c - 1) * spacing, top + approach, `r1c${c}`);
    border(`south-${c}`, (c - 1) * spacing, -approach, `r${rows}c${c}`);
  }
  for (let r = 1; r <= rows; r++) {
    border(`west-${r}`, -approach, top - (r - 1) * spacing, `r${r}c1`);
    border(`east-${r}`, right + approach, top - (r - 1) * spacing, `r${r}c${columns}`);
  }
  return sketch;
}
