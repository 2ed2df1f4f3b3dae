import { signal, useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { choosePicked, fitMap } from '../choosing.ts';
import { want } from '../connection.ts';
import { latest } from '../frames.ts';
import { laneDirection } from '../places.ts';
import type { Look, Pane, Picked, Scene } from '../scene/scene.ts';
import * as state from '../state.ts';
import { remember, remembered } from '../storage.ts';
import { theme } from '../theme.ts';
import { Icon } from './icon.tsx';

/** Two thirds of the page's bytes: it is fetched from the beginning, and the rest does not wait for it. */
const drawing = import('../scene/scene.ts');
// Whether it came is looked at where it is used.
drawing.catch(() => {});

const FAR_MS = 700;
/** The height of a side's header, layout.css has the same. */
const HEAD_PX = 34;
/** Of the hint. */
const HINT_PX = 46;
/** A press that moves farther than this is a drag, px. */
const CLICK_PX = 5;

function lookNow(): Look {
  return {
    colorBy: state.colorBy.value,
    layer: state.layer.value,
    theme: theme.value,
    still: state.isStill.value,
    vehicle: state.vehicle.value,
    follow: state.follow.value,
    intersection: state.intersection.value,
    closed: state.road.value.closed,
    incidents: state.road.value.incidents,
    sides: state.shownSides.value,
    // On a phone the header stands above the picture.
    headroom: state.isNarrow.value ? 0 : HEAD_PX,
    footroom: isHintSeen.value ? 0 : HINT_PX,
  };
}

/** The canvas on which all sides are drawn. A new road map gets a new one. */
export function Picture() {
  const canvas = useRef<HTMLCanvasElement>(null);
  const problem = useSignal<string | null>(null);
  const under = useSignal<{ readonly x: number; readonly y: number; readonly words: string } | null>(null);
  const { value: map } = state.map;
  useEffect(() => {
    if (map === null || canvas.current === null) return;
    let isOver = false;
    let made: Scene | null = null;
    problem.value = null;
    const told = {
      trouble: (message: string | null) => {
        problem.value = message;
      },
      moved: () => {
        state.follow.value = false;
      },
      arranged: (panes: readonly Pane[]) => {
        state.panes.value = panes;
      },
    };
    const { current } = canvas;
    drawing
      .then(({ createScene }) => createScene(current, map, lookNow(), told))
      .then(
        (scene) => {
          made = scene;
          if (isOver) {
            scene.close();
            return;
          }
          const { value: view } = state.view;
          if (view !== null) scene.lookAt(view);
          state.view.value = null;
          state.scene.value = scene;
        },
        (error: unknown) => {
          problem.value = error instanceof Error ? error.message : String(error);
        },
      );
    return () => {
      isOver = true;
      state.scene.value = null;
      made?.close();
    };
  }, [map]);
  useSignalEffect(() => state.scene.value?.look(lookNow()));
  useEffect(() => {
    const timer = setInterval(askForDetail, FAR_MS);
    return () => clearInterval(timer);
  }, []);
  const pick = (event: MouseEvent): Picked | null => {
    const { left, top } = canvas.current!.getBoundingClientRect();
    return state.scene.value?.pick(event.clientX - left, event.clientY - top) ?? null;
  };
  const press = useRef({ x: 0, y: 0 });
  return (
    <div class={state.tool.value === null ? 'picture' : 'picture aiming'}>
      <canvas
        key={state.session.value?.map}
        ref={canvas}
        tabIndex={0}
        role="img"
        aria-label="Map of all sides. Arrows move it, plus and minus zoom. The tab Intersections has the same as a table."
        onPointerDown={(event) => {
          press.current = { x: event.clientX, y: event.clientY };
          under.value = null;
        }}
        onClick={(event) => {
          const { x, y } = press.current;
          if (Math.hypot(event.clientX - x, event.clientY - y) > CLICK_PX) return;
          const picked = pick(event);
          choosePicked(picked);
          if (picked !== null && state.isNarrow.value) bringPanelUp();
          if (picked !== null) putHintAway();
        }}
        onPointerMove={(event) => {
          if (event.pointerType === 'touch' || event.buttons !== 0) return;
          const picked = pick(event);
          canvas.current!.classList.toggle('hit', picked !== null);
          const words = picked === null ? null : wordsOf(picked);
          under.value = words === null ? null : { x: event.offsetX, y: event.offsetY, words };
        }}
        onPointerLeave={() => {
          under.value = null;
        }}
      />
      {map === null && <p class="quiet waiting">{waitingWords()}</p>}
      {problem.value !== null && (
        <div class="fault" role="alert">
          <p>
            {problem.value} Everything else on the page goes on; the tab Intersections shows where queues are.
          </p>
        </div>
      )}
      {under.value !== null && <Under {...under.value} />}
      <Hint />
      <Zoom />
    </div>
  );
}

/** On a phone what is chosen stands below the map: half a screen of each is seen after a tap. */
function bringPanelUp(): void {
  const behavior = state.isStill.value ? 'auto' : 'smooth';
  document.querySelector('.side-panel .place')?.scrollIntoView({ block: 'center', behavior });
}

const HINT_KEY = 'greenwave.hint';
const isHintSeen = signal(remembered('local', HINT_KEY) !== null);

function putHintAway(): void {
  isHintSeen.value = true;
  remember('local', HINT_KEY, 'seen');
}

/** For who is here for the first time. */
function Hint() {
  if (isHintSeen.value) return null;
  return (
    <div class="hint">
      <span>
        <b>1</b> Watch the same cars on each side
      </span>
      <span>
        <b>2</b> Click a signal to see why
      </span>
      <span>
        <b>3</b> Change the demand, close a lane
      </span>
      <button type="button" class="button quiet-button" aria-label="Put the hint away" onClick={putHintAway}>
        <Icon name="close" />
      </button>
    </div>
  );
}

function waitingWords(): string {
  if (state.session.value === null) return 'Waiting for the server …';
  return 'Loading the road map …';
}

/** What is under the pointer; `null`: nothing worth a word. */
function wordsOf(picked: Picked): string | null {
  const { value: map } = state.map;
  if (map === null) return null;
  if (picked.kind === 'vehicle') return `Vehicle ${picked.vehicle}`;
  if (picked.kind === 'intersection') return map.intersections.name[picked.intersection] ?? null;
  return `${map.lanes.name[picked.lane]}, ${laneDirection(map, picked.lane)}`;
}

function Under({ x, y, words }: { readonly x: number; readonly y: number; readonly words: string }) {
  return (
    <div class="under" aria-hidden="true" style={{ left: `${x}px`, top: `${y}px` }}>
      {words}
    </div>
  );
}

function Zoom() {
  return (
    <fieldset class="zoom" aria-label="Zoom">
      <button type="button" class="button" aria-label="Nearer" title="Nearer (+)" onClick={() => zoom(1.4)}>
        <Icon name="plus" />
      </button>
      <button
        type="button"
        class="button"
        aria-label="Farther"
        title="Farther (−)"
        onClick={() => zoom(1 / 1.4)}
      >
        <Icon name="minus" />
      </button>
      <button
        type="button"
        class="button"
        aria-label="The whole map"
        title="The whole map (0)"
        onClick={fitMap}
      >
        <Icon name="fit" />
      </button>
    </fieldset>
  );
}

function zoom(factor: number): void {
  state.scene.value?.zoom(factor);
}

/** Above this many vehicles their sum is sent instead of each, while they are too small to be told apart. */
const MANY = 4_000;

/** Says what is worth sending: single vehicles only where they can be seen, heat only where it is shown. */
function askForDetail(): void {
  const { value: scene } = state.scene;
  if (scene === null) return;
  const count = latest.vehicles?.kind === 'vehicles' ? sum(latest.vehicles.worlds.map((w) => w.count)) : null;
  const running = sum((state.status.value?.sides ?? []).map((side) => side.running));
  const isCrowded = (count ?? running) > MANY;
  want({ detail: scene.isFar && isCrowded ? 'lanes' : 'vehicles', heat: state.layer.value !== 'none' });
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
