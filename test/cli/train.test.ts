import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { csvRows, type Ended, emptyFolder, greenwave, MAIN, ready } from './greenwave.ts';

/**
 * Training by the real program, on two minutes of one intersection: what it writes, that it can be killed and
 * gone on with, and what it says of what the user can put right.
 */

const FEW = [
  '--generations',
  '3',
  '--population',
  '4',
  '--workers',
  '1',
  '--backend',
  'cpu',
  '--schedule',
  '2,3',
];

/** A folder with a short scenario in it, and `whole`: a training that nothing happened to. */
const folder = emptyFolder();
let whole: Ended;
beforeAll(() => {
  const text = readFileSync(ready('isolated'), 'utf8').replace(/^durationS:.*$/m, 'durationS: 120');
  writeFileSync(join(folder, 'short.yaml'), text);
  whole = greenwave(['train', 'short.yaml', ...FEW, '--out', 'whole'], folder);
}, 60_000);

const read = (folder: string, name: string) => readFileSync(join(folder, name), 'latin1');

/** The files that are to be the same, whatever happened on the way. */
function expectSame(other: string): void {
  for (const name of ['policy.json', 'history.csv', 'checkpoint.jsonl']) {
    expect(read(join(folder, 'whole'), name) === read(join(folder, other), name), name).toBe(true);
  }
}

function begin(args: readonly string[]): { child: ChildProcess; end: Promise<Ended> } {
  const child = spawn(process.execPath, [MAIN, 'train', ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (piece) => {
    said.stdout += piece;
  });
  child.stderr.on('data', (piece) => {
    said.stderr += piece;
  });
  const end = new Promise<Ended>((resolve) => child.on('close', (code) => resolve({ code, ...said })));
  return { child, end };
}

/** A training that gets a signal when it says that a generation is done. */
async function signalled(args: readonly string[], generation: number, signal: NodeJS.Signals) {
  const { child, end } = begin(args);
  let heard = '';
  let sent = false;
  child.stderr!.on('data', (piece) => {
    heard += piece;
    if (sent || !heard.includes(`generation ${generation},`)) return;
    sent = true;
    child.kill(signal);
  });
  return end;
}

test('writes the policy, its history, event files and checkpoints; the number of workers changes none', () => {
  const { code, stdout, stderr } = whole;
  expect(stderr).toMatch(
    /^The network is trained on cpu .+\.\ngeneration 1, 8 episodes: .+ vs max-pressure, best .+\ngeneration 2, /,
  );
  expect(code).toBe(0);
  expect(stdout).toMatch(/^3 generations, 24 episodes; the best is /);
  expect(stdout).toContain('Go on: greenwave train --resume whole --generations 6');
  expect(readdirSync(join(folder, 'whole')).map((name) => name.replace(/tfevents\..*/, 'tfevents'))).toEqual([
    'checkpoint-before.jsonl',
    'checkpoint.jsonl',
    'events.out.tfevents',
    'history.csv',
    'policy.json',
  ]);

  const history = csvRows(join(folder, 'whole', 'history.csv'));
  expect(history.map(({ stage, episodes }) => [stage, Number(episodes)])).toEqual([
    ['start', 0],
    ['evolve', 8],
    ['evolve', 16],
    ['refine', 24],
  ]);
  const best = history.map((row) => Number(row.best_validation_score));
  const judged = history.map((row) => Number(row.validation_score));
  expect(best).toEqual(judged.map((_, g) => Math.min(...judged.slice(0, g + 1))));

  const policy = JSON.parse(read(join(folder, 'whole'), 'policy.json'));
  expect(policy).toMatchObject({ format: 'greenwave-policy', version: 1 });
  expect(policy.scores).toMatchObject([{ scenario: 'Isolated intersection', protocol: 'scenario' }]);
  expect(policy.scores[0].policy).toBeCloseTo(Math.min(...judged), 9);
  const args = ['run', 'short.yaml', '--controller', 'learned', '--policy', join('whole', 'policy.json')];
  expect(greenwave(args, folder).code).toBe(0);
  expect(policy.training.command).toBe(
    'npx greenwave train short.yaml --seed 0 --population 4 --backend cpu --schedule 2,3 --weights 0.6,0.2,0.2 --generations 3 --name learned --out training',
  );

  expect(greenwave(['train', 'short.yaml', ...FEW, '--workers', '3', '--out', 'three'], folder).code).toBe(0);
  expectSame('three');
  expect(greenwave(['train', 'short.yaml', ...FEW, '--seed', '1', '--out', 'other'], folder).code).toBe(0);
  expect(read(join(folder, 'other'), 'policy.json')).not.toBe(read(join(folder, 'whole'), 'policy.json'));
});

test('killed at any moment, it goes on to the same end', async () => {
  const args = ['short.yaml', ...FEW];
  await signalled([...args, '--out', 'killed'], 1, 'SIGKILL');
  await signalled(['--resume', 'killed', '--workers', '2'], 2, 'SIGKILL');
  const { code, stderr } = greenwave(['train', '--resume', 'killed'], folder);
  expect([code, stderr.match(/^generation/gm)!.length]).toEqual([0, 1]);
  expectSame('killed');
  // As it is before the start is judged: the checkpoint says what is to be done, and no more.
  const { child, end } = begin([...args, '--out', 'early']);
  while (!existsSync(join(folder, 'early', 'checkpoint.jsonl')))
    await new Promise((next) => setTimeout(next, 5));
  child.kill('SIGKILL');
  await end;
  expect(greenwave(['train', '--resume', 'early'], folder).code).toBe(0);
  expectSame('early');
});

test('a longer training is the shorter one, gone on with, also in another folder', () => {
  greenwave(['train', 'short.yaml', ...FEW, '--generations', '2', '--out', 'half'], folder);
  const args = ['--resume', 'half', '--generations', '3', '--out', 'gone-on'];
  expect(greenwave(['train', ...args], folder).code).toBe(0);
  expectSame('gone-on');
  expect(csvRows(join(folder, 'half', 'history.csv')).length).toBe(3);
  // There is nothing left to do, but to write what there is.
  expect(greenwave(['train', '--resume', 'gone-on', '--out', 'copied'], folder).code).toBe(0);
  expectSame('copied');
});

test('Ctrl-C keeps what is done, and says how to go on', async () => {
  if (process.platform === 'win32') return; // has no signals: a process is ended like with SIGKILL
  const { code, stderr } = await signalled(['short.yaml', ...FEW, '--out', 'stopped'], 2, 'SIGINT');
  expect(code).toBe(130);
  expect(stderr).toMatch(
    /\nStopped after 2 generations; the best policy so far is .+\.\nGo on: greenwave train --resume stopped\n$/,
  );
  expect(JSON.parse(read(join(folder, 'stopped'), 'policy.json')).training.generations).toBe(2);
  greenwave(['train', '--resume', 'stopped'], folder);
  expectSame('stopped');
});

test('a torn checkpoint is told, and the one before it taken, to the same end', () => {
  greenwave(['train', 'short.yaml', ...FEW, '--generations', '2', '--out', 'torn'], folder);
  const last = join(folder, 'torn', 'checkpoint.jsonl');
  writeFileSync(last, readFileSync(last).subarray(0, 5000));
  const { code, stderr } = greenwave(['train', '--resume', 'torn', '--generations', '3'], folder);
  expect(code).toBe(0);
  expect(stderr).toMatch(
    /^Warning: torn\/checkpoint\.jsonl cannot be used: it breaks off after \d+ of \d+ characters\. Going on from the one before it\.\n/,
  );
  expectSame('torn');

  for (const name of ['checkpoint.jsonl', 'checkpoint-before.jsonl']) {
    writeFileSync(
      join(folder, 'torn', name),
      read(join(folder, 'torn'), name).replace('"seed":0', '"seed":1'),
    );
  }
  const both = greenwave(['train', '--resume', 'torn'], folder);
  expect([both.code, both.stderr]).toEqual([
    2,
    `--resume: torn/checkpoint.jsonl cannot be used: its content is not what its hash says and checkpoint-before.jsonl neither: its content is not what its hash says.
  Begin anew, without --resume.
`,
  ]);
});

test('a full disk is told, and leaves the last checkpoint whole', () => {
  if (process.platform !== 'linux') return; // stands in for a full disk: files may have 10 kB at most
  const args = [MAIN, 'train', 'short.yaml', ...FEW, '--out', 'full'];
  const command = `trap '' XFSZ; ulimit -f ${CHECKPOINT_KB}; exec "$0" "$@"`;
  const { status, stderr } = spawnSync('bash', ['-c', command, process.execPath, ...args], {
    ...{ cwd: folder, encoding: 'utf8' },
  });
  expect(stderr).toMatch(
    /--out: full cannot be written: the file would be too large for this disk\.\n {2}The last checkpoint is as it was\. When this is put right, go on with --resume\.\n$/,
  );
  expect(status).toBe(2);
  expect(readdirSync(join(folder, 'full')).filter((name) => name.includes('unfinished'))).toEqual([]);
  expect(greenwave(['train', '--resume', 'full'], folder).stderr).not.toContain('Warning');
  expectSame('full');
});

/** More than the first checkpoint has, and less than the last. */
const CHECKPOINT_KB = 10;

test('with detectors only, a policy is trained on what these tell, and says so', () => {
  const args = ['short.yaml', ...FEW, '--generations', '1', '--detectors-only', '--out', 'seen'];
  expect(greenwave(['train', ...args], folder).code).toBe(0);
  const policy = JSON.parse(read(join(folder, 'seen'), 'policy.json'));
  expect(policy.sight).toBe('detectors');
  expect(policy.training.command).toMatch(/ --detectors-only$/);
  const whole = JSON.parse(read(join(folder, 'whole'), 'policy.json'));
  expect(policy.scores[0].rivals.start).not.toBe(whole.scores[0].rivals.start);
  expect(greenwave(['train', '--resume', 'seen'], folder).code).toBe(0);
});

test('a policy that was trained is a start for another training', () => {
  const from = ['--start', join('whole', 'policy.json'), '--generations', '1'];
  expect(greenwave(['train', 'short.yaml', ...FEW, ...from, '--out', 'second'], folder).code).toBe(0);
  const [first, second] = ['whole', 'second'].map((name) =>
    JSON.parse(read(join(folder, name), 'policy.json')),
  );
  expect(second.scores[0].rivals.start).toBe(first.scores[0].policy);

  const trained = read(join(folder, 'whole'), 'policy.json');
  const refusal = (text: string) => {
    writeFileSync(join(folder, 'start.json'), text);
    const { code, stderr } = greenwave(
      ['train', 'short.yaml', '--start', 'start.json', '--out', 'third'],
      folder,
    );
    expect([code, existsSync(join(folder, 'third'))]).toEqual([2, false]);
    return stderr;
  };
  expect(refusal('{}')).toContain('This is not a policy');
  expect(refusal(trained.replace('"version": 1', '"version": 9'))).toContain('the policy is of version 9');
  expect(refusal(trained.replace(/"linear": \[\s*[^,]+/, '"linear": [ null'))).toContain('stands for NaN');
});

test('what cannot be done is said before anything is run', () => {
  mkdirSync(join(folder, 'taken'));
  writeFileSync(join(folder, 'taken', 'letter.txt'), '');
  const crossing = { approaches: ['east', 'west'], approachM: 200, lanes: 1 };
  const road = { name: 'road', isolated: crossing, demand: { west: { flowVph: 300, to: { east: 1 } } } };
  writeFileSync(join(folder, 'road.json'), JSON.stringify(road));
  const said = (...args: string[]) => {
    const { code, stdout, stderr } = greenwave(['train', ...args], folder);
    expect([code, stdout]).toEqual([2, '']);
    return stderr;
  };
  expect(
    [
      said('--out', 'new'),
      said('short.yaml'),
      said('short.yaml', 'short.yaml', '--out', 'new'),
      said('short.yaml', '--generations', '3', '--minutes', '1', '--out', 'new'),
      said('short.yaml', '--population', '3', '--out', 'new'),
      said('short.yaml', '--minutes', 'ten', '--out', 'new'),
      said('short.yaml', '--protocol', 'literature-15', '--out', 'new'),
      said('--cities', '3', '--protocol', 'scenario', '--out', 'new'),
      said('road.json', '--out', 'new'),
      said('short.yaml', '--backend', 'abacus', '--out', 'new'),
      said('short.yaml', '--out', 'whole'),
      said('short.yaml', '--out', 'taken'),
      said('--resume', 'taken'),
      said('--resume', 'nowhere'),
      said('--resume', 'whole', '--seed', '5', '--population', '6'),
      said('road.json', '--resume', 'whole'),
    ].join('\n'),
  ).toMatchInlineSnapshot(`
    "There is nothing to train on.
      Name scenarios or CityFlow configurations, or give --cities 60 for cities drawn at random.

    train needs --out <dir>.
      For more: greenwave train --help

    short.yaml is named twice.
      Name every file once.

    --generations and --minutes both say when training ends.
      Give one of them.

    --population: "3" is out of range.
      Use a whole number from 4 to 1,000.

    --minutes: "ten" is not a number.
      Use a number from 0.01 to 100,000 min.

    short.yaml: protocol "literature-15" is made for CityFlow files, and this is none.
      Leave --protocol out, or this file.

    --protocol is for files, and none is named: cities have protocols of their own.
      Leave it out.

    road.json has no signal with a choice between phases: there is nothing to learn.
      Leave it out.

    Unknown backend "abacus".
      Backends: auto, tensorflow, webgpu, wasm, cpu.

    --out: whole holds a training.
      Go on with it: greenwave train --resume whole
      Or name another folder.

    --out: taken is not empty, and does not hold earlier results of this command.
      Name a new folder, or empty this one.

    --resume: there is no checkpoint in taken.
      Name the folder that a training wrote, with checkpoint.jsonl in it.

    --resume: there is no checkpoint in nowhere.
      Name the folder that a training wrote, with checkpoint.jsonl in it.

    The checkpoint in whole is of another training:
      --seed: 0 then, 5 now.
      --population: 4 then, 6 now.
      Leave out what it was begun with, or begin anew without --resume.

    road.json has no signal with a choice between phases: there is nothing to learn.
      Leave it out.
    "
  `);
  writeFileSync(join(folder, 'short.yaml'), readFileSync(ready('isolated')));
  expect(said('--resume', 'whole')).toContain('short.yaml has changed since.');
  expect(existsSync(join(folder, 'new'))).toBe(false);
  rmSync(join(folder, 'short.yaml'));
  expect(said('--resume', 'whole')).toBe('short.yaml cannot be read: there is no such file or folder.\n');
});
