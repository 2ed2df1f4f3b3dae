import { compassNames } from './compass.ts';
import type { Intersection, Layout, Point, Road } from './layout.ts';

/**
 * What people call the movements of a layout, in order: `west-thru`. Ids that a scenario gives are such words; in CityFlow files
 * an id is two roads, `road_0_1_0→road_1_1_1`, and is told by where its approach lies and how it turns. Where that does not
 * tell all movements of an intersection apart, the exit is named as well: `west-thru to east2`.
 */
export function movementWords(layout: Pick<Layout, 'intersections' | 'roads'>): string[] {
  return layout.intersections.flatMap((intersection) => wordsAt(intersection, layout.roads));
}

function wordsAt({ movements }: Intersection, roads: readonly Road[]): string[] {
  if (movements.every(({ id }) => !id.includes('→'))) return movements.map(({ id }) => id);
  const approaches = [...new Set(movements.map(({ from }) => from))];
  const exits = [...new Set(movements.map(({ to }) => to))];
  const approachNames = compassNames(approaches.map((road) => lyingAt(roads[road]!, true)));
  const exitNames = compassNames(exits.map((road) => lyingAt(roads[road]!, false)));
  const words = movements.map(({ from, turn }) => `${approachNames[approaches.indexOf(from)]!}-${turn}`);
  const longer = words.map((word, k) =>
    words.indexOf(word) === words.lastIndexOf(word)
      ? word
      : `${word} to ${exitNames[exits.indexOf(movements[k]!.to)]!}`,
  );
  // A file may have two links between the same roads.
  return longer.map((word, k) => {
    const before = longer.slice(0, k).filter((other) => other === word).length;
    return before === 0 ? word : `${word} ${before + 1}`;
  });
}

/** Where a road lies as its intersection sees it. */
function lyingAt({ points }: Road, leadsThere: boolean): Point {
  const [here, beyond] = leadsThere ? [points.at(-1)!, points.at(-2)!] : [points[0]!, points[1]!];
  return { x: beyond.x - here.x, y: beyond.y - here.y };
}
