import { expect, test } from 'vitest';
import { SignalEnvironment } from '../../server/environment/environment.ts';
import type { Beginning, Outcome } from '../../server/environment/spaces.ts';
import type { VectorEnvironment as Type, VectorOptions } from '../../server/learning/vectorEnvironment.ts';
import type { Layout } from '../../server/scenario/layout.ts';
import { crossing } from '../networks.ts';

/** Copies in worker threads give what one environment gives, in order, however many threads there are. */

// Threads run what is built.
const built = new URL('../../dist/server/learning/vectorEnvironment.js', import.meta.url).href;
const { VectorEnvironment } = (await import(built)) as {
  VectorEnvironment: new (layout: Layout, options: VectorOptions) => Type;
};

const busy = crossing({ westVph: 700, northVph: 500, arrivals: 'poisson' });
const short = { durationS: 60, decisionS: 10, reward: 'delay' } as const;

/** The other phase where it may be chosen. */
const changing = ({ infos }: Beginning) =>
  infos.map(({ actionMask, phase }) => (actionMask[1 - phase] === 1 ? 1 - phase : phase));

async function play(workers: number): Promise<Outcome[][]> {
  const environments = new VectorEnvironment(busy, { ...short, copies: 5, workers });
  const history: Outcome[][] = [];
  let last: Beginning[] = await environments.reset(10);
  for (let k = 0; k < 15; k++) {
    const outcomes = await environments.step(last.map(changing));
    history.push(outcomes);
    last = outcomes;
  }
  await environments.close();
  return history;
}

test('results are the same with one, two and five workers', async () => {
  const one = await play(1);
  expect(await play(2)).toEqual(one);
  expect(await play(5)).toEqual(one);
});

test('each copy is an environment of its own seed, and begins anew after its end', async () => {
  const history = await play(2);
  const environment = new SignalEnvironment(busy, short);
  for (let copy = 0; copy < 5; copy++) {
    let last: Beginning = environment.reset(10 + copy);
    for (let k = 0; k < 6; k++) {
      const outcome = environment.step(changing(last));
      expect(history[k][copy]).toEqual(outcome);
      last = outcome;
    }
    expect(history[5][copy].truncated).toBe(true);
    last = environment.reset(15 + copy);
    expect(history[6][copy]).toEqual({
      ...last,
      rewards: new Float64Array(1),
      terminated: false,
      truncated: false,
    });
    for (let k = 7; k < 13; k++) {
      const outcome = environment.step(changing(last));
      expect(history[k][copy]).toEqual(outcome);
      last = outcome;
    }
  }
});

test('an action that is refused is told with its copy, and reset goes on', async () => {
  const environments = new VectorEnvironment(busy, { ...short, copies: 3, workers: 2 });
  await environments.reset(1);
  await expect(environments.step([[0], [0], [7]])).rejects.toThrow('Copy 2: Agent "main" is given action 7');
  await expect(environments.step([[0]])).rejects.toThrow('Got actions for 1 copies of 3');
  // What cannot be sent to a worker is told as well, and leaves the copies where they are.
  for (const wrong of [undefined, () => 0, Symbol('0'), '0', Promise.resolve(0)]) {
    const told = /^Copy 1: agent ".*" is given action .*: give a number\.$/;
    await expect(environments.step([[0], [wrong as never], [0]])).rejects.toThrow(told);
  }
  await expect(environments.step([[0], null as never, [0]])).rejects.toThrow('Copy 1: got null for actions');
  await expect(environments.step(null as never)).rejects.toThrow('Got null for actions');
  await expect(environments.step([[0], [0, 0], [0]])).rejects.toThrow('Copy 1: Got 2 actions for 1 agents');
  expect(await environments.reset(1)).toHaveLength(3);
  await environments.close();
});

test('one call at a time', async () => {
  const environments = new VectorEnvironment(busy, { ...short, copies: 1, workers: 1 });
  const first = environments.reset(1);
  await expect(environments.reset(2)).rejects.toThrow('at work: wait');
  await first;
  await environments.close();
  await expect(environments.reset(1)).rejects.toThrow('closed');
});

test('a worker that dies is told with its copies, now and later', async () => {
  const environments = new VectorEnvironment(busy, { ...short, copies: 3, workers: 2, heapMb: 1 });
  const death = /Worker [12] of 2, which runs copies (0, 2|1), died: .*memory/;
  await expect(environments.reset(1)).rejects.toThrow(death);
  await expect(environments.reset(1)).rejects.toThrow(death);
  await environments.close();
});

test.each([
  [{ copies: 0, workers: 1 }, /copies is 0/],
  [{ copies: 2, workers: 1.5 }, /workers is 1.5/],
  [{ copies: 2, workers: 1, reward: 'speed' }, /Unknown reward "speed"/],
])('%o is refused', (options, message) => {
  expect(() => new VectorEnvironment(busy, options)).toThrow(message);
});
