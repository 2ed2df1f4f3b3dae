import { expect, test } from 'vitest';
import { MAIN, node, ready } from './greenwave.ts';

/** A long run shows a progress bar on a terminal and none in a pipe. */

const LONG = [MAIN, 'run', ready('corridor'), '--duration-s', '200000', '--json'];
const SHORT = [MAIN, 'run', ready('isolated'), '--duration-s', '60', '--json'];
/** Stands in for a terminal: a pipe that says it is one. */
const TERMINAL = ['--import', 'data:text/javascript,process.stderr.isTTY = true;'];

test('in a pipe there is none', () => {
  const { code, stderr } = node(LONG);
  expect([code, stderr]).toEqual([0, '']);
});

test('on a terminal there is one, and stdout stays clean', () => {
  const { code, stdout, stderr } = node([...TERMINAL, ...LONG]);
  expect(code).toBe(0);
  expect(stderr).toMatch(/fixed-time .*\d+% \| \d+ of 200000 steps/);
  expect(JSON.parse(stdout).steps).toBe(200_000);
});

test('a run that is over at once shows none on a terminal either', () => {
  expect(node([...TERMINAL, ...SHORT]).stderr).toBe('');
});
