import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

/** The house rules that no compiler knows: who may import whom, and what the simulator's arithmetic may use. */

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FLOORS = [
  ['sim', 'protocol'],
  ['scenario', 'control'],
  ['warnings'],
  ['study'],
  ['formats', 'environment', 'report'],
  ['policy'],
  ['learning', 'session', 'files'],
  ['live'],
  ['cli'],
];
/** Rooms that may use Node; all others run anywhere. */
const NODE_ROOMS = ['learning', 'files', 'live', 'cli', ''];

const code = ['server', 'client', 'test']
  .filter((folder) => existsSync(join(ROOT, folder)))
  .flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
  )
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => /\.(tsx?|mjs)$/.test(file));

const text = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const withoutComments = (file: string) => text(file).replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');

/** What a file imports: packages by name, files by their path in the repository. */
function imports(file: string): string[] {
  const found = text(file).matchAll(/(?:\bfrom|\bimport\(|^import) ?'([^']+)'/gm);
  return Array.from(found, ([, name]) =>
    name.startsWith('.') ? posix.join(posix.dirname(file), name) : name,
  );
}

/** `sim` for server/sim/drive.ts; '' for files that stand directly in server. */
const room = (file: string) =>
  file.startsWith('server/') ? file.split('/').slice(1, -1).join('/').split('/')[0] : null;
const floor = (name: string) =>
  name === '' ? FLOORS.length : FLOORS.findIndex((rooms) => rooms.includes(name));

test('every room of the server is on a floor, and imports from floors below only', () => {
  const wrong = code.flatMap((file) => {
    const here = room(file);
    if (here === null) return [];
    if (floor(here) < 0) return [`${file}: room "${here}" is on no floor`];
    const above = imports(file).filter((name) => {
      const there = room(name);
      return there !== null ? there !== here && floor(there) >= floor(here) : /^(client|test)\//.test(name);
    });
    return above.map((name) => `${file} imports ${name}`);
  });
  expect(wrong).toEqual([]);
});

test('the library does without the command line', () => {
  const reached = new Set(['server/index.ts']);
  for (const file of reached) for (const name of imports(file)) if (code.includes(name)) reached.add(name);
  expect([...reached].filter((file) => room(file) === 'cli' || room(file) === 'live')).toEqual([]);
});

test('the simulator imports seedrandom and itself; the client knows the protocol alone', () => {
  const outside = (folder: string, allowed: RegExp) =>
    code
      .filter((file) => file.startsWith(folder))
      .flatMap((file) =>
        imports(file)
          .filter((name) => !allowed.test(name))
          .map((name) => `${file} imports ${name}`),
      );
  expect(outside('server/sim/', /^(seedrandom$|server\/sim\/)/)).toEqual([]);
  expect(outside('client/', /^(?!server\/(?!protocol\/)|test\/)/)).toEqual([]);
});

test('only the top rooms use Node, only learning uses TensorFlow, only live uses sockets', () => {
  const wrong = code.flatMap((file) => {
    const here = room(file);
    if (here === null) return [];
    return imports(file)
      .filter(
        (name) =>
          (name.startsWith('node:') && !NODE_ROOMS.includes(here)) ||
          (name.startsWith('@tensorflow/') && here !== 'learning') ||
          (name === 'socket.io' && here !== 'live'),
      )
      .map((name) => `${file} imports ${name}`);
  });
  expect(wrong).toEqual([]);
});

test('TensorFlow is loaded where a backend is opened, and only then', () => {
  const wrong = code
    .filter((file) => file.startsWith('server/'))
    .flatMap((file) => {
      const atOnce = text(file).match(/^(import|export) (?!type )[^;()]*from '@tensorflow\//gm) ?? [];
      const later = /import\('@tensorflow\//.test(text(file)) ? [text(file)] : [];
      const allowed = /^server\/learning\/(backend|native|webgpu|wasm)\.ts$/.test(file);
      return [...atOnce, ...(allowed ? [] : later)].map(() => file);
    });
  expect(wrong).toEqual([]);
});

test('the simulator computes with exact operations, and reads no clock', () => {
  // IEEE 754 and ECMAScript fix these to the last bit; `**`, Math.pow, exp, log, sin … they do not.
  const exact = /^Math\.(sqrt|abs|min|max|floor|ceil|trunc|round|fround|imul|clz32|sign|SQRT1_2|LN2)$/;
  const wrong = code
    .filter((file) => file.startsWith('server/sim/'))
    .flatMap((file) => {
      const words = withoutComments(file).match(/Math\.\w+|\*\*|\bDate\b|\bperformance\b/g) ?? [];
      return words.filter((word) => !exact.test(word)).map((word) => `${file}: ${word}`);
    });
  expect(wrong).toEqual([]);
});

test('text for the terminal goes through cli/terminal.ts, rows of CSV through protocol/csv.ts', () => {
  const product = code.filter((file) => /^(server|client)\//.test(file));
  const terminal = product.filter((file) =>
    /process\.std(out|err)\b|console\.(log|info|warn)/.test(withoutComments(file)),
  );
  expect(terminal).toEqual(['server/cli/terminal.ts']);
  const csv = product.filter((file) => text(file).includes(`replaceAll('"', '""')`));
  expect(csv).toEqual(['server/protocol/csv.ts']);
});

test('no file is a drawer for odds and ends', () => {
  const drawers = code.filter((file) => /^(utils?|helpers?|common|managers?)\./i.test(basename(file)));
  expect(drawers).toEqual([]);
});
