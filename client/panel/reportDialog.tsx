import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { makeReport, type Report, stopReport } from '../reportMaking.ts';
import { session } from '../state.ts';
import { DialogFrame } from './dialogFrame.tsx';

const SEEDS = 10;

/** One seed is an anecdote: the way from it to a comparison. */
export function ReportDialog() {
  const { value: state } = session;
  return (
    <DialogFrame title="Over several seeds">
      {state === null ? (
        <p>There is nothing to compare yet.</p>
      ) : (
        <ul class="plain exports">
          <ReportWay id={state.id} />
        </ul>
      )}
    </DialogFrame>
  );
}

/** As one of several things to take away. */
export function ReportWay({ id }: { readonly id: string }) {
  const report = useSignal<Report>({ kind: 'none' });
  const ending = useSignal<AbortController | null>(null);
  useEffect(() => () => ending.value?.abort(), []);
  const { value: now } = report;
  const seedMatters = session.value?.seedMatters ?? true;
  const seeds = seedMatters ? SEEDS : 1;
  const start = () => {
    const abort = new AbortController();
    ending.value = abort;
    void makeReport(id, seeds, abort.signal, (next) => {
      report.value = next;
    });
  };
  const stop = () => {
    if (ending.value === null) return;
    void stopReport(id, seeds, ending.value, (next) => {
      report.value = next;
    });
  };
  // The second click of a double click would stop what the first began.
  const toggle = (clicks: number) => {
    if (clicks > 1) return;
    if (now.kind === 'making') stop();
    else start();
  };
  return (
    <li>
      <div>
        <h3>Comparison report</h3>
        <p>
          {seedMatters
            ? `All controllers of this page over ${SEEDS} seeds, with statistics, as one HTML file. This takes a while; one seed alone proves little.`
            : 'All controllers of this page on the trips of this file, as one HTML file. Every trip has its time, so that one run is all there is.'}
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
        {now.kind === 'stopped' && <p role="status">The report was stopped.</p>}
        {now.kind === 'refused' && <p role="alert">{now.message}</p>}
      </div>
      {now.kind === 'there' ? (
        <a class="button" href={now.address} target="_blank" rel="noreferrer">
          Open the report
        </a>
      ) : (
        // One button that changes what it does: the focus stays on it.
        <button type="button" class="button" onClick={({ detail }) => toggle(detail)}>
          {now.kind === 'making' ? 'Stop making it' : 'Make the report'}
        </button>
      )}
    </li>
  );
}
