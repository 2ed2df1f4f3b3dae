import {
  createOperation,
  type Memories,
  memoriesOf,
  type Operation,
  operate,
  resumeOperation,
} from '../control/operation.ts';
import type { Ruled } from '../control/protocol.ts';
import type { Moment } from '../policy/counterfactual.ts';
import { momentOf } from '../policy/explain.ts';
import { emissionClasses } from '../report/measureRun.ts';
import type { Simulation } from '../sim/simulation.ts';
import { takeSnapshot } from '../sim/snapshot.ts';
import type { Survey } from '../sim/survey.ts';
import type { Study } from '../study/study.ts';
import { isChoice, isDue } from './choices.ts';
import { createMeter, type Meter, noteMeter } from './meter.ts';

/** Of every engine since 2022; the library of the language alone does not know it. */
declare function structuredClone<T>(value: T): T;

/** All that decides how one side runs: a study, with its network under its protocol. */
export interface SideStudy extends Study {
  readonly ruled: Ruled;
  /** Whether another seed would be another run. */
  readonly seedMatters: boolean;
}

/** Lanes and connectors of a network whose detectors are shown whoever is at work. */
const DETECTORS_SHOWN_MAX = 5000;

/** Signals whose last choice is remembered, and choices after which nobody seems to ask any more. */
const WATCHED_MAX = 4;
const FORGOTTEN_AFTER = 500;

/** What a world can be taken back to. */
export interface Kept {
  readonly snapshot: ArrayBuffer;
  readonly memories: Memories;
  readonly survey: Survey;
  readonly meter: Meter;
  /** What it takes, roughly. */
  readonly bytes: number;
}

/** One side of a session: a simulation under its controllers, and what is measured of it for who watches. */
export class World {
  readonly study: SideStudy;
  #operation: Operation;
  #meter: Meter;
  /** By seat, the one asked for last at the end: when it last chose, and how often since it was asked for. */
  readonly #watched = new Map<number, { readonly moment: Moment | null; readonly choices: number }>();

  constructor(study: SideStudy) {
    this.study = study;
    const emissionClass = emissionClasses(study.compiled);
    this.#operation = createOperation(study.ruled, this.factory(), study.seed, {
      measures: true,
      detectors: this.#hasDetectors,
      survey: { fromS: 0, emissionClass, controlDelayOnly: true },
    });
    this.#meter = createMeter(this.sim, emissionClass);
  }

  /** In a city they are a good part of the work, and are watched only where they are asked. */
  get #hasDetectors(): boolean {
    const { controller, ruled } = this.study;
    return controller.sees === 'detectors' || ruled.network.elementCount <= DETECTORS_SHOWN_MAX;
  }

  get operation(): Operation {
    return this.#operation;
  }

  get sim(): Simulation {
    return this.#operation.sim;
  }

  get meter(): Meter {
    return this.#meter;
  }

  factory() {
    const { controller, protocol, settings } = this.study;
    return controller.factory(protocol, settings);
  }

  /**
   * The moment at which a signal's controller last chose, as far as it is known: from when it was asked for first. Only few signals
   * are watched at a time.
   */
  lastChoice(k: number): Moment | null {
    return this.rememberChoice(k, this.#watched.get(k)?.moment ?? null);
  }

  rememberChoice(k: number, moment: Moment | null): Moment | null {
    this.#watched.delete(k);
    this.#watched.set(k, { moment, choices: 0 });
    const [longestAgo] = this.#watched.keys();
    if (this.#watched.size > WATCHED_MAX) this.#watched.delete(longestAgo!);
    return moment;
  }

  step(): void {
    if (this.#watched.size > 0) this.#noteChoices();
    operate(this.#operation);
    noteMeter(this.#meter, this.sim);
  }

  #noteChoices(): void {
    if (!isDue(this.#operation)) return;
    const { seats } = this.#operation;
    const { ruled } = this.study;
    let now: Moment | null = null;
    for (const [k, { choices }] of this.#watched) {
      const { ring } = seats[k]!;
      if (!isChoice(seats[k]!)) continue;
      now ??= momentOf(this.#operation, { ruled, factory: () => this.factory(), ring });
      if (choices === FORGOTTEN_AFTER) this.#watched.delete(k);
      else this.#watched.set(k, { moment: { ...now, ring }, choices: choices + 1 });
    }
  }

  keep(): Kept {
    const snapshot = takeSnapshot(this.sim);
    const survey = structuredClone(this.sim.survey!);
    const meter = structuredClone(this.#meter);
    // A survey has some 40 bytes a vehicle and 40 an element.
    const { elementCount } = this.sim.network;
    const measured =
      survey.capacity * 40 + elementCount * 40 + meter.speed.byteLength + meter.parts.byteLength;
    const bytes = snapshot.byteLength + measured;
    return { snapshot, memories: memoriesOf(this.#operation), survey, meter, bytes };
  }

  goBackTo({ snapshot, memories, survey, meter }: Kept): void {
    // What was chosen later has not been chosen yet.
    for (const k of this.#watched.keys()) this.#watched.set(k, { moment: null, choices: 0 });
    this.#operation = resumeOperation(this.study.ruled, this.factory(), snapshot, memories);
    Object.assign(this.sim, { survey: structuredClone(survey) });
    this.#meter = structuredClone(meter);
  }
}
