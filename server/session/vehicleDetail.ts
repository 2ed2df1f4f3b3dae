import type { VehicleDetail } from '../protocol/question.ts';
import { loneTimeAt } from '../sim/lone.ts';
import { NEVER, NONE } from '../sim/network.ts';
import type { Simulation } from '../sim/simulation.ts';
import { COUNT, HEAD, NEXT, RECORD, SLOT_IDENTITY, SLOT_STATE, VEHICLE } from '../sim/traffic.ts';
import type { World } from './world.ts';

/**
 * One vehicle on all sides. Vehicles are numbered in order of creation, and created alike on all sides, so that a number is
 * the same trip everywhere.
 *
 * @returns `null` before it was created on any side
 */
export function vehicleDetail(worlds: readonly World[], v: number): VehicleDetail | null {
  const where = worlds.find(({ sim }) => v < sim.vehicles.created);
  if (where === undefined) return null;
  const { sim, study } = where;
  const { vehicles, network } = sim;
  const { names } = study.compiled;
  const route = vehicles.route[v]!;
  const source = vehicles.source[v]!;
  const flows = network.flows.count;
  const origin = source < flows ? names.flow[source]! : names.origin[source - flows]!;
  return {
    step: sim.step,
    vehicle: v,
    name: `${origin}, vehicle ${vehicles.rank[v]! + 1}`,
    type: names.vehicleType[vehicles.type[v]!]!,
    route: [
      ...network.routes.items.subarray(network.routes.starts[route]!, network.routes.starts[route + 1]!),
    ],
    createdS: vehicles.createdAt[v]! * network.stepS,
    sides: worlds.map((world) => sideOf(world.sim, v)),
  };
}

function sideOf(sim: Simulation, v: number): VehicleDetail['sides'][number] {
  const { vehicles, network, measures, step } = sim;
  const nowhere = { element: -1, positionM: 0, speed: 0, delayS: 0, stops: 0, finishedS: null, roadsDone: 0 };
  if (v >= vehicles.created) return { ...nowhere, state: 'not-created' };
  const createdAt = vehicles.createdAt[v]!;
  if (vehicles.enteredAt[v] === NEVER) {
    return { ...nowhere, state: 'waiting-to-enter', delayS: (step - createdAt) * network.stepS };
  }
  const finishedAt = vehicles.finishedAt[v]!;
  const stops = measures!.stops[v] ?? 0;
  if (finishedAt !== NEVER) {
    const route = vehicles.route[v]!;
    const delayS = (finishedAt + 1 - createdAt - sim.lone!.steps[v]!) * network.stepS;
    const roadsDone = network.routes.starts[route + 1]! - network.routes.starts[route]!;
    return { ...nowhere, state: 'finished', delayS, stops, finishedS: finishedAt * network.stepS, roadsDone };
  }
  const element = vehicles.element[v]!;
  const [positionM, speed, next] = stateOn(sim, element, v);
  const free = loneTimeAt(sim, sim.lone!, v, element, next, positionM);
  return {
    state: 'running',
    ...{ element, positionM, speed, stops },
    delayS: (step - createdAt) * network.stepS - free,
    finishedS: null,
    // In the middle of an intersection the road before it lies behind.
    roadsDone: vehicles.routePosition[v]! + (network.elementRoad[element] === NONE ? 1 : 0),
  };
}

/** Position, m, and speed, m/s, of a vehicle on an element, and the element it drives onto next. */
function stateOn({ traffic, step }: Simulation, e: number, v: number): readonly [number, number, number] {
  const { record, slotIdentity, slotState } = traffic;
  const parity = (step & 1) << 1;
  const head = record[e * RECORD + HEAD]!;
  for (let slot = head; slot < head + record[e * RECORD + COUNT]!; slot++) {
    if (slotIdentity[slot * SLOT_IDENTITY + VEHICLE] !== v) continue;
    const s = slot * SLOT_STATE + parity;
    return [slotState[s]!, slotState[s + 1]!, slotIdentity[slot * SLOT_IDENTITY + NEXT]!];
  }
  return [0, 0, NONE];
}
