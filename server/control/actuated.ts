import type { Controller, ControllerFactory } from './controller.ts';
import { Coordination } from './coordination.ts';
import { PhaseTimer } from './phaseTimer.ts';
import type { Setting, Settings } from './settings.ts';
import type { View } from './view.ts';

export const ACTUATED_SETTINGS: readonly Setting[] = [
  { key: 'passageS', summary: 'passage time, s', standard: 2, min: 0.1, max: 20 },
  {
    key: 'gapOut',
    summary: 'whether each lane may have its gap at a time of its own',
    standard: 'lane-by-lane',
    choices: ['lane-by-lane', 'all-lanes'],
  },
  { key: 'minGreenS', summary: "minimum green, s; 0: the scenario's", standard: 0, min: 0, max: 60 },
  {
    key: 'maxGreenS',
    summary: "maximum green, s; 0: the plan's green × maxGreenFactor",
    standard: 0,
    min: 0,
    max: 300,
  },
  { key: 'maxGreenFactor', summary: "maximum green ÷ the plan's green", standard: 1.5, min: 0.5, max: 5 },
  {
    key: 'recall',
    summary: 'phases that are served in every cycle: the first street, or all',
    standard: 'none',
    choices: ['none', 'main', 'all'],
  },
  {
    key: 'coordination',
    summary: "whether the plan's cycle and offsets hold; auto: where cycles are equal and offsets differ",
    standard: 'auto',
    choices: ['auto', 'on', 'off'],
  },
  {
    key: 'lefts',
    summary: 'how left turns with a lane of their own are served',
    standard: 'as-planned',
    choices: ['as-planned', 'protected', 'protected-permitted'],
  },
  {
    key: 'noActivityS',
    summary: 'a stop-line detector empty for so long is taken to be broken, and calls, s; 0: never',
    standard: 3600,
    min: 0,
    max: 86_400,
  },
];

/** Green of a phase without a plan to derive it from, s. */
const LEAST_MAX_GREEN_S = 10;

/** The actuated controllers of a network with dual rings (`withDualRings`): asked once a step for each ring. */
export function actuated(settings: Settings): ControllerFactory {
  const units = new Map<number, ActuatedUnit>();
  return (view) => {
    // The second ring's view comes after those of all first rings.
    const unit = view.ring === 0 ? new ActuatedUnit(settings) : units.get(view.intersection)!;
    if (view.ring === 0) units.set(view.intersection, unit);
    return unit.seat(view);
  };
}

/**
 * A fully actuated signal with two rings: NEMA TS 2's rules on detectors and push buttons alone.
 *
 * A phase is green for its minimum and as long as vehicles pass its detectors with gaps below the passage
 * time; it *gaps out*, or *maxes out* when somebody else has been waiting for the maximum green. A ring then
 * goes on to the next phase called on its side of the barrier. With nobody left there it waits, green,
 * until the other ring is done as well, and both cross the barrier together to the next group that is
 * called; a ring without a call there serves its thru phase along with the other (dual entry). With no calls
 * at all signals rest. When coordinated, a `Coordination` holds and forces phases off instead of maximum
 * greens.
 */
class ActuatedUnit {
  readonly #settings: Settings;
  readonly #rings: Ring[] = [];
  #decidedAt = -1; // s
  readonly #wanted: number[] = [];

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** Takes a ring in; its controller. Each remembers its own ring: what they share is settled anew at every decision. */
  seat(view: View): Controller {
    const ring = new Ring(view, this.#settings);
    const r = this.#rings.push(ring) - 1;
    return {
      decide: ({ timeS }) => {
        if (timeS !== this.#decidedAt) {
          this.#decidedAt = timeS;
          this.#decide();
        }
        return this.#wanted[r]!;
      },
      memory: () => ring.memory(),
      recall: (memory) => ring.recall(memory),
      account: () => ({ reason: ring.reason, scoreName: '', phases: [] }),
    };
  }

  #decide(): void {
    const rings = this.#rings;
    for (const ring of rings) ring.listen();
    for (const ring of rings) ring.watch(rings);
    const group = this.#nextGroup();
    const ready = rings.every((ring) => ring.ready);
    rings.forEach((ring, r) => {
      this.#wanted[r] = ready && group !== null ? ring.entry(group) : ring.next(ready);
    });
  }

  /** The next group, in order, in which somebody can be served; `null`: nobody calls from beyond the barrier. */
  #nextGroup(): number | null {
    const [first] = this.#rings;
    for (let k = 1; k < first!.groupCount; k++) {
      const group = (first!.group + k) % first!.groupCount;
      if (this.#rings.some((ring) => ring.calls(group))) return group;
    }
    return null;
  }
}

/** One ring: its phases, in order, of all groups. */
class Ring {
  readonly groupCount: number;
  readonly #view: View;
  readonly #timers: readonly PhaseTimer[];
  readonly #coordination: Coordination | null;
  readonly #coordinated: number;
  readonly #recall: string;
  readonly #groups: readonly (readonly number[])[]; // by group: phases of this ring, in order
  readonly #called: boolean[]; //                      by phase: somebody wants it, as of `listen`

  constructor(view: View, settings: Settings) {
    this.#view = view;
    const phases = Array.from({ length: view.phaseCount }, (_, p) => p);
    this.groupCount = 1 + Math.max(...phases.map((p) => view.group(p)));
    this.#coordinated = phases.findLast((p) => view.group(p) === 0)!;
    this.#timers = phases.map(
      (p) =>
        new PhaseTimer(view, p, {
          passageS: Number(settings.passageS),
          maxGreenS: maxGreenS(view, p, settings),
          laneByLane: settings.gapOut === 'lane-by-lane',
          noActivityS: Number(settings.noActivityS),
        }),
    );
    const coordinated =
      settings.coordination === 'on' || (settings.coordination === 'auto' && view.planIsCoordinated);
    this.#coordination = coordinated ? new Coordination(view, this.#coordinated) : null;
    this.#recall = String(settings.recall);
    this.#groups = Array.from({ length: this.groupCount }, (_, g) =>
      phases.filter((p) => view.group(p) === g),
    );
    this.#called = phases.map(() => false);
  }

  get group(): number {
    return this.#view.group(this.#view.phase);
  }

  /** Takes the calls of the moment. */
  listen(): void {
    for (let p = 0; p < this.#timers.length; p++) this.#called[p] = this.#isCalled(p);
  }

  watch(rings: readonly Ring[]): void {
    const { phase, changing } = this.#view;
    for (let p = 0; p < this.#timers.length; p++) {
      if (p !== phase || changing) this.#timers[p]!.rest();
    }
    if (!changing) this.#timers[phase]!.watch(rings.some((ring) => ring.#callsAgainst(this)));
  }

  /** How far each green has come; calls are taken anew at every decision. */
  memory(): Float64Array {
    const memory: number[] = [];
    for (const timer of this.#timers) timer.remember(memory);
    return Float64Array.from(memory);
  }

  recall(memory: Float64Array): void {
    let at = 0;
    for (const timer of this.#timers) timer.recall(() => memory[at++]!);
  }

  /** Whether a phase of this ring is called that cannot run with the present one of `ring`. */
  #callsAgainst(ring: Ring): boolean {
    const { phase } = this.#view;
    for (let p = 0; p < this.#timers.length; p++) {
      const conflicts = this === ring ? p !== phase : this.#view.group(p) !== ring.group;
      if (conflicts && this.#called[p]) return true;
    }
    return false;
  }

  /** Whether the ring may leave this side of the barrier: its green may end, and nobody is left to serve here. */
  get ready(): boolean {
    return !this.#view.changing && this.#mayEnd && this.#later() === null;
  }

  /**
   * The phase this ring wants when the barrier is not crossed.
   *
   * @param idle  nobody calls from beyond, and the other ring is ready too
   */
  next(idle: boolean): number {
    const p = this.#view.phase;
    if (this.#view.changing || !this.#mayEnd) return p;
    const later = this.#later();
    if (later !== null) return later;
    const group = this.#groups[this.group]!;
    const last = group[group.length - 1]!;
    // With nothing to do a ring rests in its thru phase, or serves once more who comes on this side.
    if (p !== last) return last;
    return (idle ? group.find((q) => q !== p && this.#canServe(q)) : undefined) ?? p;
  }

  /** The next phase on this side of the barrier that can be served. */
  #later(): number | null {
    const p = this.#view.phase;
    return this.#groups[this.group]!.find((q) => q > p && this.#canServe(q)) ?? null;
  }

  /** Whether somebody in this ring can be served in a group. */
  calls(group: number): boolean {
    return this.#groups[group]!.some((p) => this.#canServe(p));
  }

  /** The phase with which this ring enters a group: the first that can be served, or the last of the group. */
  entry(group: number): number {
    const phases = this.#groups[group]!;
    return phases.find((p) => this.#canServe(p)) ?? phases[phases.length - 1]!;
  }

  /** What lets the present green go on, or end. */
  get reason(): string {
    const p = this.#view.phase;
    const timer = this.#timers[p]!;
    if (timer.idle) return 'because nobody ever goes in the present phase: the ring waits for the other one';
    if (!timer.minimumServed) return 'because minimum green is not over';
    if (this.#coordination !== null && p === this.#coordinated) {
      return this.#coordination.yields
        ? 'because the coordinated green may be left now'
        : 'because the plan’s offset holds the coordinated green';
    }
    if (this.#coordination?.forcedOff(p) === true)
      return 'because the cycle of the plan ends the present green';
    if (this.#coordination === null && timer.maxOut)
      return 'because others have waited for the maximum green';
    if (!timer.gapOut) return 'because vehicles pass the detectors of the present green without a gap';
    return this.#called.some((called, q) => called && q !== p)
      ? 'because the present green has had its gap, and somebody else has called'
      : 'because nobody else has called: the signal rests';
  }

  get #mayEnd(): boolean {
    const p = this.#view.phase;
    const timer = this.#timers[p]!;
    if (timer.idle) return true;
    if (!timer.minimumServed) return false;
    if (this.#coordination === null) return timer.gapOut || timer.maxOut;
    if (p === this.#coordinated) return this.#coordination.yields;
    return timer.gapOut || this.#coordination.forcedOff(p);
  }

  #isCalled(p: number): boolean {
    if (this.#timers[p]!.idle) return false;
    const isMain = p === this.#coordinated;
    const recalled =
      this.#recall === 'all' || (isMain && (this.#recall === 'main' || this.#coordination !== null));
    return recalled || this.#timers[p]!.called;
  }

  /** Whether phase `p` is called, and, when coordinated, there is time for it in this cycle. */
  #canServe(p: number): boolean {
    if (!this.#called[p]) return false;
    if (this.#coordination === null || p === this.#coordinated) return true;
    const walks = this.#view.pedestrianCall(p) ? this.#view.pedestrianGreenS(p) : 0;
    const greenS = Math.max(this.#timers[p]!.minGreenS, walks);
    return this.#coordination.letsIn(p, this.#view.clearanceS(this.#view.phase), greenS);
  }
}

/** Most green of a phase: as set, or so many times the green that the scenario's plan gives it. */
function maxGreenS(view: View, p: number, { maxGreenS: given, maxGreenFactor }: Settings): number {
  if (Number(given) > 0) return Math.max(Number(given), view.minGreenS(p));
  const planned = view.splitS(p) - view.clearanceS(p);
  return Math.max(LEAST_MAX_GREEN_S, view.minGreenS(p), planned * Number(maxGreenFactor));
}
