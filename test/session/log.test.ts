import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { layoutHash } from '../../server/cli/layoutHash.ts';
import { loadLayout } from '../../server/files/load.ts';
import { loadPolicy } from '../../server/files/policies.ts';
import type { Intervention } from '../../server/protocol/session.ts';
import {
  COMMANDS_KEPT,
  CommandLog,
  LOG_VERSION,
  type LogHeader,
  type LogLine,
  logText,
} from '../../server/session/log.ts';
import { parseLog } from '../../server/session/logSchema.ts';
import { emptyFolder, greenwave, ready } from '../cli/greenwave.ts';
import { goTo, openSession, SHIPPED_POLICY, setupOf } from './sessions.ts';

/** What was watched can be run again without a page: same fingerprints, or it is said where they part. */

const WORKS: readonly Intervention[] = [
  { step: 100, kind: 'close-lane', lane: 'i2-i3_1' },
  { step: 150, kind: 'incident', lane: 'i3-i4_0', positionM: 150 },
  { step: 240, kind: 'clear-incident', lane: 'i3-i4_0' },
];

const folder = emptyFolder();

/** The log of a session that was watched for 300 steps, with its lines changed, in a file. */
async function logFile(name: string, change: (lines: LogLine[]) => LogLine[] = (lines) => lines) {
  const session = goTo(await openSession({ interventions: WORKS }), 300);
  const header: LogHeader = {
    kind: 'run',
    version: LOG_VERSION,
    greenwave: '0.1.0',
    file: 'corridor',
    scenario: 'Five-light corridor',
    layout: layoutHash((await loadLayout(ready('corridor'))).layout),
    flags: {},
    policies: { learned: loadPolicy(SHIPPED_POLICY).hash },
    setup: setupOf({}),
    interventions: session.interventions,
  };
  const marks = session.history.fingerprints.map((mark) => ({ kind: 'fingerprint' as const, ...mark }));
  const command = { kind: 'command' as const, step: 100, command: { kind: 'close-lane', lane: 'i2-i3_1' } };
  mkdirSync(folder, { recursive: true });
  const path = join(folder, name);
  writeFileSync(path, logText(change([header, command, ...marks])));
  return path;
}

test('a log is run again to the same fingerprints', async () => {
  const { code, stdout, stderr } = greenwave(['replay', await logFile('run.log')]);
  expect(stderr).toBe('');
  expect(stdout).toContain('Five-light corridor, seed 1, 300 steps, 3 interventions');
  expect(stdout).toContain('5 marks compared.');
  expect(code).toBe(0);
  const json = JSON.parse(greenwave(['replay', join(folder, 'run.log'), '--json']).stdout);
  expect(json).toMatchObject({ step: 300, compared: 5, parting: null, interventions: 3 });
});

test('of very many commands the latest are kept, and the log says how many are missing', async () => {
  const commands = new CommandLog();
  for (let k = 0; k < COMMANDS_KEPT; k++) commands.note(k, { kind: 'seek', step: k });
  expect(commands).toMatchObject({ leftOut: 0 });
  for (let k = 0; k < 5; k++) commands.note(k, { kind: 'play' });
  expect(commands.leftOut).toBe(5);
  expect(commands.lines).toHaveLength(COMMANDS_KEPT);
  expect(commands.lines[0]).toEqual({ kind: 'command', step: 5, command: { kind: 'seek', step: 5 } });
  const path = await logFile('long.log', ([header, , ...marks]) => [
    { ...(header as LogHeader), commandsLeftOut: commands.leftOut },
    ...commands.lines,
    ...marks,
  ]);
  const parsed = parseLog(readFileSync(path, 'utf8'));
  expect(parsed).toMatchObject({ ok: true, header: { commandsLeftOut: 5 } });
  expect(greenwave(['replay', path]).code).toBe(0);
});

test('where they part is said, and what else could be the matter', async () => {
  const parted = greenwave([
    'replay',
    await logFile('parted.log', (lines) =>
      lines.map((line) =>
        line.kind === 'fingerprint' && line.step === 180
          ? { ...line, sides: [line.sides[0], '0x00000000'] }
          : line,
      ),
    ),
  ]);
  expect(parted.stderr).toMatch(
    /^The replay parted from the log at step 180 on side 2 \(learned\): fingerprint 0x\w{8}, recorded 0x00000000\.\n {2}The log was written by Greenwave 0\.1\.0; 2 marks before were equal\.\n$/,
  );
  expect(parted.code).toBe(1);
  const headed = async (name: string, change: Partial<LogHeader>) =>
    greenwave([
      'replay',
      await logFile(name, (lines) =>
        lines.map((line) => (line.kind === 'run' ? { ...line, ...change } : line)),
      ),
    ]);
  const other = await headed('other.log', { layout: 'ffff' });
  expect(other.code).toBe(2);
  expect(other.stderr).toMatch(
    /corridor\.yaml is not what was watched: its content has hash \w+, the log's ffff\./,
  );
  const gone = await headed('gone.log', { file: 'nowhere.yaml' });
  expect(gone.stderr).toBe('The log is of nowhere.yaml, which is not here.\n  Give --scenario FILE.\n');
  const policy = await headed('policy.log', { policies: { learned: 'abcdef0123456789' } });
  expect(policy.stderr).toMatch(
    /^learned had the policy with hash abcdef012345, and the one at hand has \w{12}\./,
  );
});

test('a run with the interventions of a log is the run that was watched', async () => {
  const path = await logFile('works.log');
  const run = (...more: string[]) =>
    JSON.parse(
      greenwave(['run', ready('corridor'), '--seed', '1', '--duration-s', '300', '--json', ...more]).stdout,
    ).fingerprint;
  const last = JSON.parse(readFileSync(path, 'utf8').trim().split('\n').at(-1)!);
  expect(run('--interventions', path)).toBe(last.sides[0]);
  expect(run()).not.toBe(last.sides[0]);
});

test('a report with the interventions of a log says what was done', async () => {
  const path = await logFile('report.log');
  const out = join(folder, 'report');
  const flags = [
    '--controllers',
    'fixed-time,actuated',
    '--seeds',
    '2',
    '--duration-s',
    '600',
    '--warmup-s',
    '0',
  ];
  const { code } = greenwave(['compare', ready('corridor'), ...flags, '--interventions', path, '--out', out]);
  expect(code).toBe(0);
  const page = readFileSync(join(out, 'report.html'), 'utf8');
  expect(page).toContain('From 100 s on lane i2-i3_1 is closed.');
  expect(page).toContain('--interventions report.log');
});

test('what is no log is refused, by line', () => {
  const problems = (text: string) => {
    const parsed = parseLog(text);
    return parsed.ok ? [] : parsed.problems.map(({ place, message }) => `${place}: ${message}`);
  };
  expect(problems('')).toEqual([': The file is empty.']);
  expect(problems('{"kind":"run"')).toEqual(['line 1: it breaks off in the middle, or is not JSON.']);
  expect(problems('{"kind":"run","version":9}')).toEqual(['line 1: Got a log of version 9, can read 1.']);
  expect(problems('[]')[0]).toMatch(/^line 1/);
  expect(problems('null')[0]).toMatch(/^line 1/);
});
