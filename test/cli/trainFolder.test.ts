import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lastCheckpoint, TrainFolder, type TrainResults } from '../../server/cli/trainFolder.ts';
import { emptyFolder } from './greenwave.ts';

const JUDGEMENT = { score: 0.5, againstMaxPressure: -0.1, groups: [{ group: 'road, wet', score: 0.5 }] };

/** What is there after `generation` generations. */
function results(generation: number): TrainResults {
  const history = Array.from({ length: generation + 1 }, (_, g) => ({
    ...{
      generation: g,
      stage: g === 0 ? 'start' : 'evolve',
      episodes: 8 * g,
      trainingScore: g === 0 ? null : 1 / 3,
    },
    ...{ judgement: g === 1 ? null : JUDGEMENT, bestScore: 0.5, facts: g === 0 ? {} : { sigma: 0.3 } },
  }));
  return { policy: `policy ${generation}\n`, history, facts: ['sigma'] };
}

test('the checkpoint before the last is kept; a torn one never takes its place', () => {
  const path = emptyFolder();
  const [last, before] = ['checkpoint.jsonl', 'checkpoint-before.jsonl'].map((name) => join(path, name));
  const first = new TrainFolder(path);
  for (const generation of [0, 1, 2]) first.write({ generation }, results(generation));
  expect(lastCheckpoint(path)).toEqual({ content: { generation: 2 }, warning: null });

  writeFileSync(last, readFileSync(last).subarray(0, 150));
  const { content, warning } = lastCheckpoint(path);
  expect(content).toEqual({ generation: 1 });
  expect(warning).toContain('Going on from the one before it.');
  const kept = readFileSync(before, 'utf8');
  const second = new TrainFolder(path);
  second.write(content, results(1));
  expect(readFileSync(before, 'utf8')).toBe(kept);
  expect(lastCheckpoint(path)).toEqual({ content: { generation: 1 }, warning: null });
  second.write({ generation: 2 }, results(2));
  expect(readFileSync(before, 'utf8')).toBe(kept);
});

test('killed between two renames, the one before is the last', () => {
  const path = emptyFolder();
  const folder = new TrainFolder(path);
  for (const generation of [0, 1]) folder.write({ generation }, null);
  renameSync(join(path, 'checkpoint.jsonl'), join(path, 'checkpoint-before.jsonl'));
  expect(lastCheckpoint(path)).toMatchObject({
    content: { generation: 1 },
    warning: expect.stringContaining('checkpoint.jsonl is missing.'),
  });
});

test('history.csv has a row for each generation, empty where there is nothing', () => {
  const path = emptyFolder();
  new TrainFolder(path).write({}, results(2));
  expect(readFileSync(join(path, 'history.csv'), 'utf8')).toMatchInlineSnapshot(`
    "generation,stage,episodes,training_score,validation_score,best_validation_score,delay_against_max_pressure,"validation_score road, wet",sigma
    0,start,0,,0.5,0.5,-0.1,0.5,
    1,evolve,8,0.3333333333,,0.5,,,0.3
    2,evolve,16,0.3333333333,0.5,0.5,-0.1,0.5,0.3
    "
  `);
});

test('event files have each generation once, in files of those who wrote it', () => {
  const path = emptyFolder();
  const first = new TrainFolder(path);
  for (const generation of [0, 1]) first.write({ generation }, results(generation));
  const second = new TrainFolder(path);
  for (const generation of [1, 2]) second.write({ generation }, results(generation));
  const steps = readdirSync(path)
    .filter((name) => name.startsWith('events.out.tfevents.'))
    .sort((a, b) => Number(a.split('.').at(-1)) - Number(b.split('.').at(-1)))
    .map((name) => stepsIn(readFileSync(join(path, name))));
  expect(steps).toEqual([
    ['version', 0, 1],
    ['version', 2],
  ]);
});

/** The steps of an event file's records: after the wall time, field 2. */
function stepsIn(file: Buffer): (number | 'version')[] {
  const steps: (number | 'version')[] = [];
  for (let at = 0; at < file.length; at += 16 + Number(file.readBigUInt64LE(at))) {
    steps.push(file[at + 12 + 9] === 0x10 ? file[at + 12 + 10] : 'version');
  }
  return steps;
}
