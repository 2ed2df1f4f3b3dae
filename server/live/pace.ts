/** Waits no longer than this for steps that a busy machine could not do: what is later is let go, ms. */
const PATIENCE_MS = 250;
/** Over so long the actual speed is measured, ms. */
const MEASURED_MS = 2000;
/** At no set speed: steps that are asked for at a time; how many are done is a matter of time. */
const MANY = 1_000_000;

/** When which step is due: the clock of who watches, not of the run. Times are the machine's, ms. */
export class Pace {
  readonly #stepS: number;
  #speed: number | null;
  #from = 0; //    the time at which step `#done` of this stretch was due
  #done = 0;
  #begun = false;
  #measured: { at: number; steps: number }[] = [];

  /** @param speed  seconds of the run for each of the clock's; `null`: as fast as it goes */
  constructor(speed: number | null, stepS: number) {
    this.#speed = speed;
    this.#stepS = stepS;
  }

  get speed(): number | null {
    return this.#speed;
  }

  /** Seconds of the run for each of the clock's, lately. */
  get actualSpeed(): number {
    const [first, last] = [this.#measured[0], this.#measured.at(-1)];
    if (first === undefined || last === undefined || last.at === first.at) return 0;
    return ((last.steps - first.steps) * this.#stepS * 1000) / (last.at - first.at);
  }

  /** By how much the run is behind the clock. */
  lagMs = 0;

  setSpeed(speed: number | null, now: number): void {
    this.#speed = speed;
    this.begin(now);
  }

  /** From now on, with nothing due. */
  begin(now: number): void {
    this.#from = now;
    this.#done = 0;
    this.#begun = true;
    this.#measured = [{ at: now, steps: 0 }];
  }

  /** Steps that are due. */
  due(now: number): number {
    if (!this.#begun) this.begin(now);
    if (this.#speed === null) return MANY;
    return Math.max(
      0,
      Math.floor(((now - this.#from) * this.#speed) / (1000 * this.#stepS) + 1e-6) - this.#done,
    );
  }

  /** When there is something to be shown again: the next step, but not before a frame's time has passed. */
  nextAt(frameMs: number): number {
    if (this.#speed === null || !this.#begun) return 0;
    const stepMs = (1000 * this.#stepS) / this.#speed;
    const ahead = Math.max(1, Math.floor(frameMs / stepMs + 1e-6));
    return this.#from + (this.#done + ahead) * stepMs;
  }

  /** So many of those due were done. */
  did(done: number, due: number, now: number): void {
    this.#done += done;
    const total = (this.#measured.at(-1)?.steps ?? 0) + done;
    this.#measured.push({ at: now, steps: total });
    while (this.#measured.length > 2 && now - this.#measured[0]!.at > MEASURED_MS) this.#measured.shift();
    if (this.#speed === null) return;
    this.lagMs = done < due ? now - this.#from - (this.#done * 1000 * this.#stepS) / this.#speed : 0;
    if (this.lagMs <= PATIENCE_MS) return;
    this.#from = now;
    this.#done = 0;
  }
}
