import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { clock, formatFingerprints } from '../format.ts';
import { makeReport, type Report } from '../reportMaking.ts';
import { copyLink, saveFigures, saveJson, savePicture, saveSamples } from '../sharing.ts';
import { controllers, session, status, timeS } from '../state.ts';
import { DialogFrame } from './dialogFrame.tsx';

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

const SEEDS = 10;

function ReportWay({ id }: { readonly id: string }) {
  const report = useSignal<Report>({ kind: 'none' });
  const ending = useSignal<AbortController | null>(null);
  useEffect(() => () => ending.value?.abort(), []);
  const { value: now } = report;
  const start = () => {
    const abort = new AbortController();
    ending.value = abort;
    void makeReport(id, SEEDS, abort.signal, (next) => {
      report.value = next;
    });
  };
  return (
    <li>
      <div>
        <h3>Comparison report</h3>
        <p>
          All controllers of this page over {SEEDS} seeds, with statistics, as one HTML file. This takes a
          while; one seed alone proves little.
        </p>
        {now.kind === 'making' && (
          <p role="status">
            {now.words}
            {now.share === null ? (
              <progress aria-label="Report" />
            ) : (
              <progress aria-label="Report" max="1" value={now.share} />
            )}
          </p>
        )}
        {now.kind === 'refused' && <p role="alert">{now.message}</p>}
      </div>
      {now.kind === 'there' ? (
        <a class="button" href={now.address} target="_blank" rel="noreferrer">
          Open the report
        </a>
      ) : (
        <button type="button" class="button" disabled={now.kind === 'making'} onClick={start}>
          {now.kind === 'making' ? 'Being made …' : 'Make the report'}
        </button>
      )}
    </li>
  );
}
