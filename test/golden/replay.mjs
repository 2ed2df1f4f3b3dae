/**
 * Replays a scenario from dist and gives its fingerprints, under any Node and in any thread:
 *
 *     node replay.mjs '{"scenario": "corridor", "controller": "max-pressure", "seed": 1, "steps": 600, "every": 60}'
 *
 * As a worker it takes the same from its data and posts the answer.
 */
import { readFileSync } from 'node:fs';
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { createOperation, operate } from '../../dist/server/control/operation.js';
import { PROTOCOLS, underProtocol } from '../../dist/server/control/protocol.js';
import { CONTROLLERS } from '../../dist/server/control/registry.js';
import { compile } from '../../dist/server/scenario/compile.js';
import { parseScenario } from '../../dist/server/scenario/parse.js';
import { fingerprint, formatFingerprint } from '../../dist/server/sim/fingerprint.js';

function replay({ scenario, controller, seed, steps, every }) {
  const text = readFileSync(new URL(`../../scenarios/${scenario}.yaml`, import.meta.url), 'utf8');
  const { layout } = parseScenario(text, `${scenario}.yaml`);
  const [protocol] = PROTOCOLS;
  const { factory, decisionS } = CONTROLLERS.find(({ name }) => name === controller);
  const ruled = underProtocol(compile(layout).network, protocol, decisionS ?? undefined);
  const operation = createOperation(ruled, factory(protocol), seed);
  const fingerprints = [];
  for (let k = 1; k <= steps; k++) {
    operate(operation);
    if (k % every === 0) fingerprints.push(formatFingerprint(fingerprint(operation.sim)));
  }
  return fingerprints;
}

if (isMainThread) process.stdout.write(JSON.stringify(replay(JSON.parse(process.argv[2]))));
else parentPort.postMessage(replay(workerData));
