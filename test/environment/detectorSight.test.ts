import { expect, test } from 'vitest';
import type { ControllerFactory } from '../../server/control/controller.ts';
import { createOperation, type Operation, operate, resumeOperation } from '../../server/control/operation.ts';
import { PROTOCOLS, underProtocol } from '../../server/control/protocol.ts';
import { CONTROLLERS } from '../../server/control/registry.ts';
import { DetectorSight } from '../../server/environment/detectorSight.ts';
import { LANE_FEATURES } from '../../server/environment/features.ts';
import { VehicleSight } from '../../server/environment/laneSight.ts';
import { loadScenario } from '../../server/files/load.ts';
import { Learned } from '../../server/policy/learned.ts';
import { compile } from '../../server/scenario/compile.ts';
import { DETECTOR_PLACEMENT } from '../../server/scenario/compileRoadside.ts';
import type { DetectorFault, Layout } from '../../server/scenario/layout.ts';
import { randomStream } from '../../server/sim/random.ts';
import { takeSnapshot } from '../../server/sim/snapshot.ts';
import { summarize } from '../../server/sim/summary.ts';
import { ready } from '../cli/greenwave.ts';
import { crossing, elementNamed } from '../networks.ts';
import { LINEAR } from './linearPolicy.ts';

/** What detectors tell is enough to run a policy on, also where some are broken. */

const layouts = new Map<string, Layout>();
for (const name of ['isolated', 'corridor', 'irregular']) {
  layouts.set(name, (await loadScenario(ready(name))).layout);
}

function run(layout: Layout, factory: ControllerFactory, seed: number, decisionS = 1): Operation {
  const { network } = compile(layout);
  const ruled = underProtocol(network, PROTOCOLS[0], decisionS);
  const operation = createOperation(ruled, factory, seed, { detectors: true });
  while (operation.sim.step < layout.durationS) operate(operation);
  return operation;
}

/** The policy on detectors alone. */
function runBlind(layout: Layout, seed: number) {
  const sight = new DetectorSight();
  const { sim } = run(layout, (view) => new Learned(view, LINEAR, 1, sight), seed);
  return { sight, sim, summary: summarize(sim) };
}

function faulty(layout: Layout, faults: readonly DetectorFault[]): Layout {
  return { ...layout, detectors: { ...DETECTOR_PLACEMENT, faults } };
}

/** A share of all detectors with faults of one kind, or of all. */
function drawnFaults(layout: Layout, share: number, seed: number): DetectorFault[] {
  const stream = randomStream(seed, 'faults');
  const kinds = ['dropped', 'stuck-on', 'loses-counts'] as const;
  return compile(layout).network.detectors.names.flatMap((detector): DetectorFault[] => {
    if (stream.next() >= share) return [];
    const kind = kinds[Math.floor(stream.next() * 3)];
    return [kind === 'loses-counts' ? { detector, kind, rate: 0.3 } : { detector, kind }];
  });
}

/** Estimates beside the truth, of every lane at every decision of a run that sees all. */
function estimates(layout: Layout, decisionS: number, feature: string) {
  const at = LANE_FEATURES.findIndex(({ name }) => name === feature);
  const [sight, truth] = [new DetectorSight(), new VehicleSight()];
  const rows: [number, number][] = [];
  const watching: ControllerFactory = (view) => {
    const learned = new Learned(view, LINEAR, decisionS, truth);
    const [told, true_] = [new Float64Array(6), new Float64Array(6)];
    return {
      decide() {
        for (const lane of learned.observer.lanes) {
          told.fill(0);
          true_.fill(0);
          sight.see(view, lane, told, 0);
          truth.see(view, lane, true_, 0);
          rows.push([true_[at], told[at]]);
        }
        return learned.decide(view);
      },
    };
  };
  run(layout, watching, 1, decisionS);
  return { correlation: correlation(rows), error: mean(rows.map(([a, b]) => Math.abs(a - b))) };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function correlation(rows: readonly [number, number][]): number {
  const [a, b] = [mean(rows.map(([x]) => x)), mean(rows.map(([, y]) => y))];
  const product = mean(rows.map(([x, y]) => (x - a) * (y - b)));
  const spread = mean(rows.map(([x]) => (x - a) ** 2)) * mean(rows.map(([, y]) => (y - b) ** 2));
  return product / Math.sqrt(spread);
}

// Measured: correlation 0.94 to 0.96 and error 0.16 to 0.23 vehicles a lane on isolated, 0.89 to 0.93 and 0.12 to 0.14
// on corridor, 0.93 and 0.19 to 0.22 on irregular.
test.each([
  ['isolated', 1],
  ['isolated', 5],
  ['isolated', 15],
  ['corridor', 1],
  ['corridor', 15],
  ['irregular', 5],
])('queues are estimated on %s, looking every %i s', (name, decisionS) => {
  const { correlation: r, error } = estimates(layouts.get(name)!, decisionS, 'queue');
  expect(r).toBeGreaterThan(0.88);
  expect(error).toBeLessThan(0.25);
});

test('a queue that reaches back beyond its detectors is known to be long', () => {
  // 500 veh/h and a green for 200: some 40 stand there after half an hour, of which detectors see five.
  const layout = crossing({ westVph: 500, greenS: 12, cycleS: 120, arrivals: 'poisson' });
  const west = elementNamed(compile(layout), 'west-main_0');
  const fixedTime = CONTROLLERS[0].factory(PROTOCOLS[0], { cycleS: 0 });
  const sight = new DetectorSight();
  const told = new Float64Array(6);
  const rows: [number, number][] = [];
  const watching: ControllerFactory = (view) => {
    const own = fixedTime(view);
    return {
      decide() {
        told.fill(0);
        sight.see(view, west, told, 0);
        rows.push([view.queue(west), told[0]]);
        return own.decide(view);
      },
    };
  };
  run({ ...layout, durationS: 1800 }, watching, 1);
  const [after8Min, atEnd] = [rows[480][1], rows[1799]];
  expect(after8Min).toBeGreaterThan(15); // 42 in truth
  expect(atEnd[0]).toBeGreaterThan(35);
  expect(Math.abs(atEnd[1] - atEnd[0])).toBeLessThan(6);
});

// Measured: 0.69 on corridor, whose lanes are fed by signals; the mean flow alone comes to 0.34.
test('platoons are foreseen from the signal upstream', () => {
  expect(estimates(layouts.get('corridor')!, 1, 'within10').correlation).toBeGreaterThan(0.65);
});

const maxPressure = CONTROLLERS.find(({ name }) => name === 'max-pressure')!.factory(PROTOCOLS[0], {});

// Measured, means of five seeds, s of delay, all vehicles seen / detectors / a tenth broken / max-pressure:
// isolated 38 / 37 / 38 / 56, corridor 34 / 37 / 38 / 69, irregular 36 / 40 / 41 / 69.
test.each([
  ['isolated', 40, 42],
  ['corridor', 40, 42],
  ['irregular', 43, 50],
])('on %s it runs well, and no worse than that with a tenth broken', (name, most, mostBroken) => {
  const layout = layouts.get(name)!;
  const { averageDelayS: theirs } = summarize(run(layout, maxPressure, 1, 20).sim);
  const { summary } = runBlind(layout, 1);
  expect(summary.averageDelayS).toBeLessThan(most);
  const broken = [1, 2].map((seed) => runBlind(faulty(layout, drawnFaults(layout, 0.1, seed)), seed).summary);
  expect(mean(broken.map(({ averageDelayS }) => averageDelayS))).toBeLessThan(mostBroken);
  expect(mostBroken).toBeLessThan(theirs);
  // Nobody is forgotten: a lane that starved would keep its first vehicle for the rest of the hour.
  for (const { maxWaitS } of broken) expect(maxWaitS).toBeLessThan(600);
});

test('working detectors are believed, nearly always', () => {
  for (const layout of layouts.values()) {
    const sight = new DetectorSight();
    let [asked, doubted] = [0, 0];
    const watching: ControllerFactory = (view) => {
      const learned = new Learned(view, LINEAR, 1, sight);
      return {
        decide() {
          const wanted = learned.decide(view);
          for (const lane of learned.observer.lanes) {
            asked++;
            const { stop, advance } = sight.believed(lane)!;
            if (!stop || !advance) doubted++;
          }
          return wanted;
        },
      };
    };
    run(layout, watching, 2);
    expect(doubted / asked).toBeLessThan(0.02);
  }
});

test.each([
  ['dropped', 'stop'],
  ['dropped', 'advance'],
  ['stuck-on', 'stop'],
  ['stuck-on', 'advance'],
] as const)('a detector that is %s at the %s is found out', (kind, which) => {
  const layout = layouts.get('isolated')!;
  for (const lane of ['west-main_1', 'north-main_0']) {
    const broken = faulty(layout, [{ detector: `${lane}.${which}`, kind }]);
    const { sight, sim, summary } = runBlind({ ...broken, durationS: 1800 }, 3);
    const { detectors } = sim.network;
    const d = detectors.names.indexOf(`${lane}.${which}`);
    const e = detectors.starts.findIndex((first, k) => first <= d && d < detectors.starts[k + 1]);
    const other = which === 'stop' ? 'advance' : 'stop';
    expect(sight.believed(e)).toEqual({ [which]: false, [other]: true });
    expect(summary.averageDelayS).toBeLessThan(45);
  }
});

test('a lane of which no detector tells is served all the same', () => {
  const layout = layouts.get('isolated')!;
  const dead = faulty(layout, [
    { detector: 'west-main_1.stop', kind: 'dropped' },
    { detector: 'west-main_1.advance', kind: 'dropped' },
  ]);
  const { summary } = runBlind(dead, 4);
  expect(summary.averageDelayS).toBeLessThan(60);
  // With all of them dead it is a signal by the clock, and still lets everybody through.
  const blind = runBlind(faulty(layout, [{ detector: '*', kind: 'dropped' }]), 4);
  expect(blind.summary.vehicles.finished).toBeGreaterThan(0.85 * summary.vehicles.finished);
  expect(blind.summary.maxWaitS).toBeLessThan(900);
});

test('it can begin in the middle of a run', () => {
  const layout = layouts.get('isolated')!;
  const { network } = compile(layout);
  const ruled = underProtocol(network, PROTOCOLS[0]);
  const first = new DetectorSight();
  const before = createOperation(ruled, (view) => new Learned(view, LINEAR, 1, first), 5, {
    detectors: true,
  });
  while (before.sim.step < 900) operate(before);
  const sight = new DetectorSight();
  const wrong: number[] = [];
  const watching: ControllerFactory = (view) => {
    const learned = new Learned(view, LINEAR, 1, sight);
    return {
      decide() {
        const wanted = learned.decide(view);
        const { lanes, laneValues } = learned.observer;
        lanes.forEach((lane, l) => {
          wrong.push(Math.abs(laneValues[l * LANE_FEATURES.length] - view.queue(lane)));
        });
        return wanted;
      },
    };
  };
  const after = resumeOperation(ruled, watching, takeSnapshot(before.sim));
  while (after.sim.step < 1200) operate(after);
  expect(mean(wrong)).toBeLessThan(0.5);
  expect(Math.max(...wrong)).toBeLessThan(10);
});
