import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sidesOf } from '../../server/cli/sessionStudy.ts';
import { CONTROLLERS } from '../../server/control/registry.ts';
import { loadLayout } from '../../server/files/load.ts';
import { loadPolicy } from '../../server/files/policies.ts';
import type { Question } from '../../server/protocol/question.ts';
import type { Layout } from '../../server/scenario/layout.ts';
import { answer } from '../../server/session/answer.ts';
import { roadMapOf } from '../../server/session/roadMap.ts';
import { Session } from '../../server/session/session.ts';
import { emptyFolder, greenwave } from '../cli/greenwave.ts';
import { ODD_SIGNALS, oddFiles, oddLayout } from '../control/oddSignals.ts';
import { CONFIG } from '../formats/gridCity.ts';
import { laidOut } from '../networks.ts';
import { goTo, SHIPPED_POLICY } from './sessions.ts';

/** Signals with little to control, or nothing, in sessions, and in the commands that run, compare and explain. */

const policies = new Map([['learned', loadPolicy(SHIPPED_POLICY)]]);
const SIDES = [
  ['actuated', 'learned', 'max-pressure', 'fixed-time'],
  ['webster', 'green-wave', 'efficient-max-pressure', 'advanced-max-pressure'],
];

/** Answers to every question about every intersection; what has no answer says so in words. */
function askEverything(session: Session): void {
  const intersections = [...session.worlds[0].sim.network.signalised.keys()];
  const everywhere = intersections.flatMap((intersection): Question[] => [
    ...session.worlds.flatMap((_, side) =>
      (['intersection', 'why', 'counterfactual'] as const).map((kind) => ({ kind, side, intersection })),
    ),
    { kind: 'ribbons', intersection, fromStep: 0, toStep: session.step },
  ]);
  const others: Question[] = [
    { kind: 'service' },
    { kind: 'record' },
    { kind: 'time-space', fromStep: 0, toStep: session.step },
  ];
  for (const question of [...everywhere, ...others]) {
    try {
      expect(answer(session, question)).toBeDefined();
    } catch (error) {
      expect({ question, message: (error as Error).message }).toMatchObject({
        message: expect.stringMatching(/nothing to decide|no corridor|no signal/),
      });
    }
  }
}

function watch(layout: Layout): void {
  const loaded = { layout, format: 'scenario', controllersOnly: false, warnings: [] } as const;
  for (const controllers of SIDES) {
    const setup = { scenario: 'odd', controllers, seed: 1, demandScale: 1 };
    const session = new Session(sidesOf({ loaded, flags: {}, policies }), setup, []);
    expect(roadMapOf(session.worlds[0].study.compiled)).toBeDefined();
    askEverything(session);
    goTo(session, 45);
    askEverything(session);
    goTo(session, 20);
    askEverything(session);
  }
}

describe('a session of a signal with', () => {
  test.each(Object.entries(ODD_SIGNALS))('%s runs, goes back and answers', (_, signal) => {
    watch(oddLayout(signal));
  });
});

/** Phases that our own files may have, for the whole of a crossing. */
const PHASES = {
  'one phase without movements': [{}],
  'two phases without movements': [{}, {}],
  'a phase without movements between others': [
    { movements: ['west-thru', 'east-thru'] },
    {},
    { movements: ['north-thru', 'south-thru'] },
  ],
  'phases that all show the same': [{ movements: ['west-thru'] }, { movements: ['west-thru'] }],
  'right turns only': [{ movements: ['west-right', 'east-right'] }, { movements: ['north-right'] }],
  'permitted movements only': [{ permitted: ['west-left', 'east-thru'] }, { permitted: ['north-thru'] }],
  'one phase': [{ movements: ['west-thru', 'east-thru'] }],
};

describe('a session of our own file with', () => {
  test.each(Object.entries(PHASES))(
    '%s runs, goes back and answers, or the file is refused in words',
    (_, phases) => {
      const scenario = {
        ...{ name: 'odd', durationS: 300, isolated: { lanes: 2 }, intersections: { main: { phases } } },
        demand: { west: { flowVph: 200, turns: { left: 0.2, thru: 0.6, right: 0.2 } } },
      };
      let layout: Layout;
      try {
        layout = laidOut(scenario as Parameters<typeof laidOut>[0]);
      } catch (error) {
        expect((error as Error).message).toMatch(/intersections\.main\.phases/);
        return;
      }
      watch(layout);
    },
  );
});

describe('the commands on a CityFlow file with', () => {
  const odd = ['no movement, one phase', 'no movement, two phases', 'movements, one empty phase'];
  test.each([...odd, 'right turns only'])('%s run, compare and explain', async (name) => {
    const folder = emptyFolder();
    const files = oddFiles(ODD_SIGNALS[name]);
    const file = join(folder, 'config.json');
    writeFileSync(file, JSON.stringify({ ...CONFIG, dir: './' }));
    writeFileSync(join(folder, 'roadnet.json'), files.roadnet);
    writeFileSync(join(folder, 'flow.json'), files.flow);
    expect((await loadLayout(file)).format).toBe('cityflow');
    const own = ['--protocol', 'scenario', '--duration-s', '200'];
    for (const controller of [...CONTROLLERS.map((entry) => entry.name), 'learned']) {
      const { code, stderr } = greenwave(['run', file, '--controller', controller, ...own, '--json']);
      expect({ controller, code, stderr }).toMatchObject({
        code: 0,
        stderr: expect.not.stringMatching(/fault/),
      });
    }
    const out = join(folder, 'out');
    const compared = ['fixed-time,actuated,learned,webster,green-wave', '--seeds', '1', '--out', out];
    const comparison = greenwave(['compare', file, '--controllers', ...compared, ...own]);
    expect(comparison).toMatchObject({ code: 0, stderr: expect.not.stringMatching(/fault/) });
    const explained = greenwave(['explain', file, '--intersection', 'main', '--time-s', '50', ...own]);
    expect(explained.stderr).not.toMatch(/fault|TypeError/);
    expect([0, 2]).toContain(explained.code);
  });
});
