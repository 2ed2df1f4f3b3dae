import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readEvent } from '../../server/live/door.ts';
import { type Limits, limitsFor } from '../../server/live/limits.ts';
import type { Refused } from '../../server/live/refused.ts';
import { PROTOCOL_VERSION, type Reply } from '../../server/protocol/events.ts';
import { connected, join, metricsOf, OPENING, opened, until, type ViewerSocket, watching } from './opened.ts';

/** What viewers say, at its worst: the server survives it, says what is wrong, and serves the others. */

const EVENTS = ['join', 'leave', 'seen', 'detail', 'command', 'ask'];

/** Without limits on how often, so that it is the messages that are tried. */
function unhurried(): Pick<Limits, 'rates' | 'packets' | 'receipts'> {
  const { rates } = limitsFor(false);
  const often = { times: 1_000_000, seconds: 10 };
  const all = Object.fromEntries(Object.keys(rates).map((kind) => [kind, often])) as never;
  return { rates: all, packets: often, receipts: often };
}

function send(socket: ViewerSocket, event: string, ...args: unknown[]): Promise<Reply> {
  return socket.timeout(10_000).emitWithAck(event as never, ...(args as never));
}

/** Messages that are nearly right, and what is put in their places. */
const GOOD = {
  join: { version: PROTOCOL_VERSION, detail: 'vehicles', heat: false, opening: OPENING, session: 'abc' },
  seen: 1,
  detail: { detail: 'lanes', heat: true },
  command: { kind: 'incident', lane: 'west-0', positionM: 10 },
  ask: { kind: 'ribbons', intersection: 0, fromStep: 0, toStep: 10 },
};
const oddValue = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    '',
    -1,
    1e308,
    0.5,
    [],
    {},
    true,
    '__proto__',
    'x'.repeat(5000),
    '\0',
    '../..',
  ),
  fc.jsonValue({ maxDepth: 4 }),
  fc.uint8Array({ maxLength: 50 }),
);
const oddMessage = fc.oneof(
  oddValue,
  fc.tuple(fc.constantFrom(...Object.values(GOOD)), fc.string(), oddValue).map(([good, key, value]) => {
    if (typeof good !== 'object') return value;
    const keys = Object.keys(good);
    return { ...good, [key.length > 3 ? key : keys[key.length % keys.length]]: value };
  }),
);

test('whatever comes with an event, the server answers, and another session goes on', async () => {
  const server = await opened({ limits: unhurried() });
  const other = await watching(server);
  const { socket } = await connected(server);
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...EVENTS),
      fc.array(oddMessage, { maxLength: 3 }),
      async (event, messages) => {
        const reply = await send(socket, event, ...messages);
        expect(typeof reply.ok).toBe('boolean');
        if (reply.ok) return;
        expect(reply.message).toMatch(/^.+[.]$/s);
        expect(JSON.stringify(reply)).not.toMatch(/\.ts|\.js|node:|\n +at /);
      },
    ),
    { numRuns: 400 },
  );
  expect(socket.connected).toBe(true);
  other.frames.length = 0;
  await until(() => other.frames.length >= 3);
  expect(await metricsOf(server)).not.toMatch(/^greenwave_faults_total/m);
});

test('without a function for the reply, or with something else in its place, nothing breaks', async () => {
  const server = await opened({ limits: unhurried() });
  const { socket, frames } = await watching(server);
  for (const event of [...EVENTS, 'error', 'nothing']) {
    for (const args of [
      [],
      [null],
      [undefined],
      ['a', 'b', 'c'],
      [{ kind: 'pause' }, null],
      [Buffer.alloc(9)],
    ]) {
      (socket.emit as (event: string, ...args: unknown[]) => void)(event, ...args);
    }
  }
  expect((await join(socket, { opening: OPENING })).ok).toBe(true);
  frames.length = 0;
  await until(() => frames.length >= 3);
});

test('what is wrong is said in words', () => {
  const told = (event: Parameters<typeof readEvent>[0], ...args: unknown[]) => {
    try {
      readEvent(event, args);
      return 'read';
    } catch (error) {
      return (error as Refused).message.replace(/ (Reload|Open) the page.*/, '');
    }
  };
  expect(told('seen', 'a')).toBe('seen is not as it should be (expected number).');
  expect(told('seen', -1)).toBe('seen is not as it should be (expected at least 0).');
  expect(told('seen', 1, 2)).toBe('seen takes one argument, not 2.');
  expect(told('detail', { detail: 'all', heat: true })).toBe(
    'detail.detail is not as it should be (expected one of vehicles, lanes).',
  );
  expect(told('command', { kind: 'fly' })).toBe(
    'command.kind is not as it should be (expected another value).',
  );
  expect(told('command', { kind: 'pause', now: 1 })).toBe(
    'command is not as it should be ("now" is not known).',
  );
  expect(told('leave', {})).toBe('leave is not as it should be (expected undefined).');
  expect(told('ask', JSON.parse('{"kind":"record","__proto__":{"ok":true}}'))).toContain('"__proto__"');
  expect(told('command', { kind: 'speed', speed: Number.POSITIVE_INFINITY })).toContain('expected number');
  expect(told('command', { kind: 'speed', speed: null })).toBe('read');
});

test('every message that the protocol knows is let in', () => {
  const lane = 'west-0';
  const messages = {
    join: [GOOD.join, { version: PROTOCOL_VERSION, detail: 'lanes', heat: true }],
    leave: [undefined],
    seen: [0, 0xffff_ffff],
    detail: [GOOD.detail],
    command: [
      ...['play', 'pause', 'restart'].map((kind) => ({ kind })),
      ...['close-lane', 'open-lane', 'clear-incident'].map((kind) => ({ kind, lane })),
      { kind: 'step', steps: 1 },
      { kind: 'speed', speed: 60 },
      { kind: 'seek', step: 0 },
      { kind: 'setup', setup: OPENING.setup },
      { kind: 'incident', lane, positionM: 0.5 },
      { kind: 'next-disagreement', side: 1, intersection: 3, rival: 'max-pressure' },
    ],
    ask: [
      ...['intersection', 'why', 'counterfactual'].map((kind) => ({ kind, side: 3, intersection: 0 })),
      { kind: 'vehicle', vehicle: 7 },
      ...['service', 'record'].map((kind) => ({ kind })),
      GOOD.ask,
      { kind: 'time-space', fromStep: 0, toStep: 1 },
    ],
  } as const;
  for (const [event, each] of Object.entries(messages)) {
    for (const message of each) {
      expect(readEvent(event as keyof typeof messages, [message]), JSON.stringify(message)).toEqual(message);
    }
  }
});

test('an event that the server does not know is refused, and who goes on is disconnected', async () => {
  const server = await opened();
  const { socket } = await connected(server);
  expect(await send(socket, 'shutdown', 1)).toEqual({
    ok: false,
    code: 'unknown',
    message: 'This server has no event "shutdown".',
  });
  expect(await send(socket, 'constructor')).toMatchObject({ ok: false, code: 'unknown' });
  const gone = new Promise((resolve) => socket.on('disconnect', resolve));
  let farewell = '';
  socket.on('bye', ({ message }) => {
    farewell = message;
  });
  for (let k = 0; k < 60; k++) (socket.emit as (event: string) => void)('shutdown');
  expect(await gone).toBe('io server disconnect');
  expect(farewell).toContain('does not understand');
  await connected(server);
});

test('what comes sooner than it is taken is refused in words, and only who floods is disconnected', async () => {
  const inTenSeconds = { ...limitsFor(false).rates, command: { times: 20, seconds: 10 } };
  const server = await opened({
    limits: { ticketsPerViewer: 1000, packets: unhurried().packets, rates: inTenSeconds },
  });
  const { socket } = await watching(server);
  const hurry = (times: number) =>
    Promise.all(Array.from({ length: times }, () => send(socket, 'command', { kind: 'pause' })));
  // Two keys in turn, as quickly as hands can.
  const replies = await hurry(100);
  expect(replies.at(-1)).toEqual({
    ok: false,
    code: 'busy',
    message: 'That was faster than the server takes it (20 commands in 10 seconds). Try again.',
  });
  expect(socket.connected).toBe(true);
  let farewell = '';
  socket.on('bye', ({ message }) => {
    farewell = message;
  });
  const gone = new Promise((resolve) => socket.on('disconnect', resolve));
  void hurry(150).catch(() => {});
  expect(await gone).toBe('io server disconnect');
  expect(farewell).toBe('Much more came from here than the server takes, for seconds on end.');
});

test('a message larger than may be ends the connection', async () => {
  const server = await opened();
  const other = await watching(server);
  const { socket } = await connected(server);
  const gone = new Promise((resolve) => socket.on('disconnect', resolve));
  (socket.emit as (event: string, text: string) => void)('join', 'x'.repeat(20_000));
  await gone;
  other.frames.length = 0;
  await until(() => other.frames.length >= 3);
});

test('commands, questions and changes of what is seen are limited in number', async () => {
  // In a minute in place of a second, however slow this machine is.
  const inAMinute = Object.entries(limitsFor(false).rates).map(([kind, rate]) => [
    kind,
    { ...rate, seconds: 60 },
  ]);
  const rates = Object.fromEntries(inAMinute) as Limits['rates'];
  const receipts = { ...limitsFor(false).receipts, seconds: 60 };
  const server = await opened({ limits: { ticketsPerViewer: 1000, rates, receipts } });
  const refusedOf = async (event: string, message: unknown, times: number) => {
    const { socket, session } = await watching(server);
    await join(socket, { session: session.id });
    const replies = await Promise.all(Array.from({ length: times }, () => send(socket, event, message)));
    socket.disconnect();
    return replies.filter((reply) => !reply.ok && reply.code === 'busy').length;
  };
  expect(await refusedOf('command', { kind: 'play' }, 25)).toBe(5);
  expect(await refusedOf('ask', { kind: 'record' }, 25)).toBe(5);
  expect(await refusedOf('detail', GOOD.detail, 8)).toBe(3);
  expect(await refusedOf('seen', 1, 210)).toBe(10);
});

test('a viewer has so many questions open at most', async () => {
  const server = await opened({ limits: { ticketsPerViewer: 3 } });
  const { socket } = await watching(server);
  const replies = await Promise.all(
    Array.from({ length: 5 }, (_, vehicle) => send(socket, 'ask', { kind: 'vehicle', vehicle })),
  );
  expect(replies.map((reply) => !reply.ok && reply.code === 'busy')).toEqual([
    false,
    false,
    false,
    true,
    true,
  ]);
});

test('who sends more than any page would is cut off', async () => {
  const { packets } = limitsFor(false);
  const server = await opened({ limits: { ...unhurried(), packets: { ...packets, seconds: 60 } } });
  const { socket } = await watching(server);
  const gone = new Promise((resolve) => socket.on('disconnect', resolve));
  for (let k = 0; k < 600; k++) socket.emit('seen', k);
  await gone;
  expect(server.logged.join('')).toContain('sends too often');
});

test('the name of a scenario leads nowhere but to the catalogue', async () => {
  const server = await opened({ limits: unhurried() });
  const { socket } = await watching(server);
  const names = [
    ...[
      '../corridor',
      '..%2fcorridor',
      '..',
      '.',
      '/etc/passwd',
      'corridor.yaml',
      'a/../corridor',
      'corridor\0',
    ],
    ...['%00', 'C:\\x', '\\\\host\\x', 'CORRIDOR', ' corridor', 'file:corridor', '__proto__', 'constructor'],
    ...['toString', 'a'.repeat(65), '', 'irregular'],
  ];
  for (const scenario of names) {
    const setup = { ...OPENING.setup, scenario };
    const replies = [
      await send(socket, 'join', { ...GOOD.join, session: 'none', opening: { ...OPENING, setup } }),
      await send(socket, 'command', { kind: 'setup', setup }),
    ];
    for (const reply of replies) expect(reply).toMatchObject({ ok: false });
    if (!replies[0].ok) expect(['shape', 'unknown']).toContain(replies[0].code);
  }
  const controllers = ['fixed-time', 'toString'];
  const reply = await send(socket, 'command', { kind: 'setup', setup: { ...OPENING.setup, controllers } });
  expect(reply).toMatchObject({ ok: false, code: 'unknown' });
  expect(server.threads.length).toBe(1);
});

test('a moment beyond the end of a scenario is none', async () => {
  const server = await opened();
  const { socket } = await connected(server);
  expect(await join(socket, { opening: { ...OPENING, timeS: 3601 } })).toMatchObject({
    ok: false,
    code: 'unknown',
  });
});
