import { describe, expect, test } from 'vitest';
import type { ControllerFactory } from '../../server/control/controller.ts';
import { createOperation, type Operation, operate } from '../../server/control/operation.ts';
import { PROTOCOLS, underProtocol } from '../../server/control/protocol.ts';
import { CONTROLLERS, type ControllerEntry } from '../../server/control/registry.ts';
import { type SettingsGiven, settingsOf } from '../../server/control/settings.ts';
import { type Compiled, compile } from '../../server/scenario/compile.ts';
import type { Layout } from '../../server/scenario/layout.ts';
import { fingerprint } from '../../server/sim/fingerprint.ts';
import type { Network } from '../../server/sim/network.ts';
import { runningCount } from '../../server/sim/simulation.ts';
import { longestWait } from '../../server/sim/summary.ts';
import { laidOut } from '../networks.ts';

/** What holds for every controller of the registry, and where one may differ, with the reason. */

/** By controller: why vehicles may wait at it for longer than the bound. */
export type Deviations = Readonly<Record<string, string>>;

/** No vehicle waits longer than this where the demand is well below capacity, s. */
const LONGEST_WAIT_S = 300;

const [OWN_RULES] = PROTOCOLS;

/** One answer: to whom it was given, and what it was. */
interface Answer {
  readonly intersection: number;
  readonly phaseCount: number;
  readonly phase: number;
}

/** A controller at work on a network that was made ready for it, with all that it answered. */
interface AtWork {
  readonly operation: Operation;
  readonly answers: Answer[];
}

/** Tests one controller of the registry. */
export function describeController(entry: ControllerEntry, deviations: Deviations): void {
  describe(entry.name, () => {
    test('answers a phase of its intersection, always', () => {
      const { operation, answers } = startWork(entry, fourLegs(1));
      run(operation, 600);
      expect(answers.length).toBeGreaterThan(10);
      expect(answers.filter(({ phase, phaseCount }) => !isPhase(phase, phaseCount))).toEqual([]);
    });

    test('gives the same answers to the same views', () => {
      const prints = [1, 2].map(() => {
        const { operation } = startWork(entry, fourLegs(1));
        return Array.from({ length: 400 }, () => {
          operate(operation);
          return fingerprint(operation.sim);
        });
      });
      expect(prints[1]).toEqual(prints[0]);
    });

    test('writes nothing to the simulation', () => {
      const written: number[] = [];
      const { operation } = startWork(entry, fourLegs(1), {}, (factory) => (view) => {
        const controller = factory(view);
        return {
          decide(seen) {
            const before = fingerprint(operation.sim);
            const phase = controller.decide(seen);
            if (fingerprint(operation.sim) !== before) written.push(operation.sim.step);
            return phase;
          },
        };
      });
      run(operation, 300);
      expect(written).toEqual([]);
    });

    // A policy is taken apart by `explain`.
    const tells = CONTROLLERS.includes(entry);
    test.runIf(tells)('says at any time why, and decides the same whether it was asked or not', () => {
      const asked = startWork(entry, fourLegs(1));
      const plain = startWork(entry, fourLegs(1));
      for (let step = 0; step < 400; step++) {
        for (const { view, controller, phases } of asked.operation.seats) {
          const { reason, phases: weighed } = controller.account!(view);
          expect(reason).toMatch(/^because .*[^.]$/);
          if (weighed.length > 0) expect(weighed).toHaveLength(phases.length);
          for (const { score, movements } of weighed) {
            expect(movements.reduce((sum, { value }) => sum + value, 0)).toBeCloseTo(score, 9);
          }
        }
        operate(asked.operation);
        operate(plain.operation);
        expect(fingerprint(asked.operation.sim)).toBe(fingerprint(plain.operation.sim));
      }
    });

    test('ignores other intersections', () => {
      // The streets cross far away from the first light and lead nowhere near it; the flows are the same.
      const [even, random] = (['uniform', 'poisson'] as const).map((arrivals) => {
        const work = startWork(entry, threeLights(arrivals));
        run(work.operation, 1200);
        return work;
      });
      const at = ({ answers }: AtWork, i: number) => answers.filter(({ intersection }) => intersection === i);
      const lights = [...new Set(even.answers.map(({ intersection }) => intersection))];
      expect(lights.length).toBe(3);
      expect(at(random, lights[0])).toEqual(at(even, lights[0]));
      expect(fingerprint(random.operation.sim)).not.toBe(fingerprint(even.operation.sim));
    });

    test.each([
      ['an empty network', 0],
      ['four times the traffic that fits', 4],
    ])('survives %s', (_, scale) => {
      const { operation, answers } = startWork(entry, fourLegs(scale));
      run(operation, 900);
      const { vehicles } = operation.sim;
      expect(answers.every(({ phase, phaseCount }) => isPhase(phase, phaseCount))).toBe(true);
      expect(runningCount(operation.sim)).toBe(vehicles.entered - vehicles.finished);
      if (scale > 0) expect(vehicles.finished).toBeGreaterThan(100);
    });

    const reason = deviations[entry.name];
    test(reason === undefined ? 'serves everybody in time' : `may let somebody wait: ${reason}`, () => {
      const { operation } = startWork(entry, quietSideStreet());
      run(operation, 1800);
      const { sim } = operation;
      let longest = 0;
      for (let v = 0; v < sim.vehicles.created; v++) {
        longest = Math.max(longest, longestWait(sim, sim.measures!, v) * sim.network.stepS);
      }
      if (reason === undefined) expect(longest).toBeLessThan(LONGEST_WAIT_S);
      else expect(longest).toBeGreaterThanOrEqual(LONGEST_WAIT_S);
    });

    test('prepares a copy of the network, and keeps minimum greens and change intervals', () => {
      const compiled = compile(fourLegs(1));
      const before = tablesOf(compiled.network);
      const { network } = prepared(entry, compiled, {});
      expect(tablesOf(compiled.network)).toEqual(before);
      const { phaseCount, split, minGreen, yellowChange, redClearance, maxGreen } = network;
      if (phaseCount === compiled.network.phaseCount) {
        expect({ minGreen, yellowChange, redClearance, maxGreen }).toEqual({
          minGreen: compiled.network.minGreen,
          yellowChange: compiled.network.yellowChange,
          redClearance: compiled.network.redClearance,
          maxGreen: compiled.network.maxGreen,
        });
      }
      for (let p = 0; p < phaseCount; p++) {
        expect(split[p]).toBeGreaterThanOrEqual(minGreen[p] + yellowChange[p] + redClearance[p]);
      }
    });

    test.skipIf(entry.settings.length === 0)('works with every setting at its limits', () => {
      for (const { key, min, max, choices } of entry.settings) {
        for (const value of choices ?? [min!, max!]) {
          const { operation, answers } = startWork(entry, fourLegs(1), { [key]: value });
          run(operation, 200);
          const wrong = answers.filter(({ phase, phaseCount }) => !isPhase(phase, phaseCount));
          expect(wrong, `${key} = ${value}`).toEqual([]);
        }
      }
    });

    test('says who stated it, and what each setting is', () => {
      expect(entry.source).not.toBe('');
      for (const { key, summary, standard } of entry.settings) {
        expect(summary).not.toBe('');
        expect(settingsOf(entry.settings, { [key]: standard }).problems).toEqual([]);
      }
    });
  });
}

function isPhase(phase: number, phaseCount: number): boolean {
  return Number.isInteger(phase) && phase >= 0 && phase < phaseCount;
}

function prepared(entry: ControllerEntry, { network, names, layout }: Compiled, given: SettingsGiven) {
  const { settings, problems } = settingsOf(entry.settings, given);
  expect(problems).toEqual([]);
  const occasion = { durationS: layout.durationS, names };
  return { settings, ...(entry.prepare?.(network, settings, occasion) ?? { network, facts: [] }) };
}

function startWork(
  entry: ControllerEntry,
  layout: Layout,
  given: SettingsGiven = {},
  watch: (factory: ControllerFactory) => ControllerFactory = (factory) => factory,
): AtWork {
  const { network, settings } = prepared(entry, compile(layout), given);
  const protocol = { ...OWN_RULES, decisionS: entry.decisionS };
  const factory = watch(entry.factory(protocol, settings));
  const answers: Answer[] = [];
  const noting: ControllerFactory = (view) => {
    const controller = factory(view);
    return {
      decide(seen) {
        const phase = controller.decide(seen);
        answers.push({ intersection: seen.intersection, phaseCount: seen.phaseCount, phase });
        return phase;
      },
      account: (seen) => controller.account!(seen),
    };
  };
  const options = { detectors: entry.sees === 'detectors' };
  return { operation: createOperation(underProtocol(network, protocol), noting, 3, options), answers };
}

function run(operation: Operation, steps: number): void {
  for (let k = 0; k < steps; k++) operate(operation);
}

/** Every table of a network, by name, as text. */
function tablesOf(network: Network): Record<string, string> {
  return Object.fromEntries(Object.entries(network).map(([key, table]) => [key, JSON.stringify(table)]));
}

/** Four approaches with a lane for each turn. */
function fourLegs(scale: number): Layout {
  const flow = (flowVph: number) => ({
    flowVph: flowVph * scale,
    turns: { left: 0.15, thru: 0.7, right: 0.15 },
  });
  return laidOut({
    name: 'four legs',
    durationS: 1800,
    isolated: { approachM: 300, lanes: 3, speedLimitKmh: 50 },
    demand: { west: flow(500), east: flow(450), north: flow(250), south: flow(300) },
  });
}

/** A full street with a plan to match, and now and then somebody from the side. */
function quietSideStreet(): Layout {
  const phase = (id: string, movements: readonly string[], permitted: readonly string[], splitS: number) => ({
    ...{ id, movements: [...movements], permitted: [...permitted], splitS },
  });
  return laidOut({
    name: 'quiet side street',
    durationS: 1800,
    isolated: { approachM: 300, lanes: 3, speedLimitKmh: 50 },
    intersections: {
      main: {
        phases: [
          phase('street', ['west-thru', 'east-thru'], ['west-right', 'east-right'], 60),
          phase('street-left', ['west-left', 'east-left'], [], 18),
          phase('side', ['north-thru', 'south-thru'], ['north-right', 'south-right'], 18),
          phase('side-left', ['north-left', 'south-left'], [], 18),
        ],
      },
    },
    demand: {
      west: { flowVph: 700, turns: { left: 0.05, thru: 0.9, right: 0.05 } },
      east: { flowVph: 700, turns: { left: 0.05, thru: 0.9, right: 0.05 } },
      north: { flowVph: 20, turns: { left: 0.2, thru: 0.6, right: 0.2 } },
      south: { flowVph: 20, turns: { left: 0.2, thru: 0.6, right: 0.2 } },
    },
  });
}

/** Three lights; at the third, traffic crosses that comes by none of the others. */
function threeLights(arrivals: 'uniform' | 'poisson'): Layout {
  const across = (k: number) => ({
    [`north-${k}`]: { flowVph: 250, to: { [`south-${k}`]: 1 } },
    [`south-${k}`]: { flowVph: 200, to: { [`north-${k}`]: 1 } },
  });
  return laidOut({
    name: 'three lights',
    durationS: 1200,
    corridor: { intersections: 3, spacingM: 300, approachM: 300, lanes: 2, sideLanes: 2, speedLimitKmh: 50 },
    demand: {
      west: { flowVph: 400, to: { east: 1 } },
      ...across(1),
      ...across(2),
      'north-3': { flowVph: 250, arrivals, to: { 'south-3': 1 } },
    },
  });
}
