import { type Network, NONE } from './network.ts';
import { type RandomStream, randomStream } from './random.ts';
import type { Simulation } from './simulation.ts';
import { ARRIVED, COUNT, HEAD, RECORD, SLOT_IDENTITY, SLOT_STATE, TYPE } from './traffic.ts';

/**
 * What detectors tell, one row per detector, faults included. A vehicle counts when its front reaches the
 * zone; the zone is occupied from then until its rear has left, be that on the lane or on the connector
 * beyond. Vehicles are followed through the whole step, so that none jumps over a short zone.
 */
export interface DetectorStates {
  readonly present: Uint8Array; //     1: somebody was over the zone in the last step
  readonly count: Int32Array; //       vehicles counted so far
  readonly occupied: Float64Array; //  s  for which the zone has been occupied so far
  readonly emptyS: Float64Array; //    s  since somebody was over the zone; 0 while somebody is
  readonly covered: Float64Array; //      share of the step at hand for which the zone is occupied
  readonly losses: readonly (RandomStream | null)[]; // null: it loses no counts
}

export function createDetectorStates({ detectors }: Network, seed: number): DetectorStates {
  const { count, names, lossRate } = detectors;
  return {
    present: new Uint8Array(count),
    count: new Int32Array(count),
    occupied: new Float64Array(count),
    emptyS: new Float64Array(count),
    covered: new Float64Array(count),
    losses: names.map((name, d) => (lossRate[d] > 0 ? randomStream(seed, `detector:${name}`) : null)),
  };
}

/** A vehicle drives off element `e`: its front moves from `from` to `to`, m along the element. Called before it is moved on. */
export function senseLeaving(sim: Simulation, e: number, type: number, from: number, to: number): void {
  const { elementRoad, connectorFrom, elementLength } = sim.network;
  if (elementRoad[e] !== NONE) {
    sense(sim, e, type, from, to);
  } else {
    const lane = connectorFrom[e];
    sense(sim, lane, type, from + elementLength[lane], to + elementLength[lane]);
  }
}

/** After everybody has moved: who is on a lane, or not yet clear of it with the rear, and what that makes of the step. */
export function senseAll(sim: Simulation): void {
  const { network, traffic } = sim;
  const { elementLength, detectors, laneConnectors, types } = network;
  const { record, slotState, slotIdentity } = traffic;
  const states = sim.detectors!;
  const old = (sim.step & 1) << 1;
  const fresh = old ^ 2;
  for (let e = 0; e < network.elementCount; e++) {
    const first = detectors.starts[e];
    if (first === detectors.starts[e + 1]) continue;
    const lowest = detectors.zoneStart[first];
    const head = record[e * RECORD + HEAD];
    for (let slot = head; slot < head + record[e * RECORD + COUNT]; slot++) {
      const s = slot * SLOT_STATE;
      const x = slotState[s + fresh];
      if (x < lowest) break;
      const came = slotIdentity[slot * SLOT_IDENTITY + ARRIVED] === sim.step;
      const before = came ? x - slotState[s + fresh + 1] * network.stepS : slotState[s + old];
      sense(sim, e, slotIdentity[slot * SLOT_IDENTITY + TYPE], before, x);
    }
    for (let k = laneConnectors.starts[e]; k < laneConnectors.starts[e + 1]; k++) {
      const c = laneConnectors.items[k];
      const start = record[c * RECORD + HEAD];
      for (let slot = start + record[c * RECORD + COUNT] - 1; slot >= start; slot--) {
        const before = slotState[slot * SLOT_STATE + old];
        const came = slotIdentity[slot * SLOT_IDENTITY + ARRIVED] === sim.step;
        if (came) continue; // seen as it left the lane
        const type = slotIdentity[slot * SLOT_IDENTITY + TYPE];
        if (before >= types.length[type]) break;
        const x = slotState[slot * SLOT_STATE + fresh];
        sense(sim, e, type, before + elementLength[e], x + elementLength[e]);
      }
    }
  }
  closeStep(network, states);
}

/** A vehicle's front moves from `from` to `to` on a lane, or in its prolongation. */
function sense(
  { network, detectors }: Simulation,
  lane: number,
  type: number,
  from: number,
  to: number,
): void {
  const { starts, zoneStart, zoneEnd, lossRate } = network.detectors;
  const { count, covered, losses } = detectors!;
  const length = network.types.length[type];
  for (let d = starts[lane]; d < starts[lane + 1]; d++) {
    // Over the zone while its front is between the zone's start and its end plus the vehicle's length.
    const last = zoneEnd[d] + length;
    if (to < zoneStart[d] || from > last) continue;
    const enters = from > zoneStart[d] ? from : zoneStart[d];
    const leaves = to < last ? to : last;
    covered[d] += to > from ? (leaves - enters) / (to - from) : 1;
    if (from >= zoneStart[d]) continue;
    const stream = losses[d];
    if (stream === null || stream.next() >= lossRate[d]) count[d]++;
  }
}

function closeStep(
  { stepS, detectors }: Network,
  { present, count, occupied, emptyS, covered }: DetectorStates,
): void {
  for (let d = 0; d < detectors.count; d++) {
    let share = covered[d] > 1 ? 1 : covered[d];
    covered[d] = 0;
    if (detectors.dropped[d] === 1) {
      share = 0;
      count[d] = 0;
    } else if (detectors.stuckOn[d] === 1) {
      share = 1;
    }
    present[d] = share > 0 ? 1 : 0;
    occupied[d] += share * stepS;
    emptyS[d] = share > 0 ? 0 : emptyS[d] + stepS;
  }
}
