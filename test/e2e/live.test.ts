import type { Page } from 'playwright-core';
import { io, type Socket } from 'socket.io-client';
import { describe, expect, test } from 'vitest';
import { clock } from '../../server/protocol/clock.ts';
import { type ClientEvents, PROTOCOL_VERSION, type ServerEvents } from '../../server/protocol/events.ts';
import { decodeFrame } from '../../server/protocol/frame.ts';
import { VIEWER_SOCKET } from '../../server/protocol/parser.ts';
import type { RoadMap } from '../../server/protocol/roadMap.ts';
import type { SessionState, Status } from '../../server/protocol/session.ts';
import { inBrowser, openPage, serve, until, untilClock, untilText } from '../client/page.ts';
import { findBrowser, PATIENCE_MS } from './browser.ts';

/**
 * The live view from the program to the picture: a person at the page, and beside it a second viewer of the same session
 * who reads what is sent.
 */

const executablePath = findBrowser();
const MOMENT = '?scenario=corridor&seed=1&a=fixed-time&b=learned&t=900';
const MINUTE = 60;

type Viewer = Socket<ServerEvents, ClientEvents>;

describe.skipIf(executablePath === null)('watching live', () => {
  const real = inBrowser(executablePath);

  const open = (query: string, url = real.served.url) =>
    openPage(real.browser, url, query, { viewport: { width: 1280, height: 800 } });

  /** A second viewer of the session that a page shows. */
  async function beside(page: Page, url = real.served.url) {
    await until(page, `sessionStorage.getItem('greenwave.session')`);
    const id = String(await page.evaluate(`sessionStorage.getItem('greenwave.session').split(' ')[0]`));
    const socket: Viewer = io(url, { ...VIEWER_SOCKET, forceNew: true });
    const statuses: Status[] = [];
    const frames: ArrayBuffer[] = [];
    socket.on('status', (status) => statuses.push(status));
    (socket as unknown as Socket).on('frame', (data: Buffer) => {
      frames.push(new Uint8Array(data).buffer);
      socket.emit('seen', data.readUInt32LE(4));
    });
    await new Promise((resolve) => socket.once('welcome', resolve));
    const request = { version: PROTOCOL_VERSION, session: id, detail: 'vehicles', heat: false } as const;
    const reply = await socket.emitWithAck('join', request);
    if (!reply.ok) throw new Error(reply.message);
    statuses.push(reply.status);
    return { socket, session: reply.session as SessionState, statuses, frames };
  }

  /** Waits for a status of which something holds. @throws {Error} naming what did not come to hold, and the last status */
  async function status(statuses: readonly Status[], holds: (status: Status) => boolean): Promise<Status> {
    const end = Date.now() + PATIENCE_MS;
    for (;;) {
      const last = statuses.at(-1);
      if (last !== undefined && holds(last)) return last;
      if (Date.now() > end) throw new Error(`${holds} did not come to hold: ${JSON.stringify(last)}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  test('it opens on the corridor, moving: fixed time on the left, learned on the right, at 5×', async () => {
    const { page, close } = await open('');
    await page.waitForSelector('.play[aria-label="Pause"]');
    await page.waitForSelector('.speeds [aria-pressed=true]:has-text("5×")');
    const clock = () => page.textContent('.clock time');
    const before = await clock();
    await until(page, `document.querySelector('.clock time').textContent !== '${before}'`);
    const sides = await page.textContent('body');
    expect(sides).toMatch(/fixed time[\s\S]*learned/);
    await untilText(page, '.verdict p', 'same');
    await close();
  });

  test('both views are of one step, and of the same vehicles', async () => {
    const { page, close } = await open(MOMENT);
    await untilClock(page, '0:15:00');
    const { socket, session, frames, statuses } = await beside(page);
    await page.keyboard.press('.');
    await status(statuses, ({ step }) => step === 901);
    await until(page, `document.querySelector('.clock time').textContent === '0:15:01'`);
    const map = (await (await fetch(real.served.url + session.map)).json()) as RoadMap;
    const shape = { laneCount: map.lanes.name.length, connectorCount: map.connectors.from.length };
    const frame = frames.map((data) => decodeFrame(data, shape)).find(({ step }) => step === 901)!;
    if (frame.kind !== 'vehicles') throw new Error('It is a frame of vehicles.');
    const [a, b] = frame.worlds.map(({ ids }) => [...ids]);
    expect(a.length).toBeGreaterThan(20);
    // Who is seen on one side and not on the other has finished there, or waits outside.
    for (const vehicle of [...new Set([...a, ...b])].sort((c, d) => c - d).slice(0, 30)) {
      await new Promise((resolve) => setTimeout(resolve, 60)); // so often may be asked
      const reply = await socket.emitWithAck('ask', { kind: 'vehicle', vehicle });
      if (!reply.ok) throw new Error(reply.message);
      const { sides } = reply.answer as unknown as { sides: { state: string }[] };
      [a, b].forEach((ids, k) => {
        expect([vehicle, k, sides[k].state === 'running']).toEqual([vehicle, k, ids.includes(vehicle)]);
        expect(sides[k].state).not.toBe('not-created');
      });
    }
    socket.disconnect();
    await close();
  });

  test('pause stops the step; five minutes back and forth end at the same fingerprint', async () => {
    const { page, close } = await open(`${MOMENT}&run=1&x=5`);
    await page.waitForSelector('.play[aria-label="Pause"]');
    const { socket, statuses } = await beside(page);
    await status(statuses, ({ step }) => step > 902);
    await page.keyboard.press(' ');
    const paused = await status(statuses, ({ running, fingerprints }) => !running && fingerprints !== null);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(statuses.at(-1)!.step).toBe(paused.step);
    await untilClock(page, clock(paused.step));
    for (let k = 0; k < 5; k++) await page.keyboard.press('[');
    const back = await status(
      statuses,
      ({ step, fingerprints }) => step === paused.step - 5 * MINUTE && fingerprints !== null,
    );
    expect(back.fingerprints).not.toEqual(paused.fingerprints);
    for (let k = 0; k < 5; k++) await page.keyboard.press(']');
    const forth = await status(
      statuses,
      ({ step, fingerprints }) => step === paused.step && fingerprints !== null,
    );
    expect(forth.fingerprints).toEqual(paused.fingerprints);
    socket.disconnect();
    await close();
  });

  test('why: a sentence, a score for each phase, what others would choose, and what another phase comes to', async () => {
    const { page, close } = await open(`${MOMENT}&at=i3&side=b`);
    await untilClock(page, '0:15:00');
    await page.keyboard.press('2');
    await untilText(page, '.place', 'under learned');
    for (let k = 0; k < 60; k++) {
      await untilText(page, '.why .facts', clock(900 + k));
      if (await page.$('.why :text("What if it chose another phase?")')) break;
      await page.keyboard.press('.');
    }
    const why = String(await page.textContent('.why'));
    expect(why).toMatch(/i3/);
    expect(why).toMatch(/2\+6/);
    expect(why).toMatch(/max pressure/);
    await page.click('button:text-is("What if it chose another phase?")');
    await untilText(page, '.why', 'everywhere');
    await close();
  });

  test('a vehicle is ringed on both sides, followed, and stays in the link', async () => {
    const { page, close } = await open(`${MOMENT}&panel=trip`);
    await untilClock(page, '0:15:00');
    const { socket, frames, session } = await beside(page);
    await page.keyboard.press('.');
    await until(page, `document.querySelector('.clock time').textContent === '0:15:01'`);
    const map = (await (await fetch(real.served.url + session.map)).json()) as RoadMap;
    const shape = { laneCount: map.lanes.name.length, connectorCount: map.connectors.from.length };
    const frame = decodeFrame(frames.at(-1)!, shape);
    if (frame.kind !== 'vehicles') throw new Error('It is a frame of vehicles.');
    const [a, b] = frame.worlds.map(({ ids }) => [...ids]);
    const vehicle = a.findLast((id) => b.includes(id))!;
    socket.disconnect();
    await close();
    const link = await open(`${MOMENT}&panel=trip&v=${vehicle}`);
    await untilClock(link.page, '0:15:00');
    await link.page.waitForSelector('button:has-text("Follow")');
    await link.page.keyboard.press('f');
    await link.page.waitForSelector('button[aria-pressed=true]:has-text("Follow")');
    await link.page.keyboard.press('.');
    await untilClock(link.page, '0:15:01');
    await until(link.page, `location.search.includes('v=${vehicle}')`);
    await link.page.waitForSelector('.trip .facts');
    const trip = String(await link.page.textContent('.trip'));
    expect(trip).toMatch(/delay/i);
    await link.close();
  });

  test('cut off for five seconds, it goes on by itself from where it was', async () => {
    const own = await serve('--port', '0');
    const { page, close } = await open(MOMENT, own.url);
    await untilClock(page, '0:15:00');
    const { socket, statuses } = await beside(page, own.url);
    const before = await status(statuses, ({ fingerprints }) => fingerprints !== null);
    socket.disconnect();
    await own.stop();
    await page.waitForSelector('.banner.problem');
    await new Promise((resolve) => setTimeout(resolve, 5000));
    const again = await serve('--port', String(own.port));
    await page.waitForSelector('.banner', { state: 'detached' });
    await untilClock(page, '0:15:00');
    const after = await beside(page, again.url);
    const same = await status(after.statuses, ({ fingerprints }) => fingerprints !== null);
    expect(same.fingerprints).toEqual(before.fingerprints);
    after.socket.disconnect();
    await close();
    await again.stop();
  });
});
