import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { parseDocument } from 'yaml';
import { sidesOf } from '../../server/cli/sessionStudy.ts';
import { CONTROLLERS } from '../../server/control/registry.ts';
import type { SettingsGiven } from '../../server/control/settings.ts';
import { SignalEnvironment } from '../../server/environment/environment.ts';
import { loadLayout } from '../../server/files/load.ts';
import {
  loadPolicy,
  loadScenario,
  memoriesOf,
  type Operation,
  operate,
  type RunOptions,
  resumeRun,
  startRun,
  summarize,
  takeSnapshot,
} from '../../server/index.ts';
import { type Decider, EpisodeRuns } from '../../server/learning/episode.ts';
import { scorerOf } from '../../server/policy/policyFile.ts';
import { Session } from '../../server/session/session.ts';
import { fingerprint, formatFingerprint } from '../../server/sim/fingerprint.ts';
import type { Simulation } from '../../server/sim/simulation.ts';
import { CONTROLLER_NAMES } from '../../server/study/controllerNames.ts';
import { emptyFolder, greenwave, ready } from '../cli/greenwave.ts';
import { CONFIG, gridRoadnet, trip } from '../formats/gridCity.ts';
import { SHIPPED_POLICY } from '../session/sessions.ts';

/** The library, the command, sessions, environments and training put the same run together. */

const SCENARIOS = ['corridor', 'grid-4x4', 'irregular', 'isolated', 'oversaturated'];
const DURATION_S = 180;
const SEED = 3;

/** What the scenarios choose for controllers, none of it the standard. */
const SECTION: Readonly<Record<string, SettingsGiven>> = {
  'fixed-time': { cycleS: 77 },
  webster: { cycleS: 50 },
  'green-wave': { cycleS: 64 },
  'max-pressure': { holdVehicles: 3 },
  'efficient-max-pressure': { holdVehicles: 3 },
  'advanced-max-pressure': { weight: 0.2 },
  actuated: { passageS: 9, recall: 'all' },
};

/** Settings given over those: one is replaced, others stay. */
const GIVEN: Readonly<Record<string, SettingsGiven>> = {
  'fixed-time': { cycleS: 90 },
  webster: { cycleS: 90 },
  'green-wave': { cycleS: 90 },
  'max-pressure': { holdVehicles: 9 },
  'efficient-max-pressure': { holdVehicles: 9 },
  'advanced-max-pressure': { weight: 2 },
  actuated: { passageS: 1 },
};

const folder = emptyFolder();
const fileOf = (scenario: string) => join(folder, `${scenario}.yaml`);

beforeAll(() => {
  for (const scenario of SCENARIOS) {
    const file = parseDocument(readFileSync(ready(scenario), 'utf8'));
    file.set('durationS', DURATION_S);
    file.set('controllers', file.createNode(SECTION));
    writeFileSync(fileOf(scenario), file.toString());
  }
});

const printOf = (sim: Simulation) => formatFingerprint(fingerprint(sim));

function ended(operation: Operation): string {
  const { sim } = operation;
  while (sim.step * sim.network.stepS < DURATION_S) operate(operation);
  return printOf(sim);
}

async function byLibrary(file: string, options: RunOptions): Promise<string> {
  return ended(startRun(await loadScenario(file), { seed: SEED, ...options }));
}

function byCommand(file: string, controller: string, settings: SettingsGiven = {}): string {
  const sets = Object.entries(settings).flatMap(([key, value]) => ['--set', `${key}=${value}`]);
  const flags = ['--controller', controller, '--seed', String(SEED), ...sets, '--json'];
  const { stdout, stderr } = greenwave(['run', file, ...flags]);
  expect(stderr.replace(/^warning.*\n/gim, '')).toBe('');
  return JSON.parse(stdout).fingerprint;
}

async function bySession(file: string, scenario: string, controller: string): Promise<string> {
  const loaded = await loadLayout(file);
  const policies = new Map([['learned', loadPolicy(SHIPPED_POLICY)]]);
  const setup = { scenario, controllers: [controller], seed: SEED, demandScale: 1 };
  const session = new Session(sidesOf({ loaded, flags: {}, policies }), setup, []);
  while (session.step * session.stepS < DURATION_S) session.advance();
  return session.fingerprints()[0];
}

async function byTraining(file: string, controller: string): Promise<string> {
  const { layout } = await loadLayout(file);
  const policy = loadPolicy(SHIPPED_POLICY);
  const decider: Decider =
    controller === 'learned'
      ? { kind: 'scorer', scorer: scorerOf(policy) }
      : { kind: 'rule', rule: controller };
  const source = { kind: 'file', file: 0 } as const;
  const how = { group: '', protocol: 'scenario', seed: SEED, jitterS: 0, demandScale: 1 };
  return ended(new EpisodeRuns([layout], 'vehicles').begin({ source, ...how }, decider).operation);
}

describe.each(SCENARIOS)('%s', (scenario) => {
  test.each(CONTROLLER_NAMES)(
    '%s with settings of the scenario: library, command, session and training have one fingerprint',
    async (controller) => {
      const file = fileOf(scenario);
      // From the sources the library does not find the policy of the package.
      const policy = controller === 'learned' ? { policy: loadPolicy(SHIPPED_POLICY) } : {};
      const library = await byLibrary(file, { controller, ...policy });
      expect({
        command: byCommand(file, controller),
        session: await bySession(file, scenario, controller),
        training: await byTraining(file, controller),
      }).toEqual({ command: library, session: library, training: library });
    },
  );

  test.each(CONTROLLERS.map(({ name }) => name))(
    '%s with settings given over those of the scenario: library and command have one fingerprint',
    async (controller) => {
      const settings = GIVEN[controller];
      const file = fileOf(scenario);
      expect(byCommand(file, controller, settings)).toBe(await byLibrary(file, { controller, settings }));
    },
  );

  test('an environment whose agents keep their phases has the fingerprint of such a run', async () => {
    const { layout } = await loadLayout(fileOf(scenario));
    const environment = new SignalEnvironment(layout);
    let { infos } = environment.reset(SEED);
    for (let over = false; !over; ) {
      const outcome = environment.step(infos.map(({ phase }) => phase));
      over = outcome.truncated || outcome.terminated;
      ({ infos } = outcome);
    }
    const stay = () => ({ decide: ({ phase }: { readonly phase: number }) => phase });
    expect(printOf(environment.sim)).toBe(await byLibrary(fileOf(scenario), { controller: stay }));
  });
});

test('settings of the scenario and settings given change the run, so that losing either shows', async () => {
  for (const { name: controller } of CONTROLLERS) {
    const settings = GIVEN[controller];
    const runs = await Promise.all(
      SCENARIOS.map(async (scenario) => [
        await byLibrary(ready(scenario), { controller }),
        await byLibrary(fileOf(scenario), { controller }),
        await byLibrary(fileOf(scenario), { controller, settings }),
      ]),
    );
    const differs = runs.some((prints) => new Set(prints).size === 3);
    expect({ controller, differs }).toEqual({ controller, differs: true });
  }
});

test('actuated with a passage time of the scenario has the delay of the command in the library', async () => {
  const file = join(folder, 'passage.yaml');
  writeFileSync(
    file,
    `name: t
isolated: { lanes: 2 }
controllers: { actuated: { passageS: 15, recall: all } }
demand:
  west: { flowVph: 500, to: { east: 1 } }
  north: { flowVph: 300, to: { south: 1 } }
`,
  );
  const run = startRun(await loadScenario(file), { controller: 'actuated', seed: 1 });
  while (run.sim.step < 900) operate(run);
  const flags = ['--controller', 'actuated', '--seed', '1', '--duration-s', '900', '--json'];
  const command = JSON.parse(greenwave(['run', file, ...flags]).stdout);
  expect(printOf(run.sim)).toBe(command.fingerprint);
  expect(summarize(run.sim).averageDelayS).toBe(command.averageDelayS);
});

test('jitter, scaled demand, duration and perfect detection are the same in the library as on the command line', async () => {
  const file = fileOf('grid-4x4');
  const flags = ['--jitter-s', '60', '--demand-scale', '1.3', '--duration-s', '120', '--decision-s', '5'];
  const args = ['run', file, '--controller', 'webster', '--perfect-detection', ...flags, '--json'];
  const run = startRun(await loadScenario(file), {
    ...{ controller: 'webster', jitterS: 60, demandScale: 1.3, durationS: 120, decisionS: 5 },
    perfectDetection: true,
  });
  while (run.sim.step * run.sim.network.stepS < 120) operate(run);
  expect(printOf(run.sim)).toBe(JSON.parse(greenwave(args).stdout).fingerprint);
});

test.each([true, false])(
  'a CityFlow file with rlTrafficLight %s has the same protocol in the library as on the command line',
  async (rlTrafficLight) => {
    const file = join(emptyFolder(), 'config.json');
    const beside = (name: string) => join(dirname(file), name);
    writeFileSync(file, JSON.stringify({ ...CONFIG, dir: './', rlTrafficLight }));
    writeFileSync(beside('roadnet.json'), JSON.stringify(gridRoadnet({ columns: 1, rows: 1 })));
    const flows = [trip('road_0_1_0', 'road_1_1_0'), trip('road_1_0_1', 'road_1_1_1')];
    writeFileSync(beside('flow.json'), JSON.stringify(flows));
    const flags = ['--seed', String(SEED), '--duration-s', String(DURATION_S), '--json'];
    for (const controller of ['fixed-time', 'max-pressure']) {
      const command = JSON.parse(greenwave(['run', file, '--controller', controller, ...flags]).stdout);
      expect(command.protocol).toBe(rlTrafficLight ? 'literature-15' : 'scenario');
      expect(await byLibrary(file, { controller, durationS: DURATION_S })).toBe(command.fingerprint);
    }
  },
);

test.each(CONTROLLER_NAMES)('%s resumed with the same options ends as the whole run', async (controller) => {
  const scenario = await loadScenario(fileOf('irregular'));
  const policy = controller === 'learned' ? { policy: loadPolicy(SHIPPED_POLICY) } : {};
  const options = { controller, seed: SEED, demandScale: 1.2, ...policy };
  const whole = startRun(scenario, options);
  while (whole.sim.step < 97) operate(whole);
  const resumed = resumeRun(scenario, options, takeSnapshot(whole.sim), memoriesOf(whole));
  expect(ended(resumed)).toBe(ended(whole));
  const other = { ...options, decisionS: 7 };
  expect(() => resumeRun(scenario, other, takeSnapshot(whole.sim))).toThrow(/a decision every 7 s/);
});

test('an error of the library names options as a program writes them', async () => {
  const scenario = await loadScenario(ready('isolated'));
  const told = (options: RunOptions) => {
    try {
      startRun(scenario, options);
    } catch (error) {
      return (error as Error).message;
    }
    return 'nothing';
  };
  expect(told({ protocol: 'literature-15' })).toContain('Leave protocol out, and give decisionS');
  expect(told({ decisionS: 1.5 })).toContain('decisionS: 1.5 s is not a multiple');
  expect(told({ durationS: Number.NaN })).toContain('durationS: NaN is not a number of seconds');
  expect(told({ demandScale: 0 })).toContain('demandScale: 0 is out of range');
  expect(told({ jitterS: -1 })).toContain('jitterS: -1 s is out of range');
  expect(told({ seed: 0.5 })).toContain('seed: 0.5 is not a whole number');
  expect(told({ controller: 'actuated', settings: { passageS: 99 } })).toContain('actuated.passageS: 99');
  expect(told({ controller: () => ({ decide: () => 0 }), settings: { a: 1 } })).toContain('It has none');
  expect(told({ controller: {} as never })).toContain('Unknown controller an object');
  expect(told({ controller: null as never })).toContain('Unknown controller null');
  expect(told({ protocol: 5 as never })).toContain('Unknown protocol 5');
  expect(told({ durationS: '60' as never })).toContain('durationS: 60 is not a number of seconds');
  expect(told({ demandScale: '2' as never })).toContain('demandScale: "2" is out of range');
  const all = [
    { protocol: 'literature-15' },
    { protocol: 'mine' },
    { controller: 'actuated', protocol: 'literature-15' },
    { decisionS: 0.5 },
    { durationS: 0 },
    { controller: 'mine' },
  ].map(told);
  for (const message of all) expect(message).not.toMatch(/--|^nothing$/);
});
