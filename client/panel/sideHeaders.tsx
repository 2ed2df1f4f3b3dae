import { SIDES_MAX } from '../../server/protocol/session.ts';
import { chooseSide } from '../choosing.ts';
import * as commands from '../commands.ts';
import { controllerWord, letterOf } from '../sides.ts';
import {
  controllers,
  isNarrow,
  isSwapped,
  mayControl,
  panes,
  session,
  shownSides,
  side,
  welcome,
} from '../state.ts';
import { Icon } from './icon.tsx';
import { SideBadge } from './sideBadge.tsx';

/** In the corner of each pane: which side it is, and who controls it. On a phone, above the picture. */
export function SideHeaders() {
  const count = controllers.value.length;
  const canSwap = count > 1 && !isNarrow.value;
  const canAdd = count < SIDES_MAX && count > 0;
  const places = isNarrow.value ? [] : headPlaces();
  return (
    <div class="heads" style={{ '--tools': Number(canSwap) + Number(canAdd) }}>
      {isNarrow.value && count > 1 && <Switch />}
      {shownSides.value.map((k, at) => (
        <Head key={k} k={k} place={places[at]} />
      ))}
      <div class="head-tools">
        {canSwap && (
          <button
            type="button"
            class="button quiet-button"
            aria-label="Swap the sides"
            aria-pressed={isSwapped.value}
            title="Swap the sides (X)"
            onClick={commands.swapSides}
          >
            <Icon name="swap" />
          </button>
        )}
        {canAdd && (
          <button
            type="button"
            class="button quiet-button"
            aria-label="Add a side"
            title="Add a side under another controller"
            disabled={!mayControl.value}
            onClick={commands.addSide}
          >
            <Icon name="plus" />
          </button>
        )}
      </div>
    </div>
  );
}

/** On a phone one side is seen at a time. */
function Switch() {
  return (
    <fieldset class="switch" aria-label="Side shown">
      {controllers.value.map((name, k) => (
        <button
          key={letterOf(k)}
          type="button"
          class="button"
          aria-pressed={side.value === k}
          onClick={() => chooseSide(k)}
        >
          <SideBadge side={k} />
          <span>{controllerWord(name)}</span>
        </button>
      ))}
    </fieldset>
  );
}

type HeadPlace = Readonly<Record<'left' | 'top' | 'maxWidth', string>>;

/** In narrower panes a head says no more than whose it is. */
const ABOUT_PX = 320;

/** By shown side: the upper left corner of its pane. Until the scene has laid them out, side by side. */
function headPlaces(): HeadPlace[] {
  const count = shownSides.value.length;
  const laid = shownSides.value.map((k) => panes.value.find((pane) => pane.side === k));
  const isLaid = panes.value.length === count && laid.every((pane) => pane !== undefined);
  const right = Math.max(...panes.value.map(({ left }) => left));
  return laid.map((pane, at) => {
    const part = 100 / count;
    const left = isLaid ? `${pane!.left}px` : `${at * part}%`;
    const top = isLaid ? `${pane!.top}px` : '0';
    const width = isLaid ? `${pane!.width}px` : `${part}%`;
    const isBelowTools = isLaid ? pane!.top === 0 && pane!.left === right : at === count - 1;
    return { left, top, maxWidth: isBelowTools ? `calc(${width} - var(--head-tools))` : width };
  });
}

function Head({ k, place }: { readonly k: number; readonly place: HeadPlace | undefined }) {
  const name = controllers.value[k] ?? '';
  const all = welcome.value?.controllers ?? [];
  const info = all.find((one) => one.name === name);
  const facts = session.value?.facts[k] ?? [];
  const about = [info === undefined ? '' : `sees ${info.sees}`, ...facts].filter((fact) => fact !== '');
  const isChosen = side.value === k;
  const { width = ABOUT_PX } = panes.value.find((pane) => pane.side === k) ?? {};
  return (
    <div class={isChosen ? 'head chosen' : 'head'} data-side={letterOf(k).toLowerCase()} style={place}>
      <button
        type="button"
        class="badge-button"
        aria-pressed={isChosen}
        aria-label={`Side ${letterOf(k)}: show why and details of it`}
        title={`Side ${letterOf(k)} (${k + 1}): ${about.join('; ')}`}
        onClick={() => chooseSide(k)}
      >
        <SideBadge side={k} />
      </button>
      <select
        class="controller"
        aria-label={`Controller of side ${letterOf(k)}`}
        title={info?.summary}
        value={name}
        disabled={!mayControl.value}
        onChange={({ currentTarget }) => commands.setController(k, currentTarget.value)}
      >
        {all.map((one) => (
          <option key={one.name} value={one.name}>
            {controllerWord(one.name)}
          </option>
        ))}
      </select>
      {width >= ABOUT_PX && (
        <span class="about" title={about.join('; ')}>
          {about.join(' · ')}
        </span>
      )}
      {controllers.value.length > 1 && (
        <button
          type="button"
          class="button quiet-button"
          aria-label={`Take side ${letterOf(k)} away`}
          title={`Take side ${letterOf(k)} away`}
          disabled={!mayControl.value}
          onClick={() => commands.removeSide(k)}
        >
          <Icon name="close" />
        </button>
      )}
    </div>
  );
}
