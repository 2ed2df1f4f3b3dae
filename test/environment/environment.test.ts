import { expect, test } from 'vitest';
import { createOperation, operate } from '../../server/control/operation.ts';
import { PROTOCOLS, underProtocol } from '../../server/control/protocol.ts';
import { drawCity } from '../../server/environment/city.ts';
import { DetectorSight } from '../../server/environment/detectorSight.ts';
import { type EnvironmentOptions, SignalEnvironment } from '../../server/environment/environment.ts';
import { VehicleSight } from '../../server/environment/laneSight.ts';
import { loadScenario } from '../../server/files/load.ts';
import { bestPhase, Learned } from '../../server/policy/learned.ts';
import { scorePhases } from '../../server/policy/scorer.ts';
import { compile } from '../../server/scenario/compile.ts';
import type { Layout } from '../../server/scenario/layout.ts';
import { fingerprint, formatFingerprint } from '../../server/sim/fingerprint.ts';
import { summarize } from '../../server/sim/summary.ts';
import { ready } from '../cli/greenwave.ts';
import { crossing, laidOut } from '../networks.ts';
import { LINEAR } from './linearPolicy.ts';

/** The environment is the simulation: what is learned in it is what runs, and its ends and rewards are what they say. */

const busy = crossing({ westVph: 700, northVph: 500, arrivals: 'poisson' });

/** Plays an episode, each agent staying as it is unless told otherwise. */
function play(
  environment: SignalEnvironment,
  seed: number,
  choose?: (seen: Float64Array, phase: number) => number,
) {
  const rewards: number[] = [];
  let { observations, infos } = environment.reset(seed);
  for (;;) {
    const outcome = environment.step(
      infos.map(({ phase, actionMask }, agent) => {
        const wanted = choose?.(observations[agent], phase) ?? phase;
        return actionMask[wanted] === 1 ? wanted : phase;
      }),
    );
    rewards.push(...outcome.rewards);
    ({ observations, infos } = outcome);
    if (outcome.terminated || outcome.truncated) return { outcome, rewards, timeS: infos[0].timeS };
  }
}

const greedy = (seen: Float64Array, phase: number) =>
  bestPhase(scorePhases(LINEAR, seen, seen.length / LINEAR.linear.length), phase);

/** The fingerprint of a run under the policy as a controller. */
function learnedRun(
  layout: Layout,
  protocolName: string,
  sight: 'vehicles' | 'detectors',
  seed: number,
): string {
  const { network } = compile(layout);
  const protocol = PROTOCOLS.find(({ name }) => name === protocolName)!;
  const ruled = underProtocol(network, protocol);
  const lanes = sight === 'detectors' ? new DetectorSight() : new VehicleSight();
  const decisionS = ruled.decisionSteps * network.stepS;
  const operation = createOperation(ruled, (view) => new Learned(view, LINEAR, decisionS, lanes), seed, {
    detectors: sight === 'detectors',
  });
  while (operation.sim.step * network.stepS < layout.durationS) operate(operation);
  return formatFingerprint(fingerprint(operation.sim));
}

test.each([
  ['corridor', 'scenario', 'vehicles'],
  ['corridor', 'scenario', 'detectors'],
  ['literature', 'literature-15', 'vehicles'],
] as const)(
  'the best action at each step is the policy as a controller: %s, %s, %s',
  async (name, protocol, sight) => {
    const whole =
      name === 'literature' ? drawCity('literature', 5) : (await loadScenario(ready(name))).layout;
    const layout = { ...whole, durationS: 900 };
    const environment = new SignalEnvironment(layout, { protocol, sight });
    play(environment, 4, greedy);
    expect(formatFingerprint(fingerprint(environment.sim))).toBe(learnedRun(layout, protocol, sight, 4));
  },
);

test.each([
  ['isolated', '0x97e31db4'],
  ['corridor', '0x447f757a'],
  ['irregular', '0xe1e6b2a2'],
])(
  'what sees every vehicle gives these runs, whatever other sights there are: %s',
  async (name, expected) => {
    const { layout } = await loadScenario(ready(name));
    expect(learnedRun({ ...layout, durationS: 1200 }, 'scenario', 'vehicles', 1)).toBe(expected);
  },
);

test('a run of fixed length is truncated, on the second, and not terminated', () => {
  const environment = new SignalEnvironment(busy, { durationS: 100, decisionS: 15 });
  const { outcome, timeS } = play(environment, 1);
  expect(outcome).toMatchObject({ terminated: false, truncated: true });
  expect(timeS).toBe(100);
});

test('when everybody has arrived and nobody will come, it is terminated', () => {
  const city = laidOut({
    name: 'few',
    grid: { rows: 1, columns: 2, spacingM: 200, lanes: 1 },
    randomTrips: { vehicles: 12, durationS: 60, seed: 1 },
    durationS: 3600,
  });
  const environment = new SignalEnvironment(city);
  const { outcome, timeS } = play(environment, 1, greedy);
  expect(outcome).toMatchObject({ terminated: true, truncated: false });
  expect(timeS).toBeLessThan(1000);
  expect(summarize(environment.sim).vehicles).toMatchObject({ created: 12, finished: 12 });
});

test('rewards are queues, pressures and delays of the approaches', () => {
  const queue = new SignalEnvironment(busy, { durationS: 300, reward: 'queue' });
  const pressure = new SignalEnvironment(busy, { durationS: 300, reward: 'pressure' });
  queue.reset(2);
  pressure.reset(2);
  for (let k = 0; k < 300; k++) {
    const { rewards } = queue.step([0]);
    const { traffic, network } = queue.sim;
    const standing = network.approachLanes.items.reduce((sum, lane) => sum + traffic.halted[lane], 0);
    expect(rewards[0]).toBeCloseTo(-0.25 * standing, 12);
    expect(pressure.step([0]).rewards[0]).toBeCloseTo(-standing, 12); // nobody stands on an exit
  }
  expect(queue.sim.measures!.queue).toBeGreaterThan(10);
});

test('delays sum up to the run’s delay, whoever waits outside included', () => {
  // The first phase stays: the street from the north waits, at last far outside.
  const environment = new SignalEnvironment(crossing({ westVph: 300, northVph: 900, arrivals: 'poisson' }), {
    durationS: 900,
    reward: 'delay',
  });
  const { rewards } = play(environment, 3);
  const { averageDelayS, vehicles } = summarize(environment.sim);
  const { waiting } = environment.sim.demand;
  expect(waiting).toBeGreaterThan(100);
  const total = averageDelayS * vehicles.created;
  const given = -rewards.reduce((sum, reward) => sum + reward, 0);
  expect(given / total).toBeGreaterThan(0.98);
  expect(given / total).toBeLessThan(1.02);
});

test('masks keep to minimum green and to changes under way', () => {
  const environment = new SignalEnvironment(busy, { durationS: 60 });
  const masks = [[...environment.reset(1).infos[0].actionMask]];
  for (let k = 0; k < 12; k++) {
    const { infos } = environment.step([k < 5 ? 0 : 1]);
    masks.push([...infos[0].actionMask]);
  }
  const stay = [1, 0];
  const move = [0, 1];
  const free = [1, 1];
  // Minimum green 5 s; then a change of 3 and 2 s, and minimum green again.
  expect(masks).toEqual([...Array(5).fill(stay), free, ...Array(7).fill(move)]);
});

test('seeds decide the arrivals; without one the next follows', () => {
  const environment = new SignalEnvironment(busy, { durationS: 120 });
  const prints = [7, 8, 7].map((seed) => {
    play(environment, seed);
    return formatFingerprint(fingerprint(environment.sim));
  });
  expect(prints[0]).toBe(prints[2]);
  expect(prints[0]).not.toBe(prints[1]);
  environment.reset();
  expect(environment.sim.seed).toBe(8);
});

test('an observation has a name, a bound and a place for every value of each agent', async () => {
  const environment = new SignalEnvironment((await loadScenario(ready('irregular'))).layout);
  expect(environment.agents).toEqual(['market', 'station']);
  const { shape, names, high } = environment.observationSpace(1);
  expect(shape).toEqual([3, 26]);
  expect(names[26]).toBe('east-left.red.queue');
  expect(high[names.indexOf('street.present')]).toBe(1);
  expect(environment.actionSpace(1)).toMatchObject({ count: 3, names: ['street', 'east-left', 'south'] });
});

type Mistaken = readonly [string, (environment: SignalEnvironment) => unknown, RegExp];
const mistakes: readonly Mistaken[] = [
  ['a step before reset', (e) => e.step([0]), /before an episode has begun: call reset/],
  ['the simulation before reset', (e) => e.sim, /before an episode has begun: call reset/],
  ['a seed that is none', (e) => e.reset(1.5), /seed is 1.5: it must be a whole number/],
  ['too few actions', (e) => [e.reset(1), e.step([])], /Got 0 actions for 1 agents/],
  [
    'an action that is not there',
    (e) => [e.reset(1), e.step([2])],
    /"main" is given action 2 at 0 s: its actions are 0 to 1, as whole numbers \(0 "west-east", 1 "north-south"\)/,
  ],
  ['too many actions', (e) => [e.reset(1), e.step([0, 0])], /Got 2 actions for 1 agents: .*\("main"\)/],
  ['no list of actions', (e) => [e.reset(1), e.step(0 as never)], /Got 0 for actions: give a list/],
  ['no actions', (e) => [e.reset(1), e.step(undefined as never)], /Got undefined for actions: give a list/],
  ['a text of actions', (e) => [e.reset(1), e.step('0' as never)], /Got "0" for actions: give a list/],
  ['a Promise of actions', (e) => [e.reset(1), e.step(Promise.resolve([0]) as never)], /Got a Promise/],
  ...[-1, 0.5, Number.NaN, undefined, null, '0', true, [0], Promise.resolve(0), 0n].map(
    (action): Mistaken => [
      `an action that is ${typeof action} ${String(action)}`,
      (e) => [e.reset(1), e.step([0]), e.step([action as number])],
      /^Agent "main" is given action .* at 1 s: its actions are 0 to 1, as whole numbers/,
    ],
  ),
  [
    'a masked action',
    (e) => [e.reset(1), e.step([1])],
    /\("north-south"\) at 0 s, which its mask rules out: minimum green/,
  ],
  ['a step after the end', (e) => [play(e, 1), e.step([0])], /over: call reset/],
  ['an agent that is not there', (e) => e.actionSpace(3), /Agent 3 is asked for: there are 1/],
];

test.each(mistakes)('%s is refused', (_, make, message) => {
  expect(() => make(new SignalEnvironment(busy, { durationS: 30 }))).toThrow(message);
});

const options: readonly [EnvironmentOptions, RegExp][] = [
  [{ reward: 'speed' }, /Unknown reward "speed".\n {2}Rewards: queue, delay, pressure/],
  [{ protocol: 'mine' }, /Unknown protocol "mine"/],
  [{ sight: 'radar' as 'vehicles' }, /Unknown sight "radar"/],
  [{ decisionS: 1.5 }, /decisionS: 1.5 s is not a multiple of .* step \(1 s\).\n {2}Use 1 or 2/],
  [{ durationS: 0 }, /durationS: 0 s/],
  [{ demandScale: 0 }, /demandScale: 0 is out of range/],
  [{ jitterS: -1 }, /jitterS: -1 s is out of range/],
];

test.each(options)('options %o are refused', (given, message) => {
  expect(() => new SignalEnvironment(busy, given)).toThrow(message);
});

test('a network without a signal to decide on is refused', () => {
  const road = laidOut({
    name: 'road',
    isolated: { approaches: ['east', 'west'], approachM: 300, lanes: 1 },
    demand: { west: { flowVph: 100, to: { east: 1 } } },
  });
  expect(() => new SignalEnvironment(road)).toThrow(/No signal of "road" has two phases/);
});
