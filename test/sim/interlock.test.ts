import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compile } from '../../server/scenario/compile.ts';
import type { Intersection, Layout, Phase } from '../../server/scenario/layout.ts';
import { type Network, NONE, SHOWN } from '../../server/sim/network.ts';
import * as interlock from '../../server/sim/signal.ts';
import { createSimulation, step } from '../../server/sim/simulation.ts';
import { COUNT, createTraffic, RECORD, type Traffic } from '../../server/sim/traffic.ts';
import { laidOut } from '../networks.ts';
import { ConflictMonitor } from './conflictMonitor.ts';
import { interlockWithout } from './mutant.ts';
import { builtCity, city } from './randomCity.ts';

/**
 * Whatever controllers ask, signals keep their promises: a million random requests at random
 * intersections with random phases and timings, watched by a conflict monitor. And the monitor is worth
 * something: each rule of the interlock is taken out in turn, and the monitor reports it.
 */

const REQUESTS = 1_000_000;
const STEPS = 4000;

type Interlock = Pick<typeof interlock, 'createSignals' | 'stepSignals'>;

/** What fast-check draws: an intersection, its phases, and a stream of requests. */
interface Trial {
  readonly legs: 3 | 4;
  readonly lanes: number;
  readonly phaseCount: number;
  readonly seed: number;
  /** Of the steps, how many bring a new request; the others repeat the last. */
  readonly fickleness: number;
  /** Of the lanes, how many are occupied. */
  readonly traffic: number;
}

const trial: fc.Arbitrary<Trial> = fc.record({
  legs: fc.constantFrom(4, 3),
  lanes: fc.integer({ min: 1, max: 3 }),
  phaseCount: fc.integer({ min: 2, max: 8 }),
  seed: fc.nat(),
  fickleness: fc.constantFrom(1, 0.3, 0.05, 0.01),
  traffic: fc.constantFrom(0.5, 0.02),
});

/** A small fast generator, for draws too many for fast-check (Park and Miller's). */
function draws(seed: number): (below: number) => number {
  let state = (seed % 2147483646) + 1;
  return (below) => {
    state = (state * 48271) % 2147483647;
    return Math.floor((state / 2147483647) * below);
  };
}

interface Main {
  readonly layout: Layout;
  /** Pairs of movements that conflict, as `m n`. */
  readonly conflicts: ReadonlySet<string>;
}

const drawn = new Map<string, Main>();

function intersectionOf(legs: number, lanes: number): Main {
  const key = `${legs} ${lanes}`;
  const known = drawn.get(key);
  if (known) return known;
  const approaches = (['north', 'east', 'south', 'west'] as const).slice(0, legs);
  const layout = laidOut({ name: 'main', isolated: { approaches: [...approaches], lanes } });
  const main = { layout, conflicts: movementConflicts(compile(layout).network) };
  drawn.set(key, main);
  return main;
}

/** Phases of random movements: protected as long as they do not conflict, permitted now and then. */
function randomPhases(
  { movements }: Intersection,
  conflicts: ReadonlySet<string>,
  count: number,
  below: (n: number) => number,
): Phase[] {
  return Array.from({ length: count }, (_, p) => {
    const greens: { movement: number; permitted: boolean }[] = [];
    const order = movements.map((_, m) => ({ m, key: below(1e6) })).sort((a, b) => a.key - b.key);
    for (const { m } of order) {
      if (below(4) === 0) continue;
      const clashes = greens.some((green) => !green.permitted && conflicts.has(`${green.movement} ${m}`));
      const permitted = clashes || below(5) === 0;
      if (!clashes || below(3) === 0) greens.push({ movement: m, permitted });
    }
    const minGreenS = 1 + below(8);
    return {
      ...{ id: `p${p}`, greens, minGreenS, maxGreenS: below(2) === 0 ? Infinity : minGreenS + below(15) },
      ...{ yellowChangeS: 1 + below(5), redClearanceS: below(4), splitS: 30 },
    };
  });
}

function movementConflicts({ crosses, connectorMovement, movementFrom, elementRoad }: Network): Set<string> {
  const pairs = new Set<string>();
  for (let e = 0; e < elementRoad.length; e++) {
    for (let k = crosses.starts[e]; k < crosses.starts[e + 1]; k++) {
      const [m, n] = [connectorMovement[e], connectorMovement[crosses.foe[k]]];
      if (movementFrom[m] !== movementFrom[n]) pairs.add(`${m} ${n}`);
    }
  }
  return pairs;
}

function trialNetwork({ legs, lanes, phaseCount, seed }: Trial): { network: Network; i: number } {
  const { layout, conflicts } = intersectionOf(legs, lanes);
  const i = layout.intersections.findIndex(({ boundary }) => !boundary);
  const phases = randomPhases(layout.intersections[i], conflicts, phaseCount, draws(seed));
  const intersections = layout.intersections.map((intersection, k) =>
    k === i ? { ...intersection, signal: { phases, offsetS: 0, changePhase: NONE } } : intersection,
  );
  return { network: compile({ ...layout, intersections }).network, i };
}

/** What the monitor reports of a trial under an interlock; `null` if the phases cannot be told apart. */
function violations({ createSignals, stepSignals }: Interlock, draw: Trial): string[] | null {
  const { network, i } = trialNetwork(draw);
  const monitor = new ConflictMonitor(network, i);
  if (!monitor.canTellPhases) return null;
  const signals = createSignals(network);
  const traffic = createTraffic(network);
  const below = draws(draw.seed + 1);
  const first = network.phases.starts[i];
  const count = network.phases.starts[i + 1] - first;
  for (let k = 0; k < STEPS; k++) {
    if (below(1000) < draw.fickleness * 1000) {
      const request = below(count + 1);
      signals.wanted[i] = request === count ? NONE : first + request;
      occupy(network, traffic, i, () => below(1000) < draw.traffic * 1000);
    }
    const wanted = signals.wanted[i];
    const waiting = someoneWaits(network, traffic, signals.shown, i);
    stepSignals(network, signals, traffic);
    monitor.observe(signals.shown, wanted, waiting);
    if (monitor.violations.length > 0) break;
  }
  return monitor.violations;
}

function occupy({ approachLanes }: Network, traffic: Traffic, i: number, occupied: () => boolean): void {
  for (let k = approachLanes.starts[i]; k < approachLanes.starts[i + 1]; k++) {
    traffic.record[approachLanes.items[k] * RECORD + COUNT] = occupied() ? 1 : 0;
  }
}

function someoneWaits(network: Network, { record }: Traffic, shown: Uint8Array, i: number): boolean {
  const { approachLanes, laneConnectors } = network;
  const lanes = approachLanes.items.subarray(approachLanes.starts[i], approachLanes.starts[i + 1]);
  return lanes.some((lane) => {
    const ways = laneConnectors.items.subarray(laneConnectors.starts[lane], laneConnectors.starts[lane + 1]);
    return record[lane * RECORD + COUNT] > 0 && ways.every((c) => shown[c] === SHOWN.red);
  });
}

test('a million random requests show no conflict and cut no interval short', () => {
  let requests = 0;
  fc.assert(
    fc.property(trial, (draw) => {
      const found = violations(interlock, draw);
      fc.pre(found !== null);
      expect(found).toEqual([]);
      requests += STEPS;
    }),
    { seed: 7, numRuns: REQUESTS / STEPS },
  );
  expect(requests).toBeGreaterThanOrEqual(REQUESTS);
});

test('nor does a whole simulation, with real traffic at the signals', () => {
  const timings = fc.record({
    minGreenS: fc.integer({ min: 1, max: 8 }),
    yellowChangeS: fc.integer({ min: 1, max: 4 }),
    redClearanceS: fc.integer({ min: 0, max: 3 }),
    maxGreenS: fc.constantFrom(9, 20, Infinity),
  });
  fc.assert(
    fc.property(city, timings, fc.nat(), (draw, times, seed) => {
      const { network } = builtCity({ ...draw, signals: true, stepS: 1 }, times);
      const sim = createSimulation(network, 1);
      const signalised = Array.from(network.signalised.keys()).filter((i) => network.signalised[i] === 1);
      const monitors = signalised.map((i) => new ConflictMonitor(network, i));
      const below = draws(seed);
      for (let k = 0; k < 200; k++) {
        const wanted = signalised.map((i) => {
          const { starts } = network.phases;
          if (below(5) === 0) sim.signals.wanted[i] = starts[i] + below(starts[i + 1] - starts[i]);
          return sim.signals.wanted[i];
        });
        const waiting = signalised.map((i) => someoneWaits(network, sim.traffic, sim.signals.shown, i));
        step(sim);
        monitors.forEach((monitor, m) => {
          monitor.observe(sim.signals.shown, wanted[m], waiting[m]);
        });
      }
      expect(monitors.flatMap((monitor) => monitor.violations)).toEqual([]);
    }),
    { seed: 8, numRuns: 60 },
  );
});

/** Each takes one rule out of the source text of the interlock. */
const MUTATIONS: readonly { readonly rule: string; readonly find: string; readonly replace: string }[] = [
  {
    rule: 'minimum green',
    find: 'return elapsed[r] >= minGreen[p] ? wanted[r] : NONE',
    replace: 'return wanted[r]',
  },
  { rule: 'yellow change', find: 'elapsed[r] >= yellowChange[p]', replace: 'true' },
  { rule: 'red clearance', find: 'elapsed[r] >= redClearance[p]', replace: 'true' },
  {
    rule: 'carrying a change through',
    find: 'phase[r] = next[r]',
    replace: 'phase[r] = wanted[r] < 0 ? next[r] : wanted[r]',
  },
  { rule: 'maximum green', find: 'elapsed[r] < maxGreen[p]', replace: 'true' },
  {
    rule: 'showing a phase its own movements only',
    find: 'return phaseShown[phaseShownStart[p] + k]',
    replace: 'return SHOWN.protected',
  },
  {
    rule: 'the coming green waiting for the change',
    find: 'before < after ? before : after',
    replace: 'after',
  },
];

test.each(MUTATIONS)('without $rule the monitor trips', async ({ find, replace }) => {
  const broken = await interlockWithout(find, replace);
  const result = fc.check(
    fc.property(trial, (draw) => (violations(broken, draw) ?? []).length === 0),
    { seed: 7, numRuns: 40, endOnFailure: true },
  );
  expect(result.failed).toBe(true);
});
