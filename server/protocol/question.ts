import type { Alarm, Sample } from './session.ts';

/**
 * What a page may ask of the moment that it sees, and what it is told. Answers to the same question at the same step are
 * worked out once, for all who ask.
 */
export type Question =
  | { readonly kind: 'intersection'; readonly side: number; readonly intersection: number }
  | { readonly kind: 'why'; readonly side: number; readonly intersection: number }
  | { readonly kind: 'counterfactual'; readonly side: number; readonly intersection: number }
  | { readonly kind: 'vehicle'; readonly vehicle: number }
  | { readonly kind: 'service' }
  | { readonly kind: 'record' }
  | {
      readonly kind: 'ribbons';
      readonly intersection: number;
      readonly fromStep: number;
      readonly toStep: number;
    }
  | { readonly kind: 'time-space'; readonly fromStep: number; readonly toStep: number };

export type QuestionKind = Question['kind'];

export interface Answers {
  readonly intersection: IntersectionDetail;
  readonly why: Why;
  readonly counterfactual: Counterfactuals;
  readonly vehicle: VehicleDetail;
  readonly service: Service;
  readonly record: RunRecord;
  readonly ribbons: Ribbons;
  readonly 'time-space': TimeSpace;
}

/** How every intersection serves who comes, over the whole run so far. */
export interface Service {
  readonly step: number;
  /** By side, by intersection: mean control delay of those that left, s; `null`: nobody did, or there is no signal. */
  readonly controlDelayS: readonly (readonly (number | null)[])[];
  /** A to F (HCM), of that delay. */
  readonly levelOfService: readonly (readonly (string | null)[])[];
}

/** What a ring shows: a phase, or the change from it to the next. */
export interface ShownRing {
  /** Names of phases. */
  readonly phase: string;
  readonly next: string | null;
  readonly interval: 'green' | 'yellow-change' | 'red-clearance';
  readonly elapsedS: number;
}

/** Signal and traffic of one intersection on one side. */
export interface IntersectionDetail {
  readonly step: number;
  readonly rings: readonly ShownRing[];
  readonly plan: readonly {
    readonly phase: string;
    readonly splitS: number;
    readonly minGreenS: number;
    /** `null`: none. */
    readonly maxGreenS: number | null;
    readonly yellowChangeS: number;
    readonly redClearanceS: number;
    readonly walkS: number;
    readonly pedestrianClearanceS: number;
    /** Movements with right of way. */
    readonly movements: readonly number[];
  }[];
  readonly cycleS: number;
  readonly offsetS: number;
  readonly movements: readonly {
    readonly movement: number;
    readonly shown: 'red' | 'yellow' | 'permitted' | 'protected';
    readonly vehicles: number;
    readonly queue: number;
    /** How much longer its first vehicle has been on the lane than the way to where it is takes at the speed limit. */
    readonly firstWaitS: number;
    /** Of those that left in the run so far, mean; `null`: nobody did, or there is no signal. */
    readonly controlDelayS: number | null;
    readonly served: number;
    /** A to F (HCM), of that delay. */
    readonly levelOfService: string | null;
  }[];
  readonly levelOfService: string | null;
  readonly controlDelayS: number | null;
  readonly detectors: readonly {
    /** Of the road map. */
    readonly detector: number;
    readonly present: boolean;
    readonly count: number;
    readonly fault: string | null;
  }[];
}

/** Why a signal shows what it shows. */
export interface Why {
  readonly step: number;
  readonly controller: string;
  /** In plain words. */
  readonly sentence: string;
  /** What each ring shows, and what its controller asked for when it last chose; `null`: it has not been asked. */
  readonly rings: readonly (ShownRing & { readonly chosen: string | null })[];
  /** The rule by which nothing can be decided now. */
  readonly held: string | null;
  /** Scores are the controller's own, and comparable among phases only. Empty for a controller without any. */
  readonly phases: readonly WhyPhase[];
  /** When the controller chose, which may be before now: what was weighed and what others would choose are of then. */
  readonly weighedStep: number;
  /** The phase against which the sentence gives reasons; `null`: it compares nothing. */
  readonly comparedWith: string | null;
  /** What a score is, in words, for the axis. */
  readonly scoreName: string;
  /** Phases that cannot be chosen now, or not freely. */
  readonly masked: readonly { readonly phase: string; readonly rule: string }[];
  /** What others would choose for the first ring. */
  readonly others: readonly {
    readonly controller: string;
    readonly phase: string | null;
    readonly reason: string | null;
  }[];
}

export interface WhyPhase {
  readonly phase: string;
  readonly score: number;
  readonly isChosen: boolean;
  /** They add up to the score. */
  readonly parts: readonly { readonly what: string; readonly value: number }[];
}

/** What the next minute comes to with each phase asked for now. */
export interface Counterfactuals {
  readonly step: number;
  readonly horizonS: number;
  readonly phases: readonly {
    readonly phase: string;
    readonly isChosen: boolean;
    /** By how much delay grows, vehicle-seconds. */
    readonly networkDelayS: number;
    readonly intersectionDelayS: number;
  }[];
}

/** The same vehicle on all sides. */
export interface VehicleDetail {
  readonly step: number;
  readonly vehicle: number;
  readonly name: string;
  readonly type: string;
  /** Roads of the road map. */
  readonly route: readonly number[];
  readonly createdS: number;
  readonly sides: readonly {
    readonly state: 'not-created' | 'waiting-to-enter' | 'running' | 'finished';
    /** −1 unless running. */
    readonly element: number;
    readonly positionM: number;
    readonly speed: number;
    readonly delayS: number;
    readonly stops: number;
    readonly finishedS: number | null;
    /** Roads of the route that lie behind it. */
    readonly roadsDone: number;
  }[];
}

/** Everything up to the step that is known, for who joins. */
export interface RunRecord {
  readonly revision: number;
  readonly samples: readonly Sample[];
  readonly alarms: readonly Alarm[];
}

/** What a signal showed, by side. */
export interface Ribbons {
  readonly sides: readonly {
    /** Those that the rings showed, each once, and the movements that they let go. */
    readonly phases: readonly { readonly phase: string; readonly movements: readonly number[] }[];
    readonly rings: readonly (readonly {
      readonly phase: string;
      readonly interval: 'green' | 'yellow-change' | 'red-clearance';
      readonly fromStep: number;
      readonly toStep: number;
    }[])[];
  }[];
}

/** Vehicles along the corridor of the road map, and its signals, by side. */
export interface TimeSpace {
  /** By road of the corridor: where its stop line is, m from the start. */
  readonly stopLinesM: readonly number[];
  readonly lengthM: number;
  readonly sides: readonly {
    readonly paths: readonly {
      readonly vehicle: number;
      /** step, m, step, m … */
      readonly points: readonly number[];
    }[];
    /** By road of the corridor: from, to, from, to … in steps, of green for the way straight on. */
    readonly greens: readonly (readonly number[])[];
  }[];
}
