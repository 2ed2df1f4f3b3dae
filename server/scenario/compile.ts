import { createDrivers } from '../sim/carFollowing.ts';
import { REFERENCE_LIMIT } from '../sim/crossing.ts';
import {
  MODEL,
  NEVER,
  type Network,
  NONE,
  PRIORITY,
  type RaggedRows,
  SHOWN,
  type VehicleTypes,
} from '../sim/network.ts';
import { hashedNetwork } from '../sim/networkHash.ts';
import { ragged } from '../sim/raggedRows.ts';
import { compileCrosses } from './compileCrosses.ts';
import { compileFlows, compileOrigins, RouteTable } from './compileDemand.ts';
import { compileLimitsAhead } from './compileLimits.ts';
import { compileReference } from './compileReference.ts';
import { compileCrosswalks, compileDetectors, singleRings } from './compileRoadside.ts';
import type { Intersection, Layout, VehicleType } from './layout.ts';
import { walkOrder } from './walk.ts';

/** A network and the names that its indices had. */
export interface Compiled {
  readonly layout: Layout;
  readonly network: Network;
  readonly names: Names;
}

export interface Names {
  readonly element: readonly string[]; //     lanes `road_0`, connectors `movement:0>1`
  readonly movement: readonly string[];
  readonly phase: readonly string[];
  readonly intersection: readonly string[];
  readonly road: readonly string[];
  readonly vehicleType: readonly string[];
  readonly flow: readonly string[];
  readonly origin: readonly string[];
}

/** A rounding-safe margin for durations that are whole multiples of the step, up to floating point. */
const STEP_EPSILON = 1e-9;

/**
 * Turns a layout into the frozen tables the simulator runs on: indices instead of names, steps
 * instead of seconds for intervals, conflict points instead of curves. A layout is valid by
 * construction; nothing is checked again here.
 */
export function compile(layout: Layout): Compiled {
  const { stepS, intersections, roads, vehicleTypes } = layout;
  const slowsAhead = layout.drivers?.slowsAhead === true;
  const elementCount =
    roads.reduce((sum, road) => sum + road.lanes.length, 0) +
    intersections.reduce((sum, x) => sum + connectorCount(x), 0);
  const movementCount = intersections.reduce((sum, x) => sum + x.movements.length, 0);

  const float = () => new Float64Array(elementCount);
  const index = () => new Int32Array(elementCount).fill(NONE);
  const element = {
    length: float(),
    speedLimit: float().fill(referenceLimit(layout)),
    intersection: index(),
    road: index(),
    rank: index(),
    capacity: index(),
    from: index(),
    to: index(),
    turns: new Uint8Array(elementCount),
    movement: index(),
  };
  const elementName = new Array<string>(elementCount);
  const phases = new PhaseTable(stepS);
  const movement = {
    intersection: new Int32Array(movementCount),
    from: new Int32Array(movementCount),
    to: new Int32Array(movementCount),
    priority: new Uint8Array(movementCount),
  };
  const movementName: string[] = [];

  const roadsInto = rowsBy(intersections.length, roads.length, (r) => roads[r]!.to);
  const laneElement: number[][] = roads.map(() => []);
  const connectorRows: number[][] = intersections.map(() => []);
  const approachRows: number[][] = intersections.map(() => []);
  const movementRows: number[][] = intersections.map(() => []);
  const phaseRows: number[][] = intersections.map(() => []);

  const spacing = Math.min(...vehicleTypes.map((type) => type.length + Math.min(type.minGap, 1)));
  const capacity = (length: number) => Math.ceil(length / spacing) + 3;

  // Number the elements along the walk: all lanes, which are mostly occupied, then all connectors, which
  // are mostly not.
  const walk = walkOrder(intersections);
  let e = 0;
  for (const i of walk) {
    for (let k = roadsInto.starts[i]!; k < roadsInto.starts[i + 1]!; k++) {
      const r = roadsInto.items[k]!;
      roads[r]!.lanes.forEach((lane, rank) => {
        element.length[e] = lane.length;
        element.speedLimit[e] = Math.min(lane.speedLimit, element.speedLimit[e]!);
        element.intersection[e] = i;
        element.road[e] = r;
        element.rank[e] = rank;
        element.capacity[e] = capacity(lane.length);
        elementName[e] = `${roads[r]!.id}_${rank}`;
        approachRows[i]!.push(e);
        laneElement[r]!.push(e++);
      });
    }
  }
  for (const i of walk) {
    for (const { connectors } of intersections[i]!.movements) {
      for (let k = 0; k < connectors.length; k++) connectorRows[i]!.push(e++);
    }
  }

  // Movements, connectors and phases, in file order.
  let m = 0;
  intersections.forEach((intersection, i) => {
    let rank = 0;
    const firstMovement = m;
    for (const { id, from, to, turn, connectors } of intersection.movements) {
      movement.intersection[m] = i;
      movement.from[m] = from;
      movement.to[m] = to;
      movement.priority[m] = PRIORITY[turn];
      movementName.push(`${intersection.id}.${id}`);
      movementRows[i]!.push(m);
      for (const connector of connectors) {
        const c = connectorRows[i]![rank]!;
        element.length[c] = connector.length;
        element.intersection[c] = i;
        element.rank[c] = rank;
        element.capacity[c] = capacity(connector.length);
        element.from[c] = laneElement[from]![connector.fromLane]!;
        element.to[c] = laneElement[to]![connector.toLane]!;
        element.turns[c] = Number(turn !== 'thru');
        element.movement[c] = m;
        // A lane that leads somewhere else may be linked here too, in CityFlow's files; the signal here then wakes it.
        const lane = element.from[c]!;
        if (element.intersection[lane] !== i && !approachRows[i]!.includes(lane)) approachRows[i]!.push(lane);
        if (slowsAhead) element.speedLimit[c] = element.speedLimit[element.from[c]!]!;
        elementName[c] = `${intersection.id}.${id}:${connector.fromLane}>${connector.toLane}`;
        rank++;
      }
      m++;
    }
    phases.add(intersection, firstMovement, phaseRows[i]!);
  });

  const laneConnectorRows: number[][] = Array.from({ length: elementCount }, () => []);
  const laneSourceRows: number[][] = Array.from({ length: elementCount }, () => []);
  for (const c of connectorRows.flat()) {
    laneConnectorRows[element.from[c]!]!.push(c);
    laneSourceRows[element.to[c]!]!.push(c);
  }
  const movementLaneRows = movementName.map((): number[] => []);
  for (const row of connectorRows) {
    for (const c of row) {
      const lanes = movementLaneRows[element.movement[c]!]!;
      if (!lanes.includes(element.from[c]!)) lanes.push(element.from[c]!);
    }
  }

  const routes = new RouteTable();
  const flows = compileFlows(layout.flows, routes);
  const origins = compileOrigins(layout.origins, routes);
  const phaseRowsOf = ragged(phaseRows);
  const { crosswalks, phaseCrosswalkRows } = compileCrosswalks(layout);
  const tables = {
    stepS,
    elementCount,
    elementLength: element.length,
    elementSpeedLimit: element.speedLimit,
    elementIntersection: element.intersection,
    elementRoad: element.road,
    elementRank: element.rank,
    elementCapacity: element.capacity,
    laneConnectors: ragged(laneConnectorRows),
    laneSources: ragged(laneSourceRows),
    connectorFrom: element.from,
    connectorTo: element.to,
    connectorTurns: element.turns,
    connectorMovement: element.movement,
    crosses: compileCrosses(
      intersections,
      layout.drivers?.rightOfWay === 'signals',
      connectorRows,
      elementCount,
      layout.reference !== undefined,
    ),
    roadCount: roads.length,
    roadLanes: ragged(laneElement),
    roadFrom: Int32Array.from(roads, (road) => road.from),
    roadTo: Int32Array.from(roads, (road) => road.to),
    intersectionCount: intersections.length,
    boundary: Uint8Array.from(intersections, (x) => Number(x.boundary)),
    connectors: ragged(connectorRows),
    approachLanes: ragged(approachRows),
    movements: ragged(movementRows),
    phases: phaseRowsOf,
    movementCount,
    movementIntersection: movement.intersection,
    movementFrom: movement.from,
    movementTo: movement.to,
    movementPriority: movement.priority,
    movementLanes: ragged(movementLaneRows),
    ...phases.tables(),
    offset: Int32Array.from(intersections, (x) => steps(x.signal?.offsetS ?? 0, stepS)),
    // A signal without movements has nothing to show anyone.
    signalised: Uint8Array.from(intersections, (x) =>
      Number(x.signal !== null && !x.boundary && x.movements.length > 0),
    ),
    changePhase: Int32Array.from(intersections, (x, i) =>
      x.signal && x.signal.changePhase >= 0 ? phaseRows[i]![x.signal.changePhase]! : NONE,
    ),
    typeCount: vehicleTypes.length,
    types: compileTypes(vehicleTypes),
    routes: routes.rows(),
    flows,
    origins,
    ...singleRings(phaseRowsOf, phases.names.length),
    crosswalks,
    phaseCrosswalks: ragged(phaseCrosswalkRows),
    detectors: compileDetectors(layout, {
      elementLength: element.length,
      elementSpeedLimit: element.speedLimit,
      elementIntersection: element.intersection,
      elementRoad: element.road,
      elementName,
    }),
    movingEntry: Number(layout.entry === 'moving'),
    reference: compileReference(layout),
    keepsClear: Number(layout.drivers?.keepsClear === true),
    slowsAhead: Number(slowsAhead),
  };
  const { longestLookAhead } = createDrivers(tables.types, stepS);
  const limitsAhead = slowsAhead ? compileLimitsAhead(tables, longestLookAhead) : null;
  return {
    layout,
    network: hashedNetwork({ ...tables, limitsAhead }),
    names: {
      element: elementName,
      movement: movementName,
      phase: phases.names,
      intersection: intersections.map((x) => x.id),
      road: roads.map((x) => x.id),
      vehicleType: vehicleTypes.map((x) => x.id),
      flow: layout.flows.map((x) => x.id),
      origin: layout.origins.map((x) => x.id),
    },
  };
}

/** What limits the speed everywhere, in CityFlow; nothing, where nobody would be faster. */
function referenceLimit({ reference, vehicleTypes }: Layout): number {
  const fast = reference !== undefined && vehicleTypes.some(({ maxSpeed }) => maxSpeed > REFERENCE_LIMIT);
  return fast ? REFERENCE_LIMIT : Infinity;
}

/** Seconds as whole steps, rounded up: an interval is never shorter than asked for. */
function steps(seconds: number, stepS: number): number {
  return seconds === Infinity ? NEVER : Math.ceil(seconds / stepS - STEP_EPSILON);
}

/** Phases of all intersections, with what each shows to every connector of its intersection. */
class PhaseTable {
  readonly names: string[] = [];
  readonly #stepS: number;
  readonly #movements: number[][] = [];
  readonly #shown: number[] = [];
  readonly #shownStart: number[] = [];
  readonly #intervals: number[][] = [];

  constructor(stepS: number) {
    this.#stepS = stepS;
  }

  add(intersection: Intersection, firstMovement: number, row: number[]): void {
    for (const phase of intersection.signal?.phases ?? []) {
      row.push(this.names.length);
      this.names.push(`${intersection.id}.${phase.id}`);
      this.#movements.push(phase.greens.map((green) => firstMovement + green.movement));
      this.#shownStart.push(this.#shown.length);
      intersection.movements.forEach(({ connectors }, k) => {
        const green = phase.greens.find((g) => g.movement === k);
        const shown = green ? (green.permitted ? SHOWN.permitted : SHOWN.protected) : SHOWN.red;
        for (let c = 0; c < connectors.length; c++) this.#shown.push(shown);
      });
      const { minGreenS, maxGreenS, yellowChangeS, redClearanceS, splitS } = phase;
      const { walkS = 0, pedestrianClearanceS = 0 } = phase;
      this.#intervals.push(
        [minGreenS, maxGreenS, yellowChangeS, redClearanceS, splitS, walkS, pedestrianClearanceS].map((s) =>
          steps(s, this.#stepS),
        ),
      );
    }
  }

  tables() {
    const interval = (k: number) => Int32Array.from(this.#intervals, (row) => row[k]!);
    return {
      phaseCount: this.names.length,
      phaseMovements: ragged(this.#movements),
      phaseShown: Uint8Array.from(this.#shown),
      phaseShownStart: Int32Array.from(this.#shownStart),
      minGreen: interval(0),
      maxGreen: interval(1),
      yellowChange: interval(2),
      redClearance: interval(3),
      split: interval(4),
      walk: interval(5),
      pedestrianClearance: interval(6),
    };
  }
}

function compileTypes(types: readonly VehicleType[]): VehicleTypes {
  const column = (key: keyof VehicleType) => Float64Array.from(types, (type) => Number(type[key] ?? 0));
  return {
    length: column('length'),
    maxSpeed: column('maxSpeed'),
    maxAcceleration: column('maxAcceleration'),
    maxDeceleration: column('maxDeceleration'),
    usualAcceleration: column('usualAcceleration'),
    usualDeceleration: column('usualDeceleration'),
    minGap: column('minGap'),
    headway: column('headway'),
    turnSpeed: column('turnSpeed'),
    yieldDistance: column('yieldDistance'),
    criticalGap: column('criticalGap'),
    permittedTurnSpeed: Float64Array.from(types, (type) => type.permittedTurnSpeed ?? type.turnSpeed),
    model: Uint8Array.from(types, (type) => MODEL[type.carFollowing]),
  };
}

function connectorCount(intersection: Intersection): number {
  return intersection.movements.reduce((sum, movement) => sum + movement.connectors.length, 0);
}

/** Items grouped by a key below `rowCount`, each row in the order of the items. */
function rowsBy(rowCount: number, itemCount: number, key: (item: number) => number): RaggedRows {
  const rows: number[][] = Array.from({ length: rowCount }, () => []);
  for (let item = 0; item < itemCount; item++) rows[key(item)]!.push(item);
  return ragged(rows);
}
