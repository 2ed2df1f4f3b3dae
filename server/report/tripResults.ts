import { type ControlDelay, delayIn } from '../sim/controlDelay.ts';
import { NEVER, NONE } from '../sim/network.ts';
import type { Simulation } from '../sim/simulation.ts';
import { delays, longestWait } from '../sim/summary.ts';
import { COUNT, HEAD, NEXT, RECORD, SLOT_IDENTITY, SLOT_STATE, VEHICLE } from '../sim/traffic.ts';
import type { Trips } from './runResult.ts';

/** Every vehicle created so far. */
export function tripResults(sim: Simulation, log: ControlDelay): Trips {
  const { vehicles, network, measures } = sim;
  const { created } = vehicles;
  const { stepS } = network;
  const moment = (stamps: Int32Array) =>
    Float64Array.from({ length: created }, (_, v) => (stamps[v] === NEVER ? Number.NaN : stamps[v]! * stepS));
  return {
    count: created,
    route: vehicles.route.slice(0, created),
    vehicleType: vehicles.type.slice(0, created),
    source: vehicles.source.slice(0, created),
    rank: vehicles.rank.slice(0, created),
    createdS: moment(vehicles.createdAt),
    enteredS: moment(vehicles.enteredAt),
    finishedS: moment(vehicles.finishedAt),
    delayS: delays(sim),
    controlDelayS: controlDelays(sim, log),
    stops: Int32Array.from({ length: created }, (_, v) => measures!.stops[v] ?? 0),
    longestWaitS: Float64Array.from({ length: created }, (_, v) => longestWait(sim, measures!, v) * stepS),
  };
}

/** Control delay of every vehicle so far, s: what was charged, and what the intersection ahead has cost yet. */
export function controlDelays(sim: Simulation, log: ControlDelay): Float64Array {
  const { vehicles, network, traffic, demand, step } = sim;
  const { elementIntersection, signalised } = network;
  const delay = new Float64Array(vehicles.created);
  delay.set(log.total.subarray(0, vehicles.created));
  const parity = (step & 1) << 1;
  for (let e = 0; e < network.elementCount; e++) {
    if (signalised[elementIntersection[e]!] === 0) continue;
    const head = traffic.record[e * RECORD + HEAD]!;
    for (let slot = head; slot < head + traffic.record[e * RECORD + COUNT]!; slot++) {
      const v = traffic.slotIdentity[slot * SLOT_IDENTITY + VEHICLE]!;
      const s = slot * SLOT_STATE + parity;
      const x = traffic.slotState[s]!;
      const next = traffic.slotIdentity[slot * SLOT_IDENTITY + NEXT]!;
      delay[v]! += delayIn(sim, log, v, e, next, x, traffic.slotState[s + 1]!, step) - log.before[v]!;
    }
    for (let v = demand.waitingHead[e]!; v !== NONE; v = vehicles.nextWaiting[v]!) {
      delay[v] = (step - vehicles.createdAt[v]!) * network.stepS;
    }
  }
  return delay;
}
