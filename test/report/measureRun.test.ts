import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { createOperation, operate } from '../../server/control/operation.ts';
import { PROTOCOLS, underProtocol } from '../../server/control/protocol.ts';
import { CONTROLLERS } from '../../server/control/registry.ts';
import { MEASURES } from '../../server/report/measureList.ts';
import { measuredOptions, measureRun } from '../../server/report/measureRun.ts';
import type { RunResult } from '../../server/report/runResult.ts';
import { type Compiled, compile } from '../../server/scenario/compile.ts';
import { parseScenario } from '../../server/scenario/parse.ts';
import { arrbFuelRate, EMISSION_CLASS, hbefaRate, POLLUTANT } from '../../server/sim/emissions.ts';
import { fingerprint, formatFingerprint } from '../../server/sim/fingerprint.ts';
import { SHOWN } from '../../server/sim/network.ts';
import { queueFigures } from '../../server/sim/queueSurvey.ts';
import { timeToCollision } from '../../server/sim/safety.ts';
import type { SimulationOptions } from '../../server/sim/simulation.ts';
import { summarize } from '../../server/sim/summary.ts';
import { shippedStudy, startStudy } from '../golden/replay.ts';
import { crossing, elementNamed, vehiclesOn } from '../networks.ts';

/** What a run leaves, against a plain recount of the same run from outside. */

function shipped(name: string): Compiled {
  const text = readFileSync(new URL(`../../scenarios/${name}.yaml`, import.meta.url), 'utf8');
  const parsed = parseScenario(text, name);
  if (!parsed.ok) throw new Error(`${name} has problems.`);
  return compile(parsed.layout);
}

function started({ network }: Compiled, seed: number, options: SimulationOptions, controller = 0) {
  const [protocol] = PROTOCOLS;
  const { factory, decisionS } = CONTROLLERS[controller];
  return createOperation(
    underProtocol(network, protocol, decisionS ?? undefined),
    factory(protocol, {}),
    seed,
    options,
  );
}

const FROM = 600;
const UNTIL = 1800;

const compiled = shipped('corridor');
const { network, names } = compiled;

/** A run of the corridor, and what was counted beside it. */
interface Counted {
  readonly result: RunResult;
  readonly queues: number[][]; // by road: queue after each step since the warm-up
  readonly green: number[]; //    by connector: steps of green since the warm-up
  readonly crossed: number[]; //  by connector: vehicles seen to leave its lane onto it since the warm-up
  readonly co2Mg: number;
  readonly arrbMl: number;
  readonly finished: number;
  readonly presentAtWarmupEnd: number;
  readonly approachSteps: readonly number[]; // by vehicle: steps in which it was on a lane toward a signal
}

let counted: Counted;

beforeAll(() => {
  counted = countedRun();
});

function countedRun(): Counted {
  const operation = started(compiled, 3, measuredOptions(compiled, FROM, true));
  const { sim } = operation;
  const queues = Array.from({ length: network.roadCount }, (): number[] => []);
  const green = new Array<number>(network.elementCount).fill(0);
  const crossed = new Array<number>(network.elementCount).fill(0);
  const speed: number[] = [];
  const element: number[] = [];
  let co2Mg = 0;
  let arrbMl = 0;
  let finished = 0;
  let presentAtWarmupEnd = 0;
  const approachSteps: number[] = [];
  const kindOf = (type: number) =>
    ({ bus: EMISSION_CLASS.bus, truck: EMISSION_CLASS.truck })[names.vehicleType[type]] ?? EMISSION_CLASS.car;
  while (sim.step < UNTIL) {
    const finishedBefore = sim.vehicles.finished;
    operate(operation);
    if (sim.step === FROM) presentAtWarmupEnd = sim.vehicles.created - sim.vehicles.finished;
    const counts = sim.step > FROM;
    if (counts) finished += sim.vehicles.finished - finishedBefore;
    const standing = new Array<number>(network.roadCount).fill(0);
    for (let e = 0; e < network.elementCount; e++) {
      if (counts && sim.signals.shown[e] >= SHOWN.permitted) green[e]++;
      for (const { vehicle, type, v } of vehiclesOn(sim, e)) {
        const towardSignal =
          network.elementRoad[e] >= 0 && network.signalised[network.elementIntersection[e]] === 1;
        if (towardSignal) approachSteps[vehicle] = (approachSteps[vehicle] ?? 0) + 1;
        if (network.elementRoad[e] >= 0 && v < 0.1) standing[network.elementRoad[e]]++;
        if (counts && element[vehicle] !== e && network.connectorFrom[e] >= 0) crossed[e]++;
        if (counts) {
          // In its first step a vehicle has come from the speed it entered with, which nobody saw.
          const a = v - (speed[vehicle] ?? v);
          if (speed[vehicle] !== undefined) {
            co2Mg += hbefaRate(kindOf(type), POLLUTANT.co2, v, a);
            arrbMl += arrbFuelRate(v, a);
          } else {
            co2Mg += hbefaRate(kindOf(type), POLLUTANT.co2, v, 0);
            arrbMl += arrbFuelRate(v, 0);
          }
        }
        speed[vehicle] = v;
        element[vehicle] = e;
      }
    }
    if (counts) standing.forEach((queue, road) => void queues[road].push(queue));
  }
  const { created, enteredAt, createdAt, type } = sim.vehicles;
  for (let v = 0; v < created; v++) {
    const outside = Math.min(enteredAt[v], UNTIL) - Math.max(createdAt[v], FROM);
    if (outside <= 0) continue;
    co2Mg += outside * hbefaRate(kindOf(type[v]), POLLUTANT.co2, 0, 0);
    arrbMl += outside * arrbFuelRate(0, 0);
  }
  const result = measureRun(sim, { controller: 'plan', phaseNames: names.phase });
  return { result, queues, green, crossed, co2Mg, arrbMl, finished, presentAtWarmupEnd, approachSteps };
}

test('every measure of the list is there, is finite, and there are no others', () => {
  const { measures } = counted.result;
  expect(Object.keys(measures).sort()).toEqual(MEASURES.map(({ id }) => id).sort());
  const onFoot = new Set(MEASURES.filter(({ group }) => group === 'pedestrians').map(({ id }) => id));
  for (const [id, value] of Object.entries(measures)) {
    // Nobody goes on foot there.
    const ok = onFoot.has(id) ? Number.isNaN(value) : Number.isFinite(value) && value >= 0;
    expect({ id, ok }).toEqual({ id, ok: true });
  }
});

test('a result crosses threads as it is', () => {
  expect(structuredClone(counted.result)).toEqual(counted.result);
});

test.each(['corridor', 'irregular', 'oversaturated'])('%s runs alike with and without a survey', (name) => {
  const study = shippedStudy(name, 'max-pressure');
  const bare = startStudy(study, 5, { measures: false });
  const full = startStudy(study, 5, measuredOptions(shipped(name), 60, true));
  for (let k = 0; k < 900; k++) {
    operate(bare);
    operate(full);
    if (k % 100 === 99) expect(fingerprint(full.sim)).toBe(fingerprint(bare.sim));
  }
  const result = measureRun(full.sim, { controller: '', phaseNames: [] });
  expect(result.fingerprint).toBe(formatFingerprint(fingerprint(bare.sim)));
});

test('without a warm-up the figures are those of a summary', () => {
  const operation = started(compiled, 3, measuredOptions(compiled, 0, false));
  while (operation.sim.step < 900) operate(operation);
  const { vehicles: _, ...summary } = summarize(operation.sim);
  const { measures } = measureRun(operation.sim, { controller: '', phaseNames: [] });
  for (const [id, value] of Object.entries(summary))
    expect({ id, value: measures[id] }).toEqual({ id, value: expect.closeTo(value, 9) });
});

test('throughput is of the whole run, and so is what is told beside the figures after a warm-up', () => {
  const { measures, whole, trips, presentAtWarmupEnd } = counted.result;
  const mean = (column: Float64Array) => column.reduce((sum, value) => sum + value, 0) / column.length;
  const finished = trips.finishedS.filter((finishedS) => finishedS >= 0).length;
  expect(measures.throughputVph).toBe((finished * 3600) / UNTIL);
  expect(whole.averageDelayS).toBeCloseTo(mean(trips.delayS), 9);
  expect(whole.controlDelayS).toBeCloseTo(mean(trips.controlDelayS), 9);
  expect(whole.maxWaitS).toBe(Math.max(...trips.longestWaitS));
  expect(presentAtWarmupEnd).toBe(counted.presentAtWarmupEnd);
  expect(presentAtWarmupEnd).toBeGreaterThan(10);
});

test('where no vehicle comes after the warm-up, its delay is not a number, and that of the whole run is', () => {
  const layout = { ...compiled.layout, origins: [], flows: [] };
  const route = compiled.layout.origins[0].routes[0].roads;
  const flow = { id: 'early', vehicleType: 0, route, intervalS: 1, startS: 5, endS: 5 };
  const early = compile({ ...layout, flows: [flow] });
  const operation = started(early, 1, measuredOptions(early, 300, false));
  while (operation.sim.step < 600) operate(operation);
  const { measures, whole } = measureRun(operation.sim, { controller: '', phaseNames: [] });
  expect([measures.controlDelayS, measures.averageDelayS, measures.giniDelay]).toEqual([NaN, NaN, NaN]);
  expect([whole.controlDelayS, whole.averageDelayS].every(Number.isFinite)).toBe(true);
  expect(measures.throughputVph).toBe(6);
  expect(measures.dischargeVph).toBe(0);
});

test('after a warm-up the figures are those of the vehicles created since', () => {
  const { measures, trips } = counted.result;
  const rows = Array.from(trips.createdS.keys()).filter((v) => trips.createdS[v] >= FROM);
  const mean = (column: ArrayLike<number>) => rows.reduce((sum, v) => sum + column[v], 0) / rows.length;
  expect(measures.averageDelayS).toBeCloseTo(mean(trips.delayS), 9);
  expect(measures.controlDelayS).toBeCloseTo(mean(trips.controlDelayS), 9);
  expect(measures.maxWaitS).toBe(Math.max(...rows.map((v) => trips.longestWaitS[v])));
  const done = rows.filter((v) => trips.finishedS[v] >= 0);
  const travelS = done.reduce((sum, v) => sum + trips.finishedS[v] - trips.createdS[v], 0) / done.length;
  expect(measures.finishedTravelTimeS).toBeCloseTo(travelS, 9);
  expect(measures.dischargeVph).toBe((counted.finished * 3600) / (UNTIL - FROM));
  const seen = rows.filter((v) => counted.approachSteps[v] !== undefined);
  const approachS = seen.reduce((sum, v) => sum + counted.approachSteps[v], 0) / seen.length;
  // A stay without end yet that began at an empty intersection counts nothing in the literature.
  expect(measures.averageApproachTimeS / approachS).toBeGreaterThan(0.9988);
  expect(measures.averageApproachTimeS / approachS).toBeLessThan(1.0001);
  expect(measures.unservedVehicles).toBe(Array.from(trips.finishedS).filter(Number.isNaN).length);
});

test('the queue of an approach is what stands on its lanes, step for step', () => {
  const { approaches, measures } = counted.result;
  expect(approaches.length).toBe(2 * 4 + 2 + 10); // between the signals, at both ends, on the side streets
  for (const { road, queueMean, queueP95, queueMax } of approaches) {
    const sorted = [...counted.queues[road]].sort((a, b) => a - b);
    expect(queueMean).toBeCloseTo(sorted.reduce((sum, queue) => sum + queue, 0) / sorted.length, 12);
    expect(queueMax).toBe(sorted.at(-1));
    expect(queueP95).toBe(sorted[Math.ceil(0.95 * sorted.length) - 1]);
  }
  const mean = approaches.reduce((sum, { queueMean }) => sum + queueMean, 0);
  expect(measures.averageQueue).toBeCloseTo(mean, 9);
  expect(Math.max(...approaches.map(({ queueMax }) => queueMax))).toBeGreaterThan(5);
});

test('queue figures of a staircase: 0, 1, … 99, a step each', () => {
  const staircase = new Int32Array(120).fill(1, 10, 110);
  expect(queueFigures(staircase, 10, 120)).toEqual({ mean: 49.5, p95: 94, max: 99 });
  expect(queueFigures(new Int32Array(4), 0, 4)).toEqual({ mean: 0, p95: 0, max: 0 });
});

test('volume, green and capacity of a movement are those of its connectors', () => {
  const { movements } = counted.result;
  expect(movements.length).toBe(5 * 12);
  let volume = 0;
  for (const { movement, ...result } of movements) {
    const own = Array.from(network.connectorMovement.keys()).filter(
      (c) => network.connectorMovement[c] === movement && network.connectorFrom[c] >= 0,
    );
    expect(result.volume).toBe(own.reduce((sum, c) => sum + counted.crossed[c], 0));
    expect(result.greenRatio).toBe(Math.max(...own.map((c) => counted.green[c])) / (UNTIL - FROM));
    if (result.capacityVph > 0) {
      const hours = (UNTIL - FROM) / 3600;
      expect(result.degreeOfSaturation).toBeCloseTo(result.volume / hours / result.capacityVph, 12);
    }
    volume += result.volume;
  }
  expect(volume).toBeGreaterThan(2000);
  // Shared lanes are apportioned, so the capacities of an approach are that of its lanes.
  for (const road of new Set(movements.map(({ approach }) => approach))) {
    const lanes = network.roadLanes.starts[road + 1] - network.roadLanes.starts[road];
    const shares = movements
      .filter(({ approach }) => approach === road)
      .map(({ capacityVph, greenRatio }) => capacityVph / greenRatio / 1900);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(lanes, 9);
  }
});

test('emissions are the sum over all vehicles and steps', () => {
  const { hbefaCo2Kg, arrbFuelL, arrbCo2Kg } = counted.result.measures;
  // Speeding up in the very step of entry was not seen from outside: a step in a hundred and fifty, in part.
  expect(hbefaCo2Kg / (counted.co2Mg / 1e6)).toBeGreaterThan(1 - 1e-9);
  expect(hbefaCo2Kg / (counted.co2Mg / 1e6)).toBeLessThan(1.002);
  expect(arrbFuelL / (counted.arrbMl / 1e3)).toBeGreaterThan(1 - 1e-9);
  expect(arrbFuelL / (counted.arrbMl / 1e3)).toBeLessThan(1.002);
  expect(arrbCo2Kg).toBe(arrbFuelL * 2.35);
});

test('conflicts and hard brakings are counted once an episode, however many steps it lasts', () => {
  const built = compile(crossing({ westVph: 900, northVph: 700, arrivals: 'poisson', stepS: 0.1 }));
  const operation = started(built, 2, measuredOptions(built, 0, false));
  const { sim } = operation;
  const speed: number[] = [];
  const steps = { near: 0, hard: 0 };
  const episodes = { near: 0, hard: 0 };
  let before = { near: new Set<number>(), hard: new Set<number>() };
  while (sim.step < 6000) {
    operate(operation);
    const now = { near: new Set<number>(), hard: new Set<number>() };
    for (let e = 0; e < built.network.elementCount; e++) {
      vehiclesOn(sim, e).forEach(({ vehicle, x, v }, k, all) => {
        const leader = all[k - 1];
        const gap = leader === undefined ? Infinity : leader.x - 5 - x;
        if (v > 4.47 && timeToCollision(gap, v - (leader?.v ?? v)) < 1.5) now.near.add(vehicle);
        if (((speed[vehicle] ?? v) - v) / 0.1 > 3.35) now.hard.add(vehicle);
        speed[vehicle] = v;
      });
    }
    for (const kind of ['near', 'hard'] as const) {
      steps[kind] += now[kind].size;
      for (const vehicle of now[kind]) if (!before[kind].has(vehicle)) episodes[kind]++;
    }
    before = now;
  }
  const { measures } = measureRun(sim, { controller: '', phaseNames: [] });
  expect(steps.near).toBeGreaterThan(episodes.near);
  expect(steps.hard).toBeGreaterThan(episodes.hard);
  expect(episodes.near).toBeGreaterThan(0);
  expect(measures.ttcConflicts).toBe(episodes.near);
  expect(measures.hardBrakings).toBe(episodes.hard);
});

test('series and trips agree with the whole', () => {
  const { series, trips, measures, movements } = counted.result;
  expect(series.finished.length).toBe(UNTIL / 60);
  const finished = Array.from(trips.finishedS).filter((at) => at >= 0).length;
  expect(series.finished.reduce((sum, one) => sum + one, 0)).toBe(finished);
  expect(series.present.at(-1)).toBe(measures.unservedVehicles);
  const late = series.queue.subarray(FROM / 60);
  expect(late.reduce((sum, one) => sum + one, 0) / late.length).toBeCloseTo(measures.averageQueue, 9);
  const delays = movements.filter(({ volume }) => volume > 0).map(({ controlDelayS }) => controlDelayS);
  expect(Math.max(...series.controlDelayS.subarray(FROM / 60))).toBeLessThan(Math.max(...delays));
  expect(trips.count).toBe(trips.stops.length);
});

test('on a street of signals the delay of a trip is its control delay, each second charged once', () => {
  const { finishedS, delayS, controlDelayS } = counted.result.trips;
  const done = Array.from(finishedS.keys()).filter((v) => finishedS[v] >= 0);
  const rest = done.map((v) => delayS[v] - controlDelayS[v]);
  // On the last road it follows, and its finish is dated to whole steps.
  expect(Math.max(...rest.map(Math.abs))).toBeLessThan(6);
  expect(Math.abs(rest.reduce((sum, one) => sum + one, 0) / done.length)).toBeLessThan(1);
});

test('the corridor is the main street with its five signals, and paths go forward along it', () => {
  const { trace } = counted.result;
  const { corridor } = trace!;
  expect(corridor!.intersections.map((i) => names.intersection[i])).toEqual(['i1', 'i2', 'i3', 'i4', 'i5']);
  expect(corridor!.roads.map((r) => names.road[r])).toEqual(['west-i1', 'i1-i2', 'i2-i3', 'i3-i4', 'i4-i5']);
  for (const [k, at] of corridor!.stopLineM.slice(1).entries()) {
    expect(at - corridor!.stopLineM[k]).toBeCloseTo(350, -1);
  }
  expect(corridor!.paths.length).toBeGreaterThan(200);
  for (const { timeS, distanceM } of corridor!.paths) {
    expect([...timeS]).toEqual([...timeS].sort((a, b) => a - b));
    expect([...distanceM]).toEqual([...distanceM].sort((a, b) => a - b));
    expect(distanceM.at(-1)).toBeLessThan(corridor!.stopLineM[4] + 40);
  }
  // The plan: green for 52 s less the change, from the offset on, every 80 s.
  expect([...corridor!.greens[1].subarray(4, 6)]).toEqual([105, 105 + 52 - changeS(1)]);
});

function changeS(k: number): number {
  const i = counted.result.trace!.corridor!.intersections[k];
  const p = network.phases.items[network.phases.starts[i]];
  return network.yellowChange[p] + network.redClearance[p];
}

test('the signals of a trace follow one another without a gap, from the start to the end', () => {
  const { signals, queues } = counted.result.trace!;
  const until = new Map<number, number>();
  signals.startS.forEach((start, row) => {
    const i = signals.intersection[row];
    expect(start).toBe(until.get(i) ?? 0);
    expect(signals.endS[row]).toBeGreaterThan(start);
    until.set(i, signals.endS[row]);
  });
  expect([...until.values()]).toEqual([UNTIL, UNTIL, UNTIL, UNTIL, UNTIL]);
  const count = UNTIL / 60;
  expect(queues.length).toBe(counted.result.approaches.length * count);
  counted.result.approaches.forEach(({ queueMean }, k) => {
    const late = queues.subarray(k * count + FROM / 60, (k + 1) * count);
    expect(late.reduce((sum, queue) => sum + queue, 0) / late.length).toBeCloseTo(queueMean, 9);
  });
});

function surveyed(built: Compiled, durationS: number): RunResult {
  const operation = started(built, 1, measuredOptions(built, 0, false));
  while (operation.sim.step * built.network.stepS < durationS) operate(operation);
  return measureRun(operation.sim, { controller: '', phaseNames: [] });
}

test('a road that fills up spills back for as long as its last vehicle stands at its start', () => {
  const layout = crossing({ westVph: 1500, arrivals: 'uniform', approachM: 120, greenS: 10, cycleS: 60 });
  const built = compile(layout);
  const operation = started(built, 1, measuredOptions(built, 0, false));
  const lane = elementNamed(built, 'west-main_0');
  let full = 0;
  while (operation.sim.step < 900) {
    operate(operation);
    const last = vehiclesOn(operation.sim, lane).at(-1);
    // A car is 5 m long, and two stand 2 m apart: another does not fit behind one at less than 12 m.
    if (last !== undefined && last.v < 0.1 && last.x < 12) full++;
  }
  const { approaches, measures } = measureRun(operation.sim, { controller: '', phaseNames: [] });
  expect(full).toBeGreaterThan(300);
  expect(measures.spillbackS).toBe(full);
  const west = approaches.find(({ road }) => built.names.road[road] === 'west-main')!;
  expect(west.spillbackS).toBe(full);
  expect(west.storage).toBe(Math.floor(built.network.elementLength[lane] / 7));
  expect(measures.queueMaxShare).toBe(west.queueMax / west.storage);
});

test('yellow catches vehicles in the indecision zone as often as they arrive there, and nobody runs red', () => {
  const { measures } = surveyed(
    compile(crossing({ westVph: 600, arrivals: 'poisson', greenS: 25, cycleS: 60 })),
    3600,
  );
  // Sixty yellows; 3 s of a stream of one vehicle in 6 s: half a vehicle each.
  expect(measures.indecisionVehicles).toBeGreaterThan(20);
  expect(measures.indecisionVehicles).toBeLessThan(40);
  expect(measures.redCrossings).toBe(0);
});

test('a yellow that is too short leaves a dilemma zone, and some cross at red', () => {
  const layout = crossing({ westVph: 700, arrivals: 'poisson', speedLimitKmh: 90, approachM: 600 });
  const right = compile(layout);
  const short = {
    ...right,
    network: {
      ...right.network,
      yellowChange: right.network.yellowChange.map(() => 1),
      redClearance: right.network.redClearance.map(() => 0),
    },
  };
  const { measures } = surveyed(short, 3600);
  expect(measures.dilemmaVehicles).toBeGreaterThan(10);
  expect(measures.redCrossings).toBeGreaterThan(0);
  expect(measures.dilemmaVehicles).toBeGreaterThan(3 * surveyed(right, 3600).measures.dilemmaVehicles);
});
