import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { emptyFolder, greenwave, MAIN, ready } from './greenwave.ts';

/** Places of --out that are not what they seem: what is said, and that nothing there is lost. */

let folder: string;
beforeEach(() => {
  folder = emptyFolder();
  writeFileSync(join(folder, 'file'), 'mine');
  mkdirSync(join(folder, 'full'));
  writeFileSync(join(folder, 'full', 'thesis.txt'), 'mine');
  symlinkSync('nothing', join(folder, 'dangling'));
  symlinkSync('loop-b', join(folder, 'loop-a'));
  symlinkSync('loop-a', join(folder, 'loop-b'));
  symlinkSync('full', join(folder, 'link-to-full'));
  symlinkSync('file', join(folder, 'link-to-file'));
});

const COMMANDS = {
  run: ['run', ready('isolated'), '--duration-s', '60'],
  compare: ['compare', ready('isolated'), '--seeds', '1', '--duration-s', '60', '--warmup-s', '0'],
  export: ['export', 'cityflow', ready('isolated')],
  train: ['train', ready('isolated'), '--generations', '1'],
  generate: ['generate', 'grid', '--rows', '2', '--columns', '2', '--vehicles', '3'],
  optimize: ['optimize', ready('isolated'), '--controller', 'fixed-time', '--evaluations', '1'],
};
type Name = keyof typeof COMMANDS;
const intoFolder: Name[] = ['run', 'compare', 'export', 'train'];
const intoFile: Name[] = ['generate', 'optimize'];

const LINK = 'is a symbolic link to nothing, which is not there.';
const CIRCLE = 'its symbolic links run in a circle.';
const cases: [Name, string, string][] = [
  ...[...intoFolder, ...intoFile].flatMap((name): [Name, string, string][] => [
    [name, 'dangling', LINK],
    [name, join('dangling', 'below'), LINK],
    [name, 'loop-a', CIRCLE],
    [name, join('loop-a', 'below'), CIRCLE],
    [name, '', 'the name is empty.'],
    [name, join('file', 'below'), 'is a file'],
  ]),
  ...intoFolder.flatMap((name): [Name, string, string][] => [
    [name, 'file', 'is a file; name a folder.'],
    [name, 'link-to-file', 'is a file; name a folder.'],
    [name, 'full', 'is not empty'],
    [name, 'link-to-full', 'is not empty'],
    [name, '.', 'is the folder you are in.'],
  ]),
  ...intoFile.flatMap((name): [Name, string, string][] => [
    [name, 'full', 'is a folder; name a file.'],
    [name, 'link-to-full', 'is a folder; name a file.'],
    [name, 'new/', 'is the name of a folder; name a file.'],
    [name, join('missing', 'new'), 'there is no such folder.'],
  ]),
];

/** Every name, what links lead to and what files hold. */
function content(): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return Object.fromEntries(
    entries.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      const held = entry.isSymbolicLink()
        ? readlinkSync(path)
        : entry.isFile()
          ? readFileSync(path, 'utf8')
          : '';
      return [path, held];
    }),
  );
}

test.each(cases)('%s --out "%s" says that it %s', (name, out, words) => {
  const before = content();
  const { code, stdout, stderr } = greenwave([...COMMANDS[name], '--out', out], folder);
  expect(stderr).toMatch(/^--out: /);
  expect(stderr.split('\n')[0]).toContain(words);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(content()).toEqual(before);
});

test('a link to an empty folder, or to a file, stays a link, and what it leads to is written', () => {
  mkdirSync(join(folder, 'empty'));
  symlinkSync('empty', join(folder, 'link-to-empty'));
  expect(greenwave([...COMMANDS.run, '--out', 'link-to-empty'], folder).code).toBe(0);
  expect(readdirSync(join(folder, 'empty'))).toContain('summary.json');
  expect(readlinkSync(join(folder, 'link-to-empty'))).toBe('empty');
  expect(greenwave([...COMMANDS.generate, '--out', 'link-to-file'], folder).code).toBe(0);
  expect(readlinkSync(join(folder, 'link-to-file'))).toBe('file');
  expect(readFileSync(join(folder, 'file'), 'utf8')).toMatch(/^name: grid 2x2/);
});

test('optimize does not overwrite the scenario that it reads, under whatever name', () => {
  const text = readFileSync(ready('isolated'), 'utf8');
  writeFileSync(join(folder, 'own.yaml'), text);
  symlinkSync('own.yaml', join(folder, 'link.yaml'));
  linkSync(join(folder, 'own.yaml'), join(folder, 'hard.yaml'));
  for (const out of ['own.yaml', './own.yaml', 'link.yaml', 'hard.yaml']) {
    const args = ['optimize', 'own.yaml', '--controller', 'fixed-time', '--evaluations', '1', '--out', out];
    const { code, stderr } = greenwave(args, folder);
    expect(stderr).toBe(`--out: ${out} is the file that is read; name another one.\n`);
    expect(code).toBe(2);
  }
  expect(readFileSync(join(folder, 'own.yaml'), 'utf8')).toBe(text);
});

test.each(['file', 'loop-a', 'dangling', 'full', '', join('file', 'below')])(
  'train --resume "%s" says that no training is there',
  (from) => {
    const before = content();
    const { code, stderr } = greenwave(['train', '--resume', from], folder);
    expect(stderr).toMatch(/^--resume: .*(there is no checkpoint in|cannot be read)/);
    expect(code).toBe(2);
    expect(content()).toEqual(before);
  },
);

const NOBODY = 65_534;

/** Whether a user without rights can run the program here. */
function readableByOthers(): boolean {
  if (process.getuid?.() !== 0) return process.platform !== 'win32';
  return spawnSync(process.execPath, [MAIN, '--version'], { uid: NOBODY, gid: NOBODY }).status === 0;
}

test.skipIf(!readableByOthers()).each(Object.keys(COMMANDS) as Name[])(
  '%s says that it may not write into a folder, and leaves it as it was',
  (name) => {
    mkdirSync(join(folder, 'closed'));
    chmodSync(folder, 0o755);
    chmodSync(join(folder, 'closed'), 0o555);
    const args = [MAIN, ...COMMANDS[name], '--out', join(folder, 'closed', 'new')];
    const user = process.getuid!() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
    const { status, stderr } = spawnSync(process.execPath, args, { ...user, encoding: 'utf8' });
    expect(stderr).toBe(`--out: ${join(folder, 'closed', 'new')} cannot be written: permission denied.\n`);
    expect(status).toBe(2);
    expect(existsSync(join(folder, 'closed', 'new'))).toBe(false);
    expect(readdirSync(join(folder, 'closed'))).toEqual([]);
  },
);
