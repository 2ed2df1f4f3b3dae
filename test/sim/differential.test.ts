import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Compiled, compile } from '../../server/scenario/compile.ts';
import type { ReferenceRules } from '../../server/scenario/layout.ts';
import { createSimulation, type Simulation, step } from '../../server/sim/simulation.ts';
import { vehiclesOn } from '../networks.ts';
import { PlainModel } from '../oracle/plainModel.ts';
import type { PlainElement } from '../oracle/plainNetwork.ts';
import { builtCity, type City, city, laneOf, type Work, work } from './randomCity.ts';
import { doWork } from './roadWorks.ts';

/**
 * The fast engine against the plain model, step by step and to the last bit, in random small networks:
 * short and long lanes, several kinds of drivers, heavy traffic, spillback, routes that come back, with
 * and without signals whose phases change at random, and lanes that are closed and blocked in the middle of it.
 */

const STEPS = 150;

/** What is where, element by element, in the words of the engine's indices. */
function engineState(sim: Simulation): string[] {
  return Array.from({ length: sim.network.elementCount }, (_, e) =>
    vehiclesOn(sim, e)
      .map(({ vehicle, x, v }) => `${vehicle} at ${x} m, ${v} m/s`)
      .join('; '),
  );
}

function plainState(elements: readonly PlainElement[]): string[] {
  return elements.map(({ vehicles }) =>
    vehicles.map(({ serial, x, v }) => `${serial} at ${x} m, ${v} m/s`).join('; '),
  );
}

/** The plain model's elements in the order of the engine's. */
function inEngineOrder({ network }: Compiled, model: PlainModel): PlainElement[] {
  const elements: PlainElement[] = [];
  model.network.lanes.forEach((lanes, r) => {
    lanes.forEach((lane, rank) => {
      elements[network.roadLanes.items[network.roadLanes.starts[r] + rank]] = lane;
    });
  });
  model.network.connectors.forEach((connectors, i) => {
    connectors.forEach((connector, rank) => {
      elements[network.connectors.items[network.connectors.starts[i] + rank]] = connector;
    });
  });
  return elements;
}

function doInModel(model: PlainModel, { kind, share }: Work, lane: PlainElement): void {
  if (lane.kind !== 'lane') throw new Error(`${lane.id} is not a lane.`);
  if (kind === 'close' || kind === 'open') model.setClosed(lane, kind === 'close');
  else model.setIncident(lane, kind === 'block' ? share * lane.length : null);
}

/** Where the two part ways, or '' if they do not. */
function firstDifference(
  draw: City,
  requests: readonly number[],
  works: readonly Work[] = [],
  reference?: ReferenceRules,
): string {
  const built = builtCity(draw);
  const compiled = reference === undefined ? built : compile({ ...built.layout, reference });
  const { network, names } = compiled;
  const sim = createSimulation(network, reference?.seed ?? 1);
  // Where several first lanes qualify, the plain model takes the first; on CityFlow's files it draws as CityFlow does.
  Object.assign(sim.demand.lanes, { next: () => 0 });
  const model = new PlainModel(compiled.layout);
  const elements = inEngineOrder(compiled, model);
  for (let k = 0; k < STEPS; k++) {
    for (let i = 0; i < network.intersectionCount; i++) {
      if (network.signalised[i] === 0) continue;
      // Every intersection changes in its own rhythm, and some seldom.
      const request = requests[(Math.floor(k / (3 + 5 * (i % 3))) + i) % requests.length];
      const phase = request % (network.phases.starts[i + 1] - network.phases.starts[i]);
      sim.signals.wanted[i] = network.phases.starts[i] + phase;
      model.setPhase(i, phase);
    }
    for (const one of works) {
      if (one.step !== k) continue;
      const lane = laneOf(compiled, one);
      doWork(sim, one, lane);
      doInModel(model, one, elements[lane]!);
    }
    step(sim);
    model.step();
    const ours = engineState(sim);
    const theirs = plainState(elements);
    const e = ours.findIndex((state, at) => state !== theirs[at]);
    if (e >= 0) return `step ${k}, ${names.element[e]}: ${ours[e]}\n  plain model: ${theirs[e]}`;
    const { created, finished } = sim.vehicles;
    const counts = [created, finished, sim.demand.waiting].join();
    const plainCounts = [model.vehicles.length, model.finishedCount, model.waitingCount].join();
    if (counts !== plainCounts) return `step ${k}: created, finished, waiting ${counts}, not ${plainCounts}`;
  }
  return '';
}

const DRIVER = {
  ...{ length: 5, maxSpeed: 11.111, maxAcceleration: 2, usualAcceleration: 2 },
  ...{ maxDeceleration: 4.5, usualDeceleration: 4.5, minGap: 2.5, headway: 2 },
};
const trip = (entry: number, ...turns: number[]) => ({ entry, turns, type: 0, intervalS: 4, startS: 0 });
const CITY = { rows: 1, columns: 1, spacingM: 45, lanes: 2, signals: false, stepS: 1, types: [DRIVER] };

/** Cases that once came out different, as small as they get. */
const ONCE_DIFFERENT: [City, number[]][] = [
  // On a connector longer than drivers look ahead, the first metres have conflicts too.
  [
    {
      ...{ ...CITY, columns: 2, approachM: 45, lanes: 3, types: [DRIVER, { ...DRIVER, maxSpeed: 9 }] },
      trips: [{ ...trip(14, 1, 0), type: 1 }, trip(23, 1)],
    },
    [0],
  ],
  // Faster on the connector than the exit lane allows: the driver brakes at the maximum, no harder.
  [
    { ...CITY, approachM: 64, stepS: 0.5, types: [{ ...DRIVER, maxSpeed: 60 / 3.6 }], trips: [trip(0, 1)] },
    [0],
  ],
  // The second of a lane becomes the first: who made it yield before that counts in a circle.
  [
    {
      ...{
        ...CITY,
        approachM: 52,
        types: [DRIVER, { ...DRIVER, maxAcceleration: 1.2, usualAcceleration: 0.84 }],
      },
      trips: [trip(23, 1, 0), trip(0, 0), { ...trip(21, 4), type: 3 }, trip(3, 0)],
    },
    [0],
  ],
];

test('the engine and the plain model agree to the last bit in random networks', () => {
  const requests = fc.array(fc.nat(5), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(city, requests, (draw, phases) => {
      expect(firstDifference(draw, phases)).toBe('');
    }),
    { seed: 2, numRuns: 250, examples: ONCE_DIFFERENT },
  );
});

const undrivable = fc.array(
  fc.record({ before: fc.nat(1), startS: fc.nat(60), endS: fc.oneof(fc.constant(-1), fc.nat(80)) }),
  { maxLength: 3 },
);

test('the engine and the plain model agree to the last bit with the draws and slips of CityFlow files', () => {
  const requests = fc.array(fc.nat(5), { minLength: 1, maxLength: 12 });
  const rules = fc.record({ seed: fc.integer(), undrivable });
  fc.assert(
    fc.property(city, requests, rules, (draw, phases, reference) => {
      expect(firstDifference(draw, phases, [], reference)).toBe('');
    }),
    { seed: 7, numRuns: 250 },
  );
});

const closing = (step: number, trip: number, road: number, rank: number): Work => ({
  ...{ step, trip, road, rank, kind: 'close', share: 0 },
});
const blocking = (step: number, trip: number, road: number, rank: number, share: number): Work => ({
  ...{ step, trip, road, rank, kind: 'block', share },
});
const GENTLE = { ...DRIVER, usualDeceleration: 2.7 };
const FAST = { ...GENTLE, maxSpeed: 60 / 3.6 };

/** Cases that random ones seldom are. */
const SELDOM: [City, number[], Work[]][] = [
  // Nobody comes from the north any more: who stands there sees a rear that is exactly at the merge.
  [
    {
      ...{ ...CITY, approachM: 111, lanes: 1, types: [DRIVER, { ...DRIVER, maxSpeed: 9 }] },
      trips: [{ ...trip(2, 4, 0), type: 1 }, trip(0, 0)],
    },
    [0],
    [closing(33, 0, 0, 0)],
  ],
  // A leader beyond a short lane is seen along the way that closures leave, and so is an incident.
  [
    {
      ...{ ...CITY, rows: 2, approachM: 45, types: [FAST] },
      trips: [
        trip(0, 0),
        { ...trip(19, 0), startS: 13 },
        { ...trip(0, 0), startS: 19 },
        { ...trip(0, 4, 5, 0), intervalS: 2, startS: 18 },
      ],
    },
    [0],
    [closing(0, 13, 3, 1), closing(0, 0, 0, 1)],
  ],
  [
    {
      ...{ ...CITY, columns: 3, approachM: 45, types: [FAST] },
      trips: [
        { ...trip(14, 4, 1, 0), intervalS: 7.3 },
        { ...trip(0, 0), intervalS: 7.3 },
      ],
    },
    [0],
    [closing(0, 2, 3, 0), blocking(0, 2, 3, 1, 0.02), closing(1, 0, 0, 0), blocking(1, 0, 0, 1, 0.02)],
  ],
  // Who has passed one incident looks out for the next.
  [
    {
      ...{ ...CITY, spacingM: 60, approachM: 79, types: [GENTLE] },
      trips: [trip(0, 0), { ...trip(0, 5), intervalS: 2 }, trip(0, 0)],
    },
    [0],
    [blocking(112, 0, 0, 1, 0), blocking(121, 1, 1, 1, 0)],
  ],
];

test('the engine and the plain model agree to the last bit while lanes are closed, opened, blocked and cleared', () => {
  const requests = fc.array(fc.nat(5), { minLength: 1, maxLength: 12 });
  const works = fc.array(work(STEPS), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(city, requests, works, (draw, phases, during) => {
      expect(firstDifference(draw, phases, during)).toBe('');
    }),
    { seed: 5, numRuns: 250, examples: SELDOM },
  );
});
