import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { Alarm } from '../../server/protocol/session.ts';
import { seek } from '../commands.ts';
import { clock } from '../format.ts';
import { letterOf } from '../sides.ts';
import { lastStep, mayControl, session, status, step, stepS, told } from '../state.ts';

const MINUTE_S = 60;

/** The whole run as a line: what is known of it, what happened, and where the picture is. */
export function Scrubber() {
  const track = useRef<HTMLDivElement>(null);
  const dragged = useSignal<number | null>(null);
  const hovered = useSignal<number | null>(null);
  const { value: last } = lastStep;
  const now = dragged.value ?? step.value;
  const known = status.value?.knownStep ?? 0;
  const seeking = status.value?.seekingStep ?? null;
  const stepAt = (event: PointerEvent) => {
    const { left, width } = track.current!.getBoundingClientRect();
    return Math.round(Math.max(0, Math.min(1, (event.clientX - left) / width)) * last);
  };
  const isOff = !mayControl.value || last === 0;
  return (
    <section class="scrubber" aria-label="The run">
      <div
        class="track"
        ref={track}
        role="slider"
        tabIndex={isOff ? -1 : 0}
        aria-label="Time of the run"
        aria-valuemin={0}
        aria-valuemax={Math.round(last * stepS.value)}
        aria-valuenow={Math.round(now * stepS.value)}
        aria-valuetext={`${clock(now * stepS.value)} of ${clock(last * stepS.value)}`}
        aria-disabled={isOff}
        onKeyDown={(event) => {
          const to = keyTarget(event.key, step.value, last);
          if (to === null || isOff) return;
          event.preventDefault();
          seek(to);
        }}
        onPointerDown={(event) => {
          if (isOff || event.button !== 0) return;
          track.current!.setPointerCapture(event.pointerId);
          dragged.value = stepAt(event);
        }}
        onPointerMove={(event) => {
          hovered.value = stepAt(event);
          if (dragged.value !== null) dragged.value = stepAt(event);
        }}
        onPointerUp={() => {
          if (dragged.value !== null) seek(dragged.value);
          dragged.value = null;
        }}
        onPointerCancel={() => {
          dragged.value = null;
        }}
        onPointerLeave={() => {
          hovered.value = null;
        }}
      >
        <div class="line" />
        <div class="known" style={{ width: share(known, last) }} title="Known: going there is quick" />
        <div class="done" style={{ width: share(now, last) }} />
        <Marks last={last} />
        {seeking !== null && <i class="seeking" style={{ left: share(seeking, last) }} />}
        <i class="thumb" style={{ left: share(now, last) }} />
        {hovered.value !== null && (
          <span class="hover-time" style={{ left: share(hovered.value, last) }} aria-hidden="true">
            {clock(hovered.value * stepS.value)}
          </span>
        )}
      </div>
    </section>
  );
}

function keyTarget(key: string, now: number, last: number): number | null {
  const minute = MINUTE_S / stepS.peek();
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowDown':
      return now - minute / 6;
    case 'ArrowRight':
    case 'ArrowUp':
      return now + minute / 6;
    case 'PageDown':
      return now - 5 * minute;
    case 'PageUp':
      return now + 5 * minute;
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return null;
  }
}

/** Ticks that would lie on each other are one: a place is a five-hundredth of the line. */
const PLACES = 500;

/** Interventions as flags on top, alarms as ticks below. */
function Marks({ last }: { readonly last: number }) {
  const interventions = session.value?.interventions ?? [];
  const places = new Map<string, Alarm>();
  for (const alarm of told.value.alarms) {
    const place = `${alarm.side} ${Math.round((alarm.step / Math.max(1, last)) * PLACES)}`;
    if (alarm.begins && !places.has(place)) places.set(place, alarm);
  }
  return (
    <div class="marks" aria-hidden="true">
      {interventions.map((one) => (
        <i
          key={`${one.step} ${one.kind} ${one.lane}`}
          class="flag"
          style={{ left: share(one.step, last) }}
          title={`${clock(one.step * stepS.value)}: ${one.kind.replaceAll('-', ' ')}, ${one.lane}`}
        />
      ))}
      {[...places].map(([place, alarm]) => (
        <i
          key={place}
          class={`tick tick-${letterOf(alarm.side).toLowerCase()}`}
          style={{ left: share(alarm.step, last) }}
          title={`${clock(alarm.step * stepS.value)}, ${letterOf(alarm.side)}: ${alarm.text}`}
        />
      ))}
    </div>
  );
}

function share(at: number, last: number): string {
  return `${last === 0 ? 0 : Math.min(100, (at / last) * 100)}%`;
}
