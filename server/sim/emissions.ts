/**
 * What vehicles emit and burn, by two models that know nothing of each other.
 *
 * HBEFA3, as fitted for the simulator SUMO by the German Aerospace Center (DLR): polynomials in speed and
 * acceleration over the Handbook Emission Factors for Road Transport 3.1. The coefficients are those of
 * `HelpersHBEFA3.cpp` (Eclipse SUMO, EPL-2.0; checked against its source, classes PC_G_EU4, Bus and HDV).
 * It gives an idling petrol car 2.6 g of CO2 a second, three to four times what one emits, and so rewards
 * avoided stops too much: read it beside the second model.
 *
 * ARRB: the power-based instantaneous model of Bowyer, Akçelik & Biggs (1985), Guide to Fuel Consumption
 * Analyses for Urban Traffic Management, Special Report 32, Australian Road Research Board; Biggs & Akçelik
 * (1986), Traffic Eng. Control 27, 320–325. The values are those of the guide's default car as several
 * independent public programs that cite it have them; the guide itself was not at hand. The model has no
 * other class: it is applied to every vehicle, as if all were that car of the 1980s.
 */

/** HBEFA3 classes. Motorcycles have none in this family; they count as cars, which overstates them. */
export const EMISSION_CLASS = { car: 0, bus: 1, truck: 2 } as const;

/** Columns of the HBEFA3 table: mg/s each, fuel included. */
export const POLLUTANT = { co2: 0, nox: 1, pm: 2, fuel: 3 } as const;
export const POLLUTANTS = 4;

const TERMS = 6;

/** By class × pollutant × term: f0, f1 (a·v), f2 (a²·v), f3 (v), f4 (v²), f5 (v³); g/h, m/s, m/s². */
const HBEFA3 = Float64Array.of(
  // PC_G_EU4, a petrol passenger car of Euro 4
  ...[9449, 938.4, 0, -467.1, 28.26, 0],
  ...[4.336, 0.4428, 0, -0.3204, 0.01371, 0],
  ...[0.2375, 0.0245, 0, -0.03251, 0.001325, 0],
  ...[3014, 299.3, 0, -149, 9.014, 0],
  // Bus, the mean of urban buses
  ...[19030, 6475, 0, 2073, 0, 0],
  ...[218.7, 46.17, 0, 11.27, 0, 0],
  ...[7.222, 0.8024, 0, 0.1201, 0, 0],
  ...[6016, 2049, 0, 656.6, 0, 0],
  // HDV, the mean of heavy goods vehicles
  ...[26570, 7076, 0, 1753, 0, 0],
  ...[305.6, 55.28, 0, 9.505, 0, 0],
  ...[7.952, 0.854, 0, 0.1195, 0, 0],
  ...[8358, 2226, 0, 551.4, 0, 0],
);

/** Density of what each class burns, g/L: petrol, diesel, diesel (SUMO's values). */
export const FUEL_DENSITY = [742, 836, 836] as const;

/**
 * Rate of a pollutant, mg/s:
 *
 *     max(0, (f0 + f1·a·v + f2·a²·v + f3·v + f4·v² + f5·v³) ÷ 3.6)
 *
 * and 0 while the vehicle rolls or brakes harder than its road load alone would slow it (`coasts`).
 *
 * @param kind  EMISSION_CLASS value
 * @param v     m/s
 * @param a     m/s²
 */
export function hbefaRate(kind: number, pollutant: number, v: number, a: number): number {
  if (coasts(v, a)) return 0;
  const f = (kind * POLLUTANTS + pollutant) * TERMS;
  const slope = HBEFA3[f + 1] * a + HBEFA3[f + 2] * a * a + HBEFA3[f + 3];
  const rate = HBEFA3[f] + v * (slope + v * (HBEFA3[f + 4] + v * HBEFA3[f + 5]));
  return rate > 0 ? rate / 3.6 : 0;
}

/** Road load of the ARRB's car: b1 (kN), b2 (kN per (m/s)²) and M (t). */
const ROLLING = 0.333;
const DRAG = 0.00108;
const MASS = 1.2;

/**
 * Whether a moving vehicle loses speed faster than by its own resistance, so that the engine is not asked
 * for anything. SUMO has the same rule with a resistance worked out from other vehicle data; ours is the
 * ARRB car's: 0.28 m/s² at walking pace, 0.45 m/s² at 50 km/h.
 */
export function coasts(v: number, a: number): boolean {
  return v > 0 && a * MASS < -(ROLLING + DRAG * v * v);
}

const IDLE = 0.444; //        mL/s              α
const EFFICIENCY = 0.09; //   mL/kJ             β1
const ACCELERATION = 0.045; // mL/(kJ·m/s²)      β2; the programs write 0.054 for β2·M
/** CO2 from a litre of petrol, kg: carbon content of the fuel, all of it burnt. */
export const CO2_PER_LITRE = 2.35;

/**
 * Fuel rate of the ARRB model, mL/s: with the tractive force R = b1 + b2·v² + M·a (kN),
 *
 *     α + β1·R·v + β2·M·a²·v (the last term only for a > 0)     for R > 0
 *     α                                                         otherwise
 */
export function arrbFuelRate(v: number, a: number): number {
  const force = ROLLING + DRAG * v * v + MASS * a;
  if (force <= 0) return IDLE;
  const cruising = IDLE + EFFICIENCY * force * v;
  return a > 0 ? cruising + ACCELERATION * MASS * a * a * v : cruising;
}
