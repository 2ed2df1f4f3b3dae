import type { Drawing } from './drawing.ts';
import { RouteFinder } from './routes.ts';

/** A drawn network with what one needs to travel it by name: made once, asked by every origin. */
export class Atlas {
  readonly drawing: Drawing;
  readonly finder: RouteFinder;
  readonly roads: ReadonlyMap<string, number>;
  readonly intersections: ReadonlyMap<string, number>;

  constructor(drawing: Drawing) {
    this.drawing = drawing;
    this.finder = new RouteFinder(drawing);
    this.roads = new Map(drawing.roads.map(({ id }, r) => [id, r]));
    this.intersections = new Map(drawing.intersections.map(({ id }, i) => [id, i]));
  }

  /** Names of roads and intersections, for suggestions. */
  names(): string[] {
    return [...this.roads.keys(), ...this.intersections.keys()];
  }

  /** Names of boundaries, for suggestions. */
  boundaryNames(): string[] {
    return this.drawing.intersections.filter(({ boundary }) => boundary).map(({ id }) => id);
  }

  /** The name of the boundary at which a road starts. */
  startOf(road: number): string {
    return this.drawing.intersections[this.drawing.roads[road]!.from]!.id;
  }
}
