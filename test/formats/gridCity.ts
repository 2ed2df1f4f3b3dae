import type { CityFlowFiles } from '../../server/formats/cityflow/read.ts';

/** East, north, west, south: CityFlow's digits for directions. */
const STEPS = [
  [1, 0],
  [0, 1],
  [-1, 0],
  [0, -1],
] as const;
const TURNS = [
  ['turn_left', 1, 0],
  ['go_straight', 0, 1],
  ['turn_right', 3, 2],
] as const;

export interface GridCity {
  readonly columns: number;
  readonly rows: number;
  readonly block?: number; //     m between intersections
  readonly halfWidth?: number; // m
  readonly laneWidth?: number; // m
}

/** A parsed roadnet like those of Jinan and Hangzhou: three lanes a road, one a turn, links without points. */
export function gridRoadnet({ columns, rows, block = 300, halfWidth = 15, laneWidth = 4 }: GridCity) {
  const intersections: ReturnType<typeof intersection>[] = [];
  const roads: ReturnType<typeof road>[] = [];
  const inside = (i: number, j: number) => i >= 1 && i <= columns && j >= 1 && j <= rows;
  const there = (i: number, j: number) =>
    inside(i, j) || inside(i, clamp(j, rows)) || inside(clamp(i, columns), j);
  const place = (i: number, j: number) => ({ x: i * block, y: j * block });

  function road(i: number, j: number, d: number) {
    const [dx, dy] = STEPS[d];
    return {
      id: `road_${i}_${j}_${d}`,
      points: [place(i, j), place(i + dx, j + dy)],
      lanes: [0, 1, 2].map(() => ({ width: laneWidth, maxSpeed: 11.111 })),
      startIntersection: `intersection_${i}_${j}`,
      endIntersection: `intersection_${i + dx}_${j + dy}`,
    };
  }
  function intersection(i: number, j: number) {
    const virtual = !inside(i, j);
    const roadLinks = virtual ? [] : STEPS.flatMap((_, d) => TURNS.map((turn) => roadLink(i, j, d, turn)));
    const rights = [2, 5, 8, 11];
    const greens = [[], [1, 7], [4, 10], [0, 6], [3, 9], [0, 1], [3, 4], [6, 7], [9, 10]];
    const lightphases = greens.map((open, p) => ({
      time: p === 0 ? 5 : 30,
      availableRoadLinks: [...open, ...rights],
    }));
    return {
      id: `intersection_${i}_${j}`,
      point: place(i, j),
      width: virtual ? 0 : halfWidth,
      roads: [] as string[],
      roadLinks,
      trafficLight: { roadLinkIndices: [...roadLinks.keys()], lightphases: virtual ? [] : lightphases },
      virtual,
    };
  }
  function roadLink(i: number, j: number, d: number, [type, turned, lane]: (typeof TURNS)[number]) {
    const [dx, dy] = STEPS[d];
    return {
      type: type as string,
      startRoad: `road_${i - dx}_${j - dy}_${d}`,
      endRoad: `road_${i}_${j}_${(d + turned) % 4}`,
      direction: d,
      laneLinks: [0, 1, 2].map((endLaneIndex) => ({
        ...{ startLaneIndex: lane as number, endLaneIndex, points: [] as { x: number; y: number }[] },
      })),
    };
  }

  for (let i = 0; i <= columns + 1; i++) {
    for (let j = 0; j <= rows + 1; j++) {
      if (!there(i, j)) continue;
      intersections.push(intersection(i, j));
      for (const [d, [dx, dy]] of STEPS.entries()) {
        const joined = inside(i, j) || inside(i + dx, j + dy);
        if (joined && there(i + dx, j + dy)) roads.push(road(i, j, d));
      }
    }
  }
  for (const { id, startIntersection, endIntersection } of roads) {
    for (const end of intersections)
      if (end.id === startIntersection || end.id === endIntersection) end.roads.push(id);
  }
  return { intersections, roads };
}

function clamp(k: number, most: number): number {
  return Math.min(Math.max(k, 1), most);
}

export const CAR = {
  ...{ length: 5, width: 2, maxPosAcc: 2, maxNegAcc: 4.5, usualPosAcc: 2, usualNegAcc: 4.5 },
  ...{ minGap: 2.5, maxSpeed: 11.111, headwayTime: 2 },
};

export function trip(...route: string[]) {
  return { vehicle: CAR as Record<string, unknown>, route, interval: 5, startTime: 0, endTime: -1 };
}

export const CONFIG = {
  interval: 1,
  roadnetFile: 'roadnet.json',
  flowFile: 'flow.json',
  rlTrafficLight: true,
};

/** The three texts of a study, from parsed values. */
export function cityFlowFiles(roadnet: unknown, flow: unknown, config: unknown = CONFIG): CityFlowFiles {
  const names = { config: 'config.json', roadnet: 'roadnet.json', flow: 'flow.json' };
  return {
    config: JSON.stringify(config),
    roadnet: JSON.stringify(roadnet),
    flow: JSON.stringify(flow),
    names,
  };
}
