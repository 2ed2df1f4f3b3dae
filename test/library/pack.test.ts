import { execFileSync, execSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { emptyFolder } from '../cli/greenwave.ts';

/** The package as others get it: packed, unpacked into an empty folder, and used from there. */

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const folder = emptyFolder();

/** What `npm install greenwave-0.1.0.tgz` does, without a network: dependencies come from here. */
function install(): string {
  const packed = execSync(`npm pack --ignore-scripts --silent --pack-destination "${folder}"`, {
    cwd: ROOT,
    encoding: 'utf8',
  });
  const modules = join(folder, 'node_modules');
  mkdirSync(modules);
  execFileSync('tar', ['-xf', packed.trim(), '-C', 'node_modules'], { cwd: folder });
  const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  for (const name of Object.keys(dependencies)) {
    mkdirSync(dirname(join(modules, name)), { recursive: true }); // @scope/name
    symlinkSync(join(ROOT, 'node_modules', name), join(modules, name), 'junction');
  }
  renameSync(join(modules, 'package'), join(modules, 'greenwave'));
  return join(modules, 'greenwave');
}

const installed = install();
const files = readdirSync(installed, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) =>
    join(entry.parentPath, entry.name)
      .slice(installed.length + 1)
      .replaceAll('\\', '/'),
  )
  .sort();
const NOTICES = 'dist/client/THIRD-PARTY-NOTICES.txt';

test('the package holds the program, the page, scenarios and documents, and nothing else', () => {
  const expected =
    /^(dist\/server\/.+\.(js|d\.ts)|dist\/client\/(index\.html|THIRD-PARTY-NOTICES\.txt|assets\/[\w-]+\.(js|css|svg))|scenarios\/.+|package\.json|README\.md|LICENSE|CHANGELOG\.md)$/;
  expect(files.filter((file) => !expected.test(file))).toEqual([]);
  expect(files.filter((file) => /tsbuildinfo|bench[.-][^/]*\.(html|css)|client\/.*bench/.test(file))).toEqual(
    [],
  );
  const bytes = files.reduce((sum, file) => sum + statSync(join(installed, file)).size, 0);
  expect(bytes).toBeLessThan(4_000_000);
});

/** The packages that the bundler took code from, by the sources that its source maps name. */
function bundled(): string[] {
  const outDir = emptyFolder();
  // As outside of tests: another NODE_ENV makes another page.
  const { VITEST: _, NODE_ENV: __, ...env } = process.env;
  const vite = join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js');
  const flags = ['--sourcemap', '--outDir', outDir, '--logLevel', 'error'];
  execFileSync(process.execPath, [vite, 'build', ...flags], { cwd: ROOT, env });
  const sources = readdirSync(join(outDir, 'assets'))
    .filter((name) => name.endsWith('.map'))
    .flatMap((name) => JSON.parse(readFileSync(join(outDir, 'assets', name), 'utf8')).sources as string[]);
  const names = sources.flatMap((source) => {
    const [, name] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(source) ?? [];
    return name === undefined ? [] : [name];
  });
  return [...new Set(names)].sort();
}

test('the notices name every package that is bundled into the page, each with its license text', () => {
  const notices = readFileSync(join(installed, NOTICES), 'utf8');
  const packages = bundled();
  expect(packages).toEqual(
    expect.arrayContaining(['@preact/signals', 'pixi.js', 'preact', 'socket.io-client', 'uplot']),
  );
  for (const name of packages) {
    const folderOf = join(ROOT, 'node_modules', name);
    const { version } = JSON.parse(readFileSync(join(folderOf, 'package.json'), 'utf8'));
    expect(notices).toContain(`\n${name} ${version} (`);
    const own = notices.split(`\n${name} ${version} (`)[1]!.split(/^-{80}$/m)[1]!;
    expect(own, name).toMatch(/copyright/i);
    const license = readdirSync(folderOf).find((file) => /^licen[cs]e/i.test(file));
    if (license !== undefined) expect(own).toContain(readFileSync(join(folderOf, license), 'utf8').trim());
    else expect(own, name).toMatch(/Permission is hereby granted/);
  }
});

test('the package holds the program, the library with its types, and the scenarios', () => {
  for (const file of [
    'dist/server/main.js',
    'dist/server/index.d.ts',
    'scenarios/corridor.yaml',
    'LICENSE',
  ]) {
    expect({ file, there: existsSync(join(installed, file)) }).toEqual({ file, there: true });
  }
  for (const file of ['test', 'server', 'node_modules'])
    expect(existsSync(join(installed, file))).toBe(false);
});

test('the example of the README runs from an empty folder', () => {
  copyFileSync(new URL('example.mjs', import.meta.url), join(folder, 'example.mjs'));
  const printed = execFileSync(process.execPath, ['example.mjs'], { cwd: folder, encoding: 'utf8' });
  expect(printed.trim().split('\n')).toEqual([
    expect.stringMatching(/^fixed-time: \d+\.\d s of delay$/),
    expect.stringMatching(/^max-pressure: \d+\.\d s of delay$/),
    expect.stringMatching(/^longestQueue: \d+\.\d s of delay$/),
  ]);
});

test('the README shows the example as it is', () => {
  const readme = join(ROOT, 'README.md');
  if (!existsSync(readme)) return;
  const example = readFileSync(new URL('example.mjs', import.meta.url), 'utf8').trim();
  expect(readFileSync(readme, 'utf8')).toContain(example);
});

test('the demo runs from there', () => {
  const main = join(installed, 'dist', 'server', 'main.js');
  const printed = execFileSync(process.execPath, [main, 'demo'], { cwd: folder, encoding: 'utf8' });
  expect(printed).toMatch(/fixed-time\s+max-pressure\s+learned/);
});

test('the server serves the page and the notices from there, and no page for measurements', async () => {
  const main = join(installed, 'dist', 'server', 'main.js');
  const server = spawn(process.execPath, [main, 'serve', '--port', '0', '--log-level', 'silent'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [address] = await once(server.stdout, 'data');
    const status = async (path: string) => (await fetch(`${String(address).trim()}${path}`)).status;
    expect(await status('/')).toBe(200);
    expect(await status('/THIRD-PARTY-NOTICES.txt')).toBe(200);
    expect(await status('/bench.html')).toBe(404);
  } finally {
    const ended = once(server, 'exit');
    server.kill('SIGTERM');
    await ended;
  }
});

test('the program runs from there', () => {
  const main = join(installed, 'dist', 'server', 'main.js');
  const args = [main, 'run', join(installed, 'scenarios', 'isolated.yaml'), '--duration-s', '60', '--json'];
  expect(JSON.parse(execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8' })).steps).toBe(60);
});
