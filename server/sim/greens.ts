import { type Network, NONE, SHOWN } from './network.ts';
import type { Simulation } from './simulation.ts';
import { HALTING_SPEED, HEAD, HEAD_NEXT, RECORD, SLOT_IDENTITY, SLOT_STATE, VEHICLE } from './traffic.ts';

/**
 * Greens that serve nobody: a movement that has green again and again while its first vehicle stands and cannot go, because
 * the exit is full, is locked. Looked at when signals change, so it costs next to nothing.
 */
export interface Greens {
  readonly connector: Int32Array; // by movement: one of its connectors; all show alike
  readonly green: Uint8Array; //   by movement: 1 while it has green
  readonly served: Uint8Array; //  by movement: 1 when a vehicle has crossed its stop line since that green began
  readonly wasted: Int32Array; //  by movement: greens in a row that served nobody though the same vehicle waited
  readonly waiting: Int32Array; // by movement: the vehicle that waited first through these greens; NONE
  readonly lockedAt: Int32Array; // by movement: the step in which it was first found locked; NONE
}

/** So many greens in a row without anybody served are a lock. */
export const LOCK_GREENS = 3;

export function createGreens({ movementCount, elementCount, connectorMovement }: Network): Greens {
  const connector = new Int32Array(movementCount).fill(NONE);
  for (let e = 0; e < elementCount; e++)
    if (connectorMovement[e] !== NONE) connector[connectorMovement[e]] = e;
  return {
    connector,
    green: new Uint8Array(movementCount),
    served: new Uint8Array(movementCount),
    wasted: new Int32Array(movementCount),
    waiting: new Int32Array(movementCount).fill(NONE),
    lockedAt: new Int32Array(movementCount).fill(NONE),
  };
}

/** A vehicle has crossed the stop line onto `connector`. */
export function noteServed({ network }: Simulation, greens: Greens, connector: number): void {
  if (connector >= 0) greens.served[network.connectorMovement[connector]] = 1;
}

/** The end of a step: looks at the intersections whose signals have changed in it. */
export function noteGreens(sim: Simulation, greens: Greens): void {
  const { network, signals } = sim;
  const { ringIntersection, signalised, movements, ringPhases } = network;
  const { elapsed, phase } = signals;
  for (let r = 0; r < elapsed.length; r++) {
    if (elapsed[r] !== 1) continue;
    const i = ringIntersection[r];
    if (signalised[i] === 0) continue;
    // Movements that keep their green through the whole cycle are looked at once in each.
    const newCycle = phase[r] === ringPhases.items[ringPhases.starts[r]];
    for (let k = movements.starts[i]; k < movements.starts[i + 1]; k++)
      lookAt(sim, greens, movements.items[k], newCycle);
  }
}

function lookAt(sim: Simulation, greens: Greens, m: number, newCycle: boolean): void {
  const { connector, green, served, wasted, lockedAt } = greens;
  if (connector[m] === NONE) return;
  const now = sim.signals.shown[connector[m]] >= SHOWN.permitted ? 1 : 0;
  if (green[m] === 1 && (now === 0 || newCycle)) {
    if (served[m] === 1) wasted[m] = 0;
    else noteWasted(greens, m, waitingFirst(sim, m));
    if (wasted[m] === LOCK_GREENS && lockedAt[m] === NONE) lockedAt[m] = sim.step;
    served[m] = 0;
  }
  if (green[m] === 0 && now === 1) served[m] = 0;
  green[m] = now;
}

/** A green that served nobody: it counts with those before only where the very same vehicle has waited through all of them. */
function noteWasted({ wasted, waiting }: Greens, m: number, vehicle: number): void {
  if (vehicle === NONE) return;
  wasted[m] = vehicle === waiting[m] ? wasted[m] + 1 : 1;
  waiting[m] = vehicle;
}

/** The vehicle that stands first on one of its lanes, bound for the movement; NONE: there is none. */
function waitingFirst({ network, traffic, step }: Simulation, m: number): number {
  const { movementLanes, connectorMovement } = network;
  const parity = (step & 1) << 1;
  for (let k = movementLanes.starts[m]; k < movementLanes.starts[m + 1]; k++) {
    const r = movementLanes.items[k] * RECORD;
    const next = traffic.record[r + HEAD_NEXT];
    if (next < 0 || connectorMovement[next] !== m) continue;
    const slot = traffic.record[r + HEAD];
    if (traffic.slotState[slot * SLOT_STATE + parity + 1] < HALTING_SPEED)
      return traffic.slotIdentity[slot * SLOT_IDENTITY + VEHICLE];
  }
  return NONE;
}

/** Movements that were locked, with the step in which that was first found, in order of movements. */
export function lockedMovements({ lockedAt }: Greens): { movement: number; step: number }[] {
  const locked: { movement: number; step: number }[] = [];
  for (let m = 0; m < lockedAt.length; m++)
    if (lockedAt[m] !== NONE) locked.push({ movement: m, step: lockedAt[m] });
  return locked;
}
