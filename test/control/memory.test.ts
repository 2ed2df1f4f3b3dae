import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import {
  createOperation,
  type Memories,
  memoriesOf,
  type Operation,
  operate,
  resumeOperation,
  resumeSeat,
} from '../../server/control/operation.ts';
import { PROTOCOLS, underProtocol } from '../../server/control/protocol.ts';
import { CONTROLLERS, type ControllerEntry } from '../../server/control/registry.ts';
import { type SettingsGiven, settingsOf } from '../../server/control/settings.ts';
import { learnedController } from '../../server/policy/learnedController.ts';
import { type Compiled, compile } from '../../server/scenario/compile.ts';
import { DETECTOR_PLACEMENT } from '../../server/scenario/compileRoadside.ts';
import type { DetectorFault, Layout } from '../../server/scenario/layout.ts';
import { fingerprint } from '../../server/sim/fingerprint.ts';
import { randomStream } from '../../server/sim/random.ts';
import { takeSnapshot } from '../../server/sim/snapshot.ts';
import { ready } from '../cli/greenwave.ts';
import { crossing, laidOut } from '../networks.ts';
import { madeUpPolicy } from '../policy/madeUp.ts';
import { counting } from './counting.ts';

/** A run goes on from a snapshot and what its controllers remember, at any moment, as if nobody had interrupted it. */

/** For how many steps a run is followed from where it was interrupted. */
const FOLLOWED = 600;

/** A shipped scenario; `rough`: with people on foot, and every fifth detector broken in some way. */
function scenario(name: string, rough: boolean): Layout {
  const draft = parse(readFileSync(ready(name), 'utf8'));
  if (!rough) return laidOut(draft);
  const layout = laidOut({ ...draft, signals: { ...draft.signals, pedestrians: { flowPph: 150 } } });
  const stream = randomStream(1, 'faults');
  const kinds = ['dropped', 'stuck-on', 'loses-counts'] as const;
  const faults = compile(layout).network.detectors.names.flatMap((detector): DetectorFault[] => {
    if (stream.next() >= 0.2) return [];
    const kind = kinds[Math.floor(stream.next() * 3)];
    return [kind === 'loses-counts' ? { detector, kind, rate: 0.3 } : { detector, kind }];
  });
  return { ...layout, detectors: { ...DETECTOR_PLACEMENT, faults } };
}

/** A controller with settings, under the name that tells them. */
type Way = readonly [name: string, entry: ControllerEntry, given: SettingsGiven];

const named = (name: string) => CONTROLLERS.find((entry) => entry.name === name)!;
const WAYS: readonly Way[] = [
  ...CONTROLLERS.map((entry): Way => [entry.name, entry, {}]),
  ['actuated, lefts permitted', named('actuated'), { lefts: 'protected-permitted', gapOut: 'all-lanes' }],
  ['actuated, coordinated', named('actuated'), { lefts: 'protected', coordination: 'on', recall: 'main' }],
  ['learned', learnedController(madeUpPolicy()), {}],
  ['learned on detectors', learnedController(madeUpPolicy(), { detectorsOnly: true }), {}],
];

/** Where, and the steps at which runs are interrupted. */
const PLACES: readonly (readonly [name: string, rough: boolean, moments: readonly number[]])[] = [
  ['isolated', false, [0, 1, 97, 338]],
  ['isolated', true, [338, 601]],
  ['corridor', false, [211, 420]],
  ['grid-4x4', true, [305]],
  ['irregular', false, [97]],
  ['irregular', true, [338, 601]],
];

const places = PLACES.map(([name, rough, moments]) => ({
  name: rough ? `${name}, with people on foot and broken detectors` : name,
  compiled: compile(scenario(name, rough)),
  moments,
}));
const cases = places.flatMap(({ name, compiled, moments }) =>
  WAYS.map(([way, entry, given]) => [name, way, { compiled, moments, entry, given }] as const),
);

/** A controller at the signals of a place: how its runs begin, and how they go on from a snapshot. */
function seated(compiled: Compiled, entry: ControllerEntry, given: SettingsGiven) {
  const protocol = { ...PROTOCOLS[0], decisionS: entry.decisionS };
  const { settings, problems } = settingsOf(entry.settings, given);
  expect(problems).toEqual([]);
  const occasion = { durationS: 3600, names: compiled.names };
  const { network } = entry.prepare?.(compiled.network, settings, occasion) ?? compiled;
  const ruled = underProtocol(network, protocol);
  const factory = () => entry.factory(protocol, settings);
  return {
    begin: () => createOperation(ruled, factory(), 7, { detectors: true }),
    resume: (snapshot: ArrayBuffer, memories?: Memories) =>
      resumeOperation(ruled, factory(), snapshot, memories),
    resumeOne: (k: number, snapshot: ArrayBuffer, memories: Memories) =>
      resumeSeat(ruled, factory(), snapshot, memories, k),
  };
}

/** Goes on for some steps; the fingerprint after each. */
function printsOf(operation: Operation, steps: number): number[] {
  return Array.from({ length: steps }, () => {
    operate(operation);
    return fingerprint(operation.sim);
  });
}

test.each(cases)(
  '%s under %s goes on to the same fingerprint at every step',
  (_, __, { compiled, moments, entry, given }) => {
    const { begin, resume } = seated(compiled, entry, given);
    const whole = begin();
    const prints: number[] = [];
    const kept: { step: number; snapshot: ArrayBuffer; memories: Memories }[] = [];
    for (const step of moments) {
      prints.push(...printsOf(whole, step - whole.sim.step));
      kept.push({ step, snapshot: takeSnapshot(whole.sim), memories: structuredClone(memoriesOf(whole)) });
    }
    prints.push(...printsOf(whole, FOLLOWED));
    const end = memoriesOf(whole);
    // Back to the moments, the last first, as somebody who looks for something does.
    for (const { step, snapshot, memories } of kept.reverse()) {
      const resumed = resume(snapshot, memories);
      expect(memoriesOf(resumed), `at step ${step}`).toEqual(memories);
      expect(printsOf(resumed, FOLLOWED), `from step ${step}`).toEqual(prints.slice(step, step + FOLLOWED));
      if (resumed.sim.step === whole.sim.step) expect(memoriesOf(resumed)).toEqual(end);
    }
  },
);

test.each(cases)('%s under %s: each controller answers alone as among all others', (_, __, place) => {
  const { compiled, moments, entry, given } = place;
  const { begin, resume, resumeOne } = seated(compiled, entry, given);
  const whole = begin();
  for (const step of moments) {
    while (whole.sim.step < step) operate(whole);
    const [snapshot, memories] = [takeSnapshot(whole.sim), structuredClone(memoriesOf(whole))];
    for (const k of whole.seats.keys()) {
      const among = resume(snapshot, memories).seats[k];
      const alone = resumeOne(k, snapshot, memories);
      expect(alone.ring).toBe(among.ring);
      expect(alone.controller.decide(alone.view), `seat ${k} at step ${step}`).toBe(
        among.controller.decide(among.view),
      );
    }
  }
});

test.each(['actuated', 'learned on detectors'])('%s needs its memory to go on', (name) => {
  const [, entry, given] = WAYS.find(([way]) => way === name)!;
  const { begin, resume } = seated(places[0].compiled, entry, given);
  const whole = begin();
  printsOf(whole, 300);
  // At some moments it remembers nothing that matters.
  const moments = Array.from({ length: 30 }, () => {
    const forgetful = resume(takeSnapshot(whole.sim));
    const prints = printsOf(whole, 10);
    return printsOf(forgetful, 10).some((print, k) => print !== prints[k]);
  });
  expect(moments).toContain(true);
});

test('what controllers remember goes on with a snapshot, and makes the same end', () => {
  const ruled = underProtocol(compile(crossing({ westVph: 500, northVph: 400 })).network, PROTOCOLS[0]);
  const end = (operation: ReturnType<typeof createOperation>) => {
    while (operation.sim.step < 400) operate(operation);
    return fingerprint(operation.sim);
  };
  const whole = createOperation(ruled, counting, 1);
  while (whole.sim.step < 123) operate(whole);
  const [snapshot, memories] = [takeSnapshot(whole.sim), memoriesOf(whole)];
  const [resumed, forgetful] = [memories, undefined].map((known) =>
    resumeOperation(ruled, counting, snapshot, known),
  );
  const own = end(whole);
  expect(end(resumed)).toBe(own);
  expect(end(forgetful)).not.toBe(own);
});
