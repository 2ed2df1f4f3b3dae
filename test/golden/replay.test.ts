import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runningCount } from '../../server/sim/simulation.ts';
import { summarize } from '../../server/sim/summary.ts';
import { fingerprintsOf, shippedStudy, startStudy } from './replay.ts';

/**
 * Every shipped scenario under two controllers that between them use all of the engine, an hour each, against the replay kept beside this file.
 * The fingerprint says that something moved; vehicles on the network and average delay say how.
 *
 * When a change is meant, look at replay-changed.csv and put it in the place of replay.csv.
 */

const GOLDEN = new URL('replay.csv', import.meta.url);
const CHANGED = new URL('replay-changed.csv', import.meta.url);
const HEADER = 'scenario,controller,seed,step,fingerprint,vehicles,delay_s';
const CONTROLLERS = ['fixed-time', 'max-pressure'];
const SEED = 1;

function replayRows(scenario: string, controller: string): string[] {
  const operation = startStudy(shippedStudy(scenario, controller), SEED);
  return Array.from({ length: 6 }, () => {
    const [print] = fingerprintsOf(operation, 600, 600);
    const { sim } = operation;
    const delay = summarize(sim).averageDelayS.toFixed(1);
    return [scenario, controller, SEED, sim.step, print, runningCount(sim), delay].join();
  });
}

test('the shipped scenarios replay as recorded', () => {
  const scenarios = readdirSync(new URL('../../scenarios/', import.meta.url))
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.slice(0, -'.yaml'.length))
    .sort();
  const rows = scenarios.flatMap((scenario) => CONTROLLERS.flatMap((name) => replayRows(scenario, name)));
  const text = `${[HEADER, ...rows].join('\n')}\n`;
  const recorded = existsSync(GOLDEN) ? readFileSync(GOLDEN, 'utf8').replaceAll('\r\n', '\n') : '';
  rmSync(CHANGED, { force: true });
  if (text !== recorded) writeFileSync(CHANGED, text);
  expect(text.split('\n'), 'See test/golden/replay-changed.csv.').toEqual(recorded.split('\n'));
});
