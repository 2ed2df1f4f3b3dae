import type { Layout, Origin, VehicleType } from '../server/scenario/layout.ts';
import { parseScenario } from '../server/scenario/parse.ts';
import { formatProblems } from '../server/scenario/problem.ts';
import type { Scenario } from '../server/scenario/schema.ts';
import type { Simulation } from '../server/sim/simulation.ts';
import { COUNT, HEAD, RECORD, SLOT_IDENTITY, SLOT_STATE, TYPE, VEHICLE } from '../server/sim/traffic.ts';

/** Small networks by name, and what one sees of a simulation from the roadside. */

type Extras = Partial<Pick<Scenario, 'stepS' | 'vehicles' | 'vehicleTypes' | 'signals'>>;

/** The layout of a scenario that has no problems. */
export function laidOut(scenario: Scenario): Layout {
  const parsed = parseScenario(JSON.stringify(scenario), 'scenario.json');
  if (!parsed.ok) throw new Error(formatProblems('scenario.json', parsed.problems));
  return parsed.layout;
}

/**
 * One lane from west to east without a signal, in two roads of `lengthM`; an origin in the west sends
 * `flowVph` at even intervals.
 */
export function straightRoad(
  lengthM: number,
  flowVph: number,
  extras: Extras & { speedLimitKmh?: number } = {},
): Layout {
  const { speedLimitKmh = 50, ...rest } = extras;
  return laidOut({
    name: 'straight road',
    isolated: { approaches: ['east', 'west'], approachM: lengthM, lanes: 1, speedLimitKmh },
    demand: { west: { flowVph, arrivals: 'uniform', to: { east: 1 } } },
    ...rest,
  });
}

/**
 * A straight road of `lengthM` on which `leader` enters first, and after it `count` of `follower`, as
 * close as they can.
 */
export function platoon(
  lengthM: number,
  leader: Partial<VehicleType>,
  follower: Partial<VehicleType>,
  count: number,
  stepS: number,
): Layout {
  const road = straightRoad(lengthM, 0, { stepS });
  const [car] = road.vehicleTypes;
  const route = ['west-main', 'main-east'].map((id) => road.roads.findIndex((r) => r.id === id));
  const flow = (vehicleType: number, startS: number, endS: number) => ({
    ...{ id: `flow-${vehicleType}`, vehicleType, route, intervalS: 1, startS, endS },
  });
  return {
    ...road,
    vehicleTypes: [
      { ...car, ...leader },
      { ...car, ...follower },
    ],
    origins: [],
    flows: [flow(0, 0, 0), flow(1, 1, count)],
  };
}

/** What may be said of a crossing. */
export interface Crossing extends Extras {
  readonly approachM?: number;
  readonly speedLimitKmh?: number;
  readonly westVph: number;
  readonly arrivals?: Origin['arrivals'];
  readonly northVph?: number;
  /** Green of the street from west to east under the plan; yellow change and red clearance come on top. */
  readonly greenS?: number;
  readonly cycleS?: number;
  readonly offsetS?: number;
}

/**
 * Two one-lane streets that cross at a signal, thru traffic only. Phase 0 serves the street from west to
 * east. Yellow change and red clearance are 3 s and 2 s.
 */
export function crossing({
  approachM = 300,
  speedLimitKmh = 50,
  westVph,
  arrivals = 'uniform',
  northVph = 0,
  greenS = 25,
  cycleS = 60,
  offsetS = 0,
  ...extras
}: Crossing): Layout {
  const intervals = { minGreenS: 5, yellowChangeS: 3, redClearanceS: 2 };
  return laidOut({
    name: 'crossing',
    isolated: { approachM, lanes: [{ turns: ['thru'] }], speedLimitKmh },
    intersections: {
      main: {
        offsetS,
        phases: [
          { id: 'west-east', movements: ['west-thru', 'east-thru'], splitS: greenS + 5, ...intervals },
          {
            id: 'north-south',
            movements: ['north-thru', 'south-thru'],
            splitS: cycleS - greenS - 5,
            ...intervals,
          },
        ],
      },
    },
    demand: {
      west: { flowVph: westVph, arrivals, to: { east: 1 } },
      north: { flowVph: northVph, arrivals, to: { south: 1 } },
    },
    ...extras,
  });
}

/** An element by its name: `west-main_0` is a lane, `main.west-thru:0>0` a connector. */
export function elementNamed({ names }: { names: { element: readonly string[] } }, name: string): number {
  const e = names.element.indexOf(name);
  if (e < 0) throw new Error(`No element "${name}" among ${names.element.join(', ')}.`);
  return e;
}

/** One vehicle as seen from the roadside. */
export interface Seen {
  readonly vehicle: number;
  readonly type: number;
  readonly x: number; // m
  readonly v: number; // m/s
}

/** The vehicles on an element, front to back. */
export function vehiclesOn({ traffic, step }: Simulation, e: number): Seen[] {
  const { record, slotState, slotIdentity } = traffic;
  const head = record[e * RECORD + HEAD];
  const parity = (step & 1) << 1;
  return Array.from({ length: record[e * RECORD + COUNT] }, (_, k) => ({
    vehicle: slotIdentity[(head + k) * SLOT_IDENTITY + VEHICLE],
    type: slotIdentity[(head + k) * SLOT_IDENTITY + TYPE],
    x: slotState[(head + k) * SLOT_STATE + parity],
    v: slotState[(head + k) * SLOT_STATE + parity + 1],
  }));
}
