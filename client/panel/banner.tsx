import { tryAgain } from '../connection.ts';
import { clock } from '../format.ts';
import { dialog, link, notices, pending, putAway, session, status, stepS, timeS, tool } from '../state.ts';
import { Icon } from './icon.tsx';

/** What stands between the viewer and the run, and what happens next. */
export function Banner() {
  const { value: now } = link;
  const at = session.value === null ? '' : ` The picture stands still at ${clock(timeS.value)}.`;
  switch (now.kind) {
    case 'connecting':
      return session.value === null ? (
        <Line text="Connecting to the server …" />
      ) : (
        <Line text="Joining again …" />
      );
    case 'lost':
      return (
        <Line
          isProblem
          text={`${now.message}${at} Trying again every few seconds; it goes on from this moment.`}
        />
      );
    case 'ended':
      return now.comesBack ? (
        <Line isProblem text={`${now.message}${at} It is joined again as soon as the server is back.`} />
      ) : (
        <Line isProblem text={now.message} action="Open it again at this moment" run={tryAgain} />
      );
    case 'refused':
      return <Line isProblem text={now.message} {...WAYS_OUT[now.wayOut]} />;
    case 'token':
      return (
        <Line
          isProblem
          text={now.message}
          action="Enter the token"
          run={() => {
            dialog.value = 'token';
          }}
        />
      );
    case 'live':
      return <Progress />;
  }
}

const WAYS_OUT = {
  reload: { action: 'Reload the page', run: () => location.reload() },
  'try-again': { action: 'Try again', run: tryAgain },
  'usual-run': { action: 'Open the usual run', run: () => location.assign('./') },
} as const;

function Line(props: { text: string; isProblem?: boolean; action?: string; run?: () => void }) {
  const { text, isProblem = false, action, run } = props;
  return (
    <div class={isProblem ? 'banner problem' : 'banner'} role={isProblem ? 'alert' : 'status'}>
      <span>{text}</span>
      {action !== undefined && run !== undefined && (
        <button type="button" class="button" onClick={() => void run()}>
          {action}
        </button>
      )}
    </div>
  );
}

/** What the server is busy with, and what the next click does. */
function Progress() {
  const seeking = status.value?.seekingStep ?? null;
  if (pending.value !== null) return <Line text={`${pending.value} …`} />;
  if (seeking !== null) return <Line text={`Going to ${clock(seeking * stepS.value)} …`} />;
  if (tool.value === null) return null;
  const what =
    tool.value === 'incident'
      ? 'Click a lane: a vehicle breaks down there, on all sides.'
      : 'Click a lane: it is closed on all sides, or opened again.';
  return (
    <Line
      text={what}
      action="Never mind"
      run={() => {
        tool.value = null;
      }}
    />
  );
}

/** What was told last, until it is put away. */
export function Notices() {
  return (
    <div class="notices" role="log" aria-label="Messages" aria-live="polite">
      {notices.value.map(({ number, isProblem, text }) => (
        <div key={number} class={isProblem ? 'notice problem' : 'notice'}>
          <p>{text}</p>
          <button
            type="button"
            class="button quiet-button"
            aria-label="Put away"
            onClick={() => putAway(number)}
          >
            <Icon name="close" />
          </button>
        </div>
      ))}
    </div>
  );
}
