import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { layoutHash } from '../../server/cli/layoutHash.ts';
import { loadLayout } from '../../server/files/load.ts';
import { parseLog } from '../../server/session/logSchema.ts';
import { emptyFolder, greenwave, ready } from '../cli/greenwave.ts';

/** Logs that somebody made up: each is refused with the place and a remedy, or run to the end of its scenario. */

const folder = emptyFolder();
const hash = layoutHash((await loadLayout(ready('isolated'))).layout);
const setup = { scenario: 'isolated', seed: 1, demandScale: 1, controllers: ['fixed-time'] };
const header = {
  kind: 'run',
  version: 1,
  greenwave: '0.1.0',
  file: 'isolated',
  scenario: 'isolated',
  layout: hash,
  flags: {},
  policies: {},
  setup,
  interventions: [] as object[],
};
const mark = { kind: 'fingerprint', step: 60, sides: ['0x00000000'] };

let files = 0;
function fileOf(first: unknown, ...lines: readonly unknown[]): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${++files}.log`);
  const texts = [first, ...lines].map((line) => (typeof line === 'string' ? line : JSON.stringify(line)));
  writeFileSync(path, texts.map((text) => `${text}\n`).join(''));
  return path;
}

/** What `greenwave replay` says against a log. */
function refused(...lines: readonly [unknown, ...unknown[]]): string {
  const { code, stderr } = greenwave(['replay', fileOf(...lines)]);
  expect([code, stderr]).toEqual([2, expect.not.stringMatching(/fault of Greenwave|invalid|\n\s+at /i)]);
  return stderr.replaceAll(folder, '').replaceAll(/\/\d+\.log/g, 'LOG');
}

const headed = (change: object) => ({ ...header, ...change });
const set = (change: object) => headed({ setup: { ...setup, ...change } });
const works = (one: object) => headed({ interventions: [one] });

test('names that are properties of all objects are controllers that there are not', () => {
  for (const name of ['toString', 'constructor', '__proto__', 'hasOwnProperty']) {
    expect(refused(set({ controllers: [name] }), mark)).toMatch(/^Unknown controller "/);
  }
  expect(refused(headed({ flags: { protocol: 'toString' } }), mark)).toMatch(/^Unknown protocol "toString"/);
});

test('an intervention at a lane that there is not is refused with its place and the nearest name', () => {
  const told = refused(works({ kind: 'close-lane', step: 5, lane: 'east-main_9' }), mark);
  expect(told).toMatch(
    /^LOG, line 1, interventions: There is no lane "east-main_9"\. Did you mean "east-main_/,
  );
});

test('a fingerprint of after the end of the run is refused at once', () => {
  const told = refused(header, { ...mark, step: 100_000_000 });
  expect(told).toBe(
    'LOG: a fingerprint is of step 100,000,000, and the run of 3600 s ends with step 3,600.\n' +
      '  Give the log as the live page saved it.\n',
  );
  const endless = refused(headed({ flags: { durationS: 1_000_000 } }), mark, { ...mark, step: 1_000_000 });
  expect(endless).toMatch(
    /no fingerprint is between step 60 and step 1,000,000; a session writes one each minute\./,
  );
  const long = refused(headed({ flags: { durationS: 1e300 } }), { ...mark, step: 100_000_000 });
  expect(long).toContain('line 1, flags.durationS: found 1e+300, needs at most 1,000,000.');
});

test('values of other types and counts are refused by line and place', () => {
  expect(refused(set({ seed: '1' }), mark)).toContain('line 1, setup.seed: found "1", needs a number.');
  expect(refused(set({ seed: 0.5 }), mark)).toContain('line 1, setup.seed: found 0.5, needs a whole number.');
  expect(refused(set({ controllers: [] }), mark)).toContain('needs at least 1 entries.');
  expect(refused(set({ controllers: Array(5).fill('fixed-time') }), mark)).toContain(
    'needs at most 4 entries.',
  );
  expect(refused(set({ demandScale: 1e9 }), mark)).toContain('needs at most 100.');
  expect(refused(headed({ extra: 1 }), mark)).toContain('which has keys that a log does not: "extra".');
  expect(refused(headed({ interventions: 5 }), mark)).toContain('interventions: found 5, needs a list.');
  expect(refused(works({ kind: 'fly', step: 1, lane: 'a' }), mark)).toContain('needs a kind that a log has');
  expect(refused(headed({ scenario: '\u001b[31mred' }), mark)).toContain('a text without control characters');
  expect(refused(header, { kind: 'fingerprint', step: 60, sides: ['0x1', '0x2'] })).toContain(
    'line 2: it has 2 fingerprints, and line 1 names 1 controllers: one for each is needed.',
  );
  expect(refused(header, { ...mark, step: -1 })).toContain('line 2, step: found -1, needs at least 0.');
  expect(refused(header, mark, mark)).toContain(
    'line 3: fingerprints are of rising steps, and 60 follows 60.',
  );
  expect(refused(header)).toContain('holds no fingerprints');
  expect(refused('[1,2,3]', mark)).toContain('line 1');
});

test('logs of very many lines are refused before they fill memory', () => {
  expect(parseLog('\n'.repeat(5_000_000))).toMatchObject({ ok: false });
  const command = JSON.stringify({ kind: 'command', step: 1, command: { kind: 'play' } });
  const long = parseLog(`${JSON.stringify(header)}\n${`${command}\n`.repeat(100_001)}`);
  expect(long).toMatchObject({ ok: false, problems: [{ message: 'a log has at most 100,000 lines.' }] });
  const wrong = parseLog(`${JSON.stringify(header)}\n${'{}\n'.repeat(1_000_000)}`);
  expect(!wrong.ok && wrong.problems.length).toBe(10);
  expect(parseLog(`{"kind":${'['.repeat(1_000_000)}`)).toMatchObject({ ok: false });
});

test('whatever a log holds, reading it throws nothing', () => {
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.constantFrom<unknown>(null, -1, 1e308, [], {}, '__proto__', '\0'),
  );
  const places = [...Object.keys(header), 'setup.seed', 'setup.controllers', 'flags.protocol', 'policies.x'];
  fc.assert(
    fc.property(fc.constantFrom(...places), value, value, (place, put, line) => {
      const made = structuredClone(header) as unknown as Record<string, Record<string, unknown>>;
      const [outer, inner] = place.split('.') as [string, string?];
      if (inner === undefined) made[outer] = put as never;
      else made[outer][inner] = put;
      const read = parseLog([made, line].map((one) => JSON.stringify(one)).join('\n'));
      if (read.ok) return;
      for (const { message } of read.problems) expect(message).not.toMatch(/invalid|undefined|\[object/i);
    }),
    { numRuns: 500 },
  );
});

test('interventions of another scenario are refused in words, by run and compare', () => {
  const log = fileOf(headed({ layout: '0123456789abcdef' }), mark);
  const told =
    /--interventions: .*\.log was recorded on another scenario: the content of .*isolated\.yaml has hash \w{16}, the log’s has 0123456789abcdef\.\n {2}Give the file as it was/;
  const run = greenwave(['run', ready('isolated'), '--interventions', log]);
  expect([run.code, run.stderr]).toEqual([2, expect.stringMatching(told)]);
  const out = join(folder, 'out');
  const flags = ['--controllers', 'fixed-time,actuated', '--seeds', '2', '--out', out];
  const compare = greenwave(['compare', ready('isolated'), ...flags, '--interventions', log]);
  expect([compare.code, compare.stderr]).toEqual([2, expect.stringMatching(told)]);
  const own = fileOf(works({ kind: 'close-lane', step: 5, lane: 'nowhere' }), mark);
  const lane = greenwave(['run', ready('isolated'), '--interventions', own]);
  expect([lane.code, lane.stderr]).toEqual([
    2,
    expect.stringMatching(/^--interventions: There is no lane "nowhere"/),
  ]);
});
