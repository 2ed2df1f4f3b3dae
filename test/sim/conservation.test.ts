import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compile } from '../../server/scenario/compile.ts';
import { NEVER } from '../../server/sim/network.ts';
import { createSimulation, runningCount, type Simulation, step } from '../../server/sim/simulation.ts';
import { crossing, elementNamed, straightRoad, vehiclesOn } from '../networks.ts';
import { builtCity, type City, city } from './randomCity.ts';

/**
 * Nothing is lost and nothing is made up: identities in whole numbers that hold in every network and
 * every step, here in random small ones.
 */

/** Steps up to which vehicles are created, and by which all of them are gone in networks that do not jam. */
const ARRIVING = 60;
const EMPTY_BY = 3000;

/** Vehicles on lanes, on connectors, and waiting outside; each is in one place only. */
function placed(sim: Simulation): number {
  const seen = new Set<number>();
  let total = 0;
  for (let e = 0; e < sim.network.elementCount; e++) {
    for (const { vehicle } of vehiclesOn(sim, e)) {
      seen.add(vehicle);
      total++;
      expect(sim.vehicles.element[vehicle]).toBe(e);
    }
  }
  for (let e = 0; e < sim.network.elementCount; e++) {
    for (let v = sim.demand.waitingHead[e]; v >= 0; v = sim.vehicles.nextWaiting[v]) {
      seen.add(v);
      total++;
    }
  }
  expect(seen.size).toBe(total);
  return total;
}

/** Vehicles that are beyond the ends of their element, drive backward, or are not in order of place. */
function strays(sim: Simulation): string[] {
  const { network } = sim;
  const found: string[] = [];
  for (let e = 0; e < network.elementCount; e++) {
    vehiclesOn(sim, e).forEach(({ vehicle, x, v, type }, k, all) => {
      const inside = x >= 0 && x <= network.elementLength[e] && v >= 0 && v <= network.types.maxSpeed[type];
      if (!inside || (k > 0 && all[k - 1].x < x)) found.push(`${vehicle} on ${e}: ${x} m, ${v} m/s`);
    });
  }
  return found;
}

/** A city whose flows end after a while, so that it empties. */
function fading(draw: City, signals: boolean) {
  const built = builtCity({ ...draw, signals });
  const flows = built.layout.flows.map((flow) => ({ ...flow, endS: ARRIVING * draw.stepS }));
  return compile({ ...built.layout, flows });
}

test('created = waiting + running + finished, everybody is in one place, and in order, in every step', () => {
  fc.assert(
    fc.property(city, fc.array(fc.nat(5), { minLength: 1, maxLength: 8 }), (draw, requests) => {
      const { network } = builtCity(draw);
      const sim = createSimulation(network, 1);
      for (let k = 0; k < 120; k++) {
        for (let i = 0; i < network.intersectionCount; i++) {
          const phases = network.phases.starts[i + 1] - network.phases.starts[i];
          const request = requests[Math.floor(k / 7) % requests.length];
          if (phases > 0) sim.signals.wanted[i] = network.phases.starts[i] + (request % phases);
        }
        step(sim);
        const { created, entered, finished } = sim.vehicles;
        expect(created).toBe(sim.demand.waiting + runningCount(sim) + finished);
        expect(created - entered).toBe(sim.demand.waiting);
        if (k % 5 === 0) {
          expect(placed(sim)).toBe(created - finished);
          expect(strays(sim)).toEqual([]);
        }
      }
    }),
    { seed: 4, numRuns: 200 },
  );
});

/**
 * Little's law as it holds exactly on a run that starts and ends empty: the vehicles on the network,
 * counted after every step and summed, are the steps that vehicles spent there. A vehicle is first
 * counted after the step in which it entered, and no more after the one in which it finished, so it is
 * counted in finishedAt − enteredAt steps.
 */
test('the sum of N(t) over a run that ends empty is the sum of times on the network, to the step', () => {
  let emptied = 0;
  fc.assert(
    fc.property(city, fc.boolean(), (draw, signals) => {
      const { network } = fading(draw, signals);
      const sim = createSimulation(network, 1);
      let sum = 0;
      let outside = 0;
      for (let k = 0; k < EMPTY_BY; k++) {
        // Round and round through the phases, each long enough to be used.
        for (let i = 0; i < network.intersectionCount; i++) {
          const phases = network.phases.starts[i + 1] - network.phases.starts[i];
          if (phases > 0) sim.signals.wanted[i] = network.phases.starts[i] + (Math.floor(k / 20) % phases);
        }
        step(sim);
        sum += runningCount(sim);
        outside += sim.demand.waiting;
        if (k > ARRIVING && sim.vehicles.finished === sim.vehicles.created) break;
      }
      const { created, finished, createdAt, enteredAt, finishedAt } = sim.vehicles;
      fc.pre(created > 0 && finished === created); // some gridlock, as the reference model does
      let spent = 0;
      let waited = 0;
      for (let v = 0; v < created; v++) {
        expect(finishedAt[v]).not.toBe(NEVER);
        spent += finishedAt[v] - enteredAt[v];
        waited += enteredAt[v] - createdAt[v];
      }
      expect(sum).toBe(spent);
      expect(sim.vehicleUpdates).toBe(spent);
      expect(outside).toBe(waited);
      emptied++;
    }),
    { seed: 6, numRuns: 100 },
  );
  expect(emptied).toBe(100);
});

/** In networks without turns no two streams merge, and nobody ever overlaps. Elsewhere the reference model lets two merge side by side. */
test.each([0.1, 0.5, 1])('no two overlap where nobody merges, steps of %f s', (stepS) => {
  const vehicles = { car: 0.5, truck: 0.2, bus: 0.1, motorcycle: 0.2 };
  const compiled = compile(crossing({ westVph: 900, northVph: 900, arrivals: 'poisson', vehicles, stepS }));
  const { network, names } = compiled;
  const sim = createSimulation(network, 3);
  const main = names.intersection.indexOf('main');
  const ways = [
    ['west-main_0', 'main.west-thru:0>0', 'main-east_0'],
    ['north-main_0', 'main.north-thru:0>0', 'main-south_0'],
  ].map((way) => way.map((name) => elementNamed(compiled, name)));
  let least = Infinity;
  for (let k = 0; k < 900 / stepS; k++) {
    sim.signals.wanted[main] = network.phases.starts[main] + (Math.floor((k * stepS) / 25) % 2);
    step(sim);
    for (const way of ways) {
      let ahead: number | null = null; // where the vehicle ahead ends
      let beyond = way.reduce((sum, e) => sum + network.elementLength[e], 0);
      for (const e of [...way].reverse()) {
        beyond -= network.elementLength[e];
        for (const { x, type } of vehiclesOn(sim, e)) {
          if (ahead !== null) least = Math.min(least, ahead - (beyond + x));
          ahead = beyond + x - network.types.length[type];
        }
      }
    }
  }
  expect(least).toBeGreaterThan(0);
});

test('a vehicle alone is counted in every step from its entry to the one before its finish', () => {
  const { network } = compile(straightRoad(100, 1));
  const sim = createSimulation(network, 1);
  while (sim.vehicles.finished === 0) step(sim);
  const { enteredAt, finishedAt } = sim.vehicles;
  expect(sim.vehicleUpdates).toBe(finishedAt[0] - enteredAt[0]);
  expect(sim.step).toBe(finishedAt[0] + 1);
});
