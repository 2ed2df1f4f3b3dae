import { PATH, PATH_TO } from './foes.ts';
import { SHOWN } from './network.ts';
import type { Simulation } from './simulation.ts';
import { COUNT, ENTERED, HEAD, RECORD, RECORD_TAIL, SLOT_STATE, TAIL_TYPE } from './traffic.ts';

/** Above this speed (m/s), the last vehicle of an exit lane makes room in time. (CityFlow's constant.) */
const CRAWL = 2;

/** Whether the signal shows red, or the lane that a connector leads into is closed. */
export function isShut({ signals, closures, foes }: Simulation, connector: number): boolean {
  if (signals.shown[connector] < SHOWN.permitted) return true;
  return closures !== null && closures.closed[foes.path[connector * PATH + PATH_TO]] === 1;
}

/** Whether the signal, or a closed, blocked or full exit lane keeps a vehicle of `type` from driving onto a connector. */
export function isBlocked(sim: Simulation, connector: number, type: number): boolean {
  if (isShut(sim, connector)) return true;
  const { network, traffic, foes, closures, step } = sim;
  const { record, tail } = traffic;
  const { length } = network.types;
  const lane = foes.path[connector * PATH + PATH_TO];
  if (closures !== null && !(closures.incident[lane] > length[type])) return true;
  const r = lane * RECORD;
  if (record[r + COUNT] === 0) return false;
  const parity = (step & 1) << 1;
  if (record[r + ENTERED] === step) {
    // The last vehicle is at the very start of the lane; the record does not know it yet.
    const last = record[r + HEAD] + record[r + COUNT] - 1;
    return !(traffic.slotState[last * SLOT_STATE + parity + 1] >= CRAWL);
  }
  const t = lane * RECORD_TAIL + parity;
  return !(tail[t] > length[record[r + TAIL_TYPE]] + length[type] || tail[t + 1] >= CRAWL);
}
