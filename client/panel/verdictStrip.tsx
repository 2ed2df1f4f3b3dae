import { computed, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { fixed } from '../format.ts';
import { controllers, dialog, isRunning, link, mayControl, session, status, welcome } from '../state.ts';
import { verdictOf } from '../verdict.ts';

const SAID_EVERY_MS = 30_000;

const verdict = computed(() => {
  const { value: now } = status;
  const { stepS = 1, seedMatters = true } = session.value ?? {};
  return verdictOf({
    timeS: (now?.step ?? 0) * stepS,
    hasEnded: now?.ended ?? false,
    controllers: controllers.value,
    sides: now?.sides ?? [],
    seedMatters,
  });
});

const MARKS = { warming: '…', saves: '✓', loses: '✗', even: '=', alone: '·' } as const;

/** What the comparison has come to, in one sentence, and how the run goes. */
export function VerdictStrip() {
  const { tone, text, isOfOneSeed } = verdict.value;
  return (
    <section class={`verdict verdict-${tone}`} aria-label="Verdict">
      <span class="mark" aria-hidden="true">
        {MARKS[tone]}
      </span>
      <p>
        {text}
        {isOfOneSeed && mayControl.value && (
          <button
            type="button"
            class="link-button"
            onClick={() => {
              dialog.value = 'report';
            }}
          >
            Try 10 seeds
          </button>
        )}
      </p>
      <Pulse />
      <Said />
    </section>
  );
}

/** Speed reached, and who else is watching. */
function Pulse() {
  const { value: now } = status;
  if (now === null) return null;
  const isSlow = now.running && now.speed !== null && now.actualSpeed < now.speed * 0.9;
  const words = [
    link.value.kind === 'live' ? null : 'not connected',
    now.ended ? 'at the end' : now.running ? null : 'paused',
    now.running && now.seekingStep === null && now.actualSpeed > 0 && (now.speed === null || isSlow)
      ? `runs at ${fixed(now.actualSpeed, 1)}×`
      : null,
    now.viewers > 1 ? `${now.viewers} watching` : null,
  ].filter((word) => word !== null);
  return (
    <span class="pulse">
      {words.join(' · ')}
      {welcome.value?.role === 'view' && (
        <button
          type="button"
          class="button"
          title="You may watch; who has the token may control as well"
          onClick={() => {
            dialog.value = 'token';
          }}
        >
          View only
        </button>
      )}
    </span>
  );
}

/** Screen readers are told the verdict every 30 s while the run goes on, and not at every change of a digit. */
function Said() {
  const said = useSignal('');
  useEffect(() => {
    const timer = setInterval(() => {
      if (isRunning.peek()) said.value = verdict.peek().text;
    }, SAID_EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <span class="unseen" aria-live="polite">
      {said.value}
    </span>
  );
}
