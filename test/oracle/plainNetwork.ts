import { crossesOf } from '../../server/scenario/conflicts.ts';
import type { Layout, Turn, VehicleType } from '../../server/scenario/layout.ts';
import { sortLikeReference } from '../../server/scenario/referenceConflicts.ts';
import { plainCrossesOf } from './plainConflicts.ts';

/**
 * The network and the vehicles of the plain model: objects that point at each other, named as in
 * CityFlow. Nothing here is fast; everything is meant to be read next to the reference.
 */

interface Element {
  readonly id: string;
  readonly length: number;
  /** Front to back. */
  vehicles: PlainVehicle[];
}

export interface PlainLane extends Element {
  readonly kind: 'lane';
  readonly road: number;
  readonly index: number;
  readonly speedLimit: number;
  /** Connectors that start here, in file order. */
  readonly connectors: PlainConnector[];
  /** Vehicles that wait outside to enter here, first come first. */
  readonly waiting: PlainVehicle[];
  /** Whether it is closed, and where an incident blocks it (m from its upstream end). */
  closed: boolean;
  incident: number | null;
}

export interface PlainConnector extends Element {
  readonly kind: 'connector';
  readonly start: PlainLane;
  readonly end: PlainLane;
  readonly turn: Turn;
  readonly intersection: number;
  readonly movement: number;
  /** By distance along this connector. */
  readonly crosses: PlainCross[];
}

/** One cross as seen from one of its two connectors. */
export interface PlainCross {
  readonly distance: number;
  readonly foeConnector: PlainConnector;
  /** The same cross seen from the other connector. */
  other: PlainCross;
  /** The vehicle of this side that counts at present, and how far it still has to go (negative: past). */
  notified: PlainVehicle | null;
  notifiedDistance: number;
}

export type PlainElement = PlainLane | PlainConnector;

export interface PlainVehicle {
  readonly id: string;
  /** Order of creation. */
  readonly serial: number;
  /** The higher one goes first of two equal vehicles. */
  readonly priority: number;
  /** Whether CityFlow's arithmetic holds for it, with its slips: in its own files. */
  readonly exact: boolean;
  readonly type: VehicleType;
  readonly route: readonly number[];
  /** Index into `route` of the road it is on, or on a connector the road it came from. */
  routeIndex: number;
  element: PlainElement | null;
  /** On a lane, the connector it has chosen; `null` at the end of its route and where that does not go on. */
  way: PlainElement | null;
  /** The element it was on when the latest change of element began. */
  previous: PlainElement | null;
  x: number;
  v: number;
  leader: PlainVehicle | null;
  gap: number;
  blocker: PlainVehicle | null;
  /** Step in which it entered its connector; infinity on a lane. */
  enteredConnector: number;
  readonly spawn: number;
  laneEntry: number | null;
  finish: number | null;
}

export interface PlainNetwork {
  /** `lanes[road][index]`. */
  readonly lanes: readonly (readonly PlainLane[])[];
  /** `connectors[intersection]`, in file order. */
  readonly connectors: readonly (readonly PlainConnector[])[];
}

export function plainNetwork(layout: Layout): PlainNetwork {
  const lanes = layout.roads.map((road, r) =>
    road.lanes.map(
      (lane, index): PlainLane => ({
        kind: 'lane',
        id: `${road.id}_${index}`,
        length: lane.length,
        vehicles: [],
        road: r,
        index,
        speedLimit: lane.speedLimit,
        connectors: [],
        waiting: [],
        closed: false,
        incident: null,
      }),
    ),
  );
  const connectors = layout.intersections.map(({ movements }, intersection) => {
    const ofIntersection: PlainConnector[] = [];
    for (const [movement, { from, to, turn, connectors }] of movements.entries()) {
      for (const { fromLane, toLane, length } of connectors) {
        const start = lanes[from][fromLane];
        const end = lanes[to][toLane];
        const id = `${start.id}_TO_${end.id}`;
        const connector: PlainConnector = {
          ...{
            kind: 'connector',
            id,
            length,
            vehicles: [],
            start,
            end,
            turn,
            intersection,
            movement,
            crosses: [],
          },
        };
        start.connectors.push(connector);
        ofIntersection.push(connector);
      }
    }
    placeCrosses(
      ofIntersection,
      movements.flatMap((m) => m.connectors.map((connector) => connector.points)),
      layout.reference !== undefined,
    );
    return ofIntersection;
  });
  return { lanes, connectors };
}

function placeCrosses(
  connectors: readonly PlainConnector[],
  paths: Parameters<typeof crossesOf>[0],
  exact: boolean,
): void {
  for (const { a, b, distanceA, distanceB } of exact ? plainCrossesOf(paths) : crossesOf(paths)) {
    const sideA = crossSide(distanceA, connectors[b]);
    const sideB = crossSide(distanceB, connectors[a]);
    sideA.other = sideB;
    sideB.other = sideA;
    connectors[a].crosses.push(sideA);
    connectors[b].crosses.push(sideB);
  }
  for (const { crosses } of connectors) {
    if (exact) sortLikeReference(crosses, ({ distance }) => distance);
    else crosses.sort((p, q) => p.distance - q.distance);
  }
}

function crossSide(distance: number, foeConnector: PlainConnector): PlainCross {
  return { distance, foeConnector, other: null as never, notified: null, notifiedDistance: 0 };
}

/**
 * The element after `element` for a vehicle whose route continues from `routeIndex` (the road of the
 * element, or the road a connector starts from). `null` at the end of the route, and on a lane from
 * which the route does not go on. Closed lanes come after all that are open.
 */
export function nextElement(
  route: readonly number[],
  element: PlainElement,
  routeIndex: number,
): PlainElement | null {
  if (element.kind === 'connector') return element.end;
  const next = route[routeIndex + 1];
  if (next === undefined) return null;
  const afterNext = route[routeIndex + 2];
  const ways = element.connectors.filter(
    ({ end }) => end.road === next && (afterNext === undefined || leadsTo(end, afterNext)),
  );
  const open = ways.filter(({ end }) => !end.closed);
  let best: PlainConnector | null = null;
  for (const connector of open.length > 0 ? open : ways) {
    if (best === null || laneShift(connector) < laneShift(best)) best = connector;
  }
  return best;
}

function laneShift(connector: PlainConnector): number {
  return Math.abs(connector.end.index - connector.start.index);
}

export function leadsTo(lane: PlainLane, road: number): boolean {
  return lane.connectors.some((connector) => connector.end.road === road);
}
