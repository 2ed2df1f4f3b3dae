import { encodeHeat, encodeLanes, encodeVehicles, type FrameKind } from '../protocol/frame.ts';
import { Columns } from '../session/columns.ts';
import { heatOf } from '../session/meter.ts';
import type { Session } from '../session/session.ts';

/** The least time between two steps that are shown, ms. */
export const FRAME_MS = 100;
const HEAT_MS = 1000;

/** Makes frames of a session's moments, of the kinds that somebody wants to see, and no more often than anybody can see. */
export class Frames {
  wanted: Readonly<Record<FrameKind, boolean>> = { vehicles: false, lanes: false, heat: false };
  readonly #send: (kind: FrameKind, frame: ArrayBuffer, step: number) => void;
  readonly #columns: Columns[] = [];
  #sequence = 0;
  #shownStep = -1;
  #shownRevision = -1;
  #shownAt = 0;
  #heatAt = 0;
  #hasJumped = true;

  constructor(send: (kind: FrameKind, frame: ArrayBuffer, step: number) => void) {
    this.#send = send;
  }

  /** Whether what was shown last is this very moment. */
  hasShown({ step, revision }: Session): boolean {
    return step === this.#shownStep && revision === this.#shownRevision;
  }

  /** Nothing is to be drawn between the moment shown last and the next. */
  jump(): void {
    this.#hasJumped = true;
  }

  /** The sides are others from now on. */
  forgetSides(): void {
    this.#columns.length = 0;
  }

  /** @param again  even if the moment has been shown, or too little time has passed since another one was */
  show(session: Session, again: boolean): void {
    const { step, revision, worlds } = session;
    const now = performance.now();
    if (!again && (this.hasShown(session) || now - this.#shownAt < FRAME_MS / 2)) return;
    const sinceSteps = this.#hasJumped || step < this.#shownStep ? 0 : step - this.#shownStep;
    const header = () => ({ sequence: this.#sequence++, step, sinceSteps, revision });
    const columns = worlds.map((_, k) => (this.#columns[k] ??= new Columns()));
    if (this.wanted.vehicles) {
      const seen = worlds.map(({ sim }, k) => columns[k]!.vehicles(sim));
      this.#send('vehicles', encodeVehicles(header(), seen), step);
    }
    if (this.wanted.lanes) {
      const seen = worlds.map(({ sim }, k) => columns[k]!.lanes(sim));
      this.#send('lanes', encodeLanes(header(), seen), step);
    }
    if (this.wanted.heat && (again || now - this.#heatAt >= HEAT_MS)) {
      this.#heatAt = now;
      const felt = worlds.map(({ sim, meter }) => heatOf(meter, sim));
      this.#send('heat', encodeHeat(header(), felt), step);
    }
    this.#shownStep = step;
    this.#shownRevision = revision;
    this.#shownAt = now;
    this.#hasJumped = false;
  }
}
