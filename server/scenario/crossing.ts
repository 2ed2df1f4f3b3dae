import { clockwise, compassNames, turnsTo } from './compass.ts';
import { crossesOf } from './conflicts.ts';
import { connectorPath, offsetPoint, polylineLength } from './geometry.ts';
import { defaultLaneTurns } from './laneTurns.ts';
import type { Connector, Point, Turn } from './layout.ts';

/** A road as an intersection sees it. */
export interface Leg {
  /** Direction of travel at the intersection, a unit vector. */
  readonly heading: Point;
  /** Distance of each lane's middle to the right of the centre line, m, innermost first. */
  readonly lanes: readonly number[];
  /** Turns each lane allows if the file says so. Approaches only. */
  readonly turns: readonly (readonly Turn[] | null)[];
  /** m/s. Not geometry, but what makes change intervals equal. */
  readonly speedLimit: number;
  /** Tells neighbours apart: a movement never leads back to the neighbour it came from. */
  readonly neighbour: number;
}

/**
 * The inside of an intersection, relative to its centre. Equal intersections of a network share one
 * crossing, which makes their lengths equal to the last bit.
 */
export interface Crossing {
  readonly approachNames: readonly string[]; // by approach
  readonly movements: readonly CrossingMovement[];
  /** By approach: the approach that thru traffic meets head on, or −1. */
  readonly opposite: readonly number[];
  /** By approach and lane: the turns it allows that an exit serves. */
  readonly laneTurns: readonly (readonly (readonly Turn[])[])[];
  /** By approach: the turns that exits serve. */
  readonly possibleTurns: readonly ReadonlySet<Turn>[];
  /** Whether two movements of different approaches cross or merge, by movement and movement. */
  readonly conflict: readonly (readonly boolean[])[];
}

export interface CrossingMovement {
  readonly id: string;
  readonly approach: number; // index into the approaches
  readonly exit: number; //     index into the exits
  readonly turn: Turn;
  readonly connectors: readonly Connector[];
}

const TURN_ORDER: readonly Turn[] = ['left', 'thru', 'right'];

/** Where a road lies as seen from the centre. */
export function outwardFrom(leg: Leg, isApproach: boolean): Point {
  return isApproach ? { x: -leg.heading.x + 0, y: -leg.heading.y + 0 } : leg.heading;
}

/**
 * The movements of an intersection and their paths: approaches clockwise from the north, for each left,
 * thru, right. Each lane that allows a turn leads to every lane of the exit, for drivers choose the
 * lane they need next while they cross.
 */
export function crossingOf(approaches: readonly Leg[], exits: readonly Leg[], halfWidth: number): Crossing {
  const outward = approaches.map((leg) => outwardFrom(leg, true));
  const approachNames = compassNames(outward);
  const exitNames = compassNames(exits.map((leg) => outwardFrom(leg, false)));
  const order = approaches.map((_, k) => k);
  order.sort((a, b) => clockwise(outward[a]!) - clockwise(outward[b]!) || a - b);

  const movements: CrossingMovement[] = [];
  const laneTurns: Turn[][][] = approaches.map(() => []);
  const possibleTurns: Set<Turn>[] = approaches.map(() => new Set());
  for (const a of order) {
    const approach = approaches[a]!;
    const reachable = exits.map((_, k) => k).filter((k) => exits[k]!.neighbour !== approach.neighbour);
    const turns = turnsTo(
      approach.heading,
      reachable.map((k) => exits[k]!.heading),
    );
    for (const turn of turns) possibleTurns[a]!.add(turn);
    const defaults = defaultLaneTurns(approach.lanes.length, possibleTurns[a]!);
    laneTurns[a] = approach.lanes.map((_, lane) => {
      const given = approach.turns[lane];
      return given
        ? TURN_ORDER.filter((turn) => given.includes(turn) && turns.includes(turn))
        : defaults[lane]!;
    });
    for (const turn of TURN_ORDER) {
      const same = reachable.filter((_, k) => turns[k] === turn);
      for (const e of same) {
        const connectors = connectorsBetween(approach, exits[e]!, laneTurns[a]!, turn, halfWidth);
        if (connectors.length === 0) continue;
        const suffix = same.length > 1 ? `-${exitNames[e]}` : '';
        movements.push({
          id: `${approachNames[a]}-${turn}${suffix}`,
          approach: a,
          exit: e,
          turn,
          connectors,
        });
      }
    }
  }
  const opposite = approaches.map((_, a) => {
    const thru = movements.find((movement) => movement.approach === a && movement.turn === 'thru');
    return thru ? approaches.findIndex((leg) => leg.neighbour === exits[thru.exit]!.neighbour) : -1;
  });
  return {
    approachNames,
    movements,
    opposite,
    laneTurns,
    possibleTurns,
    conflict: conflictsAmong(movements),
  };
}

function connectorsBetween(
  approach: Leg,
  exit: Leg,
  laneTurns: readonly (readonly Turn[])[],
  turn: Turn,
  halfWidth: number,
): Connector[] {
  const connectors: Connector[] = [];
  for (let fromLane = 0; fromLane < approach.lanes.length; fromLane++) {
    if (!laneTurns[fromLane]!.includes(turn)) continue;
    const start = offsetPoint(approach.heading, -halfWidth, approach.lanes[fromLane]!);
    for (let toLane = 0; toLane < exit.lanes.length; toLane++) {
      const end = offsetPoint(exit.heading, halfWidth, exit.lanes[toLane]!);
      const points = connectorPath(start, approach.heading, end, exit.heading);
      connectors.push({ fromLane, toLane, points, length: polylineLength(points) });
    }
  }
  return connectors;
}

/** Movements of one approach never conflict; others do where any of their paths meet. */
function conflictsAmong(movements: readonly CrossingMovement[]): boolean[][] {
  const conflict = movements.map(() => movements.map(() => false));
  const owner: number[] = [];
  const paths: (readonly Point[])[] = [];
  for (let m = 0; m < movements.length; m++) {
    for (const connector of movements[m]!.connectors) {
      owner.push(m);
      paths.push(connector.points);
    }
  }
  for (const { a, b } of crossesOf(paths)) {
    const one = owner[a]!;
    const other = owner[b]!;
    if (movements[one]!.approach === movements[other]!.approach) continue;
    conflict[one]![other] = true;
    conflict[other]![one] = true;
  }
  return conflict;
}
