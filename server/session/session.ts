import type { Moment } from '../policy/counterfactual.ts';
import type { Alarm, Figures, Intervention, Sample, Setup } from '../protocol/session.ts';
import { fingerprint, formatFingerprint } from '../sim/fingerprint.ts';
import type { Simulation } from '../sim/simulation.ts';
import { averageDelay } from '../sim/summary.ts';
import { blockedBy, intervene, type Roadworks, roadworksOf } from '../study/interventions.ts';
import { ALARM_EVERY_S, alarmsNow } from './alarms.ts';
import { figuresOf } from './figures.ts';
import { createHistory, forgetAfter, type History, type KeptSample, noteAlarm, noteSide } from './history.ts';
import { Shelf } from './shelf.ts';
import { type Kept, type SideStudy, World } from './world.ts';

/** Makes one side of a session ready to run. Throws in words for the viewer where it cannot. */
export type OpenSide = (setup: Setup, side: number) => SideStudy;

/** Time between two samples of the series, s, and between two moments that are kept to come back to. */
export const SAMPLE_S = 10;
const KEEP_S = 60;
/** No signal is held for longer, s, beside the time from decision to decision. */
const HELD_MAX_S = 60;
/** Within this time before now most signals have chosen, s. */
const LATELY_S = 15;

/**
 * The same traffic under up to four controllers, in lockstep. What it comes to is a function of the setup, the
 * interventions and the step; going back is running again from a moment that was kept.
 */
export class Session {
  readonly #openSide: OpenSide;
  #setup: Setup;
  #interventions: readonly Intervention[] = [];
  #worlds: readonly World[] = [];
  #history: History = createHistory([]);
  #shelf = new Shelf();
  /** A moment of one side shortly before somebody asked why: who asks of one signal asks of the next. */
  #near: { readonly side: number; readonly step: number; readonly kept: Kept } | null = null;
  /** Since the last moment that is kept, vehicles × steps. */
  #work = 0;
  #known = 0;
  #revision: number;

  /**
   * @param revision  where it begins to count
   * @throws {Error} where a side cannot be opened, or an intervention is of no lane
   */
  constructor(openSide: OpenSide, setup: Setup, interventions: readonly Intervention[], revision = 0) {
    this.#openSide = openSide;
    this.#revision = revision;
    this.#setup = setup;
    this.#begin(setup, interventions);
  }

  get setup(): Setup {
    return this.#setup;
  }

  get interventions(): readonly Intervention[] {
    return this.#interventions;
  }

  get worlds(): readonly World[] {
    return this.#worlds;
  }

  get history(): History {
    return this.#history;
  }

  /** Counts what makes another run of it. */
  get revision(): number {
    return this.#revision;
  }

  get step(): number {
    return this.#first.step;
  }

  get stepS(): number {
    return this.#first.network.stepS;
  }

  get lastStep(): number {
    return Math.round(this.#worlds[0]!.study.durationS / this.stepS);
  }

  /** The farthest step it has been to in this revision. */
  get knownStep(): number {
    return this.#known;
  }

  get ended(): boolean {
    return this.step >= this.lastStep;
  }

  /** Vehicles on the network or waiting to enter it, on all sides. */
  get vehicleCount(): number {
    return this.#worlds.reduce((sum, { sim: { vehicles } }) => sum + vehicles.created - vehicles.finished, 0);
  }

  /** Lanes that are closed, and where somebody stands in the way, now. */
  get roadworks(): Roadworks {
    return roadworksOf(this.#interventions, this.step);
  }

  get #first(): Simulation {
    return this.#worlds[0]!.sim;
  }

  /** One step further on all sides. */
  advance(): void {
    for (const world of this.#worlds) this.#advance(world);
    const after = this.step;
    this.#work += this.vehicleCount;
    if (after % this.#stepsOf(KEEP_S) === 0) this.#keep(after);
    if (after <= this.#known) return;
    this.#known = after;
    this.#note(after);
  }

  #advance(world: World): void {
    const { sim, study } = world;
    for (const one of this.#interventions)
      if (one.step === sim.step) intervene(sim, study.compiled.names, one);
    world.step();
  }

  /**
   * The moment at which a signal's controller last chose, before this step; `null`: it never did. Where nobody has asked for
   * it before, it is found by running again.
   */
  lastChoice(side: number, seat: number): Moment | null {
    const world = this.#worlds[side]!;
    const known = world.lastChoice(seat);
    if (known !== null) return known;
    const earliest = this.step - this.#stepsOf(HELD_MAX_S) - world.operation.decisionSteps;
    const again = new World(world.study);
    // Most chose not long ago, and in a city each step takes its time, a watched one more of it.
    for (let end = this.step; end > Math.max(0, earliest); ) {
      const [start, kept] = this.#shelf.lastUpTo(end - 1);
      const lately = Math.max(start, end - this.#stepsOf(LATELY_S));
      for (const watchedFrom of new Set([lately, start])) {
        const near = this.#near;
        const isNear = near?.side === side && near.step > start && near.step <= watchedFrom;
        again.goBackTo(isNear ? near.kept : kept[side]!);
        while (again.sim.step < watchedFrom) this.#advance(again);
        if (watchedFrom > start) this.#near = { side, step: watchedFrom, kept: again.keep() };
        again.lastChoice(seat);
        while (again.sim.step < end) this.#advance(again);
        const found = again.lastChoice(seat);
        if (found !== null) return world.rememberChoice(seat, found);
      }
      end = start;
    }
    return null;
  }

  /** As near before a step as it can get at once; `advance` does the rest. */
  approach(step: number): void {
    if (step >= this.step && step - this.step <= this.#stepsOf(KEEP_S)) return;
    const [at, kept] = this.#shelf.lastUpTo(step);
    if (step >= this.step && at <= this.step) return;
    for (const [k, world] of this.#worlds.entries()) world.goBackTo(kept[k]!);
    this.#work = 0;
  }

  /** The same moment of another run: as if it had been set up so from the beginning. Approach the step afterwards. */
  change(setup: Setup): void {
    this.#begin(setup, this.#interventions);
  }

  /**
   * Does something to the road from this step on. What was known of later steps is forgotten; later interventions stay.
   *
   * @throws {Error} for a lane that is not there
   */
  intervene(one: Intervention): void {
    const { names } = this.#worlds[0]!.study.compiled;
    blockedBy(names, one);
    const { step } = this;
    // Of equal steps the last said holds.
    const later = this.#interventions.findIndex((other) => other.step > step);
    const at = later < 0 ? this.#interventions.length : later;
    this.#interventions = [
      ...this.#interventions.slice(0, at),
      { ...one, step },
      ...this.#interventions.slice(at),
    ];
    this.#forgetAfter(step);
  }

  /** To the beginning, with the road as it was. */
  restart(): void {
    this.#interventions = [];
    this.approach(0);
    this.#forgetAfter(0);
  }

  fingerprints(): string[] {
    return this.#worlds.map(({ sim }) => formatFingerprint(fingerprint(sim)));
  }

  figures(): Figures[] {
    return this.#worlds.map(figuresOf);
  }

  #begin(setup: Setup, interventions: readonly Intervention[]): void {
    const worlds = setup.controllers.map((_, side) => new World(this.#openSide(setup, side)));
    for (const one of interventions) blockedBy(worlds[0]!.study.compiled.names, one);
    this.#setup = setup;
    this.#interventions = [...interventions].sort((a, b) => a.step - b.step);
    this.#worlds = worlds;
    this.#history = createHistory(worlds.map(({ sim }) => sim.network));
    this.#shelf = new Shelf();
    this.#shelf.put(0, worlds);
    this.#near = null;
    this.#work = 0;
    this.#known = 0;
    this.#revision++;
  }

  #keep(step: number): void {
    if (!this.#shelf.has(step)) {
      if (!this.#shelf.isWorth(this.#work)) return;
      this.#shelf.put(step, this.#worlds);
    }
    this.#work = 0;
  }

  #forgetAfter(step: number): void {
    this.#known = step;
    this.#revision++;
    this.#shelf.forgetAfter(step);
    if (this.#near !== null && this.#near.step > step) this.#near = null;
    forgetAfter(this.#history, step);
  }

  #note(step: number): void {
    const { history } = this;
    this.#worlds.forEach(({ sim }, k) => {
      noteSide(history.sides[k]!, sim);
    });
    if (step % this.#stepsOf(ALARM_EVERY_S) === 0) {
      for (const alarm of this.#alarms()) noteAlarm(history, alarm);
    }
    if (step % this.#stepsOf(KEEP_S) === 0) history.fingerprints.push({ step, sides: this.fingerprints() });
    if (step % this.#stepsOf(SAMPLE_S) === 0) history.samples.push(this.#sample(step));
  }

  #alarms(): Alarm[] {
    return this.#worlds.flatMap(({ sim, meter, study: { compiled } }, side) => {
      const { names } = compiled;
      const { closed, incidents } = this.roadworks;
      const blocked = new Set([...closed, ...incidents.keys()].map((lane) => names.element.indexOf(lane)));
      const place = {
        side,
        laneName: (lane: number) => names.element[lane]!,
        roadName: (road: number) => names.road[road]!,
        intersectionName: (i: number) => names.intersection[i]!,
      };
      return alarmsNow({ sim, meter, blocked, place }, this.#history.sides[side]!.underWay);
    });
  }

  #sample(step: number): KeptSample {
    const before = this.#history.samples[this.#history.samples.length - 1]?.sums;
    const sums = this.#worlds.map(({ sim, meter }) => ({
      lostVehS: meter.lostVehS,
      presentVehS: meter.presentVehS,
      finished: sim.vehicles.finished,
      co2G: meter.co2G,
    }));
    const sides = this.#worlds.map(({ sim }, k): Sample['sides'][number] => {
      const now = sums[k]!;
      const then = before?.[k] ?? { lostVehS: 0, presentVehS: 0, finished: 0, co2G: 0 };
      const present = now.presentVehS - then.presentVehS;
      return {
        delayShare: present === 0 ? 0 : rounded((now.lostVehS - then.lostVehS) / present, 4),
        averageDelayS: rounded(averageDelay(sim), 2),
        queue: sim.measures!.queue,
        running: sim.vehicles.entered - sim.vehicles.finished,
        finished: now.finished - then.finished,
        co2G: rounded(now.co2G - then.co2G, 1),
      };
    });
    return { sample: { step, sides }, sums };
  }

  #stepsOf(seconds: number): number {
    return Math.max(1, Math.round(seconds / this.stepS));
  }
}

function rounded(value: number, digits: number): number {
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale;
}
