import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { resumeOperation } from '../../server/control/operation.ts';
import { fingerprint } from '../../server/sim/fingerprint.ts';
import { takeSnapshot } from '../../server/sim/snapshot.ts';
import { summarize } from '../../server/sim/summary.ts';
import { fingerprintsOf, shippedStudy, startStudy } from '../golden/replay.ts';

/** Equal scenario, seed and requests give equal fingerprints, wherever and in how many parts a run is made. */

const STEPS = 600;
const EVERY = 60;
const SEED = 11;
const CASES: readonly (readonly [scenario: string, controller: string])[] = [
  ['irregular', 'max-pressure'],
  ['oversaturated', 'fixed-time'],
  ['corridor', 'max-pressure'],
];
const PROGRAM = fileURLToPath(new URL('../golden/replay.mjs', import.meta.url));

const known = new Map<string, string[]>();

/** The fingerprints of an uninterrupted run in this thread. */
function expected(scenario: string, controller: string): string[] {
  const key = `${scenario} ${controller}`;
  const prints =
    known.get(key) ?? fingerprintsOf(startStudy(shippedStudy(scenario, controller), SEED), STEPS, EVERY);
  known.set(key, prints);
  return prints;
}

function order(scenario: string, controller: string) {
  return { scenario, controller, seed: SEED, steps: STEPS, every: EVERY };
}

test.each(CASES)(
  '%s under %s runs alike twice in one process, and not alike under another seed',
  (...names) => {
    const study = shippedStudy(...names);
    const first = expected(...names);
    expect(new Set(first).size).toBe(STEPS / EVERY);
    expect(fingerprintsOf(startStudy(study, SEED), STEPS, EVERY)).toEqual(first);
    expect(fingerprintsOf(startStudy(study, SEED + 1), STEPS, EVERY)).not.toEqual(first);
  },
);

test.each(CASES)('%s under %s runs alike with and without measures', (...names) => {
  const study = shippedStudy(...names);
  const bare = startStudy(study, SEED, { measures: false });
  expect(fingerprintsOf(bare, STEPS, EVERY)).toEqual(expected(...names));
  const full = startStudy(study, SEED, { byMovement: true });
  expect(fingerprintsOf(full, STEPS, EVERY)).toEqual(expected(...names));
});

test.each(CASES)('%s under %s runs alike in a worker thread', async (...names) => {
  const worker = new Worker(PROGRAM, { workerData: order(...names) });
  const answer = await new Promise((resolve, reject) => {
    worker.once('message', resolve).once('error', reject);
  });
  expect(answer).toEqual(expected(...names));
});

/** Other Node binaries: named in GREENWAVE_NODES, separated by colons, or installed as packages of that name. */
function otherNodes(): string[] {
  const named = (process.env.GREENWAVE_NODES ?? '').split(':').filter((path) => path !== '');
  const installed = ['node20', 'node22', 'node24'].map((name) =>
    fileURLToPath(new URL(`../../node_modules/${name}/bin/node`, import.meta.url)),
  );
  return [...named, ...installed.filter((path) => existsSync(path))];
}

function nodeVersion(binary: string): string {
  return execFileSync(binary, ['--version'], { encoding: 'utf8' }).trim();
}

const nodes = otherNodes();
if (nodes.length === 0) {
  console.info(
    `Skipped: no other Node than ${process.version}. Name some in GREENWAVE_NODES, separated by colons.`,
  );
}

test.skipIf(nodes.length === 0)('every scenario runs alike under other versions of Node', () => {
  for (const binary of nodes) {
    for (const names of CASES) {
      const answer = execFileSync(binary, [PROGRAM, JSON.stringify(order(...names))], { encoding: 'utf8' });
      expect(JSON.parse(answer), nodeVersion(binary)).toEqual(expected(...names));
    }
  }
});

test.each(CASES)('%s under %s goes on alike from snapshots at random moments', (...names) => {
  const study = shippedStudy(...names);
  const whole = startStudy(study, SEED);
  fingerprintsOf(whole, STEPS, STEPS);
  const summary = summarize(whole.sim);
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 1, max: STEPS - 1 }), { maxLength: 4 }), (moments) => {
      let operation = startStudy(study, SEED);
      for (const moment of [...moments].sort((a, b) => a - b)) {
        fingerprintsOf(operation, moment - operation.sim.step, STEPS);
        const print = fingerprint(operation.sim);
        operation = resumeOperation(study.ruled, study.factory, takeSnapshot(operation.sim));
        expect(fingerprint(operation.sim)).toBe(print);
      }
      fingerprintsOf(operation, STEPS - operation.sim.step, STEPS);
      expect(fingerprint(operation.sim)).toBe(fingerprint(whole.sim));
      expect(summarize(operation.sim)).toEqual(summary);
    }),
    { seed: 3, numRuns: 8 },
  );
});
