import type { Layout } from '../scenario/layout.ts';
import type { CorridorTrace } from './runResult.ts';

/** What places of a layout are called in a report. */
export interface PlaceNames {
  readonly intersection: (i: number) => string;
  /** `i2 from i1`: the traffic that comes to i2 from there. */
  readonly approach: (road: number) => string;
  readonly movement: (movement: number) => string;
  /** A phase without the intersection in front. */
  readonly phase: (name: string, i: number) => string;
}

export function placeNamesOf(layout: Layout): PlaceNames {
  const { intersections, roads } = layout;
  const movements = intersections.flatMap(({ id, movements }) => movements.map((one) => `${id} ${one.id}`));
  const id = (i: number) => intersections[i]?.id ?? `intersection ${i}`;
  return {
    intersection: id,
    approach: (r) => {
      const road = roads[r];
      return road === undefined ? `road ${r}` : `${id(road.to)} from ${id(road.from)}`;
    },
    movement: (m) => movements[m] ?? `movement ${m}`,
    phase: (name, i) => (name.startsWith(`${id(i)}.`) ? name.slice(id(i).length + 1) : name),
  };
}

/** `west → i1 → … → i5`: where a corridor comes from and leads to. */
export function corridorName({ roads, intersections }: CorridorTrace, layout: Layout): string {
  const start = layout.roads[roads[0] ?? -1]?.from;
  const ids = [start, intersections[0], intersections[intersections.length - 1]]
    .filter((i) => i !== undefined)
    .map((i) => layout.intersections[i]?.id ?? String(i));
  return `from ${ids[0]} over ${ids.slice(1).join(' to ')}`;
}
