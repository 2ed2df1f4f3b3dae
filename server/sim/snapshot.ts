import { createClosures, watchIncidents } from './closures.ts';
import type { DetectorStates } from './detectors.ts';
import { growDraws } from './draws.ts';
import { createLone, growLone, type Lone } from './lone.ts';
import { createMeasures, growMeasures, type Measures } from './measures.ts';
import { createTransit } from './move.ts';
import { type Network, NONE, type Preparation } from './network.ts';
import { difference } from './networkHash.ts';
import type { Pedestrians } from './pedestrians.ts';
import { makeRoom } from './pool.ts';
import type { RandomStream } from './random.ts';
import { createSimulation, type Simulation } from './simulation.ts';
import { COUNT, HEAD, RECORD, SLOT_IDENTITY, type Traffic } from './traffic.ts';
import { createVehicles } from './vehicles.ts';

/**
 * A simulation as one buffer, from which it goes on to the same end.
 *
 *     i32   magic, version, network hash, flags (1: with measures, 2: with detectors, 4: with closures)
 *     f64   seed, and the counters
 *     u16   what was done to the network before the run, as JSON
 *     …     the columns, in the order of `columns` below: rows in use only, each aligned to 8 bytes
 *
 * Little-endian, as all machines that run Node are. A snapshot is read back by the same version only,
 * on a network with the same hash.
 */
const MAGIC = 0x57475253;
const VERSION = 3;
const HEADER_BYTES = 16;
const COUNTERS = 15;
/** Longest text about a network's preparation, characters. */
const PREPARATION_MAX = 10_000;

type Column = Int32Array | Float64Array | Uint8Array | Uint16Array;

/** Writes the whole state. */
export function takeSnapshot(sim: Simulation): ArrayBuffer {
  const { network, vehicles, demand, measures } = sim;
  if (measures !== null && measures.capacity < vehicles.capacity) growMeasures(measures, vehicles.capacity);
  if (sim.lone !== null && sim.lone.capacity < vehicles.capacity) growLone(sim.lone, vehicles.capacity);
  const preparation = codesOf(JSON.stringify(network.preparation));
  const columns = [preparation, ...stateColumns(sim), ...slotWindows(sim.traffic), randomPositions(sim)];
  if (measures !== null) columns.push(...measureColumns(measures, vehicles.created), staysOf(measures));
  if (measures !== null) columns.push(...loneColumns(sim.lone!, vehicles.created));
  const bytes = columns.reduce((sum, column) => sum + padded(column.byteLength), HEADER_BYTES + COUNTERS * 8);
  const buffer = new ArrayBuffer(bytes);
  const flags =
    (measures === null ? 0 : 1) | (sim.detectors === null ? 0 : 2) | (sim.closures === null ? 0 : 4);
  new Int32Array(buffer, 0, 4).set([MAGIC, VERSION, network.hash | 0, flags]);
  new Float64Array(buffer, HEADER_BYTES, COUNTERS).set([
    sim.seed,
    sim.step,
    sim.vehicleUpdates,
    vehicles.created,
    vehicles.entered,
    vehicles.finished,
    vehicles.capacity,
    demand.waitingLaneCount,
    demand.waiting,
    demand.schedule.heapCount,
    measures?.revisits.size ?? 0,
    measures?.queue ?? 0,
    measures?.queueSum ?? 0,
    network.streetsHash,
    preparation.length,
  ]);
  let at = HEADER_BYTES + COUNTERS * 8;
  for (const column of columns) {
    new Uint8Array(buffer, at, column.byteLength).set(
      new Uint8Array(column.buffer, column.byteOffset, column.byteLength),
    );
    at += padded(column.byteLength);
  }
  return buffer;
}

/**
 * A simulation that goes on where the snapshot was taken.
 *
 * @throws {Error} when the buffer is no snapshot, of another version, cut short, or of another network, protocol,
 *   preparation or detection
 */
export function restoreSnapshot(network: Network, buffer: ArrayBuffer): Simulation {
  if (buffer.byteLength < HEADER_BYTES + COUNTERS * 8) {
    throw new Error(`A snapshot of ${buffer.byteLength} bytes is shorter than its header.`);
  }
  const [magic, version, signedHash, flags] = new Int32Array(buffer, 0, 4);
  if (magic !== MAGIC) throw new Error('This buffer is not a snapshot.');
  if (version !== VERSION) throw new Error(`Got a snapshot of version ${version}, can read ${VERSION}.`);
  const counters = new Float64Array(buffer, HEADER_BYTES, COUNTERS);
  const [seed, step, vehicleUpdates, created, entered, finished, capacity] = counters;
  const [waitingLaneCount, waiting, heapCount, stayCount, queue, queueSum, streetsHash, codeCount] =
    counters.subarray(7);
  const reader = new Reader(buffer, HEADER_BYTES + COUNTERS * 8);
  const hash = signedHash >>> 0;
  const differing = difference(network, { hash, streetsHash, preparation: preparationIn(reader, codeCount) });
  if (differing !== null) throw new Error(differing);

  const sim: Simulation = {
    ...createSimulation(network, seed, { measures: false, detectors: (flags & 2) !== 0 }),
    step,
    vehicleUpdates,
    vehicles: { ...createVehicles(capacity), created, entered, finished },
    measures: (flags & 1) !== 0 ? createMeasures(network, capacity) : null,
    lone: (flags & 1) !== 0 ? createLone(capacity) : null,
    closures: (flags & 4) !== 0 ? createClosures(network) : null,
    departures: new Int32Array(4 * (entered - finished) + 16),
    transit: createTransit(2 * (entered - finished) + 16),
  };
  Object.assign(sim.demand, { waitingLaneCount, waiting });
  sim.demand.schedule.heapCount = heapCount;
  if (sim.demand.draws !== null) growDraws(sim.demand.draws, sim.vehicles);

  for (const column of stateColumns(sim)) reader.fill(column);
  if (sim.closures !== null) watchIncidents(sim, sim.closures);
  seatWindows(sim.traffic);
  for (const window of slotWindows(sim.traffic)) reader.fill(window);
  const positions = randomPositions(sim);
  reader.fill(positions);
  streamsOf(sim).forEach((stream, k) => {
    const [c, s0, s1, s2] = positions.subarray(4 * k, 4 * k + 4);
    stream.resume([c, s0, s1, s2]);
  });
  if (sim.measures !== null) {
    for (const column of measureColumns(sim.measures, created)) reader.fill(column);
    const stays = new Int32Array(stayCount * 4);
    reader.fill(stays);
    for (let k = 0; k < stays.length; k += 4) {
      const [vehicle, intersection, since, until] = stays.subarray(k, k + 4);
      sim.measures.revisits.set(vehicle * network.intersectionCount + intersection, {
        vehicle,
        intersection,
        since,
        until,
      });
    }
    Object.assign(sim.measures, { queue, queueSum });
    for (const column of loneColumns(sim.lone!, created)) reader.fill(column);
  }
  return sim;
}

function codesOf(text: string): Uint16Array {
  return Uint16Array.from({ length: text.length }, (_, k) => text.charCodeAt(k));
}

/** @throws {Error} where it is cut short, or damaged */
function preparationIn(reader: Reader, codeCount: number): Preparation {
  if (!(codeCount >= 0 && codeCount <= PREPARATION_MAX)) throw new Error('The snapshot is damaged.');
  const codes = new Uint16Array(codeCount);
  reader.fill(codes);
  try {
    return JSON.parse(String.fromCharCode(...codes)) as Preparation;
  } catch {
    throw new Error('The snapshot is damaged.');
  }
}

function padded(bytes: number): number {
  return (bytes + 7) & ~7;
}

class Reader {
  readonly #buffer: ArrayBuffer;
  #at: number;

  constructor(buffer: ArrayBuffer, at: number) {
    this.#buffer = buffer;
    this.#at = at;
  }

  fill(column: Column): void {
    if (this.#at + column.byteLength > this.#buffer.byteLength) {
      throw new Error(`The snapshot is cut short at byte ${this.#buffer.byteLength}.`);
    }
    new Uint8Array(column.buffer, column.byteOffset, column.byteLength).set(
      new Uint8Array(this.#buffer, this.#at, column.byteLength),
    );
    this.#at += padded(column.byteLength);
  }
}

/** All columns but the slots. Element records come before `slotWindows`, which are read by them. */
function stateColumns({
  vehicles,
  traffic,
  signals,
  foes,
  demand,
  pedestrians,
  detectors,
  closures,
}: Simulation): Column[] {
  const { created } = vehicles;
  const { schedule } = demand;
  const perVehicle = [
    vehicles.route,
    vehicles.routePosition,
    vehicles.type,
    vehicles.source,
    vehicles.rank,
    vehicles.createdAt,
    vehicles.enteredAt,
    vehicles.finishedAt,
    vehicles.element,
    vehicles.nextWaiting,
  ].map((column) => column.subarray(0, created));
  return [
    ...perVehicle,
    vehicles.blocker.subarray(0, created * 4),
    traffic.record,
    traffic.occupied,
    traffic.awake,
    traffic.halted,
    signals.phase,
    signals.next,
    signals.wanted,
    signals.interval,
    signals.elapsed,
    signals.walkGreen,
    signals.shown,
    signals.granted,
    signals.faces,
    foes.onConnector,
    foes.exiting,
    demand.rank,
    demand.waitingHead,
    demand.waitingTail,
    demand.waitingCount,
    demand.waitingLanes,
    schedule.heapStep,
    schedule.heapSource,
    schedule.accumulated,
    schedule.arrivalTime,
    ...(demand.draws === null ? [] : [demand.draws.words, demand.draws.priority.subarray(0, created)]),
    ...(pedestrians === null ? [] : pedestrianColumns(pedestrians)),
    ...(detectors === null ? [] : detectorColumns(detectors)),
    ...(closures === null ? [] : [closures.closed, closures.incident]),
  ];
}

function pedestrianColumns(p: Pedestrians): Column[] {
  return [p.waiting, p.since, p.firstAt, p.walkUntil, p.served, p.waited, p.longestWait, p.nextArrival];
}

function detectorColumns(d: DetectorStates): Column[] {
  return [d.present, d.count, d.occupied, d.emptyS];
}

/** The slots in use, element by element. */
function slotWindows(traffic: Traffic): Column[] {
  return occupiedElements(traffic).map((e) => {
    const head = traffic.record[e * RECORD + HEAD];
    const end = head + traffic.record[e * RECORD + COUNT];
    return traffic.slotIdentity.subarray(head * SLOT_IDENTITY, end * SLOT_IDENTITY);
  });
}

/** Gives every occupied element of a fresh simulation a block for as many vehicles as its record says. */
function seatWindows(traffic: Traffic): void {
  const { record, pool } = traffic;
  for (let e = 0; e < pool.start.length; e++) record[e * RECORD + HEAD] = pool.start[e];
  for (const e of occupiedElements(traffic)) {
    const count = record[e * RECORD + COUNT];
    record[e * RECORD + COUNT] = 0;
    if (pool.start[e] === NONE || count > 1 << pool.order[e]) makeRoom(traffic, e, count);
    record[e * RECORD + COUNT] = count;
  }
}

function occupiedElements({ occupied }: Traffic): number[] {
  const elements: number[] = [];
  for (let w = 0; w < occupied.length; w++) {
    for (let bits = occupied[w]; bits !== 0; bits &= bits - 1) {
      elements.push((w << 5) + 31 - Math.clz32(bits & -bits));
    }
  }
  return elements;
}

function streamsOf({ demand, pedestrians, detectors }: Simulation): readonly RandomStream[] {
  return [
    ...demand.arrivals,
    ...demand.choices,
    demand.lanes,
    ...(pedestrians?.streams ?? []),
    ...(detectors?.losses.filter((stream) => stream !== null) ?? []),
  ];
}

function randomPositions(sim: Simulation): Float64Array {
  return Float64Array.from(streamsOf(sim).flatMap((stream) => [...stream.position()]));
}

function measureColumns(m: Measures, created: number): Column[] {
  const perVehicle = [
    m.stops,
    m.haltedSince,
    m.waited,
    m.longestWait,
    m.approachSince,
    m.approachTotal,
    m.unmeasured,
  ].map((column) => column.subarray(0, created));
  const { green, served, wasted, waiting, lockedAt } = m.greens;
  return [
    ...perVehicle,
    m.approachCount,
    m.approachBefore,
    m.approachChanged,
    green,
    served,
    wasted,
    waiting,
    lockedAt,
  ];
}

function loneColumns({ steps, state }: Lone, created: number): Column[] {
  return [steps.subarray(0, created), state.subarray(0, 2 * created)];
}

function staysOf(m: Measures): Int32Array {
  return Int32Array.from(
    [...m.revisits.values()].flatMap((s) => [s.vehicle, s.intersection, s.since, s.until]),
  );
}
