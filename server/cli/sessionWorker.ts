import { parentPort, workerData } from 'node:worker_threads';
import { ControllerError } from '../control/controllerError.ts';
import { SessionRunner, type SessionTask } from '../live/runSession.ts';
import type { FromSession } from '../live/sessionThread.ts';
import { compile } from '../scenario/compile.ts';
import { LOG_VERSION } from '../session/log.ts';
import { roadMapOf } from '../session/roadMap.ts';
import { Mistake } from '../study/mistake.ts';
import { layoutHash } from './layoutHash.ts';
import { packageVersion } from './packageVersion.ts';
import type { SessionSetup } from './sessionSetup.ts';
import { sidesOf } from './sessionStudy.ts';

/** The thread that runs one session. */

const { loaded, flags, policies, file, start } = workerData as SessionSetup;
const port = parentPort!;

try {
  const task: SessionTask = {
    start,
    openSide: sidesOf({ loaded, flags, policies }),
    map: JSON.stringify(roadMapOf(compile(loaded.layout))),
    header: {
      kind: 'run',
      version: LOG_VERSION,
      greenwave: packageVersion(),
      file,
      scenario: loaded.layout.name,
      layout: layoutHash(loaded.layout),
      flags,
      policies: Object.fromEntries([...policies].map(([name, { hash }]) => [name, hash])),
    },
  };
  new SessionRunner(port, task);
} catch (error) {
  const thrown = error instanceof ControllerError ? error.cause : error;
  const mistake = thrown instanceof Mistake || !(thrown instanceof TypeError || thrown instanceof RangeError);
  const message = error instanceof Error ? error.message : String(error);
  port.postMessage({ kind: 'failed', mistake, message } satisfies FromSession);
  port.close();
}
