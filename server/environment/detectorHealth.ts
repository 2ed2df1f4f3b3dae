/** What a lane's two detectors told since the last look, and what the signal showed meanwhile. */
export interface Told {
  readonly elapsedS: number;
  readonly stop: DetectorTold;
  /** `null` on lanes that are too short for one. */
  readonly advance: DetectorTold | null;
  /** Whether the lane has green; `null`: not known. */
  readonly isGreen: boolean | null;
  /** For how long, s; 0 without. */
  readonly greenS: number;
}

export interface DetectorTold {
  /** Vehicles counted since. */
  readonly counted: number;
  /** Time since for which the zone was occupied, s. */
  readonly occupiedS: number;
  readonly isPresent: boolean;
  /** How long the zone has been empty, s. */
  readonly emptyS: number;
}

/** One detector is silent while the other counts so many: it is dead. */
const SILENT_COUNTS = 5;
/** Neither has said anything for so many usual headways, within these bounds, s: both are taken to be dead. */
const SILENT_HEADWAYS = 12;
const SILENT_MIN_S = 120;
const SILENT_MAX_S = 600;
/** A zone that was occupied through so many greens, although nobody had come for a while, is stuck. */
const STUCK_GREENS = 2;
/** In such a green nobody has come over the advance detector for so long, or nobody into the zone, s. */
const NOBODY_CAME_S = 10;
const NOBODY_WENT_S = 15;
/** Without another detector to tell: occupied, and nobody counted, for so many greens, or for so long, s. */
const STUCK_GREENS_ALONE = 4;
const STUCK_S = 300;

/**
 * Which detectors of a lane are believed, by what an engineer would find implausible. Whoever behaves again is
 * believed again; lost counts need no rule here, for counts are set right by presence.
 */
export class DetectorHealth {
  stopIsTrusted = true;
  advanceIsTrusted: boolean;
  readonly #roomBetween: number;
  #advanceSinceStop = 0; //   counts in advance since the stop line last said something
  #stopSinceAdvance = 0;
  #silentS = 0; //            since either said something
  #stopFullS = 0; //          for which the stop line has been occupied without a break or a count
  #stopFullGreens = 0; //     greens in it
  #oddGreens = 0; //          greens without a break in which nobody had come for a while
  #isOdd = false;
  #uncountedS = 0; //         in this green
  #hadGreen = false;
  #advanceFullS = 0;
  #stopWhileFull = 0; //      counts at the stop line since the advance detector was last free

  /** @param roomBetween  vehicles that fit between advance detector and stop line; `null` without the former */
  constructor(roomBetween: number | null) {
    this.advanceIsTrusted = roomBetween !== null;
    this.#roomBetween = roomBetween ?? 0;
  }

  /** Whether either is believed. */
  get isTrusted(): boolean {
    return this.stopIsTrusted || this.advanceIsTrusted;
  }

  /** Weighs what was told. `flow`: usual arrivals, veh/s. */
  hear(told: Told, flow: number): void {
    this.#noteSilence(told);
    this.#noteStop(told);
    if (told.advance !== null) this.#noteAdvance(told.elapsedS, told.advance, told.stop);
    const silenceS = Math.min(SILENT_MAX_S, Math.max(SILENT_MIN_S, SILENT_HEADWAYS / flow));
    const bothSilent = this.#silentS >= silenceS;
    const stopIsDead = bothSilent || this.#advanceSinceStop >= SILENT_COUNTS;
    const stopIsStuck =
      this.#oddGreens >= STUCK_GREENS ||
      this.#stopFullGreens >= STUCK_GREENS_ALONE ||
      (told.isGreen === null && this.#stopFullS >= STUCK_S);
    this.stopIsTrusted = !stopIsDead && !stopIsStuck;
    if (told.advance === null) return;
    const advanceIsDead = bothSilent || (this.#stopSinceAdvance >= SILENT_COUNTS && !stopIsStuck);
    const advanceIsStuck =
      this.#stopWhileFull >= this.#roomBetween + SILENT_COUNTS ||
      (!this.stopIsTrusted && this.#advanceFullS >= STUCK_S);
    this.advanceIsTrusted = !advanceIsDead && !advanceIsStuck;
  }

  remember(memory: number[]): void {
    memory.push(Number(this.stopIsTrusted), Number(this.advanceIsTrusted));
    memory.push(this.#advanceSinceStop, this.#stopSinceAdvance, this.#silentS);
    memory.push(this.#stopFullS, this.#stopFullGreens, this.#oddGreens, Number(this.#isOdd));
    memory.push(this.#uncountedS, Number(this.#hadGreen), this.#advanceFullS, this.#stopWhileFull);
  }

  recall(next: () => number): void {
    this.stopIsTrusted = next() === 1;
    this.advanceIsTrusted = next() === 1;
    this.#advanceSinceStop = next();
    this.#stopSinceAdvance = next();
    this.#silentS = next();
    this.#stopFullS = next();
    this.#stopFullGreens = next();
    this.#oddGreens = next();
    this.#isOdd = next() === 1;
    this.#uncountedS = next();
    this.#hadGreen = next() === 1;
    this.#advanceFullS = next();
    this.#stopWhileFull = next();
  }

  #noteSilence({ elapsedS, stop, advance }: Told): void {
    const stopSpoke = stop.isPresent || stop.counted > 0;
    const advanceSpoke = advance !== null && (advance.isPresent || advance.counted > 0);
    this.#silentS = stopSpoke || advanceSpoke ? 0 : this.#silentS + elapsedS;
    this.#advanceSinceStop = stopSpoke ? 0 : this.#advanceSinceStop + (advance?.counted ?? 0);
    this.#stopSinceAdvance = advanceSpoke ? 0 : this.#stopSinceAdvance + stop.counted;
  }

  #noteStop({ elapsedS, stop, advance, isGreen, greenS }: Told): void {
    if (!isFull(stop, elapsedS) || stop.counted > 0) {
      this.#stopFullS = 0;
      this.#stopFullGreens = 0;
    }
    if (!isFull(stop, elapsedS)) {
      this.#oddGreens = 0;
      this.#isOdd = false;
    } else {
      this.#stopFullS += elapsedS;
      const nobodyCame =
        advance !== null && this.advanceIsTrusted && !advance.isPresent && advance.emptyS >= NOBODY_CAME_S;
      if (isGreen === true && stop.counted > 0) this.#uncountedS = 0;
      else if (isGreen === true) this.#uncountedS += elapsedS;
      const nobodyWent = this.#uncountedS >= NOBODY_WENT_S;
      if (isGreen === true && greenS >= NOBODY_CAME_S && (nobodyCame || nobodyWent)) this.#isOdd = true;
      if (this.#hadGreen && isGreen === false) {
        this.#stopFullGreens++;
        if (this.#isOdd) this.#oddGreens++;
        this.#isOdd = false;
      }
    }
    if (isGreen !== true) this.#uncountedS = 0;
    this.#hadGreen = isGreen === true;
  }

  #noteAdvance(elapsedS: number, advance: DetectorTold, stop: DetectorTold): void {
    const full = isFull(advance, elapsedS);
    this.#advanceFullS = full ? this.#advanceFullS + elapsedS : 0;
    this.#stopWhileFull = full ? this.#stopWhileFull + stop.counted : 0;
  }
}

function isFull({ occupiedS }: DetectorTold, elapsedS: number): boolean {
  return occupiedS > elapsedS - 1e-6;
}
