import seedrandom from 'seedrandom';
import type { Atlas } from './atlas.ts';
import type { Drawing } from './drawing.ts';
import type { Flow, Origin } from './layout.ts';
import { amount, type Findings } from './problem.ts';
import type { RouteFinder } from './routes.ts';
import type { Scenario } from './schema.ts';
import { typeSharesOf } from './shares.ts';
import type { TypeIndex } from './vehicleTypes.ts';

/** Roads in all trips together, a bound on memory. */
const ROADS_MAX = 60_000_000;
/** How often a pair of boundaries is drawn again when no route joins it. */
const DRAWS_MAX = 100;

type Draw = () => number;

/**
 * The trips of `randomTrips`: each from a random place to another, at a random whole second, on a
 * shortest route. The same seed gives the same trips on every machine. Times, places, turns and
 * vehicle types are drawn from streams of their own.
 */
export function randomTripsOf(
  scenario: Scenario,
  { drawing, finder }: Atlas,
  typeIndex: TypeIndex,
  findings: Findings,
): Flow[] {
  const given = scenario.randomTrips;
  if (given === undefined) return [];
  const entries = drawing.intersections.flatMap(({ boundary, exits }, i) =>
    boundary && exits.length > 0 ? [i] : [],
  );
  const ends = drawing.intersections.flatMap(({ boundary, approaches }, i) =>
    boundary && approaches.length > 0 ? [i] : [],
  );
  const anywhere = given.ends === 'anywhere';
  if (anywhere && (!scenario.grid || scenario.grid.rows * scenario.grid.columns < 4)) {
    findings.problem(
      ['randomTrips', 'ends'],
      'trips can begin and end anywhere only on a grid of at least four intersections.',
      'Use "boundary".',
    );
    return [];
  }
  if (entries.length === 0 || ends.length === 0 || new Set([...entries, ...ends]).size < 2) {
    findings.problem(['randomTrips'], 'the network has no two boundaries between which to travel.');
    return [];
  }
  const stream = (purpose: string): Draw => seedrandom.alea(`${given.seed}/randomTrips/${purpose}`);
  const nextStart = stream('starts');
  const nextPlace = stream('places');
  const nextType = stream('vehicleTypes');
  const starts = new Int32Array(given.vehicles); // whole seconds, which JavaScript stores without a box
  for (let k = 0; k < starts.length; k++) starts[k] = Math.floor(nextStart() * given.durationS);
  starts.sort();

  const mix = typeSharesOf(scenario.vehicles, ['vehicles'], typeIndex, findings);
  const grid = scenario.grid ? staircases(scenario.grid, drawing, stream('turns')) : null;
  const routeBetween = grid?.betweenBoundaries ?? fastestRoutes(drawing, finder);
  const drawRoute = (): readonly number[] | null => {
    if (grid && anywhere) {
      const { rows, columns } = scenario.grid!;
      return grid.betweenCells(
        Math.floor(nextPlace() * rows * columns),
        Math.floor(nextPlace() * rows * columns),
      );
    }
    const from = entries[Math.floor(nextPlace() * entries.length)]!;
    const to = ends[Math.floor(nextPlace() * ends.length)]!;
    return from === to ? null : routeBetween(from, to);
  };
  const flows: Flow[] = [];
  let roads = 0;
  for (const start of starts) {
    let route: readonly number[] | null = null;
    for (let draw = 0; draw < DRAWS_MAX && route === null; draw++) route = drawRoute();
    if (route === null) {
      findings.problem(
        ['randomTrips'],
        `${DRAWS_MAX} random pairs of boundaries have no route between them.`,
        'Check the roads’ directions and the turns that their lanes allow.',
      );
      return flows;
    }
    roads += route.length;
    if (roads > ROADS_MAX) {
      findings.problem(
        ['randomTrips', 'vehicles'],
        `the trips have more than ${amount(ROADS_MAX)} roads together.`,
        'Use fewer vehicles or a smaller network.',
      );
      return flows;
    }
    const vehicleType = drawType(mix, nextType());
    flows.push({
      id: `trip-${flows.length + 1}`,
      vehicleType,
      route,
      intervalS: 1,
      startS: start,
      endS: start,
    });
  }
  return flows;
}

function drawType(mix: Origin['vehicleTypes'], draw: number): number {
  let below = 0;
  for (const { vehicleType, share } of mix) {
    below += share;
    if (draw < below) return vehicleType;
  }
  return mix[mix.length - 1]?.vehicleType ?? 0;
}

/** Fastest routes, each found once and shared by the trips that take it. */
function fastestRoutes(drawing: Drawing, finder: RouteFinder) {
  const routesFrom = new Map<number, Map<number, number[]>>();
  return (from: number, to: number): readonly number[] | null => {
    let routes = routesFrom.get(from);
    if (routes === undefined) {
      const missing = new Set(drawing.intersections.flatMap(({ boundary }, i) => (boundary ? [i] : [])));
      const found = finder.fastest(
        drawing.intersections[from]!.exits,
        (road) => missing.delete(drawing.roads[road]!.to),
        missing.size,
      );
      routes = new Map([...found].map(([road, route]) => [drawing.roads[road]!.to, route]));
      routesFrom.set(from, routes);
    }
    const route = routes.get(to);
    return route && route.length > 1 ? route : null;
  };
}

const UP = 0;
const RIGHT = 1;
const DOWN = 2;
const LEFT = 3;

/**
 * Shortest routes on a grid: as many rows down or up and columns left or right as the destination
 * lies away, in random order, all orders alike. They never turn back, so they have no loops.
 */
function staircases({ rows, columns }: { rows: number; columns: number }, drawing: Drawing, nextTurn: Draw) {
  const { intersections, roads } = drawing;
  const index = new Map(intersections.map(({ id }, i) => [id, i]));
  const cellOf = new Int32Array(intersections.length).fill(-1);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) cellOf[index.get(`r${r + 1}c${c + 1}`)!] = r * columns + c;
  }
  // Four roads for each cell, and for each boundary the road in and the road out.
  const roadBeside = new Int32Array(4 * rows * columns);
  const entry = new Int32Array(intersections.length);
  const exit = new Int32Array(intersections.length);
  roads.forEach(({ from, to }, r) => {
    const start = cellOf[from]!;
    const step = cellOf[to]! - start;
    if (start < 0) entry[from] = r;
    else if (cellOf[to]! < 0) exit[to] = r;
    // In a grid of one column the cell below is also the next one.
    else if (step === columns) roadBeside[4 * start + DOWN] = r;
    else if (step === -columns) roadBeside[4 * start + UP] = r;
    else roadBeside[4 * start + (step > 0 ? RIGHT : LEFT)] = r;
  });
  /** Appends the roads from one cell to another, and returns how many roads the route then has. */
  const climb = (route: number[], countBefore: number, start: number, end: number): number => {
    const down = Math.floor(end / columns) - Math.floor(start / columns);
    const right = (end % columns) - (start % columns);
    const vertical = down > 0 ? DOWN : UP;
    const sideways = right > 0 ? RIGHT : LEFT;
    let cell = start;
    let count = countBefore;
    let rowsLeft = Math.abs(down);
    let columnsLeft = Math.abs(right);
    while (rowsLeft + columnsLeft > 0) {
      const goVertical = nextTurn() * (rowsLeft + columnsLeft) < rowsLeft;
      route[count++] = roadBeside[4 * cell + (goVertical ? vertical : sideways)]!;
      if (goVertical) {
        rowsLeft--;
        cell += down > 0 ? columns : -columns;
      } else {
        columnsLeft--;
        cell += right > 0 ? 1 : -1;
      }
    }
    return count;
  };
  const stepsBetween = (a: number, b: number): number =>
    Math.abs(Math.floor(a / columns) - Math.floor(b / columns)) + Math.abs((a % columns) - (b % columns));

  return {
    betweenBoundaries(from: number, to: number): number[] {
      const start = cellOf[roads[entry[from]!]!.to]!;
      const end = cellOf[roads[exit[to]!]!.from]!;
      const route = new Array<number>(stepsBetween(start, end) + 2);
      route[0] = entry[from]!;
      route[climb(route, 1, start, end)] = exit[to]!;
      return route;
    },

    /** From the first road after one intersection to the last before another; `null` for neighbours. */
    betweenCells(start: number, end: number): number[] | null {
      const count = stepsBetween(start, end);
      if (count < 2) return null;
      const route = new Array<number>(count);
      climb(route, 0, start, end);
      return route;
    },
  };
}
