import { HEAT_WORDS } from '../protocol/frame.ts';
import { EMISSION_CLASS, hbefaRate, POLLUTANT } from '../sim/emissions.ts';
import { NONE } from '../sim/network.ts';
import type { Simulation } from '../sim/simulation.ts';
import {
  COUNT,
  eachOccupied,
  HEAD,
  RECORD,
  SLOT_IDENTITY,
  SLOT_STATE,
  TYPE,
  VEHICLE,
} from '../sim/traffic.ts';
import { grown } from '../sim/vehicles.ts';
import { laneCountOf } from './columns.ts';

/**
 * What happens on each lane over the last minute, and what is lost and emitted in all: looked at after every step, and part of
 * what a world is taken back to. Emissions on connectors count for the lane that they leave.
 */
export interface Meter {
  readonly laneCount: number;
  readonly emissionClass: Uint8Array; // by vehicle type
  readonly partSteps: number; //         the minute is kept in PARTS, each of so many steps
  speed: Float64Array; //          m/s   by vehicle, at the end of the last step; NaN: not seen
  readonly parts: Float64Array; //       by (part × lanes + lane) × COLUMNS
  lostVehS: number; //                   since the start, on lanes
  presentVehS: number; //                since the start, on lanes
  co2G: number; //                       since the start
}

/** Columns of a part: vehicle-seconds at a stand, vehicle-seconds lost against free driving, g of CO2, mg of NOx. */
export const METER = { queue: 0, lost: 1, co2: 2, nox: 3 } as const;
const COLUMNS = 4;
const PARTS = 6;
export const WINDOW_S = 60;

export function createMeter({ network, vehicles }: Simulation, emissionClass: Uint8Array): Meter {
  const laneCount = laneCountOf({ network });
  return {
    laneCount,
    emissionClass,
    partSteps: Math.max(1, Math.round(WINDOW_S / PARTS / network.stepS)),
    speed: new Float64Array(vehicles.capacity).fill(Number.NaN),
    parts: new Float64Array(PARTS * laneCount * COLUMNS),
    lostVehS: 0,
    presentVehS: 0,
    co2G: 0,
  };
}

/** At a stand with the engine on, mg/s by emission class: what most are at, most of the time. */
const IDLE_CO2 = idleRates(POLLUTANT.co2);
const IDLE_NOX = idleRates(POLLUTANT.nox);

function idleRates(pollutant: number): readonly number[] {
  return Object.values(EMISSION_CLASS).map((kind) => hbefaRate(kind, pollutant, 0, 0));
}

/** The end of a step. */
export function noteMeter(meter: Meter, sim: Simulation): void {
  const { network, vehicles, traffic } = sim;
  if (meter.speed.length < vehicles.capacity) meter.speed = grown(meter.speed, vehicles.capacity, Number.NaN);
  const step = sim.step - 1;
  const part = Math.floor(step / meter.partSteps) % PARTS;
  const start = part * meter.laneCount * COLUMNS;
  if (step % meter.partSteps === 0) meter.parts.fill(0, start, start + meter.laneCount * COLUMNS);
  eachOccupied(traffic, (e) => {
    const isLane = network.elementRoad[e] !== NONE;
    const lane = isLane ? e : network.connectorFrom[e]!;
    noteElement(meter, sim, e, start + lane * COLUMNS, isLane);
  });
}

function noteElement(meter: Meter, sim: Simulation, e: number, at: number, isLane: boolean): void {
  const { network, traffic } = sim;
  const { record, slotState, slotIdentity, halted } = traffic;
  const { parts, speed, emissionClass } = meter;
  const { stepS, types } = network;
  const parity = (sim.step & 1) << 1;
  const head = record[e * RECORD + HEAD]!;
  const end = head + record[e * RECORD + COUNT]!;
  const limit = network.elementSpeedLimit[e]!;
  let lost = 0;
  let co2 = 0;
  let nox = 0;
  for (let slot = head; slot < end; slot++) {
    const v = slotState[slot * SLOT_STATE + parity + 1]!;
    const type = slotIdentity[slot * SLOT_IDENTITY + TYPE]!;
    const vehicle = slotIdentity[slot * SLOT_IDENTITY + VEHICLE]!;
    const before = speed[vehicle]!;
    speed[vehicle] = v;
    const a = Number.isNaN(before) ? 0 : (v - before) / stepS;
    const kind = emissionClass[type]!;
    if (v === 0 && a === 0) {
      co2 += IDLE_CO2[kind]!;
      nox += IDLE_NOX[kind]!;
    } else {
      co2 += hbefaRate(kind, POLLUTANT.co2, v, a);
      nox += hbefaRate(kind, POLLUTANT.nox, v, a);
    }
    if (isLane) lost += 1 - Math.min(1, v / Math.min(limit, types.maxSpeed[type]!));
  }
  const grams = (co2 * stepS) / 1000;
  meter.co2G += grams;
  parts[at + METER.co2]! += grams;
  parts[at + METER.nox]! += nox * stepS;
  if (!isLane) return;
  parts[at + METER.queue]! += halted[e]! * stepS;
  parts[at + METER.lost]! += lost * stepS;
  meter.lostVehS += lost * stepS;
  meter.presentVehS += (end - head) * stepS;
}

/** Sum of a column over the last minute. */
export function lastMinute(meter: Meter, lane: number, column: number): number {
  let sum = 0;
  for (let k = 0; k < PARTS; k++) sum += meter.parts[(k * meter.laneCount + lane) * COLUMNS + column]!;
  return sum;
}

/** By lane × HEAT_WORDS, as a frame of heat has it. */
export function heatOf(meter: Meter, { step, network }: Simulation): Uint16Array {
  const heat = new Uint16Array(meter.laneCount * HEAT_WORDS);
  const seconds = secondsCovered(meter, step, network.stepS);
  for (let lane = 0; lane < meter.laneCount; lane++) {
    const at = lane * HEAT_WORDS;
    heat[at] = word((10 * lastMinute(meter, lane, METER.queue)) / seconds);
    heat[at + 1] = word(lastMinute(meter, lane, METER.lost));
    heat[at + 2] = word(lastMinute(meter, lane, METER.co2));
  }
  return heat;
}

/** How much of the last minute the parts hold: the oldest is emptied as the newest begins. */
export function secondsCovered({ partSteps }: Meter, step: number, stepS: number): number {
  const steps = (PARTS - 1) * partSteps + ((step - 1) % partSteps) + 1;
  return Math.max(1, Math.min(step, steps)) * stepS;
}

function word(value: number): number {
  return Math.min(0xffff, Math.round(value));
}
