import type { RoadMap } from '../protocol/roadMap.ts';
import type { Compiled } from '../scenario/compile.ts';
import type { Connector, Lane, Point } from '../scenario/layout.ts';
import { movementWords } from '../scenario/movementWords.ts';
import { longestCorridor } from '../sim/corridor.ts';
import { DETECTOR, NONE } from '../sim/network.ts';

/** What a page draws of a network: the layout's shapes under the network's indices, rounded to a centimetre. */
export function roadMapOf({ layout, network, names }: Compiled): RoadMap {
  const { elementCount, elementRoad, elementRank, elementIntersection, connectorFrom, connectorTo } = network;
  const lanes: { e: number; lane: Lane }[] = [];
  const connectors: number[] = [];
  for (let e = 0; e < elementCount; e++) {
    if (elementRoad[e] === NONE) connectors.push(e);
    else lanes.push({ e, lane: layout.roads[elementRoad[e]!]!.lanes[elementRank[e]!]! });
  }
  const drawn = connectorsByElement(layout, network);
  const { movementIntersection, movementFrom, movementTo, detectors } = network;
  const movements = layout.intersections.flatMap((one) => one.movements);
  const walks = layout.intersections.flatMap(({ signal }, i) =>
    (signal?.crosswalks ?? []).map((walk) => ({ ...walk, intersection: i })),
  );
  const laneOfDetector = Array.from({ length: elementCount }, (_, e) =>
    Array.from({ length: (detectors.starts[e + 1] ?? detectors.count) - detectors.starts[e]! }, () => e),
  ).flat();
  return {
    version: 1,
    name: layout.name,
    stepS: layout.stepS,
    durationS: layout.durationS,
    lanes: {
      name: lanes.map(({ e }) => names.element[e]!),
      road: lanes.map(({ e }) => elementRoad[e]!),
      intersection: lanes.map(({ e }) => elementIntersection[e]!),
      width: lanes.map(({ lane }) => centimetres(lane.width)),
      length: lanes.map(({ lane }) => centimetres(lane.length)),
      speedLimit: lanes.map(({ lane }) => centimetres(lane.speedLimit)),
      shape: lanes.map(({ lane }) => flat(lane.points)),
    },
    connectors: {
      from: connectors.map((e) => connectorFrom[e]!),
      to: connectors.map((e) => connectorTo[e]!),
      movement: connectors.map((e) => network.connectorMovement[e]!),
      length: connectors.map((e) => centimetres(network.elementLength[e]!)),
      shape: connectors.map((e) => flat(drawn[e]!.points)),
    },
    roads: {
      name: layout.roads.map(({ id }) => id),
      from: layout.roads.map(({ from }) => from),
      to: layout.roads.map(({ to }) => to),
    },
    intersections: {
      name: layout.intersections.map(({ id }) => id),
      x: layout.intersections.map(({ x }) => centimetres(x)),
      y: layout.intersections.map(({ y }) => centimetres(y)),
      halfWidth: layout.intersections.map(({ halfWidth }) => centimetres(halfWidth)),
      boundary: layout.intersections.map(({ boundary }) => Number(boundary)),
      signal: [...network.signalised],
    },
    movements: {
      name: movementWords(layout),
      intersection: [...movementIntersection],
      from: [...movementFrom],
      to: [...movementTo],
      turn: movements.map(({ turn }) => turn),
    },
    crosswalks: {
      name: walks.map(({ id }) => id),
      intersection: walks.map(({ intersection }) => intersection),
      roadIn: walks.map(({ roadIn }) => roadIn),
      roadOut: walks.map(({ roadOut }) => roadOut),
    },
    detectors: {
      lane: laneOfDetector,
      startM: Array.from(detectors.zoneStart, centimetres),
      endM: Array.from(detectors.zoneEnd, centimetres),
      kind: Array.from(detectors.kind, (kind) => (kind === DETECTOR.stopLine ? 'stop-line' : 'advance')),
    },
    vehicleTypes: {
      name: layout.vehicleTypes.map(({ id }) => id),
      length: layout.vehicleTypes.map(({ length }) => length),
      width: layout.vehicleTypes.map(({ width }) => width),
    },
    corridor: longestCorridor(network)?.roads ?? [],
  };
}

/** By element: the connector of the layout, in whose order connectors of an intersection are numbered. */
function connectorsByElement(layout: Compiled['layout'], { connectors }: Compiled['network']): Connector[] {
  const found: Connector[] = [];
  layout.intersections.forEach(({ movements }, i) => {
    movements
      .flatMap((movement) => movement.connectors)
      .forEach((connector, k) => {
        found[connectors.items[connectors.starts[i]! + k]!] = connector;
      });
  });
  return found;
}

function flat(points: readonly Point[]): number[] {
  return points.flatMap(({ x, y }) => [centimetres(x), centimetres(y)]);
}

function centimetres(metres: number): number {
  return Math.round(metres * 100) / 100;
}
