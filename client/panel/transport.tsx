import * as commands from '../commands.ts';
import { clock, speedWord } from '../format.ts';
import { isRunning, lastStep, mayControl, status, stepS, timeS } from '../state.ts';
import { Icon, type IconName } from './icon.tsx';

const SPEEDS: readonly (number | null)[] = [1, 5, 20, null];

/** Play, step, time and speed. */
export function Transport() {
  const isOff = !mayControl.value;
  const button = (icon: IconName, label: string, key: string, run: () => void) => (
    <button
      type="button"
      class="button quiet-button"
      aria-label={label}
      title={`${label} (${key})`}
      disabled={isOff}
      onClick={run}
    >
      <Icon name={icon} />
    </button>
  );
  return (
    <fieldset class="transport" aria-label="Time">
      <div class="buttons">
        {button('restart', 'From the beginning', 'R', commands.restart)}
        {button('back', 'One step back', ',', commands.stepBack)}
        <button
          type="button"
          class="button play"
          aria-label={isRunning.value ? 'Pause' : 'Play'}
          title={`${isRunning.value ? 'Pause' : 'Play'} (Space)`}
          disabled={isOff}
          onClick={commands.playOrPause}
        >
          <Icon name={isRunning.value ? 'pause' : 'play'} />
        </button>
        {button('step', 'One step on', '.', commands.stepOn)}
      </div>
      <Clock />
      <Speeds isOff={isOff} />
    </fieldset>
  );
}

function Clock() {
  return (
    <div class="clock">
      <time>{clock(timeS.value)}</time>
      <span class="of"> of {clock(lastStep.value * stepS.value)}</span>
    </div>
  );
}

function Speeds({ isOff }: { readonly isOff: boolean }) {
  const now = status.value?.speed;
  const all = now === undefined || SPEEDS.includes(now) ? SPEEDS : withSpeed(now);
  return (
    <fieldset class="speeds" aria-label="Speed">
      {all.map((speed) => (
        <button
          key={speedWord(speed)}
          type="button"
          class="button"
          aria-pressed={speed === now}
          title={speed === null ? 'As fast as it goes' : `${speed} s of traffic each second`}
          disabled={isOff}
          onClick={() => commands.setSpeed(speed)}
        >
          {speedWord(speed)}
        </button>
      ))}
    </fieldset>
  );
}

/** The usual speeds and the one in use, slowest first. */
function withSpeed(now: number | null): (number | null)[] {
  return [...SPEEDS, now].sort((a, b) => (a ?? Number.POSITIVE_INFINITY) - (b ?? Number.POSITIVE_INFINITY));
}
