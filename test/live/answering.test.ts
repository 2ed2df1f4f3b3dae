import { expect, test } from 'vitest';
import { Answering } from '../../server/live/answering.ts';
import { goTo, openSession } from '../session/sessions.ts';

/** What is asked of a session while it has something to do that takes long. */

test('long answers come one after another, quick ones and refusals before them', async () => {
  const session = goTo(await openSession({ scenario: 'grid-4x4', controllers: ['learned'] }), 300);
  const came: [number, string][] = [];
  const answering = new Answering(
    (ticket, answer) => came.push([ticket, 'horizonS' in answer ? `of ${answer.step}` : 'at once']),
    (ticket, error) => came.push([ticket, (error as Error).message]),
  );
  const [{ view }] = session.worlds[0].operation.seats;
  const minute = { kind: 'counterfactual', side: 0, intersection: view.intersection } as const;
  answering.ask(session, 1, minute);
  answering.ask(session, 2, { ...minute, side: 7 });
  answering.ask(session, 3, minute);
  answering.ask(session, 4, { kind: 'record' });
  answering.ask(session, 5, { kind: 'vehicle', vehicle: 999_999 });
  expect(came).toEqual([
    [4, 'at once'],
    [5, 'Vehicle 999999 has not been created yet.'],
  ]);
  let stretches = 0;
  for (; answering.isBusy; stretches++) {
    session.advance();
    answering.goOn();
  }
  expect(stretches).toBeGreaterThan(3);
  const [first, second, third] = came.slice(2);
  // Each is of the moment at which its turn came.
  expect(first).toEqual([1, 'of 300']);
  expect(second).toEqual([2, 'There is no side 8; there are 1.']);
  expect(third[0]).toBe(3);
  expect(Number(third[1].slice(3))).toBeGreaterThan(300);
});

test('only so many long answers wait; whoever asks for more is told so at once', async () => {
  const session = goTo(await openSession({ scenario: 'grid-4x4', controllers: ['learned'] }), 300);
  const [{ view }] = session.worlds[0].operation.seats;
  const [answered, refused]: [number[], number[]] = [[], []];
  const answering = new Answering(
    (ticket) => answered.push(ticket),
    (ticket, error) => {
      expect(String(error)).toContain('Try again');
      refused.push(ticket);
    },
  );
  const minute = { kind: 'counterfactual', side: 0, intersection: view.intersection } as const;
  for (let ticket = 1; ticket <= 50; ticket++) answering.ask(session, ticket, minute);
  expect(refused).toEqual(Array.from({ length: 46 }, (_, k) => k + 5));
  while (answering.isBusy) answering.goOn();
  expect(answered).toEqual([1, 2, 3, 4]);
  answering.ask(session, 51, minute);
  expect(answering.isBusy).toBe(true);
});
