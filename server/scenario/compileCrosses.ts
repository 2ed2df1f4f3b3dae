import { BY_SIGNAL, type Crosses, PRIORITY, RULE } from '../sim/network.ts';
import { type Cross, crossesOf } from './conflicts.ts';
import type { Intersection, Turn } from './layout.ts';
import { referenceCrossesOf, sortLikeReference } from './referenceConflicts.ts';

/**
 * Conflict points by connector, in order of distance; equal distances keep the order of the paths.
 *
 * @param bySignal   whether what signals show decides right of way before the turns do
 * @param reference  whether to find and to order them as CityFlow does, to the last bit
 */
export function compileCrosses(
  intersections: readonly Intersection[],
  bySignal: boolean,
  connectorRows: readonly (readonly number[])[],
  elementCount: number,
  reference: boolean,
): Crosses {
  const shapes = new ShapeCache();
  const byElement: { distance: number; foe: number; foeDistance: number; rule: number }[][] = Array.from(
    { length: elementCount },
    () => [],
  );
  intersections.forEach((intersection, i) => {
    const row = connectorRows[i]!;
    const turns = intersection.movements.flatMap(({ turn, connectors }) => connectors.map(() => turn));
    const shown = bySignal && intersection.signal !== null ? BY_SIGNAL : 0;
    const found = reference ? referenceCrossesOf(pathsOf(intersection)) : shapes.crosses(intersection);
    for (const { a, b, distanceA, distanceB } of found) {
      const rule = ruleByTurn(turns[a]!, turns[b]!) + shown;
      const foeRule = ruleByTurn(turns[b]!, turns[a]!) + shown;
      byElement[row[a]!]!.push({ distance: distanceA, foe: row[b]!, foeDistance: distanceB, rule });
      byElement[row[b]!]!.push({ distance: distanceB, foe: row[a]!, foeDistance: distanceA, rule: foeRule });
    }
  });
  const starts = new Int32Array(elementCount + 1);
  for (let e = 0; e < elementCount; e++) starts[e + 1] = starts[e]! + byElement[e]!.length;
  const count = starts[elementCount]!;
  const crosses = {
    starts,
    distance: new Float64Array(count),
    foe: new Int32Array(count),
    foeDistance: new Float64Array(count),
    rule: new Uint8Array(count),
  };
  byElement.forEach((row, e) => {
    if (reference) sortLikeReference(row, ({ distance }) => distance);
    else row.sort((one, other) => one.distance - other.distance); // stable by the language's definition
    row.forEach((cross, k) => {
      crosses.distance[starts[e]! + k] = cross.distance;
      crosses.foe[starts[e]! + k] = cross.foe;
      crosses.foeDistance[starts[e]! + k] = cross.foeDistance;
      crosses.rule[starts[e]! + k] = cross.rule;
    });
  });
  return crosses;
}

function pathsOf({ movements }: Intersection) {
  return movements.flatMap(({ connectors }) => connectors.map((c) => c.points));
}

function ruleByTurn(mine: Turn, theirs: Turn): number {
  if (PRIORITY[mine] === PRIORITY[theirs]) return RULE.equal;
  return PRIORITY[mine] > PRIORITY[theirs] ? RULE.first : RULE.second;
}

/**
 * Conflict points are costly to find (every pair of segments), and a city repeats few shapes of
 * intersection. Shapes are equal when all their points are, in whole micrometres from the centre.
 */
class ShapeCache {
  readonly #known = new Map<number, { points: Int32Array; crosses: Cross[] }[]>();

  crosses(intersection: Intersection): Cross[] {
    const paths = pathsOf(intersection);
    const points: number[] = [];
    for (const path of paths) {
      points.push(path.length);
      for (const { x, y } of path) {
        points.push(Math.round((x - intersection.x) * 1e6), Math.round((y - intersection.y) * 1e6));
      }
    }
    const shape = Int32Array.from(points);
    const key = shape.reduce((hash, value) => Math.imul(hash ^ value, 0x01000193), 0x811c9dc5);
    const alike = this.#known.get(key) ?? [];
    const found = alike.find(
      (other) => other.points.length === shape.length && other.points.every((p, k) => p === shape[k]),
    );
    if (found) return found.crosses;
    const crosses = crossesOf(paths);
    this.#known.set(key, [...alike, { points: shape, crosses }]);
    return crosses;
  }
}
