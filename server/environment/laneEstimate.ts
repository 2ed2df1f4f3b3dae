import type { View } from '../control/view.ts';
import { SHOWN } from '../sim/network.ts';
import { DetectorHealth, type DetectorTold, type Told } from './detectorHealth.ts';
import { CLEAR_S, HiddenQueue } from './hiddenQueue.ts';
import { MeanFlow } from './meanFlow.ts';
import { Passings } from './passings.ts';

/** Length of road that a standing vehicle takes, m. */
export const JAM_SPACING_M = 7.5;
/** Time from one vehicle to the next as a queue sets off, s, and over a stop line that nobody sees, on the safe side. */
const START_HEADWAY_S = 1.2;
const UNSEEN_HEADWAY_S = 2.5;
const STARTUP_S = 2;
/** A vehicle that drives over an advance detector occupies it for about so long, s. */
const PASSING_S = 0.7;
/** Somebody stands over an advance detector that has been occupied for so much longer, s. */
const BLOCKED_S = 2;
/** Nobody has been counted at an occupied stop line in green for so long, s: whoever is there cannot go. */
const STALLED_S = 6;

/**
 * How many vehicles stand and drive on a lane, from its detectors alone.
 *
 * Between the counts of the two detectors vehicles are known exactly. Who passed the advance detector less than
 * the driving time ago is driving, everybody else there stands. How far a queue reaches back over the advance
 * detector is not known: while somebody stands on it, the usual flow is taken to arrive behind, and what comes over it in
 * green is taken off. A stop-line zone that has been empty for a moment means that nobody stands, whatever the
 * counts say, so errors do not last. In green a queue sets off one after another from the front.
 */
export class LaneEstimate {
  readonly health: DetectorHealth;
  /** Vehicles between advance detector and stop-line zone; whoever counts less. */
  between = 0;
  /** In the stop-line zone. */
  inZone = 0;
  /** Of all these, vehicles that drive. */
  moving = 0;
  /** Usual arrivals, veh/s. */
  flow = 0;
  /** Time at the speed limit from the advance detector to the stop line, s; 0 without one. */
  readonly setbackS: number;
  /** Who passed the advance detector, and who left over the stop line. */
  readonly passed = new Passings();
  readonly left = new Passings();
  readonly #stop: number;
  readonly #advance: number;
  readonly #roomBetween: number;
  readonly #roomUpstream: number;
  readonly #roomInZone: number;
  // Whoever begins in the middle of a run learns from the counts since its start.
  #timeS = 0;
  #stopBefore = NOTHING;
  #advanceBefore = NOTHING;
  readonly #hidden = new HiddenQueue();
  readonly #all = new MeanFlow();
  readonly #free = new MeanFlow();
  #blockedS = 0;
  #sinceEmpty = 0; //  counted at the stop line since its zone was last seen empty
  #greenS = 0;
  #departed = 0; //    in this green
  #stalledS = 0;

  constructor(view: View, lane: number) {
    this.#stop = view.stopDetector(lane);
    this.#advance = view.advanceDetector(lane);
    const stopM = view.setbackM(lane, this.#stop);
    const advanceM = this.#advance < 0 ? stopM : view.setbackM(lane, this.#advance);
    this.setbackS = this.#advance < 0 ? 0 : advanceM / view.speedLimit(lane);
    this.#roomBetween = 1 + (advanceM - stopM) / (JAM_SPACING_M - 1.5);
    this.#roomUpstream = Math.max(0, (view.laneLengthM(lane) - advanceM) / JAM_SPACING_M);
    this.#roomInZone = 1 + Math.floor(Math.max(0, stopM - 1) / JAM_SPACING_M);
    this.health = new DetectorHealth(this.#advance < 0 ? null : this.#roomBetween);
  }

  /** Standing upstream of the advance detector; without one, of the stop-line zone. */
  get hidden(): number {
    return this.#hidden.count;
  }

  /** Standing vehicles. */
  get queue(): number {
    return Math.max(0, this.inZone + this.between + this.hidden - this.moving);
  }

  /** Vehicles that are known of. */
  get count(): number {
    return this.inZone + this.between + this.hidden;
  }

  /**
   * How much longer than at the speed limit the first vehicle has been on the way from the advance detector, s. Where
   * that is not believed: since when nobody has left, of somebody who is known of.
   */
  get headDelayS(): number {
    const known = Math.round(this.inZone + this.between);
    if (known === 0) return 0;
    const since = this.health.advanceIsTrusted ? this.passed.whenPassed(known) : this.left.whenPassed(1);
    const freeS = this.health.advanceIsTrusted ? this.setbackS : 0;
    return since === null ? 0 : Math.max(0, this.#timeS - since - freeS);
  }

  /**
   * Takes in what the detectors have told since the last call; a second one at the same time changes nothing.
   *
   * @param isGreen      whether the lane is served now; `null` where that is not known
   * @param assumedFlow  arrivals where no detector tells, veh/s
   */
  update(view: View, isGreen: boolean | null, assumedFlow: number): void {
    const elapsedS = view.timeS - this.#timeS;
    if (elapsedS <= 0) return;
    this.#timeS = view.timeS;
    const goesOn = view.greenS >= elapsedS;
    this.#greenS = isGreen !== true ? 0 : goesOn ? this.#greenS + elapsedS : view.greenS;
    const stopNow = reading(view, this.#stop);
    const stop = told(stopNow, this.#stopBefore);
    this.#stopBefore = stopNow;
    const advanceNow = reading(view, this.#advance);
    const advance = this.#advance < 0 ? null : told(advanceNow, this.#advanceBefore);
    this.#advanceBefore = advanceNow;
    const news: Told = { elapsedS, stop, advance, isGreen, greenS: this.#greenS };
    this.health.hear(news, Math.max(this.flow, assumedFlow / 2));
    const { stopIsTrusted, advanceIsTrusted } = this.health;
    this.#noteFlow(elapsedS, advanceIsTrusted ? advance : stopIsTrusted ? stop : null, assumedFlow);

    if (stopIsTrusted) this.#noteZone(news);
    else this.inZone = 0;
    if (advanceIsTrusted) this.#countIn(news, advance!);
    else this.#imagineIn(news);
    if (stopIsTrusted) this.#countOut(news);
    else this.#imagineOut(news);
    this.#divide(news);
  }

  /** Writes all that the next `update` depends on. */
  remember(memory: number[]): void {
    memory.push(this.between, this.inZone, this.moving, this.flow, this.#timeS);
    for (const { count, occupiedS, isPresent, emptyS } of [this.#stopBefore, this.#advanceBefore]) {
      memory.push(count, occupiedS, Number(isPresent), emptyS);
    }
    memory.push(this.#blockedS, this.#sinceEmpty, this.#greenS, this.#departed, this.#stalledS);
    for (const part of this.#parts) part.remember(memory);
  }

  /** Reads what `remember` wrote, number by number. */
  recall(next: () => number): void {
    this.between = next();
    this.inZone = next();
    this.moving = next();
    this.flow = next();
    this.#timeS = next();
    this.#stopBefore = readingFrom(next);
    this.#advanceBefore = readingFrom(next);
    this.#blockedS = next();
    this.#sinceEmpty = next();
    this.#greenS = next();
    this.#departed = next();
    this.#stalledS = next();
    for (const part of this.#parts) part.recall(next);
  }

  get #parts() {
    return [this.health, this.passed, this.left, this.#hidden, this.#all, this.#free];
  }

  /** Arrivals by the counter that is believed. */
  #noteFlow(elapsedS: number, counter: DetectorTold | null, assumedFlow: number): void {
    if (counter === null) {
      this.flow = assumedFlow;
      return;
    }
    // What comes over the counter from a hidden queue is not the flow that feeds it, and may be less.
    this.#all.add(elapsedS, counter.counted);
    if (this.hidden === 0) this.#free.add(elapsedS, counter.counted);
    this.flow = Math.max(this.#all.mean, this.#free.mean);
  }

  #noteZone({ stop, elapsedS, isGreen }: Told): void {
    const before = this.inZone;
    this.#sinceEmpty = stop.isPresent ? this.#sinceEmpty + stop.counted : 0;
    this.inZone = stop.isPresent ? Math.min(Math.max(1, this.#sinceEmpty), this.#roomInZone) : 0;
    const departed = Math.max(0, stop.counted + before - this.inZone);
    this.left.add(this.#timeS, elapsedS, departed);
    this.#departed = isGreen === true ? this.#departed + departed : 0;
    const stalls =
      isGreen === true && stop.isPresent && stop.counted === 0 && stop.occupiedS > elapsedS - 1e-6;
    this.#stalledS = stalls ? this.#stalledS + elapsedS : 0;
  }

  /** Arrivals as the advance detector counts them, and by flow behind it while somebody stands on it. */
  #countIn(news: Told, advance: DetectorTold): void {
    const { elapsedS } = news;
    this.between += advance.counted;
    // Whoever came last came before the zone was empty.
    this.passed.add(this.#timeS - advance.emptyS, elapsedS - advance.emptyS, advance.counted);
    const standsS = Math.max(0, advance.occupiedS - PASSING_S * advance.counted);
    this.#blockedS = advance.isPresent ? this.#blockedS + standsS : 0;
    const isBlocked = this.#blockedS >= BLOCKED_S;
    this.#hidden.update(news, advance, isBlocked, this.flow, this.#roomUpstream);
    if (isBlocked && !this.health.stopIsTrusted) this.between = Math.max(this.between, this.#roomBetween - 2);
  }

  /** Without an advance detector a queue grows by the usual flow behind a full stop-line zone. */
  #imagineIn(news: Told): void {
    this.#blockedS = 0;
    this.between = 0;
    const room = this.#roomUpstream + this.#roomBetween;
    if (!this.health.stopIsTrusted) this.#hidden.grow(this.flow * news.elapsedS, room);
    else this.#hidden.update(news, news.stop, this.inZone >= this.#roomInZone, this.flow, room);
  }

  #countOut({ stop }: Told): void {
    if (this.health.advanceIsTrusted) this.between -= stop.counted;
    if (stop.emptyS >= CLEAR_S) {
      this.#hidden.count = 0;
      this.between = Math.min(this.between, this.#drivingUp());
    }
    this.between = Math.min(Math.max(0, this.between), this.#roomBetween);
  }

  /** A queue that nobody sees discharge is taken to do so near saturation. */
  #imagineOut({ isGreen, elapsedS }: Told): void {
    const servedS =
      isGreen === null ? elapsedS / 4 : Math.min(elapsedS, Math.max(0, this.#greenS - STARTUP_S));
    const served = servedS / UNSEEN_HEADWAY_S;
    const fromBetween = Math.min(this.between, served);
    const fromHidden = this.health.advanceIsTrusted ? 0 : Math.min(this.hidden, served - fromBetween);
    this.between = Math.min(this.between - fromBetween, this.#roomBetween);
    this.#hidden.count -= fromHidden;
    this.left.add(this.#timeS, elapsedS, fromBetween + fromHidden);
    this.#departed = 0;
    this.#stalledS = 0;
  }

  /** Who of those on the lane drives: whoever has just come, and in green those who have set off. */
  #divide({ isGreen }: Told): void {
    const blocked = this.#blockedS >= BLOCKED_S;
    const arriving = blocked && isGreen !== true ? 0 : Math.min(this.between, this.#drivingUp());
    let leaving = 0;
    if (isGreen === true && this.#stalledS < STALLED_S) {
      leaving = Math.max(0, 1 + this.#greenS / START_HEADWAY_S - this.#departed);
    }
    const rest = this.count - arriving;
    this.moving = arriving + Math.min(rest, leaving);
  }

  /** Vehicles that passed the advance detector so short a time ago that they cannot have reached the stop line. */
  #drivingUp(): number {
    return this.passed.within(this.#timeS - this.setbackS, this.#timeS);
  }
}

/** What a detector says at a moment. */
interface Reading {
  readonly count: number;
  readonly occupiedS: number;
  readonly isPresent: boolean;
  readonly emptyS: number;
}

const NOTHING: Reading = { count: 0, occupiedS: 0, isPresent: false, emptyS: 0 };

function reading(view: View, d: number): Reading {
  if (d < 0) return NOTHING;
  const [count, occupiedS] = [view.counted(d), view.occupiedS(d)];
  return { count, occupiedS, isPresent: view.present(d), emptyS: view.emptyS(d) };
}

function readingFrom(next: () => number): Reading {
  return { count: next(), occupiedS: next(), isPresent: next() === 1, emptyS: next() };
}

function told(now: Reading, before: Reading): DetectorTold {
  return {
    counted: Math.max(0, now.count - before.count),
    occupiedS: now.occupiedS - before.occupiedS,
    isPresent: now.isPresent,
    emptyS: now.emptyS,
  };
}

/** Whether a phase lets anybody of a lane go. */
export function isServed(view: View, phase: number, lane: number): boolean {
  return view.movementsOf(lane).some((m) => view.shown(phase, m) !== SHOWN.red);
}
