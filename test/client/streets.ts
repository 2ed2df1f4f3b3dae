import { loadScenario, type Operation, operate, startRun } from '../../server/index.ts';
import {
  type DecodedVehicles,
  encodeHeat,
  encodeLanes,
  encodeVehicles,
  POSITION_MAX,
  RECORD_WORDS,
  shownIn,
  TYPE_BITS,
  TYPE_MASK,
} from '../../server/protocol/frame.ts';
import type { RoadMap } from '../../server/protocol/roadMap.ts';
import { Columns } from '../../server/session/columns.ts';
import { roadMapOf } from '../../server/session/roadMap.ts';
import { ready } from '../cli/greenwave.ts';

/** A vehicle as a frame has it. */
export interface Seen {
  readonly vehicle: number;
  readonly element: number;
  readonly part: number;
  /** m/s */
  readonly speed: number;
  readonly type: number;
  /** Of delay. */
  readonly level: number;
}

/** The same streets under one controller a side, and what a server would send of them. */
export class Streets {
  readonly map: RoadMap;
  readonly #sides: { readonly operation: Operation; readonly columns: Columns }[];
  #sequence = 0;

  private constructor(map: RoadMap, operations: readonly Operation[]) {
    this.map = map;
    this.#sides = operations.map((operation) => ({ operation, columns: new Columns() }));
  }

  static async open(scenario: string, controllers: readonly string[] = ['fixed-time']): Promise<Streets> {
    const compiled = await loadScenario(ready(scenario));
    const operations = controllers.map((controller) => startRun(compiled, { controller, seed: 1 }));
    return new Streets(roadMapOf(compiled), operations);
  }

  get step(): number {
    return this.#sides[0].operation.sim.step;
  }

  run(steps: number): void {
    for (let k = 0; k < steps; k++) for (const { operation } of this.#sides) operate(operation);
  }

  vehicleFrame(sinceSteps = 0): ArrayBuffer {
    return encodeVehicles(
      this.#header(sinceSteps),
      this.#sides.map(({ operation, columns }) => columns.vehicles(operation.sim)),
    );
  }

  laneFrame(sinceSteps = 0): ArrayBuffer {
    return encodeLanes(
      this.#header(sinceSteps),
      this.#sides.map(({ operation, columns }) => columns.lanes(operation.sim)),
    );
  }

  /** @param heat  by side: queue, time lost and CO2 of every lane */
  heatFrame(heat: readonly (readonly [number, number, number])[]): ArrayBuffer {
    const lanes = this.map.lanes.name.length;
    return encodeHeat(
      this.#header(1),
      heat.map((words) => Uint16Array.from({ length: lanes * 3 }, (_, k) => words[k % 3])),
    );
  }

  lanes(side = 0): Uint8Array {
    const { operation, columns } = this.#sides[side];
    return columns.lanes(operation.sim).lanes.slice();
  }

  vehicles(side = 0): Seen[] {
    const { operation, columns } = this.#sides[side];
    const { count, ids, records }: DecodedVehicles = columns.vehicles(operation.sim);
    return Array.from({ length: count }, (_, row) => ({
      vehicle: ids[row],
      element: records[row * RECORD_WORDS],
      part: records[row * RECORD_WORDS + 1] / POSITION_MAX,
      speed: (records[row * RECORD_WORDS + 2] & 0xff) * 0.25,
      type: (records[row * RECORD_WORDS + 2] >> 8) & TYPE_MASK,
      level: records[row * RECORD_WORDS + 2] >> (8 + TYPE_BITS),
    }));
  }

  /** What a signal shows, by connector. */
  shown(side = 0): number[] {
    const { operation, columns } = this.#sides[side];
    const { signals } = columns.vehicles(operation.sim);
    return this.map.connectors.from.map((_, k) => shownIn(signals, k));
  }

  /** The place of an element so many m along its shape; before its start straight backward. */
  placeOf(element: number, alongM: number): { x: number; y: number; headingX: number; headingY: number } {
    const { lanes, connectors } = this.map;
    const shape =
      element < lanes.shape.length ? lanes.shape[element] : connectors.shape[element - lanes.shape.length];
    let left = alongM;
    for (let k = 0; ; k += 2) {
      const [x, y, toX, toY] = shape.slice(k, k + 4);
      const span = Math.hypot(toX - x, toY - y);
      if (left > span && k + 4 < shape.length) {
        left -= span;
        continue;
      }
      const headingX = (toX - x) / span;
      const headingY = (toY - y) / span;
      return { x: x + headingX * left, y: y + headingY * left, headingX, headingY };
    }
  }

  lengthOf(element: number): number {
    const { lanes, connectors } = this.map;
    return element < lanes.length.length
      ? lanes.length[element]
      : connectors.length[element - lanes.length.length];
  }

  #header(sinceSteps: number) {
    return { sequence: ++this.#sequence, step: this.step, sinceSteps, revision: 0 };
  }
}
