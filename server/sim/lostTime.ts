import { NONE } from './network.ts';
import { runningCount, type Simulation } from './simulation.ts';
import { COUNT, HEAD, RECORD, SLOT_STATE } from './traffic.ts';

/** Speed that counts as free on connectors, m/s. */
const CONNECTOR_SPEED = 10;

/**
 * How many vehicles' worth of driving at the speed limit the vehicles on an element do: the sum of v ÷ limit. What is
 * missing to their number is lost.
 */
export function freeDriving({ traffic, network, step }: Simulation, e: number): number {
  const { record, slotState } = traffic;
  const parity = (step & 1) << 1;
  const head = record[e * RECORD + HEAD];
  const end = head + record[e * RECORD + COUNT];
  let speed = 0;
  for (let slot = head; slot < end; slot++) speed += slotState[slot * SLOT_STATE + parity + 1];
  return speed / (network.elementRoad[e] === NONE ? CONNECTOR_SPEED : network.elementSpeedLimit[e]);
}

/**
 * Time that all vehicles lose in a step, s: the whole step for who stands or waits to enter, the share 1 − v ÷ limit
 * of it for who drives. Summed over steps it is what total delay grows by, up to who is slower than the limit.
 */
export function lostTime(sim: Simulation): number {
  const { traffic, network, vehicles } = sim;
  let lost = runningCount(sim) + (vehicles.created - vehicles.entered);
  for (let w = 0; w < traffic.occupied.length; w++) {
    for (let bits = traffic.occupied[w]; bits !== 0; bits &= bits - 1) {
      lost -= freeDriving(sim, (w << 5) + 31 - Math.clz32(bits & -bits));
    }
  }
  return lost * network.stepS;
}
