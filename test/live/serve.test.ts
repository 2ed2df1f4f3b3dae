import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join as path } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { type Ended, emptyFolder, greenwave, MAIN, ready } from '../cli/greenwave.ts';
import { connected, join, metricsOf, opened, until, watching } from './opened.ts';
import { children, serving } from './serving.ts';

/** `greenwave serve` as a program: how it begins, what it says, and how it ends. */

/** Runs it where it cannot begin. If it began after all, it would end with the tests. */
async function refused(args: readonly string[], cwd?: string, main = MAIN): Promise<Ended> {
  const child = spawn(process.execPath, [main, 'serve', ...args], { cwd });
  children.push(child);
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (data) => {
    stdout += data;
  });
  child.stderr.on('data', (data) => {
    stderr += data;
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, stdout, stderr };
}

test('it says where it is, opens with two controllers on the corridor, and takes leave when it is told to end', async () => {
  const { child, url, stdout, stderr, ended } = await serving([]);
  const { socket, welcome } = await connected({ url });
  expect(welcome.catalogue.map(({ id }) => id)).toEqual([
    ...['corridor', 'grid-4x4', 'irregular', 'isolated', 'oversaturated'],
  ]);
  expect(welcome.catalogue[0]).toMatchObject({ name: 'Five-light corridor', durationS: 3600 });
  expect(welcome.catalogue.every(({ description }) => description.length > 10)).toBe(true);
  expect(welcome.controllers.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['fixed-time', 'actuated', 'learned']),
  );
  expect(welcome.opening).toEqual({
    setup: { scenario: 'corridor', seed: 1, demandScale: 1, controllers: ['fixed-time', 'learned'] },
    interventions: [],
    timeS: 900,
    running: true,
    speed: 5,
  });
  const page = await fetch(url);
  expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('<script type="module"')]);
  const reply = await join(socket, { opening: welcome.opening });
  expect(reply.ok && reply.session.setup).toEqual(welcome.opening.setup);
  const farewells: unknown[] = [];
  socket.on('bye', (bye) => farewells.push(bye));
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
  expect(farewells).toEqual([{ message: 'The server is being stopped.', comesBack: true }]);
  // The address alone; all else are lines of JSON.
  expect(stdout()).toBe(`${url}\n`);
  const lines = stderr()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).msg);
  expect(lines).toEqual(['listening', 'joined', 'closed']);
});

test('Ctrl-C ends it as well', async () => {
  const { child, ended } = await serving(['--log-level', 'silent']);
  child.kill('SIGINT');
  expect(await ended).toBe(0);
});

test('a port that is taken is told', async () => {
  const { port } = await opened();
  const { code, stdout, stderr } = await refused(['--port', String(port)]);
  expect({ code, stdout, stderr }).toEqual({
    code: 2,
    stdout: '',
    stderr: `Port ${port} is in use.\n  Stop the other server, or pass --port.\n`,
  });
});

test('it does not open to a network where everybody could control it', async () => {
  const open = await refused(['--host', '0.0.0.0', '--port', '0']);
  expect([open.code, open.stderr]).toEqual([
    2,
    'With --host 0.0.0.0 others can reach the server, and without a token everybody could control it.\n' +
      '  Give --token (or set GREENWAVE_TOKEN), or --view-only.\n',
  ]);
  const proxied = await refused(['--origin', 'https://traffic.example', '--port', '0']);
  expect([proxied.code, proxied.stderr]).toEqual([2, expect.stringMatching(/^Through --origin others can/)]);

  const token = 'a-token-from-the-environment';
  const { child, url } = await serving(['--host', '0.0.0.0'], { env: { GREENWAVE_TOKEN: token } });
  const origin = url;
  expect((await connected({ url }, { origin })).welcome.role).toBe('view');
  expect((await connected({ url }, { origin, token })).welcome.role).toBe('control');
  child.kill();
  const watched = await serving(['--host', '0.0.0.0', '--view-only']);
  expect((await connected(watched, { origin: watched.url })).welcome.role).toBe('view');
  watched.child.kill();
});

test('files are served under ids that fit into an address, CityFlow’s too', async () => {
  const folder = emptyFolder();
  for (const name of ['one', 'two']) mkdirSync(path(folder, name));
  const grid = [
    'generate',
    'grid',
    '--rows',
    '1',
    '--columns',
    '2',
    '--vehicles',
    '20',
    '--duration-s',
    '300',
  ];
  for (const name of ['one/Zürich 7.yaml', 'two/zurich.yaml', 'two/Zürich-7.yaml']) {
    expect(greenwave([...grid, '--out', path(folder, name)]).code).toBe(0);
  }
  const cityflow = path(folder, 'My City');
  expect(greenwave(['export', 'cityflow', path(folder, 'two/zurich.yaml'), '--out', cityflow]).code).toBe(0);
  const files = ['one/Zürich 7.yaml', 'two/zurich.yaml', 'two/Zürich-7.yaml', 'My City/config.json'];
  const server = await serving([...files.map((name) => path(folder, name)), '--log-level', 'silent']);
  const { socket, welcome } = await connected(server);
  expect(welcome.catalogue.map(({ id, durationS }) => [id, durationS])).toEqual([
    ['zurich-7', expect.any(Number)],
    ['zurich', expect.any(Number)],
    ['zurich-7-2', expect.any(Number)],
    ['my-city', expect.any(Number)],
  ]);
  const timeS = Math.min(900, Math.floor(welcome.catalogue[0].durationS / 4));
  expect(timeS).toBeGreaterThan(0);
  expect(welcome.opening).toMatchObject({ setup: { scenario: 'zurich-7' }, timeS });
  const setup = { ...welcome.opening.setup, scenario: 'my-city' };
  expect(await join(socket, { opening: { ...welcome.opening, setup } })).toMatchObject({ ok: true });
  server.child.kill();
});

test('everything that is wrong with all files is told', async () => {
  const folder = emptyFolder();
  writeFileSync(path(folder, 'broken.yaml'), 'name: [');
  const { code, stderr } = await refused(['broken.yaml', ready('isolated'), 'missing.yaml'], folder);
  expect(code).toBe(2);
  expect(stderr).toContain('broken.yaml has ');
  expect(stderr).toContain('missing.yaml cannot be read: there is no such file or folder.');
  const duration = await refused([ready('isolated'), '--duration-s', '100.05']);
  expect([duration.code, duration.stderr]).toEqual([2, expect.stringMatching(/^--duration-s/)]);
});

test('flags that mean nothing are told', async () => {
  const told = async (...args: string[]) => {
    const { code, stderr } = await refused(['--port', '0', ...args]);
    return [code, stderr.split('\n')[0]];
  };
  expect(await told('--token', 'short')).toEqual([
    2,
    'The token has 5 characters; from 8 to 200 letters, digits and signs are needed, without spaces.',
  ]);
  expect(await told('--host', 'a b')).toEqual([2, '--host: "a b" is not the name or address of a machine.']);
  expect(await told('--host', '192.0.2.1', '--view-only')).toEqual([
    2,
    '--host: 192.0.2.1 is not an address of this machine.',
  ]);
  for (const origin of ['traffic.example', 'ftp://traffic.example', 'https://traffic.example/page']) {
    expect(await told('--origin', origin)).toEqual([
      2,
      `--origin: "${origin}" is not the address of a site.`,
    ]);
  }
  expect((await told('--protocol', 'literature-5'))[0]).toBe(2);
});

test('where the page has not been built, that is told', async () => {
  const folder = emptyFolder();
  const root = fileURLToPath(new URL('../../', import.meta.url));
  cpSync(path(root, 'dist/server'), path(folder, 'dist/server'), { recursive: true });
  for (const name of ['package.json', 'scenarios', 'node_modules'])
    symlinkSync(path(root, name), path(folder, name));
  const { code, stderr } = await refused(['--port', '0'], folder, path(folder, 'dist/server/main.js'));
  expect([code, stderr]).toEqual([
    2,
    `The page has not been built: ${path(folder, 'dist/client')} has no index.html.\n  Run npm run build first.\n`,
  ]);
});

/** Has the program throw when `globalThis` is told to by a signal, as a fault of ours might. */
const THROWING = (what: string) =>
  `data:text/javascript,${encodeURIComponent(`process.on('SIGUSR2', () => { ${what} });`)}`;

test.skipIf(process.platform === 'win32')(
  'a promise that nobody caught is noted, and the server goes on',
  async () => {
    const nodeFlags = ['--import', THROWING("Promise.reject(new Error('adrift'))")];
    const { child, url, stderr } = await serving([], { nodeFlags });
    const { frames } = await watching({ url }, {});
    child.kill('SIGUSR2');
    await until(() => stderr().includes('adrift'));
    frames.length = 0;
    await until(() => frames.length >= 3);
    expect(await metricsOf({ url })).toMatch(/^greenwave_faults_total\{where="rejection"\} 1$/m);
    child.kill();
  },
);

test.skipIf(process.platform === 'win32')(
  'after an exception that nobody caught it takes leave, and ends with 1',
  async () => {
    const nodeFlags = ['--import', THROWING("throw new Error('adrift')")];
    const { child, url, stderr, ended } = await serving([], { nodeFlags });
    const { socket } = await watching({ url }, {});
    const farewell = new Promise((resolve) => socket.on('bye', resolve));
    child.kill('SIGUSR2');
    expect(await farewell).toMatchObject({ comesBack: true });
    expect(await ended).toBe(1);
    expect(stderr()).toContain('adrift');
  },
);
