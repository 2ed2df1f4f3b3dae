import { runningCount, type Simulation } from './simulation.ts';
import { COUNT, HEAD, RECORD, SLOT_STATE } from './traffic.ts';

/** Speed that counts as free on connectors, which have no limit of their own, m/s. */
const CONNECTOR_SPEED = 10;

/**
 * Time that all vehicles lose in a step, s: the whole step for who stands or waits to enter, the share 1 − v ÷ limit
 * of it for who drives. Summed over steps it is what total delay grows by, up to who is slower than the limit.
 */
export function lostTime(sim: Simulation): number {
  const { traffic, network, vehicles, step } = sim;
  const { record, slotState, occupied } = traffic;
  const { elementSpeedLimit } = network;
  const parity = (step & 1) << 1;
  let lost = runningCount(sim) + (vehicles.created - vehicles.entered);
  for (let w = 0; w < occupied.length; w++) {
    for (let bits = occupied[w]; bits !== 0; bits &= bits - 1) {
      const e = (w << 5) + 31 - Math.clz32(bits & -bits);
      const head = record[e * RECORD + HEAD];
      const end = head + record[e * RECORD + COUNT];
      let speed = 0;
      for (let slot = head; slot < end; slot++) speed += slotState[slot * SLOT_STATE + parity + 1];
      const limit = elementSpeedLimit[e];
      lost -= speed / (limit < Infinity ? limit : CONNECTOR_SPEED);
    }
  }
  return lost * network.stepS;
}
