import type { VehicleType } from './layout.ts';
import { type Findings, quoted } from './problem.ts';
import type { Scenario } from './schema.ts';
import type { VehicleTypeGiven } from './schemaVehicles.ts';

const CAR: VehicleType = {
  id: 'car',
  length: 5,
  width: 1.8,
  maxSpeed: 130 / 3.6,
  maxAcceleration: 1.2,
  maxDeceleration: 6,
  usualAcceleration: 1.2,
  usualDeceleration: 2.5,
  minGap: 2,
  headway: 1.45,
  turnSpeed: 30 / 3.6,
  yieldDistance: 5,
  criticalGap: 3.5,
  permittedTurnSpeed: 20 / 3.6,
  carFollowing: 'reference',
};

/**
 * The vehicle types every scenario may use.
 *
 * Measured at a stop line (test/sim/saturation.test.ts): a standing queue of 24, speed limit 50 km/h, steps
 * of 1 s. Saturation flow is that of the fifth and later vehicles, start-up lost time what the first four
 * take beyond it.
 *
 *     car         1,900 veh/h   1.6 s   (by rear axles, as in the HCM's field method: 1,914 veh/h, 2.3 s)
 *     truck       1,073 veh/h   2.0 s
 *     bus         1,226 veh/h   2.3 s
 *     motorcycle  2,560 veh/h   1.0 s
 *
 * Shorter steps leave the flows as they are and shorten the lost time (car: by 0.4 s at steps of 0.1 s),
 * because drivers decide once a step. Types that follow by `idm` have other values unless they are given, see
 * `asIntelligent`.
 *
 * Acceleration is that of a queue starting, not the engine's best. `usualDeceleration` stays well below
 * 3.5 m/s²: with steps of 1 s the reference model's safe speed is unsteady above it, and a discharging
 * queue breaks up. Where `usualAcceleration` equals `maxAcceleration` the simulator can skip work.
 */
export const BUILT_IN_TYPES: readonly VehicleType[] = [
  CAR,
  {
    ...CAR,
    id: 'truck',
    length: 12,
    width: 2.5,
    maxSpeed: 90 / 3.6,
    maxAcceleration: 0.9,
    usualAcceleration: 0.9,
    usualDeceleration: 2,
    minGap: 2.5,
    headway: 2.4,
    turnSpeed: 20 / 3.6,
    permittedTurnSpeed: 15 / 3.6,
    criticalGap: 4.5,
  },
  {
    ...CAR,
    id: 'bus',
    length: 12,
    width: 2.5,
    maxSpeed: 90 / 3.6,
    maxAcceleration: 1,
    usualAcceleration: 1,
    usualDeceleration: 2,
    minGap: 2.5,
    headway: 2,
    turnSpeed: 20 / 3.6,
    permittedTurnSpeed: 15 / 3.6,
    criticalGap: 4.5,
  },
  {
    ...CAR,
    id: 'motorcycle',
    length: 2.2,
    width: 0.9,
    maxAcceleration: 1.8,
    usualAcceleration: 1.8,
    minGap: 1.5,
    headway: 1.2,
  },
];

const OWN_TYPES_MAX = 100;

/** A vehicle type's index in the layout by its name. */
export type TypeIndex = ReadonlyMap<string, number>;

/** The vehicle types of a scenario: the built-in ones with what the scenario changes, then its own. */
export function vehicleTypesOf(scenario: Scenario, findings: Findings): VehicleType[] {
  const own = Object.entries(scenario.vehicleTypes ?? {});
  if (own.length > OWN_TYPES_MAX) {
    findings.problem(
      ['vehicleTypes'],
      `${own.length} vehicle types are more than ${OWN_TYPES_MAX}.`,
      'Use fewer.',
    );
  }
  const given = new Map(own.slice(0, OWN_TYPES_MAX));
  const types = new Map<string, VehicleType>();
  for (const type of BUILT_IN_TYPES) types.set(type.id, type);
  const builtIn = new Map(types);

  const resolving = new Set<string>();
  const resolve = (id: string): VehicleType | null => {
    const own = given.get(id);
    if (own === undefined || types.get(id) !== builtIn.get(id)) return types.get(id) ?? null;
    const path = ['vehicleTypes', id, 'basedOn'];
    const baseId = own.basedOn ?? (builtIn.has(id) ? id : 'car');
    let base: VehicleType | null;
    if (baseId === id) {
      base = builtIn.get(id) ?? null;
      if (base === null)
        findings.problem(path, `${quoted(id)} is based on itself.`, 'Name another vehicle type.');
    } else if (resolving.has(id)) {
      findings.problem(
        path,
        `${quoted(id)} is based on itself by way of ${quoted(baseId)}.`,
        'Break the circle.',
      );
      base = null;
    } else {
      resolving.add(id);
      base = resolve(baseId);
      if (base === null && !given.has(baseId)) {
        const known = () => [...new Set([...builtIn.keys(), ...given.keys()])];
        findings.unknown(path, baseId, 'is not a vehicle type', known);
      }
      resolving.delete(id);
    }
    const type = changed(base ?? CAR, id, own);
    types.set(id, type);
    return type;
  };
  for (const id of given.keys()) resolve(id);
  checkLimits([...types.values()], given, findings);
  return [...types.values()];
}

/**
 * The same drivers by the Intelligent Driver Model: it keeps more distance than its headway says and accelerates less than
 * it could, so that parameters made for the reference model would give a street half its capacity. With these
 * a queue discharges as by the reference model.
 */
function asIntelligent(type: VehicleType): VehicleType {
  return {
    ...type,
    carFollowing: 'idm',
    headway: type.headway * 0.75,
    maxAcceleration: (type.maxAcceleration * 5) / 3,
    usualAcceleration: (type.usualAcceleration * 5) / 3,
  };
}

function changed(from: VehicleType, id: string, given: VehicleTypeGiven): VehicleType {
  const becomesIntelligent = given.carFollowing === 'idm' && from.carFollowing === 'reference';
  const base = becomesIntelligent ? asIntelligent(from) : from;
  return {
    id,
    length: given.lengthM ?? base.length,
    width: given.widthM ?? base.width,
    maxSpeed: given.maxSpeedKmh === undefined ? base.maxSpeed : given.maxSpeedKmh / 3.6,
    maxAcceleration: given.maxAccelerationMps2 ?? base.maxAcceleration,
    maxDeceleration: given.maxDecelerationMps2 ?? base.maxDeceleration,
    usualAcceleration: given.usualAccelerationMps2 ?? base.usualAcceleration,
    usualDeceleration: given.usualDecelerationMps2 ?? base.usualDeceleration,
    minGap: given.minGapM ?? base.minGap,
    headway: given.headwayS ?? base.headway,
    turnSpeed: given.turnSpeedKmh === undefined ? base.turnSpeed : given.turnSpeedKmh / 3.6,
    yieldDistance: given.yieldDistanceM ?? base.yieldDistance,
    permittedTurnSpeed:
      given.permittedTurnSpeedKmh === undefined
        ? base.permittedTurnSpeed!
        : given.permittedTurnSpeedKmh / 3.6,
    criticalGap: given.criticalGapS ?? base.criticalGap ?? 0,
    carFollowing: given.carFollowing ?? base.carFollowing,
  };
}

/** Comfort lies within what the vehicle can do. */
function checkLimits(
  types: readonly VehicleType[],
  given: ReadonlyMap<string, VehicleTypeGiven>,
  findings: Findings,
): void {
  for (const type of types) {
    if (!given.has(type.id)) continue;
    const path = ['vehicleTypes', type.id];
    if (type.usualAcceleration > type.maxAcceleration) {
      findings.problem(
        [...path, 'usualAccelerationMps2'],
        `${type.usualAcceleration} m/s² is more than the greatest acceleration (${type.maxAcceleration} m/s²).`,
        'Lower it, or raise maxAccelerationMps2.',
      );
    }
    if (type.usualDeceleration > type.maxDeceleration) {
      findings.problem(
        [...path, 'usualDecelerationMps2'],
        `${type.usualDeceleration} m/s² is more than emergency braking (${type.maxDeceleration} m/s²).`,
        'Lower it, or raise maxDecelerationMps2.',
      );
    }
  }
}
