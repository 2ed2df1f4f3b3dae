import { execFileSync, execSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, symlinkSync } from 'node:fs';
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

test('the program runs from there', () => {
  const main = join(installed, 'dist', 'server', 'main.js');
  const args = [main, 'run', join(installed, 'scenarios', 'isolated.yaml'), '--duration-s', '60', '--json'];
  expect(JSON.parse(execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8' })).steps).toBe(60);
});
