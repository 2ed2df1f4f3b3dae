import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { findBrowser } from '../e2e/browser.ts';
import { inBrowser, openPage, STILL, serve, until, untilClock, untilText } from './page.ts';

/** Which run a page shows, what it says of that, and what it does while there is no server. */

const executablePath = findBrowser();
const TOKEN = 'quite-a-long-secret';

describe.skipIf(executablePath === null)('joining, and being without a server', () => {
  const real = inBrowser(executablePath);

  async function open(query: string, url = real.served.url): Promise<Page> {
    const viewport = { width: 1280, height: 720 };
    return (await openPage(real.browser, url, query, { viewport })).page;
  }

  async function openStill(query = STILL): Promise<Page> {
    const page = await open(query);
    await untilClock(page, '0:01:00');
    return page;
  }

  const noticesOf = (page: Page) =>
    page.$$eval('.notice p', (all) => all.map(({ textContent }) => textContent));

  test('after a restart the class sees what the teacher’s page shows, and both are told so', async () => {
    const own = await serve('--port', '0', '--token', TOKEN);
    const pupil = await open('', own.url);
    await pupil.waitForSelector('.play:disabled');
    const teacher = await open('', own.url);
    await teacher.click('button:text-is("View only")');
    await teacher.fill('dialog input', TOKEN);
    await teacher.click('button:text-is("Use it")');
    await teacher.waitForSelector('.play:enabled');
    await teacher.click('.play[aria-label="Pause"]');
    await teacher.waitForSelector('.play[aria-label="Play"]');
    await teacher.selectOption('.scenario select', 'isolated');
    await untilClock(teacher, '0:00:00');
    await teacher.focus('.play');
    for (const page of [teacher, pupil]) await until(page, `location.search.includes('scenario=isolated')`);
    await teacher.keyboard.press(']');
    await untilClock(pupil, '0:01:00');
    await own.stop();
    for (const page of [teacher, pupil]) await page.waitForSelector('.banner.problem');
    const again = await serve('--port', String(own.port), '--token', TOKEN);
    await untilText(teacher, '.notices', 'What everybody sees was opened again at the moment of this page.');
    await untilText(pupil, '.notices', 'The session of before had ended. This is what everybody sees now.');
    await teacher.waitForSelector('.play:enabled');
    await teacher.keyboard.press('.');
    for (const page of [teacher, pupil]) await untilClock(page, '0:01:01');
    // Clocks of two runs may show the same; the address, written a little later, says which it is.
    await until(pupil, `/scenario=isolated.*t=61/.test(location.search)`);
    await again.stop();
    await teacher.context().close();
    await pupil.context().close();
  });

  test('who may only watch is told that a link was not opened, where it asks for something else', async () => {
    const own = await serve('--port', '0', '--token', TOKEN);
    const page = await open('?scenario=grid-4x4&seed=3&a=webster&b=actuated&t=600', own.url);
    await untilText(page, '.notices', 'the moment of your link was not opened. With the token');
    const same = await open('?scenario=corridor&seed=1&a=fixed-time&b=learned', own.url);
    await same.waitForSelector('.play:disabled');
    await until(same, `location.search.includes('at=')`);
    expect(await noticesOf(same)).toEqual([]);
    await page.context().close();
    await same.context().close();
    await own.stop();
  });

  test('what of a link cannot be is named, and the rest is opened', async () => {
    const page = await openStill(
      `${STILL.replace('seed=1', 'seed=1e30')}&do=garbage~5.open.west-i1_0&e=webster&x=abc`,
    );
    const [notice, ...others] = await noticesOf(page);
    expect(others).toEqual([]);
    for (const part of ['seed=1e30', 'do=garbage', 'e=webster', 'x=abc']) expect(notice).toContain(part);
    expect(await page.inputValue('.seed input')).toBe('1');
    await until(
      page,
      `location.search.includes('do=5.open.west-i1_0') && !location.search.includes('e=webster')`,
    );
    await page.context().close();
    const late = await open(STILL.replace('t=60', 't=-5'));
    await untilText(late, '.notices', 't=-5 (seconds, 0 to 1000000)');
    await late.waitForSelector('.tiles .value');
    await late.context().close();
  });

  test('the field of the seed shows the seed that is run, whatever is typed', async () => {
    const page = await openStill();
    for (const typed of ['99999999999999999999', '1.5', '']) {
      await page.fill('.seed input', typed);
      await page.press('.seed input', 'Enter');
      await untilText(page, '.notices', 'A seed is a whole number from');
      await until(page, `document.querySelector('.seed input').value === '1'`);
      await page.click('.notice button');
    }
    await page.fill('.seed input', '9007199254740991');
    await page.press('.seed input', 'Enter');
    await until(page, `location.search.includes('seed=9007199254740991')`);
    await page.focus('.play');
    await page.keyboard.press('n');
    await until(page, `location.search.includes('seed=0&')`);
    expect(await noticesOf(page)).toEqual([]);
    await page.context().close();
  });

  test('a dialog that does not come can be tried again and closed, and then keys work', async () => {
    const page = await openStill();
    await page.route('**/exportDialog*', (route) => route.abort());
    await page.keyboard.press('e');
    await page.waitForSelector('dialog[open] :text("Export could not be loaded.")');
    await page.keyboard.press('Escape');
    await page.waitForSelector('dialog', { state: 'detached' });
    await page.keyboard.press('.');
    await untilClock(page, '0:01:01');
    await page.keyboard.press('e');
    await page.waitForSelector('dialog[open] :text("could not be loaded")');
    await page.unroute('**/exportDialog*');
    await page.click('dialog button:text-is("Try again")');
    await page.waitForSelector('dialog[open] .exports');
    await page.click('dialog [aria-label="Close"]');
    await page.waitForSelector('dialog', { state: 'detached' });
    await page.keyboard.press('.');
    await untilClock(page, '0:01:02');
    await page.context().close();
  });

  test('without a server dialogs open all the same, and what could not be asked is forgotten when it is back', async () => {
    const own = await serve('--port', '0');
    const page = await open(STILL, own.url);
    await untilClock(page, '0:01:00');
    const loaded = (name: string) =>
      until(page, `performance.getEntriesByType('resource').some(({ name }) => name.includes('${name}'))`);
    for (const name of ['helpDialog', 'exportDialog', 'reportDialog', 'tokenDialog']) await loaded(name);
    await own.stop();
    await page.waitForSelector('.banner.problem');
    await page.keyboard.press('.');
    await untilText(page, '.notices', 'There is no connection to the server at the moment.');
    await page.keyboard.press('e');
    await page.waitForSelector('dialog[open] .exports');
    await page.keyboard.press('Escape');
    const again = await serve('--port', String(own.port));
    await page.waitForSelector('.banner', { state: 'detached' });
    await until(page, `!document.querySelector('.notices').textContent.includes('no connection')`);
    await page.context().close();
    await again.stop();
  });
});
