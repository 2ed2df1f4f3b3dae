import type { Intersection, Layout, Movement, Road, Turn } from '../../scenario/layout.ts';
import { amount } from '../../scenario/problem.ts';
import type { Findings } from './findings.ts';
import { laneLines, polylineLength } from './geometry.ts';
import { lightPhases } from './lightPhases.ts';

const TYPES: Readonly<Record<Turn, string>> = { thru: 'go_straight', left: 'turn_left', right: 'turn_right' };
/** An intersection without a signal is written with one phase in which all is open; its length is of no account. */
const OPEN_PHASE_S = 60;
/** A difference in lane length below this is rounding. */
const LENGTH_TOLERANCE = 0.001; // m

/** The text of a `roadnet.json`: one intersection or road a line. */
export function writeRoadnet(layout: Layout, name: string, findings: Findings): string {
  const { intersections, roads } = layout;
  const attached: string[][] = intersections.map(() => []);
  for (const { id, from, to } of roads) {
    attached[from]!.push(id);
    if (to !== from) attached[to]!.push(id);
  }
  const intersectionLines = intersections.map((intersection, i) =>
    JSON.stringify(intersectionFields(intersection, attached[i]!, roads)),
  );
  const roadLines = roads.map((road) => {
    reportMovedLanes(road, intersections, name, findings);
    return JSON.stringify(roadFields(road, intersections));
  });
  return `{"intersections":[\n${intersectionLines.join(',\n')}\n],"roads":[\n${roadLines.join(',\n')}\n]}\n`;
}

function intersectionFields(intersection: Intersection, attached: readonly string[], roads: readonly Road[]) {
  const { id, x, y, halfWidth, boundary, movements, signal } = intersection;
  const open = [...movements.keys()];
  const everything = [{ time: OPEN_PHASE_S, availableRoadLinks: open }];
  return {
    id,
    point: { x, y },
    width: halfWidth,
    roads: attached,
    roadLinks: boundary ? [] : movements.map((movement) => roadLinkFields(movement, roads)),
    trafficLight: {
      roadLinkIndices: boundary ? [] : open,
      lightphases: boundary ? [] : signal ? lightPhases(signal) : everything,
    },
    virtual: boundary,
  };
}

function roadLinkFields({ from, to, turn, connectors }: Movement, roads: readonly Road[]) {
  return {
    type: TYPES[turn],
    startRoad: roads[from]!.id,
    endRoad: roads[to]!.id,
    direction: heading(roads[from]!),
    laneLinks: connectors.map(({ fromLane, toLane, points }) => ({
      startLaneIndex: fromLane,
      endLaneIndex: toLane,
      points: points.map(({ x, y }) => ({ x, y })),
    })),
  };
}

/** CityFlow's digit for where a road arrives heading: 0 east, 1 north, 2 west, 3 south. */
function heading({ points }: Road): number {
  const end = points.at(-1)!;
  const before = points.at(-2)!;
  const dx = end.x - before.x;
  const dy = end.y - before.y;
  if (Math.abs(dx) >= Math.abs(dy)) return dx >= 0 ? 0 : 2;
  return dy >= 0 ? 1 : 3;
}

function roadFields({ id, from, to, points, lanes }: Road, intersections: readonly Intersection[]) {
  return {
    id,
    points: points.map(({ x, y }) => ({ x, y })),
    lanes: lanes.map(({ width, speedLimit }) => ({ width, maxSpeed: speedLimit })),
    startIntersection: intersections[from]!.id,
    endIntersection: intersections[to]!.id,
  };
}

/** CityFlow lays lanes itself, side by side along the road; lanes that were laid otherwise come out different. */
function reportMovedLanes(
  { id, from, to, points, lanes }: Road,
  intersections: readonly Intersection[],
  name: string,
  findings: Findings,
): void {
  const [start, end] = [intersections[from]!, intersections[to]!];
  const cutStart = start.boundary ? 0 : start.halfWidth;
  const cutEnd = end.boundary ? 0 : end.halfWidth;
  const widths = lanes.map((lane) => lane.width);
  for (const [k, line] of laneLines(points, widths, cutStart, cutEnd).entries()) {
    const length = polylineLength(line);
    if (Math.abs(length - lanes[k]!.length) <= LENGTH_TOLERANCE) continue;
    const lengths = `${amount(round(lanes[k]!.length))} m, in CityFlow ${amount(round(length))} m`;
    findings.warn(
      `${name} ${id} lane ${k} (${lengths})`,
      'CityFlow lays lanes side by side from stop line to stop line; this one gets another length.',
    );
  }
}

function round(metres: number): number {
  return Math.round(metres * 1000) / 1000;
}
