import { useSignal } from '@preact/signals';
import { clock, formatFingerprints } from '../format.ts';
import { copyLink, saveFigures, saveJson, savePicture, saveSamples } from '../sharing.ts';
import { controllers, session, status, timeS } from '../state.ts';
import { DialogFrame } from './dialogFrame.tsx';
import { ReportWay } from './reportDialog.tsx';

/** Everything that can be taken away. */
export function ExportDialog() {
  const { value: state } = session;
  if (state === null) {
    return (
      <DialogFrame title="Export">
        <p>There is nothing to take away yet.</p>
      </DialogFrame>
    );
  }
  return (
    <DialogFrame title="Export">
      <ul class="plain exports">
        <Way name="Picture" action="Save as PNG" run={savePicture}>
          The map as it stands at {clock(timeS.value)}, with clock, seed, sides and legend below it.
        </Way>
        <Way name="Samples" action="Save as CSV" run={saveSamples}>
          A row every {state.sampleS} s, with the values of each side.
        </Way>
        <Way name="Figures" action="Save as CSV" run={saveFigures}>
          What the tiles show at this moment.
        </Way>
        <Way name="All of it" action="Save as JSON" run={saveJson}>
          Setup, interventions, samples, events and figures, for other programs.
        </Way>
        <Way name="Link" action="Copy" run={copyLink}>
          The address of this very moment: who opens it sees the same.
        </Way>
        <li>
          <div>
            <h3>Log</h3>
            <p>What was run and done, so that it can be run again without the page.</p>
          </div>
          <a class="button" href={`sessions/${encodeURIComponent(state.id)}/log`} download>
            Save the log
          </a>
        </li>
        <ReportWay id={state.id} />
      </ul>
      {status.value?.fingerprints && (
        <p class="quiet small">
          State at this moment, one number a side:{' '}
          {formatFingerprints(status.value.fingerprints, controllers.value.length)}. The same run gives the
          same numbers anywhere.
        </p>
      )}
    </DialogFrame>
  );
}

interface WayProps {
  readonly name: string;
  readonly action: string;
  readonly run: () => void | Promise<void>;
  readonly children: preact.ComponentChildren;
}

function Way({ name, action, run, children }: WayProps) {
  const problem = useSignal<string | null>(null);
  const go = async () => {
    problem.value = null;
    try {
      await run();
    } catch (error) {
      problem.value = `That did not work: ${error instanceof Error ? error.message : String(error)}`;
    }
  };
  return (
    <li>
      <div>
        <h3>{name}</h3>
        <p>{children}</p>
        {problem.value !== null && <p role="alert">{problem.value}</p>}
      </div>
      <button type="button" class="button" onClick={go}>
        {action}
      </button>
    </li>
  );
}
