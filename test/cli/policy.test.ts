import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { policyText } from '../../server/policy/policyFile.ts';
import { madeUpPolicy } from '../policy/madeUp.ts';
import { emptyFolder, greenwave, ready } from './greenwave.ts';

/** Trained policies on the command line: `run`, `compare` and `explain` with `--policy`, and who mistypes. */

const folder = emptyFolder();
const [staged, plain] = [
  madeUpPolicy({ name: 'staged' }),
  madeUpPolicy({ name: 'plain', stages: false }, []),
];
writeFileSync(join(folder, 'staged.json'), policyText(staged));
writeFileSync(join(folder, 'plain.json'), policyText(plain));
writeFileSync(join(folder, 'torn.json'), policyText(plain).slice(0, 400));

const isolated = ready('isolated');

function done(...args: string[]): string {
  const { code, stdout, stderr } = greenwave(args, folder);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}

function messageOf(...args: string[]): string {
  const { code, stdout, stderr } = greenwave(args, folder);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).not.toMatch(/\n\s+at /);
  return stderr;
}

const short = ['--duration-s', '600', '--json'];

test('run: a policy is asked as often as it wants, or as it is told', () => {
  const args = ['run', isolated, '--controller', 'learned', '--policy', 'staged.json', ...short];
  const own = JSON.parse(done(...args));
  const facts = [expect.stringContaining(`hash ${staged.hash.slice(0, 12)}`), expect.anything()];
  expect(own).toMatchObject({ controller: 'learned', facts, decisionS: 5, warnings: [] });
  expect(JSON.parse(done(...args)).fingerprint).toBe(own.fingerprint);
  const seldom = JSON.parse(done(...args, '--decision-s', '10'));
  expect(seldom.decisionS).toBe(10);
  expect(seldom.fingerprint).not.toBe(own.fingerprint);
  const named = ['run', isolated, '--controller', 'mine', '--policy', 'mine=staged.json', ...short];
  expect(JSON.parse(done(...named))).toMatchObject({ controller: 'mine', fingerprint: own.fingerprint });
});

test('compare: several policies side by side, on worker threads, each with its facts', () => {
  const controllers = [
    '--controllers',
    'max-pressure,learned,old',
    '--policy',
    'staged.json',
    '--policy',
    'old=plain.json',
  ];
  const args = [
    'compare',
    isolated,
    ...controllers,
    '--seeds',
    '2',
    '--duration-s',
    '600',
    '--warmup-s',
    '0',
  ];
  const record = JSON.parse(done(...args, '--out', 'one', '--json', '--workers', '2'));
  expect(record.controllers.map(({ name }: { name: string }) => name)).toEqual([
    'max-pressure',
    'learned',
    'old',
  ]);
  expect(record.controllers[1]).toMatchObject({
    source: `policy "staged", ${staged.hash.slice(0, 12)}`,
    sees: 'every vehicle',
    facts: [
      `Policy staged, hash ${staged.hash.slice(0, 12)}, trained in 0 episodes.`,
      'It sees every vehicle, and chooses among every legal pair of dual-ring phases.',
    ],
  });
  expect(record.controllers[2].facts[0]).toContain(`Policy plain, hash ${plain.hash.slice(0, 12)}`);
  const page = readFileSync(join(folder, 'one', 'report.html'), 'utf8');
  expect(page).toContain(staged.hash.slice(0, 12));
  expect(page).toContain('--policy staged.json --policy old=plain.json');
  const run = [
    'run',
    isolated,
    '--controller',
    'learned',
    '--policy',
    'staged.json',
    ...short,
    '--seed',
    '1',
  ];
  const row = record.runs.find(
    (one: { controller: string; seed: number }) => one.controller === 'learned' && one.seed === 1,
  );
  expect(row.fingerprint).toBe(JSON.parse(done(...run)).fingerprint);
});

describe('explain', () => {
  const args = ['explain', isolated, '--intersection', 'main', '--time-s', '300', '--policy'];

  test('tells it in words and tables', () => {
    expect(done(...args, 'plain.json', '--counterfactual', 'north-south-thru')).toMatchInlineSnapshot(`
      "At 310 s main changes from east-west-left to east-west-thru: it scores 32.45, against 10.09 for east-west-left. Compared with east-west-left, this speaks most for east-west-thru: the standing queue of west-thru (+15.00), the wait of the first vehicle of west-thru (+4.01), the longest wait there (+2.05); this against it: what a change would cost (−4.20), vehicles of east-left less than 5 s away (−1.88).

      By movement (> the phase that is green, * the one that was chosen):

                          east-west-thru*  >east-west-left  north-south-thru  north-south-left
        north-left                      ·                ·                 ·              3.80
        north-thru                      ·                ·             14.46                 ·
        north-right                     ·                ·                 ·                 ·
        east-left                       ·             4.59                 ·                 ·
        east-thru                    5.93                ·                 ·                 ·
        east-right                   1.61                ·                 ·                 ·
        south-left                      ·                ·                 ·                 ·
        south-thru                      ·                ·              4.90                 ·
        south-right                     ·                ·                 ·                 ·
        west-left                       ·                ·                 ·                 ·
        west-thru                   20.99                ·                 ·                 ·
        west-right                   1.86                ·                 ·                 ·
        the phase itself             2.05             5.50              7.70                 ·
        score                       32.45            10.09             27.06              3.80

      By feature:

                    east-west-thru*  >east-west-left  north-south-thru  north-south-left
        queue                 19.00                ·             10.00              1.00
        within5                0.94             1.88                 ·                 ·
        within10               2.82                ·                 ·                 ·
        within15               0.94                ·              0.94              0.94
        within25              -0.80                ·             -0.20                 ·
        beyond                -0.20                ·                 ·                 ·
        wait                   6.20             1.51              7.77              1.51
        served                 1.50             1.20              0.85              0.35
        present                   ·             1.30                 ·                 ·
        changeTime                ·             4.20                 ·                 ·
        longWait               2.05                ·              7.70                 ·
        score                 32.45            10.09             27.06              3.80

      Kept by rules:

        change under way: nothing could be decided from 300 to 303 s
        minimum green: nothing could be decided from 303 to 307 s

      Others would choose:

        fixed-time                east-west-thru
        webster                 north-south-thru
        green-wave              north-south-thru
        max-pressure              east-west-thru
        efficient-max-pressure    east-west-thru
        advanced-max-pressure     east-west-thru
        actuated                               – (it runs rings of its own, and follows each green from its beginning)

      Delay in the 60 s after it, veh·s, had another phase been asked for just then:

                          network  more  intersection
        east-west-thru*      2152                2053
        north-south-thru     1961  −191          1878

      Policy plain, hash 416d2b3e755b.
      "
    `);
  });

  test('and as one JSON object', () => {
    const told = JSON.parse(done(...args, 'staged.json', '--json', '--counterfactual', 'all', '--seed', '2'));
    expect(told).toMatchObject({
      scenario: 'Isolated intersection',
      protocol: 'scenario',
      seed: 2,
      intersection: 'main',
    });
    expect(told.policy).toEqual({ name: 'staged', hash: staged.hash });
    expect(told.phases.map(({ phase }: { phase: string }) => phase)).toEqual([
      ...['1+5', '1+6', '2+5', '2+6', '3+7', '3+8', '4+7', '4+8'],
    ]);
    expect(told.counterfactuals.length).toBe(8);
    expect(told.others.length).toBe(7);
  });

  test('what cannot be explained', () => {
    const at = (id: string, timeS: string, ...rest: string[]) =>
      messageOf(
        'explain',
        isolated,
        '--policy',
        'plain.json',
        '--intersection',
        id,
        '--time-s',
        timeS,
        ...rest,
      );
    expect(at('mian', '300')).toMatchInlineSnapshot(`
      "Unknown intersection "mian".
        Did you mean "main"?
      "
    `);
    expect(at('north', '300')).toMatchInlineSnapshot(`
      "--intersection: "north" has no signal.
        With signals: "main".
      "
    `);
    expect(at('main', '3600')).toMatchInlineSnapshot(`
      "--time-s: 3600 s is not before the end of the run, 3600 s.
        Use less, or a longer --duration-s.
      "
    `);
    expect(at('main', '3599')).toMatchInlineSnapshot(`
      "--time-s: from 3599 s to the end of the run, 3600 s, nothing can be decided at main: minimum green from 3599 to 3600 s.
        Use less, or a longer --duration-s.
      "
    `);
    expect(at('main', '300', '--counterfactual', 'east-west-left-turns')).toMatchInlineSnapshot(`
      "Unknown phase "east-west-left-turns".
        Did you mean "east-west-left"?
        Phases: east-west-thru, east-west-left, north-south-thru, north-south-left, all.
      "
    `);
  });
});

test('policies that cannot be had', () => {
  const run = (...args: string[]) => messageOf('run', isolated, ...args);
  expect(run('--controller', 'learned', '--policy', 'none.json')).toMatchInlineSnapshot(`
    "none.json cannot be read: there is no such file or folder.
    "
  `);
  expect(run('--controller', 'learned', '--policy', 'torn.json')).toMatchInlineSnapshot(`
    "torn.json has 1 problem:
      line 13, column 3: the file ends in the middle of the text in quotes that begins here.
        Check that the file is whole: download or save it again.
    "
  `);
  expect(run('--policy', 'plain.json')).toMatchInlineSnapshot(`
    "--policy plain.json: it is for controller "learned", but fixed-time is at work.
      Name learned as the controller, or leave --policy out.
    "
  `);
  expect(run('--controller', 'learned', '--policy', 'old=plain.json')).toMatchInlineSnapshot(`
    "--policy plain.json: it is for controller "old", but learned is at work.
      Name old as the controller, or leave --policy out.
    "
  `);
  expect(run('--controller', 'learned', '--policy', 'max-pressure=plain.json')).toMatchInlineSnapshot(`
    "--policy: "max-pressure" is a controller that has no policy.
      Choose another name.
    "
  `);
  expect(
    run('--controller', 'learned', '--policy', 'plain.json', '--policy', 'staged.json'),
  ).toMatchInlineSnapshot(`
    "--policy: "learned" is given twice.
      Give others a name of their own: --policy NAME=FILE.
    "
  `);
  expect(run('--controller', 'learned', '--policy', 'old=')).toMatchInlineSnapshot(`
    "--policy: "old=" names no file.
      Write FILE, or NAME=FILE.
    "
  `);
  expect(run('--controller', 'max-pressure', '--detectors-only')).toMatchInlineSnapshot(`
    "--detectors-only: no learned controller is at work, and others see what they always see.
      Add learned to the controllers, or leave it out.
    "
  `);
  expect(run('--controller', 'learned', '--policy', isolated)).toContain('is a scenario, not a policy');
  const compare = ['compare', isolated, '--policy', 'plain.json', '--out', 'none', '--controllers'];
  expect(messageOf(...compare, 'fixed-time,max-pressure')).toMatchInlineSnapshot(`
    "--policy plain.json: it is for controller "learned", but fixed-time, max-pressure are at work.
      Name learned as the controller, or leave --policy out.
    "
  `);
  expect(messageOf(...compare, 'learned,old')).toContain('Unknown controller "old"');
});
