import {
  delayLevel,
  LANE_BYTES,
  type LaneColumns,
  POSITION_MAX,
  packedBytes,
  RECORD_WORDS,
  recordWords,
  SPEED_UNIT,
  TYPE_BITS,
  TYPE_MASK,
  type VehicleColumns,
} from '../protocol/frame.ts';
import { freeSpeed } from '../sim/lone.ts';
import { NEVER, NONE } from '../sim/network.ts';
import { runningCount, type Simulation } from '../sim/simulation.ts';
import {
  COUNT,
  eachOccupied,
  HEAD,
  RECORD,
  SLOT_IDENTITY,
  SLOT_STATE,
  type Traffic,
  TYPE,
  VEHICLE,
} from '../sim/traffic.ts';

/**
 * Turns simulations into the columns of frames. Memory is kept from frame to frame: what it answers holds until it is asked
 * again.
 */
export class Columns {
  #capacity = 0;
  /** Of a record. */
  #words = RECORD_WORDS;
  /** By vehicle: its record, while it is on the network. */
  #byVehicle = new Uint16Array(0);
  #ids = new Uint32Array(0);
  #records = new Uint16Array(0);
  #lanes = new Uint8Array(0);
  #signals = new Uint8Array(0);
  /** All vehicles before this one have finished. */
  #first = 0;
  #step = 0;

  vehicles(sim: Simulation): VehicleColumns {
    const { vehicles } = sim;
    if (this.#capacity < vehicles.capacity) this.#grow(vehicles.capacity, sim.network.elementCount);
    const words = this.#words;
    this.#writeByVehicle(sim);
    if (sim.step < this.#step) this.#first = 0;
    this.#step = sim.step;
    const { created, finishedAt, enteredAt } = vehicles;
    while (this.#first < created && finishedAt[this.#first] !== NEVER) this.#first++;
    const count = runningCount(sim);
    let row = 0;
    for (let v = this.#first; row < count; v++) {
      if (finishedAt[v] !== NEVER || enteredAt[v] === NEVER) continue;
      this.#ids[row] = v;
      const from = v * words;
      const to = row * words;
      this.#records[to] = this.#byVehicle[from]!;
      this.#records[to + 1] = this.#byVehicle[from + 1]!;
      this.#records[to + 2] = this.#byVehicle[from + 2]!;
      if (words !== RECORD_WORDS) this.#records[to + 3] = this.#byVehicle[from + 3]!;
      row++;
    }
    return { count, ids: this.#ids, records: this.#records, words, signals: this.#shown(sim) };
  }

  lanes(sim: Simulation): LaneColumns {
    const { network, traffic, step } = sim;
    const { elementCount, elementRoad } = network;
    if (this.#lanes.length === 0) this.#lanes = new Uint8Array(laneCountOf(sim) * LANE_BYTES);
    const parity = (step & 1) << 1;
    for (let e = 0; e < elementCount && elementRoad[e] !== NONE; e++) {
      const count = traffic.record[e * RECORD + COUNT]!;
      const at = e * LANE_BYTES;
      this.#lanes[at] = Math.min(255, count);
      this.#lanes[at + 1] = Math.min(255, traffic.halted[e]!);
      this.#lanes[at + 2] = count === 0 ? 0 : speedByte(speedSum(traffic, e, parity) / count);
    }
    return { lanes: this.#lanes, signals: this.#shown(sim) };
  }

  #writeByVehicle({ network, traffic, vehicles, lone, step }: Simulation): void {
    const { elementLength, stepS } = network;
    const { record, slotState, slotIdentity } = traffic;
    const { createdAt } = vehicles;
    const { steps: loneSteps, state: loneState } = lone!;
    const parity = (step & 1) << 1;
    const records = this.#byVehicle;
    const words = this.#words;
    eachOccupied(traffic, (e) => {
      const head = record[e * RECORD + HEAD]!;
      const end = head + record[e * RECORD + COUNT]!;
      const scale = POSITION_MAX / elementLength[e]!;
      let type = NONE;
      let secondsPerMetre = 0;
      for (let slot = head; slot < end; slot++) {
        const s = slot * SLOT_STATE + parity;
        const k = slot * SLOT_IDENTITY;
        const x = slotState[s]!;
        const v = slotIdentity[k + VEHICLE]!;
        if (slotIdentity[k + TYPE] !== type) {
          type = slotIdentity[k + TYPE]!;
          secondsPerMetre = 1 / freeSpeed(network, e, type);
        }
        // On the element itself as if it drove at its free speed: near enough for a color.
        const free = (x - loneState[2 * v]!) * secondsPerMetre;
        const delay = (step - createdAt[v]! - loneSteps[v]!) * stepS - (free > 0 ? free : 0);
        const at = v * words;
        records[at] = e;
        if (words !== RECORD_WORDS) records[at + 3] = e >>> 16;
        records[at + 1] = Math.min(POSITION_MAX, Math.max(0, x * scale + 0.5));
        const kind = Math.min(type, TYPE_MASK) | (delayLevel(delay) << TYPE_BITS);
        records[at + 2] = speedByte(slotState[s + 1]!) | (kind << 8);
      }
    });
  }

  #shown({ network, signals }: Simulation): Uint8Array {
    const laneCount = this.#laneCount(network.elementRoad);
    const connectorCount = network.elementCount - laneCount;
    if (this.#signals.length === 0) this.#signals = new Uint8Array(packedBytes(connectorCount));
    this.#signals.fill(0);
    for (let k = 0; k < connectorCount; k++) {
      this.#signals[k >> 2]! |= signals.shown[laneCount + k]! << ((k & 3) << 1);
    }
    return this.#signals;
  }

  #lanesCounted = NONE;

  #laneCount(elementRoad: Int32Array): number {
    if (this.#lanesCounted === NONE) {
      const first = elementRoad.indexOf(NONE);
      this.#lanesCounted = first < 0 ? elementRoad.length : first;
    }
    return this.#lanesCounted;
  }

  #grow(capacity: number, elementCount: number): void {
    this.#capacity = capacity;
    this.#words = recordWords(elementCount);
    this.#byVehicle = new Uint16Array(capacity * this.#words);
    this.#ids = new Uint32Array(capacity);
    this.#records = new Uint16Array(capacity * this.#words);
  }
}

/** Lanes come before all connectors. */
export function laneCountOf({ network: { elementRoad } }: Pick<Simulation, 'network'>): number {
  const first = elementRoad.indexOf(NONE);
  return first < 0 ? elementRoad.length : first;
}

function speedSum({ record, slotState }: Traffic, e: number, parity: number): number {
  const head = record[e * RECORD + HEAD]!;
  let sum = 0;
  for (let slot = head; slot < head + record[e * RECORD + COUNT]!; slot++) {
    sum += slotState[slot * SLOT_STATE + parity + 1]!;
  }
  return sum;
}

function speedByte(speed: number): number {
  return Math.min(255, Math.round(speed / SPEED_UNIT));
}
