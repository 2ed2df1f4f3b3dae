import { readCityFlow } from '../../server/formats/cityflow/read.ts';
import type { Layout } from '../../server/scenario/layout.ts';
import { formatProblems } from '../../server/scenario/problem.ts';
import { CAR, CONFIG } from '../formats/gridCity.ts';

/** CityFlow files of one intersection with four legs, whose movements and phases may be anything. */

/** East, north, west, south: the direction in which a leg's traffic drives in. */
const STEPS = [
  [1, 0],
  [0, 1],
  [-1, 0],
  [0, -1],
] as const;
const TURNS = [
  ['turn_left', 1],
  ['go_straight', 0],
  ['turn_right', 3],
] as const;

/** All twelve movements: 3 × direction + left 0, thru 1, right 2. */
export const ALL = Array.from({ length: 12 }, (_, m) => m);

export interface OddSignal {
  /** Of the twelve, those that there are. */
  readonly movements: readonly number[];
  /** Those of them that have no lane link. */
  readonly unlinked?: readonly number[];
  /** By phase: positions in `movements`. */
  readonly phases: readonly (readonly number[])[];
  /** By phase, s; 20 unless given. */
  readonly timesS?: readonly number[];
  /** Lanes of each road: with three each turn has its own. */
  readonly lanes?: 1 | 3;
}

/** The texts of `roadnet.json` and `flow.json`. */
export function oddFiles({ movements, unlinked = [], phases, timesS = [], lanes = 3 }: OddSignal) {
  const roads = STEPS.flatMap(([dx, dy], d) => [
    road(`in_${d}`, [-200 * dx, -200 * dy], [0, 0], `end_${(d + 2) % 4}`, 'main', lanes),
    road(`out_${d}`, [0, 0], [200 * dx, 200 * dy], 'main', `end_${d}`, lanes),
  ]);
  const roadLinks = movements.map((m) => {
    const [type, turned] = TURNS[m % 3];
    const d = Math.floor(m / 3);
    const startLaneIndex = lanes === 3 ? m % 3 : 0;
    const link = { startLaneIndex, endLaneIndex: startLaneIndex, points: [] };
    const laneLinks = unlinked.includes(m) ? [] : [link];
    return { type, startRoad: `in_${d}`, endRoad: `out_${(d + turned) % 4}`, laneLinks };
  });
  const lightphases = phases.map((open, p) => ({ time: timesS[p] ?? 20, availableRoadLinks: open }));
  const main = {
    ...{ id: 'main', point: { x: 0, y: 0 }, width: 15, roads: roads.map(({ id }) => id), roadLinks },
    ...{ trafficLight: { roadLinkIndices: [...roadLinks.keys()], lightphases }, virtual: false },
  };
  const ends = STEPS.map(([dx, dy], d) => ({
    ...{ id: `end_${d}`, point: { x: 200 * dx, y: 200 * dy }, width: 0, roadLinks: [] },
    roads: [`out_${d}`, `in_${(d + 2) % 4}`],
    ...{ trafficLight: { roadLinkIndices: [], lightphases: [] }, virtual: true },
  }));
  const flow = roadLinks
    .filter(({ laneLinks }) => laneLinks.length > 0)
    .map(({ startRoad, endRoad }, k) => ({
      ...{ vehicle: CAR, route: [startRoad, endRoad], interval: 7 + k, startTime: k, endTime: 300 },
    }));
  return {
    roadnet: JSON.stringify({ intersections: [main, ...ends], roads }),
    flow: JSON.stringify(flow),
  };
}

function road(
  id: string,
  [x, y]: readonly [number, number],
  [toX, toY]: readonly [number, number],
  startIntersection: string,
  endIntersection: string,
  lanes: number,
) {
  return {
    ...{ id, startIntersection, endIntersection },
    points: [
      { x, y },
      { x: toX, y: toY },
    ],
    lanes: Array.from({ length: lanes }, () => ({ width: 4, maxSpeed: 11.11 })),
  };
}

export function oddLayout(signal: OddSignal): Layout {
  const names = { config: 'config.json', roadnet: 'roadnet.json', flow: 'flow.json' };
  const config = JSON.stringify(CONFIG);
  const reading = readCityFlow({ config, ...oddFiles(signal), names });
  if (!reading.ok) throw new Error(formatProblems('config.json', reading.problems));
  return { ...reading.layout, durationS: 300 };
}

/** Signals that are legal and have little to control, or nothing. */
export const ODD_SIGNALS: Readonly<Record<string, OddSignal>> = {
  'no movement, one phase': { movements: [], phases: [[]] },
  'no movement, two phases': { movements: [], phases: [[], []] },
  'movements, one empty phase': { movements: ALL, phases: [[]] },
  'movements, three empty phases': { movements: ALL, phases: [[], [], []] },
  'one movement, one phase': { movements: [1], phases: [[0]] },
  'one movement, two phases that show it': { movements: [1], phases: [[0], [0]] },
  'one movement, green and red': { movements: [4], phases: [[0], []] },
  'red first, then all movements': { movements: ALL, phases: [[], ALL] },
  'phases that all show the same': {
    movements: ALL,
    phases: [
      [1, 7],
      [1, 7],
      [1, 7],
    ],
  },
  'all movements in one phase': { movements: ALL, phases: [ALL] },
  'right turns only': {
    movements: [2, 5, 8, 11],
    phases: [
      [0, 2],
      [1, 3],
    ],
  },
  'right turns only, one phase without any': { movements: [2, 5], phases: [[0, 1], []] },
  'left turns only': { movements: [0, 3, 6, 9], phases: [[0], [1], [2], [3]] },
  'left turns only, together': { movements: [0, 6], phases: [[0, 1], []] },
  'no movement has a lane link': {
    movements: ALL,
    unlinked: ALL,
    phases: [
      [1, 7],
      [4, 10],
    ],
  },
  'one street without lane links': {
    movements: ALL,
    unlinked: [3, 4, 5, 9, 10, 11],
    phases: [
      [1, 7],
      [4, 10],
    ],
  },
  'movements that no phase shows': { movements: ALL, phases: [[1], [7]] },
  'phases of 0 s between others': {
    movements: ALL,
    phases: [
      [1, 7],
      [4, 10],
      [0, 6],
    ],
    timesS: [30, 0, 20],
  },
  'all phases of 0 s': {
    movements: ALL,
    phases: [
      [1, 7],
      [4, 10],
    ],
    timesS: [0, 0],
  },
  'one lane a road': { movements: ALL, phases: [[], ALL, [0, 1, 2]], lanes: 1 },
  'one leg in, one leg out': { movements: [0], phases: [[0], [], [0], []] },
  'nine phases of which one shows something': {
    movements: ALL,
    phases: [[], [], [], [], ALL, [], [], [], []],
  },
};
