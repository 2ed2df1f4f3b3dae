import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { emptyFolder, greenwave, ready } from './greenwave.ts';

/** What a person gets who mistypes: exit code 2, nothing on stdout, no stack trace, a way to go on. */

const folder = emptyFolder();

function messageOf(...args: string[]): string {
  const { code, stdout, stderr } = greenwave(args, folder);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).not.toMatch(/\n\s+at /);
  return stderr;
}

function messageForFile(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return messageOf('run', name, '--json');
}

test('unknown names tell the nearest one and all of them', () => {
  expect(messageOf('rnu')).toMatchInlineSnapshot(`
    "Unknown command "rnu".
      Did you mean "run"?
      Commands: run, compare, explain, validate, generate, export, bench, optimize, gpu, train, replay, serve, demo.
    "
  `);
  expect(messageOf('generate', 'gird')).toMatchInlineSnapshot(`
    "Unknown command "gird".
      Did you mean "grid"?
      Commands: grid.
    "
  `);
  expect(messageOf('help', 'everything')).toMatchInlineSnapshot(`
    "Unknown command "everything".
      Commands: run, compare, explain, validate, generate, export, bench, optimize, gpu, train, replay, serve, demo.
    "
  `);
  expect(messageOf('run', ready('isolated'), '--controler', 'fixed-time')).toMatchInlineSnapshot(`
    "Unknown option "--controler".
      Did you mean "--controller"?
      Options of run: --controller, --seed, --protocol, --duration-s, --decision-s, --jitter-s, --demand-scale, --set, --policy, --detectors-only, --perfect-detection, --interventions, --out, --json, --help.
    "
  `);
  expect(messageOf('run', ready('isolated'), '--controller', 'maxpressure')).toMatchInlineSnapshot(`
    "Unknown controller "maxpressure".
      Did you mean "max-pressure"?
      Controllers: fixed-time, webster, green-wave, max-pressure, efficient-max-pressure, advanced-max-pressure, actuated, learned.
    "
  `);
  expect(messageOf('run', ready('isolated'), '--protocol', 'literature')).toMatchInlineSnapshot(`
    "Unknown protocol "literature".
      Did you mean "literature-5"?
      Protocols: scenario, literature-15, literature-30, literature-5.
    "
  `);
});

test('what is missing or too much on the command line', () => {
  expect(messageOf('run')).toMatchInlineSnapshot(`
    "run needs a <file>.
      For more: greenwave run --help
    "
  `);
  expect(messageOf('run', 'a.yaml', 'b.yaml')).toMatchInlineSnapshot(`
    "run takes fewer arguments than these: "run", "a.yaml", "b.yaml".
      For more: greenwave run --help
    "
  `);
  expect(messageOf('run', 'a.yaml', '--seed')).toMatchInlineSnapshot(`
    "--seed needs a value.
      For more: greenwave run --help
    "
  `);
  expect(messageOf('generate')).toMatchInlineSnapshot(`
    "generate needs a command: grid.
      For more: greenwave generate --help
    "
  `);
  expect(messageOf('generate', 'grid', '--rows', '3')).toMatchInlineSnapshot(`
    "generate grid needs --columns <n>.
      For more: greenwave generate grid --help
    "
  `);
});

test('numbers are checked', () => {
  const told = (flag: string, value: string) => messageOf('run', ready('isolated'), flag, value);
  expect(told('--duration-s', 'abc')).toMatchInlineSnapshot(`
    "--duration-s: "abc" is not a number.
      Use a number from 0.01 to 1,000,000 s.
    "
  `);
  expect(told('--duration-s', '-5')).toMatchInlineSnapshot(`
    "--duration-s: "-5" is out of range.
      Use a number from 0.01 to 1,000,000 s.
    "
  `);
  expect(told('--duration-s', '10.5')).toMatchInlineSnapshot(`
    "--duration-s: 10.5 s is not a multiple of the scenario's step (1 s).
      Use 10 or 11.
    "
  `);
  expect(told('--decision-s', '0.3')).toMatchInlineSnapshot(`
    "--decision-s: 0.3 s is not a multiple of the scenario's step (1 s).
      Use 1.
    "
  `);
  expect(told('--seed', '1.5')).toMatchInlineSnapshot(`
    "--seed: "1.5" is not a whole number.
      Use a whole number from -9,007,199,254,740,991 to 9,007,199,254,740,991.
    "
  `);
  expect(told('--jitter-s', 'NaN')).toMatchInlineSnapshot(`
    "--jitter-s: "NaN" is not a number.
      Use a number from 0 to 1,000,000 s.
    "
  `);
  expect(told('--demand-scale', 'Infinity')).toMatchInlineSnapshot(`
    "--demand-scale: "Infinity" is out of range.
      Use a number from 0 to 100.
    "
  `);
});

test('settings are checked', () => {
  const told = (...flags: string[]) => messageOf('run', ready('isolated'), ...flags);
  expect(told('--set', 'cycleS')).toMatchInlineSnapshot(`
    "--set: "cycleS" is not a setting and its value.
      Write key=value, or controller.key=value for one controller alone.
    "
  `);
  expect(told('--set', 'cycles=90')).toMatchInlineSnapshot(`
    "--set: "cycles" is not a setting of fixed-time.
      Did you mean "cycleS"?
      Settings: cycleS.
    "
  `);
  expect(told('--set', 'cycleS=fast')).toMatchInlineSnapshot(`
    "--set fixed-time.cycleS: "fast" is not allowed.
      Use a number from 0 to 3600.
    "
  `);
  expect(told('--set', 'cycleS=90', '--set', 'cycleS=80')).toMatchInlineSnapshot(`
    "--set: "cycleS" is given twice.
      Give it once.
    "
  `);
  expect(told('--set', 'webster.cycleS=90')).toMatchInlineSnapshot(`
    "--set webster.cycleS: "webster" is not at work here.
      At work: fixed-time.
    "
  `);
  expect(told('--set', 'webstre.cycleS=90')).toContain('Did you mean "webster"?');
  expect(told('--controller', 'webster', '--set', 'webster.cycles=90')).toMatchInlineSnapshot(`
    "Unknown setting "cycles".
      Did you mean "cycleS"?
      Settings of webster: design, cycle, cycleS, minCycleS, maxCycleS, saturationVph, startUpLostS, extensionS.
    "
  `);
});

test('the literature’s protocols are not for our own files', () => {
  expect(messageOf('run', ready('isolated'), '--protocol', 'literature-15')).toMatchInlineSnapshot(`
    "Protocol "literature-15" is made for CityFlow files, whose first phase stands for the change between two others; this file's first phase is a green like the rest.
      Leave --protocol out, and give --decision-s if controllers are to be asked less often.
    "
  `);
});

test('a missing file, a folder, and a file of a gigabyte', () => {
  expect(messageOf('run', 'nowhere.yaml')).toMatchInlineSnapshot(`
    "nowhere.yaml cannot be read: there is no such file or folder.
    "
  `);
  mkdirSync(join(folder, 'folder.yaml'));
  expect(messageOf('validate', 'folder.yaml')).toMatchInlineSnapshot(`
    "folder.yaml is a folder; a file is needed.
    "
  `);
  writeFileSync(join(folder, 'big.yaml'), '');
  truncateSync(join(folder, 'big.yaml'), 1_000_000_000);
  expect(messageOf('run', 'big.yaml')).toMatchInlineSnapshot(`
    "big.yaml has 1,000 MB, more than the 64 MB that are read.
    "
  `);
});

test('all problems of a scenario at once', () => {
  const text = 'name: x\nstepS: .nan\ngrid: { rows: -1, columns: 1e99 }\ndemnd: {}\n';
  expect(messageForFile('problems.yaml', text)).toMatchInlineSnapshot(`
    "problems.yaml has 4 problems:
      stepS: NaN is not a number.
        Use a number, 0.1 to 1 s.
      grid.rows: -1 is less than the least allowed (1).
        Use a whole number, 1 to 1,000.
      grid.columns: 1e+99 is more than the most allowed (1,000).
        Use a whole number, 1 to 1,000.
      demnd: "demnd" is not a key here.
        Did you mean "demand"?
    "
  `);
});

test('texts that break off, and wrong types', () => {
  expect(messageForFile('broken.json', '{"name": "x", "grid": {"rows": 2')).toMatchInlineSnapshot(`
    "broken.json has 1 problem:
      line 1, column 33: the file ends in the middle.
        Check that the file is whole: download or save it again.
    "
  `);
  expect(messageForFile('empty.yaml', '')).toMatchInlineSnapshot(`
    "empty.yaml is empty; a scenario (YAML or JSON) or a CityFlow configuration is needed.
    "
  `);
  expect(messageForFile('number.json', '{"name": 3, "grid": []}')).toMatchInlineSnapshot(`
    "number.json has 2 problems:
      name: 3 is not a text.
        Use a text of 1 to 200 characters.
      grid: an empty list is not a group of keys.
        Use keys among rows, columns, spacingM, approachM, lanes, laneWidthM, speedLimitKmh.
    "
  `);
});

test('CityFlow configurations', () => {
  expect(messageForFile('half.json', '{"interval": 1, "roadnetFile": "r.json", "fl')).toMatchInlineSnapshot(`
    "half.json has 1 problem:
      half.json line 1, column 42: the file ends in the middle of the text in quotes that begins here.
        Check that the file is whole: download or save it again.
    "
  `);
  const types = '{"roadnetFile": 3, "flowFile": "f.json", "interval": "one"}';
  expect(messageForFile('types.json', types)).toMatchInlineSnapshot(`
    "types.json has 2 problems:
      types.json interval: Found "one", needs a number from 0.01 to 10 s.
      types.json roadnetFile: Found 3, needs the name of a file.
    "
  `);
  const files = '{"interval": 1, "dir": "data", "roadnetFile": "r.json", "flowFile": "f.json"}';
  expect(messageForFile('files.json', files).replaceAll('\\', '/')).toMatchInlineSnapshot(`
    "files.json has 2 problems:
      roadnetFile: data/r.json cannot be read: there is no such file or folder.
      flowFile: data/f.json cannot be read: there is no such file or folder.
    "
  `);
  expect(messageForFile('flow.json', '[]')).toMatchInlineSnapshot(`
    "flow.json is a CityFlow flow file, not a scenario (YAML or JSON) or a CityFlow configuration.
      It is one of CityFlow's files, but not the one that names the others. Give the configuration that names it, most often called config.json.
    "
  `);
});

test('a place that cannot be written is told before the run', () => {
  writeFileSync(join(folder, 'file.txt'), 'mine');
  const hour = ['run', ready('isolated'), '--duration-s', '3600'];
  expect(messageOf(...hour, '--out', 'file.txt')).toMatchInlineSnapshot(`
    "--out: file.txt is a file; name a folder.
    "
  `);
  expect(messageOf(...hour, '--out', 'file.txt/below')).toContain('file.txt is a file; name a folder.');
  expect(messageOf(...hour, '--out', '.')).toMatchInlineSnapshot(`
    "--out: . is the folder you are in.
      Name another one; it will be made.
    "
  `);
  const grid = ['generate', 'grid', '--rows', '2', '--columns', '2', '--vehicles', '10'];
  expect(messageOf(...grid, '--out', 'folder.yaml')).toMatchInlineSnapshot(`
    "--out: folder.yaml is a folder; name a file.
    "
  `);
  expect(messageOf(...grid, '--out', 'nowhere/grid.yaml')).toMatchInlineSnapshot(`
    "--out: nowhere/grid.yaml cannot be written: there is no such folder.
    "
  `);
});
