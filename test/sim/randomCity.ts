import fc from 'fast-check';
import { type Compiled, compile } from '../../server/scenario/compile.ts';
import type { Flow, Layout, Phase, VehicleType } from '../../server/scenario/layout.ts';
import { BUILT_IN_TYPES } from '../../server/scenario/vehicleTypes.ts';
import { laidOut } from '../networks.ts';

/** Random small networks with random traffic, as fast-check makes and shrinks them. */

export interface City {
  readonly rows: number;
  readonly columns: number;
  readonly spacingM: number;
  readonly approachM: number;
  readonly lanes: number;
  readonly signals: boolean;
  /** Whether drivers behave as in our own scenarios, beyond CityFlow's rules. */
  readonly ownRules?: boolean;
  /** By road, in turn: the factor on its speed limit. */
  readonly limits?: readonly number[];
  readonly stepS: number;
  readonly types: readonly DriverDraw[];
  readonly trips: readonly TripDraw[];
}

export interface DriverDraw {
  readonly length: number;
  readonly maxSpeed: number;
  readonly maxAcceleration: number;
  readonly usualAcceleration: number;
  readonly maxDeceleration: number;
  readonly usualDeceleration: number;
  readonly minGap: number;
  readonly headway: number;
}

/** A flow along a random walk: at each intersection the `turns[k]`th of the movements from there. */
export interface TripDraw {
  readonly entry: number;
  readonly turns: readonly number[];
  readonly type: number;
  readonly intervalS: number;
  readonly startS: number;
}

const driver: fc.Arbitrary<DriverDraw> = fc
  .record({
    length: fc.constantFrom(5, 2.2, 12),
    maxSpeed: fc.constantFrom(11.111, 9, 60 / 3.6),
    maxAcceleration: fc.constantFrom(2, 1.2, 2.6),
    calm: fc.constantFrom(1, 0.7),
    maxDeceleration: fc.constantFrom(4.5, 6, 9),
    gentle: fc.constantFrom(1, 0.6),
    minGap: fc.constantFrom(2.5, 1, 2),
    headway: fc.constantFrom(2, 0.8, 1.4),
  })
  .map(({ calm, gentle, ...rest }) => ({
    ...rest,
    usualAcceleration: rest.maxAcceleration * calm,
    usualDeceleration: rest.maxDeceleration * gentle,
  }));

const trip: fc.Arbitrary<TripDraw> = fc.record({
  entry: fc.nat(30),
  turns: fc.array(fc.nat(5), { minLength: 1, maxLength: 9 }),
  type: fc.nat(3),
  intervalS: fc.constantFrom(4, 2, 1, 7.3),
  startS: fc.nat(20),
});

export const city: fc.Arbitrary<City> = fc.record({
  rows: fc.integer({ min: 1, max: 2 }),
  columns: fc.integer({ min: 1, max: 3 }),
  spacingM: fc.integer({ min: 45, max: 220 }),
  approachM: fc.integer({ min: 45, max: 260 }),
  lanes: fc.integer({ min: 1, max: 3 }),
  signals: fc.boolean(),
  ownRules: fc.boolean(),
  limits: fc.array(fc.constantFrom(1, 0.3, 0.6, 1.5), { minLength: 1, maxLength: 5 }),
  stepS: fc.constantFrom(1, 0.5),
  types: fc.array(driver, { minLength: 1, maxLength: 3 }),
  trips: fc.array(trip, { minLength: 1, maxLength: 30 }),
});

/** A lane closed, opened, blocked or cleared before a step: of the `road`th road of a trip, by rank. */
export interface Work {
  readonly step: number;
  readonly trip: number;
  readonly road: number;
  readonly rank: number;
  readonly kind: 'close' | 'open' | 'block' | 'clear';
  /** Where an incident is, as a share of the lane's length. */
  readonly share: number;
}

export const work = (steps: number): fc.Arbitrary<Work> =>
  fc.record({
    step: fc.nat(steps - 1),
    trip: fc.nat(29),
    road: fc.nat(4),
    rank: fc.nat(2),
    kind: fc.constantFrom('close', 'open', 'block', 'clear'),
    share: fc.oneof(fc.constantFrom(0, 0.05, 1), fc.double({ min: 0, max: 1, noNaN: true })),
  });

/** The lane that a work is about, as an element. */
export function laneOf({ layout, network }: Compiled, { trip, road, rank }: Work): number {
  const { route } = layout.flows[trip % layout.flows.length]!;
  const { starts, items } = network.roadLanes;
  const r = route[road % route.length]!;
  return items[starts[r]! + (rank % (starts[r + 1]! - starts[r]!))]!;
}

/** How a city's drivers differ from the built-in car. */
function driverType(draw: DriverDraw, k: number): VehicleType {
  return { ...BUILT_IN_TYPES[0], ...draw, id: `driver-${k}` };
}

/** The city as a network. Signals change from phase to phase at once, whenever they are asked to. */
export function builtCity(draw: City, changeable: Partial<Phase> = INSTANT): Compiled {
  const { rows, columns, spacingM, approachM, lanes, signals, stepS, types, limits = [1] } = draw;
  const grid = { rows, columns, spacingM, approachM, lanes };
  const drawn = laidOut({ name: 'city', stepS, grid, ...(signals ? {} : { signals: 'none' }) });
  const layout: Layout = {
    ...drawn,
    entry: 'standstill', // the plain model knows no other
    drivers: draw.ownRules ? drawn.drivers! : { rightOfWay: 'turns', slowsAhead: false, keepsClear: false },
    roads: drawn.roads.map((road, r) => ({
      ...road,
      lanes: road.lanes.map((lane) => ({
        ...lane,
        speedLimit: lane.speedLimit * limits[r % limits.length]!,
      })),
    })),
    vehicleTypes: types.map(driverType),
    intersections: drawn.intersections.map((intersection) => ({
      ...intersection,
      signal: intersection.signal && {
        ...intersection.signal,
        phases: intersection.signal.phases.map((phase) => ({ ...phase, ...changeable })),
      },
    })),
  };
  const flows = draw.trips.flatMap((trip, k) => flowAlong(layout, trip, k));
  return compile({ ...layout, flows });
}

const INSTANT: Partial<Phase> = { minGreenS: 0, yellowChangeS: 0, redClearanceS: 0 };

function flowAlong(layout: Layout, { entry, turns, type, intervalS, startS }: TripDraw, k: number): Flow[] {
  const { intersections, roads, vehicleTypes } = layout;
  const entries = roads.flatMap(({ from, to }, r) =>
    intersections[from].boundary && !intersections[to].boundary ? [r] : [],
  );
  const route = [entries[entry % entries.length]];
  for (const turn of turns) {
    const here = route[route.length - 1];
    const ways = intersections[roads[here].to].movements.filter(({ from }) => from === here);
    if (ways.length === 0) break;
    route.push(ways[turn % ways.length].to);
  }
  const vehicleType = type % vehicleTypes.length;
  return [{ id: `flow_${k}`, vehicleType, route, intervalS, startS, endS: -1 }];
}
