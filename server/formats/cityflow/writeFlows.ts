import type { Layout, VehicleType } from '../../scenario/layout.ts';
import type { Findings } from './findings.ts';
import { TURN_SPEED, YIELD_DISTANCE } from './flows.ts';
import { isRepeatable, singleTrips, type Trips, tripsOfOrigin } from './trips.ts';

/** An interval that a single trip never repeats within. */
const ONCE_S = 1_000_000;

/** The text of a `flow.json`: one flow a line. */
export function writeFlows(layout: Layout, seed: number, name: string, findings: Findings): string {
  const { roads, stepS, vehicleTypes } = layout;
  for (const type of vehicleTypes) reportUnwritable(type, name, findings);
  const vehicles = vehicleTypes.map((type) => JSON.stringify(vehicleFields(type)));
  const routes = new Map<readonly number[], string>();
  const onTime = hitsWholeSeconds(stepS);
  const lines: string[] = [];
  const write = ({ vehicleType, route, intervalS, startS, endS }: Trips) => {
    let names = routes.get(route);
    if (names === undefined) {
      names = JSON.stringify(route.map((r) => roads[r]!.id));
      routes.set(route, names);
    }
    const times = `"interval":${intervalS},"startTime":${startS},"endTime":${endS}`;
    lines.push(`{"vehicle":${vehicles[vehicleType]},"route":${names},${times}}`);
  };
  // With steps that jump over whole seconds, a flow that ends where it starts would never be active.
  const writeSingle = (trip: Trips) =>
    write(onTime ? trip : { ...trip, intervalS: ONCE_S, endS: trip.startS + Math.ceil(stepS) });

  for (const flow of layout.flows) {
    if (isRepeatable(flow)) {
      write(flow);
      continue;
    }
    findings.warn(`${name} ${flow.id}`, 'Its departures are written one by one, at whole seconds.');
    for (const trip of singleTrips(flow, layout)) writeSingle(trip);
  }
  for (const origin of layout.origins) {
    for (const trip of tripsOfOrigin(origin, seed, layout.durationS)) writeSingle(trip);
  }
  return `[\n${lines.join(',\n')}\n]\n`;
}

function vehicleFields(type: VehicleType) {
  return {
    length: type.length,
    width: type.width,
    maxPosAcc: type.maxAcceleration,
    maxNegAcc: type.maxDeceleration,
    usualPosAcc: type.usualAcceleration,
    usualNegAcc: type.usualDeceleration,
    minGap: type.minGap,
    maxSpeed: type.maxSpeed,
    headwayTime: type.headway,
  };
}

function reportUnwritable(type: VehicleType, name: string, findings: Findings): void {
  const place = `${name} ${type.id}`;
  if (type.carFollowing !== 'reference') {
    findings.warn(place, 'CityFlow has one car-following model; this type will be driven by it.');
  }
  if (type.turnSpeed !== TURN_SPEED || type.yieldDistance !== YIELD_DISTANCE) {
    findings.warn(
      place,
      `In CityFlow every vehicle turns at ${TURN_SPEED} m/s and yields ${YIELD_DISTANCE} m ahead; so will this type.`,
    );
  }
}

/** Whether a clock that gains `stepS` a step shows every whole second exactly: steps of 1, 1/2, 1/4 s. */
function hitsWholeSeconds(stepS: number): boolean {
  let doubled = stepS;
  while (doubled < 1) doubled *= 2;
  return doubled === 1;
}
