import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { join as path } from 'node:path';
import { expect, test } from 'vitest';
import { loadPage } from '../../server/live/page.ts';
import { emptyFolder } from '../cli/greenwave.ts';
import { metricsOf, opened, raw, until, watching } from './opened.ts';

/** What is to be had over HTTP, and what is not. */

test('all answers forbid what the page does not need', async () => {
  const server = await opened();
  const expected = [
    "base-uri 'none'",
    "connect-src 'self'",
    "default-src 'self'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "img-src 'self' data: blob:",
    "object-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "worker-src 'self' blob:",
  ];
  for (const address of ['/', '/healthz', '/metrics', '/nothing', '/socket.io/', '/maps/x.json']) {
    const { headers } = await fetch(server.url + address);
    const policy = headers.get('content-security-policy') ?? '';
    expect([address, policy.split(';').sort()]).toEqual([address, expected]);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('access-control-allow-origin')).toBe(null);
    expect(headers.get('x-powered-by')).toBe(null);
  }
});

/** What a server answers, as it is on the wire. */
function plainly(
  url: string,
  headers: Record<string, string>,
): Promise<{ status: number; headers: Record<string, unknown>; bytes: number }> {
  return new Promise((resolve, reject) => {
    get(url, { headers }, (response) => {
      let bytes = 0;
      response.on('data', (data: Buffer) => {
        bytes += data.length;
      });
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, bytes }));
    }).on('error', reject);
  });
}

test('the page and road maps are sent compressed to whoever takes that, and not again to whoever has them', async () => {
  const server = await opened();
  const { session } = await watching(server);
  for (const address of ['/', `/${session.map}`]) {
    const whole = await plainly(server.url + address, {});
    expect(whole.headers['content-encoding']).toBe(undefined);
    const text = await (await fetch(server.url + address)).text();
    const taken = { gzip: 'gzip', 'gzip, deflate, br': 'br', '*': 'br', 'br;q=0, gzip;q=0.5': 'gzip' };
    for (const [accepted, coding] of Object.entries(taken)) {
      const zipped = await plainly(server.url + address, { 'accept-encoding': accepted });
      expect([accepted, zipped.headers['content-encoding']]).toEqual([accepted, coding]);
      expect(zipped.bytes).toBeLessThan(whole.bytes / 2);
      expect(zipped.headers.vary).toBe('Accept-Encoding');
      const read = await fetch(server.url + address, { headers: { 'accept-encoding': accepted } });
      expect(await read.text()).toBe(text);
    }
    for (const refused of ['gzip;q=0', 'identity', '*;q=0']) {
      expect((await plainly(server.url + address, { 'accept-encoding': refused })).bytes).toBe(whole.bytes);
    }
    const etag = String(whole.headers.etag);
    const again = await plainly(server.url + address, { 'if-none-match': `"x", ${etag}` });
    expect([again.status, again.bytes]).toEqual([304, 0]);
    const head = await fetch(server.url + address, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  }
  const map = await fetch(`${server.url}/${session.map}`);
  expect(map.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
});

test('nothing outside the page can be had', async () => {
  const folder = emptyFolder();
  const page = path(folder, 'page');
  mkdirSync(path(page, 'assets'), { recursive: true });
  writeFileSync(path(folder, 'secret.txt'), 'the secret');
  writeFileSync(path(page, 'index.html'), 'the page');
  writeFileSync(path(page, 'assets', 'main.js'), 'the script');
  symlinkSync(path(folder, 'secret.txt'), path(page, 'link.txt'));
  symlinkSync(folder, path(page, 'folder'));
  const server = await opened({ page: (await loadPage(page))! });
  expect(await (await fetch(`${server.url}/`)).text()).toBe('the page');
  const script = await fetch(`${server.url}/assets/main.js?v=1`);
  expect(script.headers.get('cache-control')).toContain('immutable');
  expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  const paths = [
    ...[
      '/../secret.txt',
      '/assets/../../secret.txt',
      '/..%2fsecret.txt',
      '/%2e%2e/secret.txt',
      '/%2e%2e%2fsecret.txt',
    ],
    ...['/link.txt', '/folder/secret.txt', '//secret.txt', '/\\..\\secret.txt', '/assets/', '/assets'],
    ...[
      '/index.html%00.txt',
      '/index.html\0',
      '/.git/config',
      `${folder}/secret.txt`,
      '/toString',
      '/__proto__',
    ],
    ...[
      '/maps/../secret.txt',
      '/maps/..%2f..%2fsecret.txt',
      '/sessions/../log',
      '/sessions/..%2f/log',
      '/sessions//log',
    ],
  ];
  for (const one of paths) {
    const answer = await raw(
      server.port,
      `GET ${one} HTTP/1.1\r\nHost: localhost:${server.port}\r\nConnection: close\r\n\r\n`,
    );
    expect([one, answer.split(' ')[1]]).toEqual([one, expect.stringMatching(/40[04]/)]);
    expect(answer).not.toContain('secret');
  }
});

test('only GET and HEAD are answered', async () => {
  const server = await opened();
  for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
    const response = await fetch(server.url, { method, ...(method === 'OPTIONS' ? {} : { body: 'x' }) });
    expect([method, response.status, response.headers.get('allow')]).toEqual([method, 405, 'GET, HEAD']);
  }
  const nothing = await fetch(`${server.url}/nothing`);
  expect([nothing.status, await nothing.text()]).toEqual([
    404,
    'There is nothing at this address. The page is at /.\n',
  ]);
});

test('a folder without a built page is none', async () => {
  expect(await loadPage(emptyFolder())).toBe(null);
  expect(await loadPage(path(emptyFolder(), 'missing'))).toBe(null);
});

test('it tells how it does', async () => {
  const server = await opened();
  const { frames } = await watching(server);
  await watching(server);
  const health = await fetch(`${server.url}/healthz`);
  expect([health.status, await health.json()]).toEqual([
    200,
    { status: 'works', sessions: 2, viewers: 2, uptimeS: expect.any(Number) },
  ]);
  await until(() => frames.length >= 5);
  const numbers = new Map(
    (await metricsOf(server))
      .split('\n')
      .filter((line) => /^greenwave_\w+ /.test(line))
      .map((line) => line.split(' ') as [string, string]),
  );
  const number = (name: string) => Number(numbers.get(`greenwave_${name}`));
  expect([number('sessions'), number('viewers')]).toEqual([2, 2]);
  expect(number('frames_sent_total')).toBeGreaterThanOrEqual(5);
  expect(number('frame_bytes_sent_total')).toBeGreaterThan(5 * frames[0].length * 0.5);
  await until(() => frames.length >= 30);
  expect(await metricsOf(server)).toMatch(/^greenwave_steps_total [1-9]/m);
  for (const name of ['frames_skipped_total', 'busy_seconds_total', 'lag_seconds', 'unread_bytes']) {
    expect([name, number(name) >= 0]).toEqual([name, true]);
  }
  expect(await metricsOf(server)).toMatch(/^nodejs_eventloop_lag_p99_seconds /m);
});

test('reports are limited in number', async () => {
  const { rates } = (await import('../../server/live/limits.ts')).limitsFor(false);
  const server = await opened({ limits: { rates: { ...rates, report: { times: 3, seconds: 60 } } } });
  const statuses: number[] = [];
  for (let k = 0; k < 5; k++) statuses.push((await fetch(`${server.url}/metrics`)).status);
  expect(statuses).toEqual([200, 200, 200, 429, 429]);
  expect((await fetch(server.url)).status).toBe(200);
});
