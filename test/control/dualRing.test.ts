import fc from 'fast-check';
import { expect, test } from 'vitest';
import { actuated } from '../../server/control/actuated.ts';
import { movementsConflict } from '../../server/control/conflicts.ts';
import { withDualRings } from '../../server/control/dualRing.ts';
import { createOperation, operate } from '../../server/control/operation.ts';
import { PROTOCOLS, underProtocol } from '../../server/control/protocol.ts';
import { CONTROLLERS } from '../../server/control/registry.ts';
import { settingsOf } from '../../server/control/settings.ts';
import { startRun } from '../../server/index.ts';
import { compile } from '../../server/scenario/compile.ts';
import { type Network, SHOWN } from '../../server/sim/network.ts';
import { createSignals, INTERVAL, stepSignals } from '../../server/sim/signal.ts';
import { createTraffic } from '../../server/sim/traffic.ts';
import { laidOut } from '../networks.ts';
import { interlockWithout } from '../sim/mutant.ts';

/**
 * Two rings and their barriers: whatever a controller asks of either ring, and whatever detectors tell the
 * actuated one, only phases of one barrier group are green together, nothing that conflicts is, and every
 * change takes its intervals. A monitor watches from outside, by what is shown.
 */

const STEPS = 2000;

/** A four-leg (or T) intersection under dual rings, with protected lefts where they have a lane. */
function ringed(legs: 3 | 4, lanes: number, lefts: 'protected' | 'protected-permitted', walkers = false) {
  const approaches = (['north', 'east', 'south', 'west'] as const).slice(0, legs);
  const layout = laidOut({
    name: 'ringed',
    isolated: { approaches: [...approaches], lanes },
    ...(walkers && { signals: { pedestrians: { flowPph: 300 } } }),
  });
  const { network, phaseNames } = withDualRings(compile(layout).network, lefts);
  const i = network.signalised.indexOf(1);
  return { network, names: phaseNames!, i, rings: [i, network.ringPartner[i]] as const };
}

/** Sees what is shown at an intersection with two rings, and notes every rule that is broken. */
class RingMonitor {
  readonly violations: string[] = [];
  readonly pairs = new Set<string>();
  readonly #network: Network;
  readonly #i: number;
  readonly #conflicts: readonly (readonly [number, number])[];
  readonly #lastGreen = new Map<number, number>(); // by movement: the last step in which it was protected
  #step = 0;

  constructor(network: Network, i: number) {
    this.#network = network;
    this.#i = i;
    const { starts, items } = network.movements;
    const movements = Array.from(items.subarray(starts[i], starts[i + 1]));
    this.#conflicts = movements.flatMap((m) =>
      movements.filter((n) => movementsConflict(network, m, n)).map((n) => [m, n] as const),
    );
  }

  observe(shown: Uint8Array): void {
    const { network } = { network: this.#network };
    const given = new Map<number, number>();
    const { starts, items } = network.connectors;
    for (let k = starts[this.#i]; k < starts[this.#i + 1]; k++) {
      given.set(network.connectorMovement[items[k]], shown[items[k]]);
    }
    const isProtected = (m: number) => given.get(m) === SHOWN.protected;
    for (const [m, n] of this.#conflicts) {
      if (!isProtected(m)) continue;
      if (isProtected(n)) this.violations.push(`${m} and ${n} are both protected`);
      const change = this.#shortestChange(n);
      const since = this.#step - (this.#lastGreen.get(n) ?? -Infinity);
      if (since <= change) this.violations.push(`${m} began ${since - 1} steps after ${n}, not ${change}`);
    }
    for (const m of given.keys()) if (isProtected(m)) this.#lastGreen.set(m, this.#step);
    this.#step++;
  }

  /** Yellow change and red clearance of the phases that protect a movement, the shortest. */
  #shortestChange(m: number): number {
    const { phases, phaseMovements, yellowChange, redClearance } = this.#network;
    const serving = Array.from(
      phases.items.subarray(phases.starts[this.#i], phases.starts[this.#i + 1]),
    ).filter((p) =>
      phaseMovements.items.subarray(phaseMovements.starts[p], phaseMovements.starts[p + 1]).includes(m),
    );
    return Math.min(...serving.map((p) => yellowChange[p] + redClearance[p]));
  }
}

const intersection = fc.record({
  legs: fc.constantFrom<3 | 4>(4, 3),
  lanes: fc.integer({ min: 1, max: 4 }),
  lefts: fc.constantFrom<'protected' | 'protected-permitted'>('protected', 'protected-permitted'),
  seed: fc.integer({ min: 1, max: 1e9 }),
  fickleness: fc.constantFrom(1, 0.2, 0.03),
});
type Draw = typeof intersection extends fc.Arbitrary<infer T> ? T : never;

function draws(seed: number): (below: number) => number {
  let state = (seed % 2147483646) + 1;
  return (below) => {
    state = (state * 48271) % 2147483647;
    return Math.floor((state / 2147483647) * below);
  };
}

type Interlock = Pick<typeof import('../../server/sim/signal.ts'), 'createSignals' | 'stepSignals'>;

/** Random requests to both rings, most of them unreasonable; what the monitor says, and the pairs of phases seen green. */
function underRandomRequests(interlock: Interlock, { legs, lanes, lefts, seed, fickleness }: Draw) {
  const { network, names, rings, i } = ringed(legs, lanes, lefts);
  const signals = interlock.createSignals(network);
  const traffic = createTraffic(network);
  const monitor = new RingMonitor(network, i);
  const below = draws(seed);
  const pairs = new Set<string>();
  const greens: number[][] = [[], []];
  for (let k = 0; k < STEPS && monitor.violations.length === 0; k++) {
    for (const r of rings) {
      const { starts, items } = network.ringPhases;
      if (below(1000) < fickleness * 1000) {
        signals.wanted[r] = items[starts[r] + below(starts[r + 1] - starts[r])];
      }
    }
    interlock.stepSignals(network, signals, traffic);
    monitor.observe(signals.shown);
    const shownNow = rings.map((r) => (signals.interval[r] === INTERVAL.green ? signals.phase[r] : -1));
    rings.forEach((r, a) => {
      if (shownNow[a] >= 0) greens[a][0] = (greens[a][0] ?? 0) + 1;
      else if ((greens[a][0] ?? 0) > 0) {
        const p = signals.phase[r];
        if (greens[a][0] < network.minGreen[p]) monitor.violations.push(`${names[p]} was green too short`);
        greens[a][0] = 0;
      }
    });
    if (shownNow.includes(-1)) continue;
    const [p, q] = shownNow;
    if (network.phaseGroup[p] !== network.phaseGroup[q]) {
      monitor.violations.push(`${names[p]} and ${names[q]} are green on two sides of the barrier`);
    }
    pairs.add(`${names[p]}+${names[q]}`);
  }
  return { violations: monitor.violations, pairs };
}

const LEGAL_PAIRS = ['1+5', '1+6', '2+5', '2+6', '3+7', '3+8', '4+7', '4+8'];

test('random requests to both rings never show what conflicts, and cut no interval short', () => {
  fc.assert(
    fc.property(intersection, (draw) => {
      expect(underRandomRequests({ createSignals, stepSignals }, draw).violations).toEqual([]);
    }),
    { seed: 3, numRuns: 150 },
  );
});

test('all eight legal pairs of phases are reached, and no other', () => {
  const { pairs } = underRandomRequests(
    { createSignals, stepSignals },
    { legs: 4, lanes: 3, lefts: 'protected', seed: 5, fickleness: 0.2 },
  );
  expect([...pairs].sort()).toEqual(LEGAL_PAIRS);
});

test.each([
  { rule: 'crossing the barrier together', find: 'target === phaseGroup[wantedB]', replace: 'true' },
  {
    rule: 'waiting for the other ring to clear',
    find: 'if (crossing && !(clearA && clearB))',
    replace: 'if (false)',
  },
  { rule: 'crossing with the other ring only', find: 'phaseGroup[wantedA] === group)', replace: 'true)' },
])('without $rule the monitor trips', async ({ find, replace }) => {
  const broken = await interlockWithout(find, replace);
  const result = fc.check(
    fc.property(intersection, (draw) => underRandomRequests(broken, draw).violations.length === 0),
    { seed: 3, numRuns: 60, endOnFailure: true },
  );
  expect(result.failed).toBe(true);
});

/** Actuated control fed with made-up detectors: each changes its mind with a chance of its own. */
function underRandomDetectors({ legs, lanes, lefts, seed }: Draw, walkers: boolean, steps = STEPS) {
  const { network, names, rings, i } = ringed(legs, lanes, lefts, walkers);
  const entry = CONTROLLERS.find(({ name }) => name === 'actuated')!;
  const { settings } = settingsOf(entry.settings, { noActivityS: 0 });
  const ruled = underProtocol(network, PROTOCOLS[0]);
  const operation = createOperation(ruled, actuated(settings), 1, { detectors: true });
  const { sim } = operation;
  const detectors = sim.detectors!;
  const monitor = new RingMonitor(network, i);
  const below = draws(seed);
  const liveliness = Array.from(detectors.present, () => 1 + below(300));
  const pairs = new Set<string>();
  const served = new Map<number, number>(); // by phase: the last step in which it was green
  let longest = 0;
  for (let k = 0; k < steps; k++) {
    operate(operation);
    monitor.observe(sim.signals.shown);
    const { phase, interval } = sim.signals;
    for (const r of rings) if (interval[r] === INTERVAL.green) served.set(phase[r], k);
    if (rings.every((r) => interval[r] === INTERVAL.green)) {
      const [p, q] = rings.map((r) => phase[r]);
      if (network.phaseGroup[p] !== network.phaseGroup[q]) monitor.violations.push('across the barrier');
      pairs.add(`${names[p]}+${names[q]}`);
    }
    for (const [, last] of served) longest = Math.max(longest, k - last);
    detectors.present.forEach((now, d) => {
      if (below(1000) < liveliness[d]) detectors.present[d] = 1 - now;
      detectors.emptyS[d] = detectors.present[d] === 1 ? 0 : detectors.emptyS[d] + 1;
    });
  }
  const phaseCount = rings.reduce(
    (sum, r) => sum + network.ringPhases.starts[r + 1] - network.ringPhases.starts[r],
    0,
  );
  return { violations: monitor.violations, pairs, served, phaseCount, longest };
}

test('whatever detectors tell it, actuated control shows legal pairs only', () => {
  const reached = new Set<string>();
  fc.assert(
    fc.property(intersection, fc.boolean(), (draw, walkers) => {
      const { violations, pairs } = underRandomDetectors(draw, walkers, 600);
      expect(violations).toEqual([]);
      if (draw.legs === 4) for (const pair of pairs) reached.add(pair);
    }),
    { seed: 4, numRuns: 60 },
  );
  expect([...reached].sort()).toEqual(LEGAL_PAIRS);
});

test('with every detector calling all the time every phase is served, each within the others’ maximum greens', () => {
  const { network, names, rings } = ringed(4, 3, 'protected');
  const entry = CONTROLLERS.find(({ name }) => name === 'actuated')!;
  const { settings } = settingsOf(entry.settings, { maxGreenS: 20 });
  const stuck = { ...network.detectors, stuckOn: new Uint8Array(network.detectors.count).fill(1) };
  const ruled = underProtocol({ ...network, detectors: stuck }, PROTOCOLS[0]);
  const operation = createOperation(ruled, actuated(settings), 1, { detectors: true });
  const begun = new Map<number, number[]>();
  for (let k = 0; k < 1000; k++) {
    operate(operation);
    const { phase, interval, elapsed } = operation.sim.signals;
    for (const r of rings) {
      if (interval[r] !== INTERVAL.green || elapsed[r] !== 1) continue;
      begun.set(phase[r], [...(begun.get(phase[r]) ?? []), k]);
    }
  }
  expect([...begun.keys()].map((p) => names[p]).sort()).toEqual(['1', '2', '3', '4', '5', '6', '7', '8']);
  // Four phases a ring: 20 s of maximum green each from the step after its beginning, and the change intervals.
  const change = Math.max(...network.yellowChange) + Math.max(...network.redClearance);
  for (const times of begun.values()) {
    const cycles = times.slice(1).map((time, k) => time - times[k]);
    expect(Math.max(...cycles)).toBeLessThanOrEqual(4 * (1 + 20 + change));
  }
});

test('a file without change intervals gets usual ones, and is told so', () => {
  const { network } = compile(laidOut({ name: 'bare', isolated: { lanes: 3 } }));
  const none = () => new Int32Array(network.phaseCount);
  const bare = { ...network, yellowChange: none(), redClearance: none(), minGreen: none() };
  const { network: ringed, facts } = withDualRings(bare, 'as-planned');
  expect(new Set(ringed.yellowChange)).toEqual(new Set([3]));
  expect(new Set(ringed.redClearance)).toEqual(new Set([2]));
  expect(new Set(ringed.minGreen)).toEqual(new Set([5]));
  expect(facts).toEqual([expect.stringContaining('no change intervals')]);
  expect(withDualRings(network, 'as-planned').facts).toEqual([]);
});

test('a literature protocol, which prescribes phases, is refused to a controller that has its own', () => {
  const scenario = compile(laidOut({ name: 'bare', isolated: { lanes: 3 } }));
  expect(() => startRun(scenario, { controller: 'actuated', protocol: 'literature-15' })).toThrow(
    'actuated shows phases of its own',
  );
});
