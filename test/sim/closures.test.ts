import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Compiled, compile } from '../../server/scenario/compile.ts';
import { clearIncident, closeLane, openLane, placeIncident } from '../../server/sim/closures.ts';
import { fingerprint } from '../../server/sim/fingerprint.ts';
import { createSimulation, type Simulation, step } from '../../server/sim/simulation.ts';
import { restoreSnapshot, takeSnapshot } from '../../server/sim/snapshot.ts';
import { crossing, elementNamed, laidOut, straightRoad, vehiclesOn } from '../networks.ts';
import { builtCity, city, laneOf, work } from './randomCity.ts';
import { cycle, doWork, passing, run } from './roadWorks.ts';

/**
 * Lanes closed while the traffic runs, and the state of closures. That every driver does what the rules say is shown in
 * `differential.test.ts`; here what one sees of it from the roadside.
 */

/** Where everybody is, and how fast, element by element. */
function everybody(sim: Simulation): string[] {
  return Array.from({ length: sim.network.elementCount }, (_, e) => JSON.stringify(vehiclesOn(sim, e)));
}

const works = fc.array(work(150), { minLength: 5, maxLength: 40 });

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

test('the queue before each movement is of those who are bound for it, when two lead to the same road', () => {
  const { layout } = wideRoad(1500);
  const intersections = layout.intersections.map((one) => ({
    ...one,
    // Each exit lane has a movement of its own, as CityFlow's files may have it.
    movements: one.movements.flatMap((movement) =>
      [0, 1, 2].map((lane) => ({
        ...movement,
        id: `${movement.id}-${lane}`,
        connectors: movement.connectors.filter(({ toLane }) => toLane === lane),
      })),
    ),
  }));
  const compiled = compile({ ...layout, intersections });
  const sim = createSimulation(compiled.network, 1, { byMovement: true });
  const exits = lanesOf(compiled, 'main-east');
  const queues = () => [...sim.measures!.movements!.queue].filter((count) => count > 0);
  for (const lane of exits) closeLane(sim, lane);
  run(sim, 120);
  expect(queues().length).toBe(3);
  const standing = queues().reduce((sum, count) => sum + count, 0);
  expect(standing).toBeGreaterThan(30);
  openLane(sim, exits[1]);
  expect(queues()).toEqual([standing]);
  expect(sim.measures!.queue).toBe(standing);
});

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
