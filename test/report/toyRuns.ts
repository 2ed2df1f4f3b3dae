import { giniIndex } from '../../server/report/inequality.ts';
import type { RunResult } from '../../server/report/runResult.ts';
import { quantile } from '../../server/report/statistics.ts';
import type { Layout, Movement } from '../../server/scenario/layout.ts';
import { exponential, type RandomStream, randomStream } from '../../server/sim/random.ts';
import { corridorOf, greensOf, type ToyGreen, type ToyPlan } from './toySignals.ts';

/**
 * Runs of a toy: vehicles drive at the speed limit to a point queue at the stop line and leave it one by one
 * in green. Wrong as traffic, right in form: all columns fit together, so that every picture can be seen.
 */

export interface ToyOptions {
  readonly durationS: number;
  readonly warmupS: number;
  readonly intervalS: number;
}

/** One vehicle at one stop line. */
interface Passage {
  readonly vehicle: number;
  readonly road: number;
  readonly movement: number;
  readonly reachedS: number;
  readonly leftS: number;
}

interface Vehicle {
  readonly route: number;
  readonly roads: readonly number[];
  readonly source: number;
  readonly rank: number;
  readonly createdS: number;
  finishedS: number;
  delayS: number;
  stops: number;
  longestWaitS: number;
}

export function toyRuns(
  layout: Layout,
  plans: readonly ToyPlan[],
  seeds: readonly number[],
  options: ToyOptions,
): RunResult[] {
  return seeds.flatMap((seed) => plans.map((plan) => toyRun(layout, plan, seed, seed === seeds[0], options)));
}

export function toyRun(
  layout: Layout,
  plan: ToyPlan,
  seed: number,
  traced: boolean,
  options: ToyOptions,
): RunResult {
  const { durationS, warmupS, intervalS } = options;
  const vehicles = arrivals(layout, seed, durationS);
  const signals = greensOf(layout, plan, seed, durationS);
  const movements = movementsOf(layout);
  const passages = drive(layout, vehicles, movements, signals, durationS);
  const counted = passages.filter(({ leftS }) => leftS >= warmupS && leftS < durationS);
  const delays = vehicles.filter(({ createdS }) => createdS >= warmupS).map(({ delayS }) => delayS);
  const count = Math.floor(durationS / intervalS);
  const approachRoads = layout.roads.flatMap(({ to }, r) => (layout.intersections[to].signal ? [r] : []));
  const queues = approachRoads.map((road) => queueOver(passages, road, intervalS, count));
  const total = Float64Array.from({ length: count }, (_, k) => queues.reduce((sum, q) => sum + q[k], 0));
  const served = vehicles.filter(({ finishedS, createdS }) => finishedS < durationS && createdS >= warmupS);
  const meanDelay = counted.reduce((sum, { reachedS, leftS }) => sum + leftS - reachedS, 0) / counted.length;
  const meanTime = served.reduce((sum, v) => sum + v.finishedS - v.createdS, 0) / served.length;
  const stops = vehicles.reduce((sum, v) => sum + v.stops, 0) / vehicles.length;
  const sorted = Float64Array.from(delays).sort();
  const longest = Math.max(0, ...vehicles.map(({ longestWaitS }) => longestWaitS));
  const approaches = approachRoads.map((road, k) => {
    const later = queues[k].slice(Math.floor(warmupS / intervalS)).sort();
    const storage = Math.floor((layout.roads[road].lanes[0].length / 7.5) * layout.roads[road].lanes.length);
    return {
      road,
      intersection: layout.roads[road].to,
      queueMean: later.reduce((sum, q) => sum + q, 0) / later.length,
      queueP95: quantile(later, 0.95),
      queueMax: Math.ceil(later[later.length - 1] ?? 0),
      storage,
      spillbackS: later.filter((q) => q > storage).length * intervalS,
    };
  });
  const inInterval = (k: number) => (s: number) => s >= k * intervalS && s < (k + 1) * intervalS;
  return {
    controller: plan.label,
    seed,
    fingerprint: `0x${(seed * 7919 + plan.label.length).toString(16).padStart(8, '0')}`,
    warmupS,
    durationS,
    measures: {
      controlDelayS: meanDelay,
      delayP95S: quantile(sorted, 0.95),
      stops,
      travelTimeS: meanTime,
      finished: served.length,
      unserved: vehicles.filter(({ finishedS }) => !(finishedS < durationS)).length,
      queueMean: total.reduce((sum, q) => sum + q, 0) / count,
      queueMax: Math.max(...approaches.map(({ queueMax }) => queueMax)),
      spillbackS: approaches.reduce((sum, { spillbackS }) => sum + spillbackS, 0),
      longestWaitS: longest,
      giniDelay: giniIndex(Float64Array.from(delays)),
      co2Hbefa3: 2.62 * meanDelay * 3 + 70 * stops + 180,
      co2Vsp: 0.8 * meanDelay * 3 + 40 * stops + 210,
      noxHbefa3: 1.2 * meanDelay * 3 + 30 * stops + 60,
      noxVsp: 0.4 * meanDelay * 3 + 55 * stops + 70,
      hardBraking: 4 + 9 * stops,
      volume: counted.length,
    },
    whole: { controlDelayS: vehicles.reduce((sum, { delayS }) => sum + delayS, 0) / vehicles.length },
    presentAtWarmupEnd: vehicles.filter(
      ({ createdS, finishedS }) => createdS < warmupS && !(finishedS < warmupS),
    ).length,
    warnings: [],
    movements: movements.map(({ intersection, movement }, m) => {
      const own = counted.filter((passage) => passage.movement === m);
      const green = signals.green(intersection, movement);
      const greenS = green.reduce(
        (sum, [start, end]) => sum + Math.max(0, end - Math.max(start, warmupS)),
        0,
      );
      const greenRatio = greenS / (durationS - warmupS);
      const capacityVph = (3600 / headwayOf(movement, layout)) * greenRatio;
      return {
        movement: m,
        intersection,
        approach: movement.from,
        volume: own.length,
        controlDelayS: own.reduce((sum, { reachedS, leftS }) => sum + leftS - reachedS, 0) / own.length,
        greenRatio,
        capacityVph,
        degreeOfSaturation: (own.length * 3600) / (durationS - warmupS) / capacityVph,
      };
    }),
    approaches,
    series: {
      intervalS,
      controlDelayS: Float64Array.from({ length: count }, (_, k) => {
        const own = passages.filter(({ leftS }) => inInterval(k)(leftS));
        return own.reduce((sum, { reachedS, leftS }) => sum + leftS - reachedS, 0) / own.length;
      }),
      queue: total,
      present: Float64Array.from({ length: count }, (_, k) => {
        const end = (k + 1) * intervalS;
        return vehicles.filter(({ createdS, finishedS }) => createdS < end && !(finishedS < end)).length;
      }),
      finished: Float64Array.from(
        { length: count },
        (_, k) => vehicles.filter(({ finishedS }) => inInterval(k)(finishedS)).length,
      ),
    },
    trips: {
      count: vehicles.length,
      route: Int32Array.from(vehicles, ({ route }) => route),
      vehicleType: new Int32Array(vehicles.length),
      source: Int32Array.from(vehicles, ({ source }) => source),
      rank: Int32Array.from(vehicles, ({ rank }) => rank),
      createdS: Float64Array.from(vehicles, ({ createdS }) => createdS),
      enteredS: Float64Array.from(vehicles, ({ createdS }) => createdS),
      finishedS: Float64Array.from(vehicles, ({ finishedS }) =>
        finishedS < durationS ? finishedS : Number.NaN,
      ),
      delayS: Float64Array.from(vehicles, ({ delayS }) => delayS),
      controlDelayS: Float64Array.from(vehicles, ({ delayS }) => delayS),
      stops: Int32Array.from(vehicles, (vehicle) => vehicle.stops),
      longestWaitS: Float64Array.from(vehicles, ({ longestWaitS }) => longestWaitS),
    },
    trace: traced
      ? {
          signals: signals.columns,
          phaseNames: signals.phaseNames,
          queues: Float64Array.from(queues.flatMap((q) => [...q])),
          corridor: corridorOf(layout, movements, signals, (roads) =>
            pathsAlong(layout, roads, passages, durationS),
          ),
        }
      : null,
  };
}

export interface ToyMovement {
  readonly intersection: number;
  readonly movement: Movement;
}

function movementsOf(layout: Layout): ToyMovement[] {
  return layout.intersections.flatMap(({ movements }, intersection) =>
    movements.map((movement) => ({ intersection, movement })),
  );
}

function headwayOf({ turn, from }: Movement, layout: Layout): number {
  return { thru: 1.9, right: 2.4, left: 4 }[turn] / layout.roads[from].lanes.length;
}

/** Vehicles in order of creation, the same for every plan. */
function arrivals({ origins }: Layout, seed: number, durationS: number): Vehicle[] {
  const all: Vehicle[] = [];
  let routes = 0;
  origins.forEach((origin, source) => {
    const stream = randomStream(seed, `arrivals:${origin.id}`);
    let rank = 0;
    for (const { startS, endS, flowVph } of origin.profile) {
      for (let t = startS; flowVph > 0; ) {
        t += (3600 / flowVph) * exponential(stream);
        if (t >= Math.min(endS, durationS)) break;
        const route = chosen(origin.routes, stream);
        const once = { createdS: t, finishedS: Number.NaN, delayS: 0, stops: 0, longestWaitS: 0 };
        all.push({ route: routes + route, roads: origin.routes[route].roads, source, rank: rank++, ...once });
      }
    }
    routes += origin.routes.length;
  });
  return all.sort((a, b) => a.createdS - b.createdS);
}

function chosen(routes: readonly { readonly share: number }[], stream: RandomStream): number {
  let left = stream.next();
  const route = routes.findIndex(({ share }) => {
    left -= share;
    return left < 0;
  });
  return Math.max(0, route);
}

function freeTimeS(layout: Layout, road: number): number {
  const [lane] = layout.roads[road].lanes;
  return (lane.length + 20) / lane.speedLimit;
}

/** Takes whoever reaches a stop line next through it, until the end. */
function drive(
  layout: Layout,
  vehicles: readonly Vehicle[],
  movements: readonly ToyMovement[],
  signals: ToyGreen,
  durationS: number,
): Passage[] {
  const found = new Map(movements.map(({ movement }, m) => [`${movement.from}>${movement.to}`, m]));
  const lastLeft = new Float64Array(movements.length).fill(-Infinity);
  const passages: Passage[] = [];
  let coming = vehicles.map((vehicle, v) => {
    return { v, leg: 0, timeS: vehicle.createdS + freeTimeS(layout, vehicle.roads[0]) };
  });
  // A vehicle needs no less than this from one stop line to the next, so all that come within it are in order.
  const slice = Math.min(...layout.roads.map((_, r) => freeTimeS(layout, r)));
  for (let from = 0; from < durationS; from += slice) {
    const due = coming.filter(({ timeS }) => timeS < from + slice).sort((a, b) => a.timeS - b.timeS);
    coming = coming.filter(({ timeS }) => timeS >= from + slice);
    for (const { v, leg, timeS } of due) {
      const vehicle = vehicles[v];
      const next = vehicle.roads[leg + 1];
      if (next === undefined) {
        vehicle.finishedS = timeS;
        continue;
      }
      const m = found.get(`${vehicle.roads[leg]}>${next}`)!;
      const { intersection, movement } = movements[m];
      const earliest = Math.max(timeS, lastLeft[m] + headwayOf(movement, layout));
      const leftS = layout.intersections[intersection].signal
        ? signals.next(intersection, movement, earliest)
        : earliest;
      lastLeft[m] = leftS;
      const wait = Math.max(0, Math.min(leftS, durationS) - timeS);
      vehicle.delayS += wait;
      vehicle.stops += Number(wait > 2);
      vehicle.longestWaitS = Math.max(vehicle.longestWaitS, wait);
      passages.push({ vehicle: v, road: vehicle.roads[leg], movement: m, reachedS: timeS, leftS });
      coming.push({ v, leg: leg + 1, timeS: leftS + freeTimeS(layout, next) });
    }
  }
  return passages;
}

/** Mean number of vehicles that wait at the end of a road, by interval. */
function queueOver(
  passages: readonly Passage[],
  road: number,
  intervalS: number,
  count: number,
): Float64Array {
  const queue = new Float64Array(count);
  for (const { reachedS, leftS } of passages.filter((passage) => passage.road === road)) {
    for (let k = Math.floor(reachedS / intervalS); k < count && k * intervalS < leftS; k++) {
      queue[k] += (Math.min(leftS, (k + 1) * intervalS) - Math.max(reachedS, k * intervalS)) / intervalS;
    }
  }
  return queue;
}

/** Where vehicles were along roads that follow one another, every two seconds. */
function pathsAlong(
  layout: Layout,
  roads: readonly number[],
  passages: readonly Passage[],
  durationS: number,
) {
  const ends: number[] = [];
  for (const road of roads) ends.push((ends[ends.length - 1] ?? 0) + layout.roads[road].lanes[0].length + 20);
  const along = new Map<number, Passage[]>();
  for (const passage of passages) {
    if (!roads.includes(passage.road)) continue;
    along.set(passage.vehicle, [...(along.get(passage.vehicle) ?? []), passage]);
  }
  const paths = [...along].map(([vehicle, own]) => {
    const timeS: number[] = [];
    const distanceM: number[] = [];
    for (const { road, reachedS, leftS } of own) {
      const k = roads.indexOf(road);
      const start = ends[k - 1] ?? 0;
      const enteredS = reachedS - freeTimeS(layout, road);
      for (let t = Math.ceil(enteredS / 2) * 2; t < Math.min(leftS, durationS); t += 2) {
        timeS.push(t);
        distanceM.push(start + (ends[k] - start) * Math.min(1, (t - enteredS) / (reachedS - enteredS)));
      }
    }
    return { vehicle, timeS: Float64Array.from(timeS), distanceM: Float64Array.from(distanceM) };
  });
  return { stopLineM: ends, paths };
}
