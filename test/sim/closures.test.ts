import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Compiled, compile } from '../../server/scenario/compile.ts';
import type { Layout } from '../../server/scenario/layout.ts';
import { clearIncident, closeLane, openLane, placeIncident } from '../../server/sim/closures.ts';
import { fingerprint } from '../../server/sim/fingerprint.ts';
import { createSimulation, runningCount, type Simulation, step } from '../../server/sim/simulation.ts';
import { restoreSnapshot, takeSnapshot } from '../../server/sim/snapshot.ts';
import { crossing, elementNamed, laidOut, straightRoad, vehiclesOn } from '../networks.ts';
import { builtCity, type City, city, laneOf, type Work, work } from './randomCity.ts';

/**
 * Lanes closed and blocked while the traffic runs. That every driver does what the rules say is shown in
 * `differential.test.ts`; here what one sees of it from the roadside.
 */

/** Further than a rounding error beyond a spot (m). */
const BEYOND = 1e-6;

function doWork(sim: Simulation, { kind, share }: Work, lane: number): void {
  if (kind === 'close') closeLane(sim, lane);
  else if (kind === 'open') openLane(sim, lane);
  else if (kind === 'block') placeIncident(sim, lane, share * sim.network.elementLength[lane]);
  else clearIncident(sim, lane);
}

/** A city some of whose drivers are intelligent ones, and enter at speed. */
function mixedCity(draw: City, intelligent: boolean): Compiled {
  const built = builtCity(draw);
  if (!intelligent) return built;
  const vehicleTypes = built.layout.vehicleTypes.map((type, k) =>
    k % 2 === 0 ? { ...type, carFollowing: 'idm' as const } : type,
  );
  return compile({ ...built.layout, vehicleTypes, entry: 'moving' });
}

function cycle(sim: Simulation, everySteps: number): void {
  const { intersectionCount, phases } = sim.network;
  for (let i = 0; i < intersectionCount; i++) {
    const count = phases.starts[i + 1] - phases.starts[i];
    if (count > 0) sim.signals.wanted[i] = phases.starts[i] + (Math.floor(sim.step / everySteps) % count);
  }
}

/** Where everybody is, and how fast, element by element. */
function everybody(sim: Simulation): string[] {
  return Array.from({ length: sim.network.elementCount }, (_, e) => JSON.stringify(vehiclesOn(sim, e)));
}

/** Vehicles that can stop within `gap` m, as its maximum deceleration allows. */
function canStop({ network }: Simulation, type: number, v: number, gap: number): boolean {
  return (v * v) / 2 / network.types.maxDeceleration[type] <= gap + BEYOND;
}

/** Watches over the incidents of a run: who is held by one stays behind it, and who is not could not stop. */
class Watch {
  readonly #sim: Simulation;
  readonly #at: Float64Array;
  readonly #placed = new Map<number, number>(); // by lane: step
  /** By lane: those who had to pass when it was blocked, or were on their way to it. */
  readonly #held = new Map<number, Set<number>>();
  held = 0;

  constructor(sim: Simulation) {
    this.#sim = sim;
    this.#at = new Float64Array(sim.network.elementCount).fill(Infinity);
  }

  before(): void {
    const { closures, network, step: now } = this.#sim;
    this.#held.clear();
    for (let e = 0; e < network.elementCount; e++) {
      const at = closures === null ? Infinity : closures.incident[e];
      if (at !== this.#at[e]) this.#placed.set(e, now);
      this.#at[e] = at;
      if (at === Infinity) continue;
      const held = vehiclesOn(this.#sim, e).filter(
        ({ x, v, type }) => x <= at + BEYOND && canStop(this.#sim, type, v, at - x),
      );
      this.#held.set(e, new Set(held.map(({ vehicle }) => vehicle)));
    }
  }

  /** What has happened in the step that should not. */
  after(): string[] {
    const sim = this.#sim;
    const wrong: string[] = [];
    for (const [e, held] of this.#held) {
      const at = this.#at[e];
      const seenFor = (sim.step - this.#placed.get(e)!) * sim.network.stepS;
      const on = vehiclesOn(sim, e);
      for (const vehicle of held) {
        const seen = on.find((one) => one.vehicle === vehicle);
        if (!(seen !== undefined && seen.x <= at + BEYOND)) wrong.push(`${vehicle} passed ${at} m on ${e}`);
        this.held++;
      }
      for (const { vehicle, x, v, type } of on) {
        if (held.has(vehicle) || x > at + BEYOND || seenFor < 30) continue;
        if (!canStop(sim, type, v, at - x)) wrong.push(`${vehicle} comes too fast at ${at} m on ${e}`);
      }
    }
    return wrong;
  }
}

/** What is not where or as fast as a vehicle can be, or behind one that is less far. */
function strays(sim: Simulation): string[] {
  const { elementLength, elementCount, types } = sim.network;
  const found: string[] = [];
  let placed = 0;
  for (let e = 0; e < elementCount; e++) {
    let ahead = elementLength[e];
    for (const { vehicle, x, v, type } of vehiclesOn(sim, e)) {
      const sound = x >= 0 && x <= ahead && v >= 0 && v <= types.maxSpeed[type];
      if (!sound) found.push(`${vehicle} on ${e}: ${x} m, ${v} m/s`);
      ahead = x;
      placed++;
    }
  }
  if (placed !== runningCount(sim)) found.push(`${placed} vehicles`);
  return found;
}

const works = fc.array(work(150), { minLength: 5, maxLength: 40 });

test('on random cities nobody is lost, nobody passes an incident, and all are in order', () => {
  let held = 0;
  fc.assert(
    fc.property(city, works, fc.boolean(), (draw, during, intelligent) => {
      const compiled = mixedCity(draw, intelligent);
      const { network } = compiled;
      const sim = createSimulation(network, 1);
      const watch = new Watch(sim);
      for (let k = 0; k < 150; k++) {
        for (const one of during) if (one.step === k) doWork(sim, one, laneOf(compiled, one));
        cycle(sim, 12);
        watch.before();
        step(sim);
        expect([...watch.after(), ...strays(sim)]).toEqual([]);
        const { created, finished } = sim.vehicles;
        expect(created).toBe(sim.demand.waiting + runningCount(sim) + finished);
      }
      held += watch.held;
    }),
    { seed: 8, numRuns: 100 },
  );
  expect(held).toBeGreaterThan(10_000);
});

test('on random cities only those enter a closed lane who could not turn away any more', () => {
  let turnedAway = 0;
  fc.assert(
    fc.property(city, works, (draw, during) => {
      const compiled = builtCity(draw);
      const { network } = compiled;
      const sim = createSimulation(network, 1);
      const committed = new Map<number, Set<number>>(); // by closed lane
      for (let k = 0; k < 150; k++) {
        for (const one of during) {
          if (one.step !== k) continue;
          const lane = laneOf(compiled, one);
          if (one.kind === 'open') committed.delete(lane);
          if (one.kind === 'close' && !committed.has(lane)) committed.set(lane, onTheirWay(sim, lane));
          doWork(sim, one, lane);
        }
        cycle(sim, 12);
        step(sim);
        for (const [lane, allowed] of committed) {
          for (const { vehicle } of vehiclesOn(sim, lane)) expect(allowed).toContain(vehicle);
          const i = network.roadFrom[network.elementRoad[lane]];
          const { starts, items } = network.approachLanes;
          for (const from of items.subarray(starts[i], starts[i + 1]))
            if (sim.traffic.halted[from] > 0) turnedAway++;
        }
      }
    }),
    { seed: 9, numRuns: 150 },
  );
  expect(turnedAway).toBeGreaterThan(1000);
});

/** Who is on a lane, on a connector, or cannot stop before the stop line at the lane's upstream end. */
function onTheirWay(sim: Simulation, lane: number): Set<number> {
  const { network } = sim;
  const i = network.roadFrom[network.elementRoad[lane]];
  const found = new Set(vehiclesOn(sim, lane).map(({ vehicle }) => vehicle));
  for (const c of network.connectors.items.subarray(
    network.connectors.starts[i],
    network.connectors.starts[i + 1],
  ))
    for (const { vehicle } of vehiclesOn(sim, c)) found.add(vehicle);
  const { starts, items } = network.approachLanes;
  for (const from of items.subarray(starts[i], starts[i + 1])) {
    for (const { vehicle, x, v, type } of vehiclesOn(sim, from)) {
      const rest = network.elementLength[from] - x;
      if ((v * v) / 2 / network.types.maxDeceleration[type] > rest) found.add(vehicle);
    }
  }
  return found;
}

/** A road of three lanes from west to east; at `main`, in its middle, lanes are chosen anew. */
function wideRoad(flowVph: number): Compiled {
  return compile(
    laidOut({
      name: 'wide road',
      isolated: { approaches: ['east', 'west'], approachM: 300, lanes: 3 },
      demand: { west: { flowVph, arrivals: 'uniform', to: { east: 1 } } },
    }),
  );
}

const lanesOf = (compiled: Compiled, road: string) =>
  [0, 1, 2].map((k) => elementNamed(compiled, `${road}_${k}`));

/** Runs for so many seconds. */
function run(sim: Simulation, seconds: number): void {
  for (const end = sim.step + Math.round(seconds / sim.network.stepS); sim.step < end; ) step(sim);
}

/** Runs and counts, by lane, the vehicles that were ever seen on it. */
function passing(sim: Simulation, lanes: readonly number[], seconds: number): number[] {
  const seen = lanes.map(() => new Set<number>());
  for (const end = sim.step + Math.round(seconds / sim.network.stepS); sim.step < end; ) {
    step(sim);
    lanes.forEach((lane, k) => {
      for (const { vehicle } of vehiclesOn(sim, lane)) seen[k].add(vehicle);
    });
  }
  return seen.map(({ size }) => size);
}

describe('closed lanes', () => {
  test('drivers take another lane of the road from which their route goes on, without waiting', () => {
    const compiled = wideRoad(1500);
    const [free, closed] = [0, 1].map(() => createSimulation(compiled.network, 1));
    const exits = lanesOf(compiled, 'main-east');
    expect(Math.min(...passing(free, exits, 600))).toBeGreaterThan(50);
    closeLane(closed, exits[1]);
    const [inner, shut, outer] = passing(closed, exits, 600);
    expect(shut).toBe(0);
    expect(inner + outer).toBeGreaterThan(200);
    // Who keeps straight on where its own lane is closed takes the neighbour; those beside it do not mind.
    expect(closed.vehicles.finished).toBeGreaterThan(free.vehicles.finished - 5);
  });

  test('arriving vehicles take another lane, those who wait outside move over, and with none they wait', () => {
    const compiled = wideRoad(2400);
    const sim = createSimulation(compiled.network, 1);
    const entries = lanesOf(compiled, 'west-main');
    for (const lane of entries) closeLane(sim, lane);
    run(sim, 60);
    expect(sim.vehicles.entered).toBe(0);
    expect(sim.demand.waiting).toBe(sim.vehicles.created);
    expect(sim.vehicles.created).toBeGreaterThan(35);
    const outside = () => entries.map((lane) => sim.demand.waitingCount[lane]);
    expect(Math.min(...outside())).toBeGreaterThan(10);
    openLane(sim, entries[2]);
    expect(outside()).toEqual([0, 0, sim.vehicles.created]);
    expect(passing(sim, entries, 300).map((count) => count > 0)).toEqual([false, false, true]);
    openLane(sim, entries[0]);
    run(sim, 300);
    expect(sim.demand.waiting).toBeLessThan(150);
    closeLane(sim, entries[2]);
    expect(sim.demand.waitingCount[entries[2]]).toBe(0);
  });

  const signalised = compile(crossing({ westVph: 900, northVph: 300 }));
  const unsignalised = compile({
    ...signalised.layout,
    intersections: signalised.layout.intersections.map((one) => ({ ...one, signal: null })),
  });
  const kinds = [
    ['with a signal', signalised],
    ['without one', unsignalised],
  ] as const;

  test.each(kinds)('all lanes closed, %s: drivers queue at the stop line, then flow', (_, compiled) => {
    const sim = createSimulation(compiled.network, 1);
    const [approach, exit] = ['west-main_0', 'main-east_0'].map((name) => elementNamed(compiled, name));
    const finished = (seconds: number) => {
      const before = sim.vehicles.finished;
      for (const end = sim.step + seconds; sim.step < end; step(sim)) cycle(sim, 30);
      return sim.vehicles.finished - before;
    };
    finished(60);
    closeLane(sim, exit);
    finished(240);
    expect(vehiclesOn(sim, exit)).toEqual([]);
    const queue = vehiclesOn(sim, approach);
    expect(queue.length).toBeGreaterThan(30);
    const rest = sim.network.elementLength[approach] - queue[0].x;
    expect(rest).toBeGreaterThanOrEqual(0);
    expect(rest).toBeLessThan(2);
    expect(queue[0].v).toBe(0);
    expect(sim.demand.waiting).toBeGreaterThan(0); // back to the network's edge
    // The street that crosses is not held up by who waits for a closed lane.
    expect(finished(240)).toBeGreaterThan(17);
    openLane(sim, exit);
    expect(finished(240)).toBeGreaterThan(60);
  });

  test('who cannot stop at the stop line any more keeps to its way; who is on the lane leaves it', () => {
    const compiled = compile(straightRoad(300, 900));
    const [approach, exit] = ['west-main_0', 'main-east_0'].map((name) => elementNamed(compiled, name));
    const sim = createSimulation(compiled.network, 1);
    const near = () => {
      const [first] = vehiclesOn(sim, approach);
      if (first === undefined) return false;
      const rest = sim.network.elementLength[approach] - first.x;
      return rest < 10 && first.v > 12 && vehiclesOn(sim, exit).length > 2;
    };
    while (!near()) step(sim);
    const leaving = vehiclesOn(sim, exit).map(({ vehicle }) => vehicle);
    const [{ vehicle: late }] = vehiclesOn(sim, approach);
    closeLane(sim, exit);
    run(sim, 60);
    for (const vehicle of [...leaving, late]) expect(sim.vehicles.element[vehicle]).toBe(-1);
    expect(sim.vehicles.finished).toBe(late + 1);
  });

  test('a lane that is opened before anybody arrived leaves no trace', () => {
    const compiled = wideRoad(1500);
    const [own, never] = [0, 1].map(() => createSimulation(compiled.network, 3));
    for (const lane of [...lanesOf(compiled, 'west-main'), ...lanesOf(compiled, 'main-east')]) {
      closeLane(own, lane);
      placeIncident(own, lane, 100);
      clearIncident(own, lane);
      openLane(own, lane);
    }
    for (let k = 0; k < 400; k++) {
      step(own);
      step(never);
      expect(everybody(own)).toEqual(everybody(never));
      expect(fingerprint(own)).toBe(fingerprint(never));
    }
  });
});

describe('incidents', () => {
  const models = ['reference', 'idm'] as const;
  const cases = models.flatMap((model) => [0.1, 0.5, 1].map((stepS) => [model, stepS] as const));

  /** A lane of 300 m that goes on in one of 300 m, with drivers of one model. */
  function road(carFollowing: (typeof models)[number], stepS: number, flowVph = 900): Compiled {
    const layout = straightRoad(300, flowVph, { stepS });
    return compile({
      ...layout,
      vehicleTypes: layout.vehicleTypes.map((type) => ({ ...type, carFollowing })),
    });
  }

  test.each(cases)(
    '%s drivers stop their minimum gap before it, steps of %f s, and go on when it is cleared',
    (model, stepS) => {
      for (const [name, at] of [
        ['west-main_0', 120],
        ['main-east_0', 20],
      ] as const) {
        const compiled = road(model, stepS);
        const sim = createSimulation(compiled.network, 1);
        const lane = elementNamed(compiled, name);
        const watch = new Watch(sim);
        const { minGap, maxDeceleration } = sim.network.types;
        placeIncident(sim, lane, at);
        let hardest = 0;
        const speed = new Map<number, number>();
        while (sim.step * stepS < 300) {
          watch.before();
          step(sim);
          expect(watch.after()).toEqual([]);
          for (let e = 0; e < sim.network.elementCount; e++) {
            for (const { vehicle, v } of vehiclesOn(sim, e)) {
              hardest = Math.max(hardest, ((speed.get(vehicle) ?? v) - v) / stepS);
              speed.set(vehicle, v);
            }
          }
        }
        expect(sim.vehicles.finished).toBe(0);
        const [first] = vehiclesOn(sim, lane);
        expect(first.v).toBeLessThan(0.01);
        expect(at - first.x).toBeGreaterThan(minGap[first.type] - 0.3);
        expect(at - first.x).toBeLessThan(minGap[first.type] + 2);
        expect(hardest).toBeLessThanOrEqual(maxDeceleration[first.type] + 1e-9);
        clearIncident(sim, lane);
        run(sim, 120);
        expect(sim.vehicles.finished).toBeGreaterThan(20);
      }
    },
  );

  test.each(models)('%s drivers who are too close to stop pass it, and nobody after them', (model) => {
    const compiled = road(model, 0.5);
    const lane = elementNamed(compiled, 'west-main_0');
    const { maxDeceleration } = compiled.network.types;
    for (const [spareM, passes] of [
      [-0.5, true],
      [0.5, false],
    ] as const) {
      const sim = createSimulation(compiled.network, 1);
      run(sim, 40);
      const driving = vehiclesOn(sim, lane);
      const k = driving.findIndex(({ x }) => x < 150);
      const { vehicle, x, v, type } = driving[k];
      placeIncident(sim, lane, x + (v * v) / 2 / maxDeceleration[type] + spareM);
      run(sim, 120);
      expect(sim.vehicles.finished).toBe(passes ? vehicle + 1 : vehicle);
    }
  });

  test('a second one moves it, and it is brought within its lane', () => {
    const compiled = road('reference', 1);
    const lane = elementNamed(compiled, 'west-main_0');
    const sim = createSimulation(compiled.network, 1);
    placeIncident(sim, lane, 50);
    run(sim, 120);
    expect(vehiclesOn(sim, lane)[0].x).toBeLessThan(50);
    placeIncident(sim, lane, 1e9);
    const end = sim.network.elementLength[lane];
    expect(sim.closures!.incident[lane]).toBe(end - 1);
    run(sim, 120);
    const [first] = vehiclesOn(sim, lane);
    expect(first.x).toBeLessThan(end - 1);
    expect(first.x).toBeGreaterThan(end - 10);
    placeIncident(sim, lane, -5);
    expect(sim.closures!.incident[lane]).toBe(1);
    const { entered, finished } = sim.vehicles;
    run(sim, 120);
    // The lane empties, and nobody comes in: less than a minimum gap is left.
    expect(sim.vehicles.entered).toBe(entered);
    expect(sim.vehicles.finished).toBeGreaterThan(finished + 20);
  });

  test('whose rear would stand in the intersection waits at the stop line, so that others can cross', () => {
    const compiled = compile(crossing({ westVph: 600, northVph: 600 }));
    const [exit, approach] = ['main-east_0', 'west-main_0'].map((name) => elementNamed(compiled, name));
    const connector = elementNamed(compiled, 'main.west-thru:0>0');
    const south = elementNamed(compiled, 'main-south_0');
    const [length] = compiled.network.types.length;
    for (const [at, enters] of [
      [length - 0.1, false],
      [length + 4, true],
    ] as const) {
      const sim = createSimulation(compiled.network, 1);
      placeIncident(sim, exit, at);
      const crossed = new Set<number>();
      for (let k = 0; k < 600; k++) {
        cycle(sim, 30);
        step(sim);
        if (!enters) expect(vehiclesOn(sim, connector)).toEqual([]);
        for (const { vehicle } of vehiclesOn(sim, south)) crossed.add(vehicle);
      }
      expect(vehiclesOn(sim, exit).length > 0).toBe(enters);
      expect(vehiclesOn(sim, approach).length).toBeGreaterThan(20);
      expect(crossed.size).toBeGreaterThan(60);
    }
  });

  test('nobody yields to a driver whom one holds', () => {
    const { layout } = compile(crossing({ westVph: 900, northVph: 300 }));
    const intersections = layout.intersections.map((one) => ({ ...one, signal: null }));
    const compiled = compile({ ...layout, intersections });
    const [approach, south] = ['west-main_0', 'main-south_0'].map((name) => elementNamed(compiled, name));
    const sim = createSimulation(compiled.network, 1);
    const length = sim.network.elementLength[approach];
    placeIncident(sim, approach, length - 1);
    run(sim, 120);
    expect(vehiclesOn(sim, approach)[0].x).toBeGreaterThan(length - 8);
    // 300 vehicles an hour come from the north, and all cross.
    expect(passing(sim, [south], 600)[0]).toBeGreaterThan(48);
  });
});

/** As in `conservation.test.ts`: without merging nobody may overlap, whatever is closed and blocked. */
test.each(['reference', 'idm'] as const)(
  'no two overlap where nobody merges, with %s drivers',
  (carFollowing) => {
    for (const stepS of [0.1, 0.5, 1]) {
      const vehicles = { car: 0.5, truck: 0.2, bus: 0.1, motorcycle: 0.2 };
      const layout: Layout = crossing({ westVph: 900, northVph: 900, arrivals: 'poisson', vehicles, stepS });
      const vehicleTypes = layout.vehicleTypes.map((type) => ({ ...type, carFollowing }));
      const compiled = compile({ ...layout, vehicleTypes });
      const { network } = compiled;
      const ways = [
        ['west-main_0', 'main.west-thru:0>0', 'main-east_0'],
        ['north-main_0', 'main.north-thru:0>0', 'main-south_0'],
      ].map((way) => way.map((name) => elementNamed(compiled, name)));
      const draw = fc.sample(fc.array(work(900), { minLength: 60, maxLength: 60 }), {
        seed: 4,
        numRuns: 1,
      })[0];
      const sim = createSimulation(network, 3);
      const watch = new Watch(sim);
      let least = Infinity;
      for (let k = 0; k < 900 / stepS; k++) {
        for (const one of draw) {
          const way = ways[one.trip % 2];
          if (k === Math.round(one.step / stepS)) doWork(sim, one, one.road % 2 === 0 ? way[0] : way[2]);
        }
        cycle(sim, Math.round(25 / stepS));
        watch.before();
        step(sim);
        expect(watch.after()).toEqual([]);
        for (const way of ways) least = Math.min(least, leastGap(sim, way));
      }
      expect(least).toBeGreaterThan(0);
      expect(watch.held).toBeGreaterThan(500);
    }
  },
);

/** The least distance between two on a way of several elements, m. */
function leastGap(sim: Simulation, way: readonly number[]): number {
  const { elementLength, types } = sim.network;
  let least = Infinity;
  let ahead: number | null = null; // where the vehicle ahead ends
  let beyond = way.reduce((sum, e) => sum + elementLength[e], 0);
  for (const e of [...way].reverse()) {
    beyond -= elementLength[e];
    for (const { x, type } of vehiclesOn(sim, e)) {
      if (ahead !== null) least = Math.min(least, ahead - (beyond + x));
      ahead = beyond + x - types.length[type];
    }
  }
  return least;
}

describe('the state', () => {
  test('goes on from a snapshot in the middle of closures, to the same fingerprint at every step', () => {
    fc.assert(
      fc.property(city, works, fc.integer({ min: 20, max: 120 }), (draw, during, moment) => {
        const compiled = builtCity(draw);
        let sim = createSimulation(compiled.network, 1, { measures: draw.signals });
        const advance = (one: Simulation) => {
          for (const own of during) if (own.step === one.step) doWork(one, own, laneOf(compiled, own));
          cycle(one, 12);
          step(one);
          return fingerprint(one);
        };
        while (sim.step < moment) advance(sim);
        const whole = sim;
        sim = restoreSnapshot(compiled.network, takeSnapshot(whole));
        for (const column of ['closed', 'incident', 'watched'] as const)
          expect(sim.closures?.[column]).toEqual(whole.closures?.[column]);
        while (sim.step < 160) expect(advance(sim)).toBe(advance(whole));
      }),
      { seed: 10, numRuns: 60 },
    );
  });

  test('with a closed or blocked lane has another fingerprint', () => {
    const compiled = wideRoad(1500);
    const sim = createSimulation(compiled.network, 3);
    const [lane] = lanesOf(compiled, 'main-east');
    const open = fingerprint(sim);
    closeLane(sim, lane);
    const closed = fingerprint(sim);
    openLane(sim, lane);
    placeIncident(sim, lane, 10);
    const blocked = fingerprint(sim);
    placeIncident(sim, lane, 11);
    expect(new Set([open, closed, blocked, fingerprint(sim)]).size).toBe(4);
    clearIncident(sim, lane);
    expect(fingerprint(sim)).toBe(open);
  });

  test('holds nothing about closures until somebody asks for one, and only lanes can be closed', () => {
    const compiled = wideRoad(100);
    const sim = createSimulation(compiled.network, 1);
    run(sim, 30);
    expect(sim.closures).toBeNull();
    const connector = compiled.network.elementCount - 1;
    const all = [closeLane, openLane, clearIncident].map((change) => () => change(sim, connector));
    for (const change of [...all, () => placeIncident(sim, connector, 3)])
      expect(change).toThrow(`Element ${connector} is not a lane.`);
    expect(() => closeLane(sim, 1e6)).toThrow('Element 1000000 is not a lane.');
    expect(() => placeIncident(sim, 0, Number.NaN)).toThrow('lane 0 is not a number');
    expect(sim.closures).toBeNull();
  });
});
