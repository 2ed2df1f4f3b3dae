import { arrbFuelRate, EMISSION_CLASS, hbefaRate, POLLUTANT, POLLUTANTS } from './emissions.ts';
import { NEVER, type Network } from './network.ts';
import { CREEPING, CRITICAL_TTC, HARD_BRAKING } from './safety.ts';
import type { Simulation } from './simulation.ts';
import { ARRIVED, BEFORE, COUNT, HEAD, RECORD, SLOT_IDENTITY, SLOT_STATE, TYPE, VEHICLE } from './traffic.ts';
import { grown } from './vehicles.ts';

/**
 * How everybody drives, seen after every step: what they emit, and how near they come to each other.
 * Speed is that at the end of the step, acceleration its change over the step.
 */
export interface DrivingSurvey {
  readonly emissionClass: Uint8Array; // by vehicle type: EMISSION_CLASS value
  speed: Float64Array; //             m/s  by vehicle: at the end of the last step; NaN until it was seen
  inConflict: Uint8Array; //               by vehicle: 1 while its time to collision is critical
  brakesHard: Uint8Array; //               by vehicle: 1 while it brakes hard

  /** By class × POLLUTANTS + pollutant: mg of moving vehicles. */
  readonly emitted: Float64Array;
  /** By class: vehicle-steps at standstill on the network. */
  readonly standing: Float64Array;
  arrbFuel: number; //                mL   of moving vehicles
  conflicts: number; //                    times that somebody's time to collision became critical
  hardBrakings: number; //                 times that somebody began to brake hard
}

const CLASSES = 3;

export function createDrivingSurvey(
  network: Network,
  capacity: number,
  emissionClass: Uint8Array | undefined,
): DrivingSurvey {
  return {
    emissionClass: emissionClass ?? new Uint8Array(network.typeCount).fill(EMISSION_CLASS.car),
    speed: new Float64Array(capacity).fill(Number.NaN),
    inConflict: new Uint8Array(capacity),
    brakesHard: new Uint8Array(capacity),
    emitted: new Float64Array(CLASSES * POLLUTANTS),
    standing: new Float64Array(CLASSES),
    arrbFuel: 0,
    conflicts: 0,
    hardBrakings: 0,
  };
}

/** Makes room for the vehicles created since. */
export function growDrivingSurvey(log: DrivingSurvey, capacity: number): void {
  log.speed = grown(log.speed, capacity, Number.NaN);
  log.inConflict = grown(log.inConflict, capacity, 0);
  log.brakesHard = grown(log.brakesHard, capacity, 0);
}

/**
 * The end of a step: visits every vehicle on the network, sleepers included.
 *
 * @param counts  whether the warm-up is over; in its last step only speeds are noted
 */
export function noteDriven(sim: Simulation, log: DrivingSurvey, counts: boolean): void {
  const { occupied, record, slotState, slotIdentity } = sim.traffic;
  const { types, stepS: dt } = sim.network;
  const { speed, emissionClass, emitted, standing, inConflict, brakesHard } = log;
  const parity = (sim.step & 1) << 1;
  let fuel = 0;
  for (let w = 0; w < occupied.length; w++) {
    for (let bits = occupied[w]; bits !== 0; bits &= bits - 1) {
      const e = (w << 5) + 31 - Math.clz32(bits & -bits);
      const head = record[e * RECORD + HEAD];
      const end = head + record[e * RECORD + COUNT];
      let rear = 0; //    of the leader, m
      let leaderV = Infinity;
      for (let slot = head; slot < end; slot++) {
        const s = slot * SLOT_STATE + parity;
        const x = slotState[s];
        const v = slotState[s + 1];
        const vehicle = slotIdentity[slot * SLOT_IDENTITY + VEHICLE];
        const type = slotIdentity[slot * SLOT_IDENTITY + TYPE];
        let before = speed[vehicle];
        if (Number.isNaN(before)) {
          // Seen for the first time: who entered in this step has both states in its slot.
          before =
            slotIdentity[slot * SLOT_IDENTITY + ARRIVED] === BEFORE
              ? slotState[slot * SLOT_STATE + (parity ^ 2) + 1]
              : v;
        }
        speed[vehicle] = v;
        if (counts) {
          const kind = emissionClass[type];
          if (v === 0 && before === 0) {
            standing[kind]++;
            inConflict[vehicle] = 0;
            brakesHard[vehicle] = 0;
          } else {
            const a = (v - before) / dt;
            const row = kind * POLLUTANTS;
            emitted[row] += hbefaRate(kind, POLLUTANT.co2, v, a) * dt;
            emitted[row + 1] += hbefaRate(kind, POLLUTANT.nox, v, a) * dt;
            emitted[row + 2] += hbefaRate(kind, POLLUTANT.pm, v, a) * dt;
            emitted[row + 3] += hbefaRate(kind, POLLUTANT.fuel, v, a) * dt;
            fuel += arrbFuelRate(v, a) * dt;
            const critical = v > CREEPING && v > leaderV && rear - x < CRITICAL_TTC * (v - leaderV);
            if (critical && inConflict[vehicle] === 0) log.conflicts++;
            inConflict[vehicle] = critical ? 1 : 0;
            const hard = a < -HARD_BRAKING;
            if (hard && brakesHard[vehicle] === 0) log.hardBrakings++;
            brakesHard[vehicle] = hard ? 1 : 0;
          }
        }
        rear = x - types.length[type];
        leaderV = v;
      }
    }
  }
  log.arrbFuel += fuel;
}

/** Everything emitted and burnt since the warm-up. Vehicles that wait to enter idle. */
export interface Emissions {
  readonly pollutants: Float64Array; // by class × POLLUTANTS + pollutant: mg
  readonly arrbFuelMl: number;
}

/** Totals up to now. */
export function emissionsOf(
  { network, vehicles, step }: Simulation,
  log: DrivingSurvey,
  fromStep: number,
): Emissions {
  const idle = log.standing.slice();
  for (let v = vehicles.created - 1; v >= 0; v--) {
    const until = vehicles.enteredAt[v] === NEVER ? step : vehicles.enteredAt[v];
    const since = Math.max(vehicles.createdAt[v], fromStep);
    if (until > since) idle[log.emissionClass[vehicles.type[v]]] += until - since;
  }
  const pollutants = log.emitted.slice();
  let arrbFuelMl = log.arrbFuel;
  for (let kind = 0; kind < CLASSES; kind++) {
    const idleS = idle[kind] * network.stepS;
    for (let p = 0; p < POLLUTANTS; p++)
      pollutants[kind * POLLUTANTS + p] += hbefaRate(kind, p, 0, 0) * idleS;
    arrbFuelMl += arrbFuelRate(0, 0) * idleS;
  }
  return { pollutants, arrbFuelMl };
}
