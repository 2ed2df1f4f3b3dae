import type { RoadMap } from '../server/protocol/roadMap.ts';

/** Places of a road map in words. */

export function intersectionName(map: RoadMap | null, intersection: number): string {
  return map?.intersections.name[intersection] ?? '';
}

/** What tells names apart, where there is little room: `intersection_1_1`, `intersection_2_1` are `1_1`, `2_1`. */
export function toldApart(names: readonly string[]): string[] {
  const [first = ''] = names;
  let common = 0;
  while (common < first.length && names.every((name) => name[common] === first[common])) common++;
  // Words are not cut.
  const cut = Math.max(...['_', '-', ' ', '/'].map((mark) => first.lastIndexOf(mark, common - 1))) + 1;
  return names.length < 2 || common === 0 ? [...names] : names.map((name) => name.slice(cut));
}

/** `toward i3`: which way a lane leads. */
export function laneDirection(map: RoadMap, lane: number): string {
  const road = map.lanes.road[lane]!;
  const [from, to] = [map.roads.from[road]!, map.roads.to[road]!];
  return `from ${intersectionName(map, from)} to ${intersectionName(map, to)}`;
}

/** Where an element is, in words. Elements are all lanes, then all connectors. */
export function elementPlace(map: RoadMap, element: number): string {
  const laneCount = map.lanes.name.length;
  if (element < 0) return '';
  if (element < laneCount) return `on lane ${map.lanes.name[element]}`;
  const movement = map.connectors.movement[element - laneCount];
  const at = movement === undefined ? undefined : map.movements.intersection[movement];
  return at === undefined ? 'crossing' : `crossing ${intersectionName(map, at)}`;
}

export interface Place {
  readonly kind: 'intersection' | 'lane';
  readonly index: number;
  readonly name: string;
  readonly words: string;
}

const FOUND_MAX = 12;

/** Intersections, then lanes, whose names hold what was typed; names that begin with it first. */
export function findPlaces(map: RoadMap, typed: string): Place[] {
  const wanted = typed.trim().toLowerCase();
  const signals: Place[] = map.intersections.name.flatMap((name, index): Place[] =>
    map.intersections.boundary[index] === 1
      ? []
      : [
          {
            kind: 'intersection',
            index,
            name,
            words: map.intersections.signal[index] === 1 ? 'signal' : 'no signal',
          },
        ],
  );
  const lanes: Place[] =
    wanted === ''
      ? []
      : map.lanes.name.map((name, index) => ({
          kind: 'lane',
          index,
          name,
          words: `lane ${laneDirection(map, index)}`,
        }));
  return [...signals, ...lanes]
    .flatMap((place) => {
      const at = place.name.toLowerCase().indexOf(wanted);
      return at < 0 ? [] : [{ place, rank: (at === 0 ? 0 : 2) + (place.kind === 'lane' ? 1 : 0) }];
    })
    .sort((a, b) => a.rank - b.rank)
    .slice(0, FOUND_MAX)
    .map(({ place }) => place);
}

/** Lanes that lead to an intersection, by index. */
export function approachLanes(map: RoadMap, intersection: number): number[] {
  return map.lanes.intersection.flatMap((to, lane) => (to === intersection ? [lane] : []));
}
