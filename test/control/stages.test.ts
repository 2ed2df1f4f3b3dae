import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { movementsConflict } from '../../server/control/conflicts.ts';
import { createOperation, operate } from '../../server/control/operation.ts';
import { PROTOCOLS, underProtocol } from '../../server/control/protocol.ts';
import { withStages } from '../../server/control/stages.ts';
import type { View } from '../../server/control/view.ts';
import { compile } from '../../server/scenario/compile.ts';
import { type Network, NONE, type RaggedRows, SHOWN } from '../../server/sim/network.ts';
import { datasetLayout, hasDataset } from '../datasets.ts';
import { laidOut } from '../networks.ts';
import { ConflictMonitor } from '../sim/conflictMonitor.ts';
import { builtCity, city } from '../sim/randomCity.ts';

/**
 * The pairs of dual rings as phases of one ring: the right ones, and safe whatever is asked of them. A monitor
 * watches from outside, by what is shown; where people walk, another watches who drives over their crosswalks.
 */

const PEDESTRIANS = { flowPph: 400 };

function fourLegs(walkers = false) {
  return laidOut({
    name: 'four legs',
    isolated: { approachM: 300, lanes: 3 },
    ...(walkers && { signals: { pedestrians: PEDESTRIANS } }),
    demand: {
      west: { flowVph: 600, turns: { left: 0.2, thru: 0.6, right: 0.2 } },
      east: { flowVph: 500, turns: { left: 0.2, thru: 0.6, right: 0.2 } },
      north: { flowVph: 300, turns: { left: 0.3, thru: 0.5, right: 0.2 } },
      south: { flowVph: 300, turns: { left: 0.3, thru: 0.5, right: 0.2 } },
    },
  });
}

describe('four legs with protected lefts', () => {
  const { network, phaseNames, facts } = withStages(compile(fourLegs()).network);
  const i = network.signalised.indexOf(1);

  test('have NEMA’s eight pairs, in one ring', () => {
    expect(phaseNames).toEqual(['1+5', '1+6', '2+5', '2+6', '3+7', '3+8', '4+7', '4+8']);
    expect(facts).toEqual([]);
    expect(network.ringIntersection.length).toBe(network.intersectionCount);
    expect(network.ringPartner[i]).toBe(NONE);
  });

  test('give each pair what its two phases serve, and nothing that conflicts', () => {
    const protectedIn = (p: number) =>
      [...rowOf(network.phaseMovements, p)].filter((m) => shownTo(network, p, m) === SHOWN.protected);
    for (let p = 0; p < network.phaseCount; p++) {
      const row = protectedIn(p);
      expect(row.length).toBe(2);
      expect(row.filter((m) => row.some((n) => movementsConflict(network, m, n)))).toEqual([]);
    }
    // Either approach alone is what the scenario's own phases do not have: left and thru from one road.
    const [alone] = [protectedIn(phaseNames!.indexOf('1+6'))];
    expect(new Set(alone.map((m) => network.movementFrom[m])).size).toBe(1);
  });

  test('have the longer of what holds for the scenario’s phases that serve their movements', () => {
    const own = compile(fourLegs()).network;
    const count = own.phaseCount;
    const uneven = (least: number) => Int32Array.from({ length: count }, (_, p) => least + ((p * 3) % count));
    const rules = { minGreen: uneven(4), yellowChange: uneven(3), redClearance: uneven(1) };
    const planned = { ...own, ...rules };
    const staged = withStages(planned).network;
    for (let p = 0; p < staged.phaseCount; p++) {
      const served = [...rowOf(staged.phaseMovements, p)];
      const isServedIn = (q: number) =>
        served.some(
          (m) => shownTo(staged, p, m) === SHOWN.protected && shownTo(planned, q, m) === SHOWN.protected,
        );
      const sources = Array.from({ length: count }, (_, q) => q).filter(isServedIn);
      for (const column of ['minGreen', 'yellowChange', 'redClearance'] as const) {
        expect(staged[column][p], column).toBe(Math.max(...sources.map((q) => planned[column][q])));
      }
    }
  });

  test('are another network than under other phases, for snapshots', () => {
    expect(network.hash).not.toBe(compile(fourLegs()).network.hash);
  });
});

function rowOf({ starts, items }: RaggedRows, r: number): Int32Array {
  return items.subarray(starts[r], starts[r + 1]);
}

function shownTo(network: Network, p: number, movement: number): number {
  const i = network.movementIntersection[movement];
  const { starts, items } = network.connectors;
  const k = items
    .subarray(starts[i], starts[i + 1])
    .findIndex((c) => network.connectorMovement[c] === movement);
  return network.phaseShown[network.phaseShownStart[p] + k];
}

test('of two streets without left lanes each is one phase; approaches that face nobody go alone', () => {
  const named = (legs: readonly ('north' | 'east' | 'south' | 'west')[], lanes: number) =>
    withStages(compile(laidOut({ name: 'legs', isolated: { approaches: [...legs], lanes } })).network)
      .phaseNames;
  expect(named(['north', 'east', 'south', 'west'], 1)).toEqual(['2+6', '4+8']);
  expect(named(['north', 'east', 'south'], 3)).toEqual([
    expect.stringMatching(/^approach-\d+$/),
    '2+5',
    '2+6',
  ]);
});

/** Asks for any phase, again and again, and hardly ever for the one that would be sensible. */
function fickle(below: (n: number) => number, chance: number) {
  return (view: View) => {
    let asked = view.phase;
    return {
      decide: () => {
        if (below(1000) < chance * 1000) asked = below(view.phaseCount);
        return asked;
      },
    };
  };
}

function draws(seed: number): (below: number) => number {
  let state = (seed % 2147483646) + 1;
  return (below) => {
    state = (state * 48271) % 2147483647;
    return Math.floor((state / 2147483647) * below);
  };
}

/** What the monitors of all signals say of so many steps under random requests. */
function underRandomRequests(network: Network, seed: number, chance: number, steps: number) {
  const ruled = underProtocol(network, PROTOCOLS[0]);
  const operation = createOperation(ruled, fickle(draws(seed), chance), seed);
  const { sim } = operation;
  const lights = operation.seats.map(({ view }) => view.intersection);
  const monitors = lights.map((i) => new ConflictMonitor(network, i));
  const walkers = new WalkMonitor(network);
  for (let k = 0; k < steps; k++) {
    operate(operation);
    monitors.forEach((monitor, m) => {
      monitor.observe(sim.signals.shown, sim.signals.wanted[lights[m]], false);
    });
    if (sim.pedestrians !== null) walkers.observe(sim.signals.shown, sim.pedestrians.walkUntil, k);
  }
  const violations = [...monitors.flatMap((monitor) => monitor.violations), ...walkers.violations];
  return { violations, walks: walkers.walks };
}

/** Sees to it that nobody with right of way drives thru or left over a crosswalk before the last has crossed. */
class WalkMonitor {
  readonly violations: string[] = [];
  walks = 0; // crosswalks in steps of walk
  readonly #network: Network;
  readonly #clearUntil: Int32Array;
  readonly #foes: readonly (readonly number[])[]; // by crosswalk: connectors that drive over it

  constructor(network: Network) {
    const { crosswalks, connectorMovement, movementFrom, movementTo, movementPriority, connectors } = network;
    this.#network = network;
    this.#clearUntil = new Int32Array(crosswalks.count);
    this.#foes = Array.from({ length: crosswalks.count }, (_, c) => {
      const i = crosswalks.intersection[c];
      const all = [...connectors.items.subarray(connectors.starts[i], connectors.starts[i + 1])];
      return all.filter((connector) => {
        const m = connectorMovement[connector];
        const over = movementFrom[m] === crosswalks.roadIn[c] || movementTo[m] === crosswalks.roadOut[c];
        return over && movementPriority[m] !== 1;
      });
    });
  }

  observe(shown: Uint8Array, walkUntil: Int32Array, step: number): void {
    const clearance = Math.min(...this.#network.pedestrianClearance.filter((steps) => steps > 0));
    walkUntil.forEach((until, c) => {
      if (until > step) {
        this.walks++;
        this.#clearUntil[c] = until + clearance;
      }
      if (step >= this.#clearUntil[c]) return;
      const driving = this.#foes[c].filter((connector) => shown[connector] === SHOWN.protected);
      if (driving.length > 0) this.violations.push(`step ${step}: ${driving} drive over crosswalk ${c}`);
    });
  }
}

const requests = { seed: fc.integer({ min: 1, max: 1e9 }), chance: fc.constantFrom(1, 0.2, 0.03) };

test('random requests over a city’s stages show no conflict and cut no interval short', () => {
  const timings = fc.record({
    minGreenS: fc.integer({ min: 1, max: 8 }),
    yellowChangeS: fc.integer({ min: 1, max: 4 }),
    redClearanceS: fc.integer({ min: 0, max: 3 }),
  });
  fc.assert(
    fc.property(city, timings, fc.record(requests), (draw, times, { seed, chance }) => {
      const { network } = builtCity({ ...draw, signals: true, stepS: 1 }, times);
      expect(underRandomRequests(withStages(network).network, seed, chance, 200).violations).toEqual([]);
    }),
    { seed: 11, numRuns: 60 },
  );
});

test('nor do they drive anybody off a crosswalk', () => {
  const { network } = withStages(compile(fourLegs(true)).network);
  fc.assert(
    fc.property(fc.record(requests), ({ seed, chance }) => {
      const { violations, walks } = underRandomRequests(network, seed, chance, 600);
      expect(violations).toEqual([]);
      expect(walks).toBeGreaterThan(0);
    }),
    { seed: 12, numRuns: 20 },
  );
});

test.skipIf(!hasDataset('jinan1'))('CityFlow’s files, which know no change intervals, get usual ones', () => {
  const { network, facts, phaseNames } = withStages(compile(datasetLayout('jinan1')).network);
  expect(facts).toEqual([expect.stringContaining('no change intervals')]);
  expect(phaseNames!.slice(0, 4)).toEqual(['1+5', '1+6', '2+5', '2+6']);
  expect(new Set(network.yellowChange)).toEqual(new Set([3]));
  expect(new Set(network.changePhase)).toEqual(new Set([NONE]));
  expect(underRandomRequests(network, 5, 0.2, 100).violations).toEqual([]);
});
