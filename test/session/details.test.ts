import { expect, test } from 'vitest';
import { sidesOf } from '../../server/cli/sessionStudy.ts';
import { loadLayout } from '../../server/files/load.ts';
import type { IntersectionDetail, VehicleDetail } from '../../server/protocol/question.ts';
import type { Layout } from '../../server/scenario/layout.ts';
import { answer } from '../../server/session/answer.ts';
import { ready } from '../cli/greenwave.ts';
import { goTo, openSession, setupOf } from './sessions.ts';

/** What is told of one signal and of one trip, held against the run itself. */

test('each movement that waits has the wait of its own first vehicle, whoever stands before it on the lane', async () => {
  const session = await openSession();
  const intersection = session.worlds[0].sim.network.signalised.indexOf(1);
  let waiting = 0;
  for (let step = 60; step <= 900; step += 30) {
    goTo(session, step);
    const { movements } = answer(session, {
      kind: 'intersection',
      side: 0,
      intersection,
    }) as IntersectionDetail;
    for (const { vehicles, queue, firstWaitS } of movements) {
      expect(firstWaitS).toBeGreaterThanOrEqual(0);
      expect(firstWaitS).toBeLessThanOrEqual(step);
      if (vehicles === 0) expect(firstWaitS).toBe(0);
      // Who stands has lost time, and braking alone takes some.
      if (queue === vehicles && queue > 0) {
        expect(firstWaitS).toBeGreaterThan(0);
        waiting++;
      }
    }
  }
  expect(waiting).toBeGreaterThan(20);
});

test('a run knows whether another seed would be another one', async () => {
  const setup = setupOf({});
  const loaded = await loadLayout(ready('corridor'));
  const policies = new Map();
  const studyOf = (layout: Layout, demandScale = 1) =>
    sidesOf({ loaded: { ...loaded, layout }, flags: {}, policies })({ ...setup, demandScale }, 0);
  expect(studyOf(loaded.layout).seedMatters).toBe(true);
  const fixed = { ...loaded.layout, origins: [] };
  expect(studyOf(fixed).seedMatters).toBe(false);
  expect(studyOf(fixed, 1.5).seedMatters).toBe(true);
});

test('a vehicle has done the roads that lie behind it: none on its first, all when it has arrived', async () => {
  const session = goTo(await openSession(), 30);
  const vehicle = session.worlds[0].sim.vehicles.created - 1;
  const done: number[] = [];
  let detail: VehicleDetail;
  do {
    session.advance();
    detail = answer(session, { kind: 'vehicle', vehicle }) as VehicleDetail;
    const { state, roadsDone } = detail.sides[0];
    if (state === 'running' || state === 'finished') done.push(roadsDone);
  } while (detail.sides[0].state !== 'finished');
  expect(done[0]).toBe(0);
  expect(done.at(-1)).toBe(detail.route.length);
  expect(new Set(done.slice(0, -1))).toEqual(new Set(detail.route.map((_, k) => k)));
});
