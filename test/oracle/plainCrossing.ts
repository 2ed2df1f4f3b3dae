import { waitsForClosure } from './plainClosures.ts';
import { canYield, stepsToReach } from './plainDriving.ts';
import type { PlainConnector, PlainCross, PlainElement, PlainVehicle } from './plainNetwork.ts';
import { clearsFirst, type DisplayOf, yieldsBySignal } from './plainRules.ts';

/** Section 5 of the reference: who is announced at a cross, and who may pass it. */

/** Announces at each cross of a connector the one vehicle of this connector that counts there. */
export function notifyCrosses(
  connector: PlainConnector,
  goes: (first: PlainVehicle) => boolean,
  next: (vehicle: PlainVehicle) => PlainElement | null,
): void {
  for (const cross of connector.crosses) cross.notified = null;
  const farthestFirst = [...connector.crosses].reverse();
  let k = 0;
  const announce = (vehicle: PlainVehicle, distance: number) => {
    farthestFirst[k].notified = vehicle;
    farthestFirst[k].notifiedDistance = distance;
    k++;
  };

  const last = connector.end.vehicles.at(-1);
  if (last && last.previous === connector) {
    while (k < farthestFirst.length) {
      const beyond = connector.length - farthestFirst[k].distance;
      if (!(beyond + (last.x - last.type.length) < 0)) break;
      announce(last, -(last.x + beyond));
    }
  }
  for (const vehicle of connector.vehicles) {
    while (k < farthestFirst.length) {
      const ahead = farthestFirst[k].distance - vehicle.x;
      // With the front past the cross, the vehicle counts as long as its rear is not clear of it.
      if (ahead < 0 && -ahead - vehicle.type.length > 0) break;
      announce(vehicle, ahead);
    }
  }
  const first = connector.start.vehicles[0];
  if (first && next(first) === connector && goes(first) && !waitsForClosure(first, connector)) {
    const rest = connector.start.length - first.x;
    while (k < farthestFirst.length) announce(first, rest + farthestFirst[k].distance);
  }
}

const RANK = { thru: 3, left: 2, right: 1 } as const;

/**
 * Whether `vehicle`, on its way along `connector` and `distance` short of `cross`, may pass it.
 *
 * @param bySignal  what the signals show two connectors, where that decides before the turns do
 */
export function mayPass(
  vehicle: PlainVehicle,
  connector: PlainConnector,
  cross: PlainCross,
  distance: number,
  dt: number,
  bySignal: DisplayOf | null,
): boolean {
  const foe = cross.other.notified;
  if (foe === null) return true;
  if (!canYield(vehicle.type, vehicle.v, distance)) return true;
  if (bySignal && clearsFirst(vehicle, distance, foe, cross.other.notifiedDistance, cross)) return true;
  if (hasRightOfWay(vehicle, connector, cross, foe, distance, dt, bySignal)) return true;
  return blockersRunInCircle(foe);
}

function hasRightOfWay(
  vehicle: PlainVehicle,
  connector: PlainConnector,
  cross: PlainCross,
  foe: PlainVehicle,
  d1: number,
  dt: number,
  bySignal: DisplayOf | null,
): boolean {
  const d2 = cross.other.notifiedDistance;
  if (!canYield(foe.type, foe.v, d2)) return false;
  const foeConnector = cross.foeConnector;
  let mine: number = RANK[connector.turn];
  let theirs: number = RANK[foeConnector.turn];
  if (bySignal) {
    const [one, other] = [bySignal(connector), bySignal(foeConnector)];
    if (yieldsBySignal(one, other)) [mine, theirs] = [0, 1];
    else if (yieldsBySignal(other, one)) [mine, theirs] = [1, 0];
  }
  if (mine > theirs) return true;
  if (d2 <= 0) return d2 + foe.type.length < 0;
  const mySteps = reachSteps(vehicle, connector, d1, dt);
  const foeSteps = reachSteps(foe, foeConnector, d2, dt);
  if (mine < theirs) return foeSteps > mySteps;
  if (mySteps !== foeSteps) return mySteps < foeSteps;
  if (vehicle.enteredConnector !== foe.enteredConnector)
    return vehicle.enteredConnector < foe.enteredConnector;
  if (d1 !== d2) return d1 < d2;
  return vehicle.priority > foe.priority;
}

function reachSteps(vehicle: PlainVehicle, connector: PlainConnector, distance: number, dt: number): number {
  const { type, v, exact } = vehicle;
  const target = connector.turn === 'thru' ? type.maxSpeed : type.turnSpeed;
  return stepsToReach(type, v, distance, target, dt, exact);
}

/** Whether the chain of blockers that starts at `foe` ends in a cycle (the tortoise and the hare). */
export function blockersRunInCircle(foe: PlainVehicle): boolean {
  let slow: PlainVehicle = foe;
  let fast: PlainVehicle | null = foe;
  while (fast?.blocker) {
    slow = slow.blocker!;
    fast = fast.blocker.blocker;
    if (slow === fast) return true;
  }
  return false;
}
