import { parentPort, workerData } from 'node:worker_threads';
import { encodeVehicles, RECORD_WORDS } from '../../dist/server/protocol/frame.js';

/** A session's thread that shows more vehicles, and more often, than any road here holds: so as to fill the way to viewers. */

const { setup, vehicles: count, everyMs } = workerData;
const status = {
  revision: 0,
  step: 0,
  running: true,
  speed: 1,
  actualSpeed: 1,
  knownStep: 0,
  seekingStep: null,
};
const rest = { ended: false, viewers: 0, sides: [], fingerprints: null, samples: [], alarms: [] };
const state = { revision: 0, setup, interventions: [], stepS: 0.1, durationS: 3600, sampleS: 10 };

const ids = Uint32Array.from({ length: count }, (_, row) => 3 * row);
const records = Uint16Array.from({ length: count * RECORD_WORDS }, (_, k) => (k * 40_503) & 0xffff);
const signals = new Uint8Array(1024);

parentPort.on('message', ({ kind, ticket }) => {
  if (kind === 'ask') parentPort.postMessage({ kind: 'answer', ticket, answer: 'x'.repeat(1000) });
});
parentPort.postMessage({
  kind: 'ready',
  state: { ...state, phases: [[]], facts: [[]], warnings: [] },
  status: { ...status, ...rest },
  map: '{}',
});

let sequence = 0;
setInterval(() => {
  const header = { sequence: ++sequence, step: sequence, sinceSteps: 1 };
  const frame = encodeVehicles(header, [{ count, ids, records, signals }]);
  parentPort.postMessage({ kind: 'frame', of: 'vehicles', frame, step: sequence }, [frame]);
  if (sequence % 3 === 0) {
    parentPort.postMessage({ kind: 'status', status: { ...status, step: sequence, ...rest } });
  }
}, everyMs);
