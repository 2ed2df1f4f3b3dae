/**
 * What a session is and what is known of it, as plain values. A session's state is a function of three things: its
 * **setup**, the **interventions** made so far, and the step. So a link that holds the three shows the same moment, a log
 * of them can be run again without a page, and going back is running again.
 */

export const SIDES_MAX = 4;
export const SPEEDS = [1, 2, 5, 10, 20, 60] as const;

export interface Setup {
  /** Of the catalogue. */
  readonly scenario: string;
  readonly seed: number;
  /** Vehicles for each one in the file. */
  readonly demandScale: number;
  /** By side, 1 to 4: the controller's name. The first is what others are compared with. */
  readonly controllers: readonly string[];
}

/** What people do to the road. It holds for all sides alike, from the beginning of step `step` on. */
export type Intervention = { readonly step: number } & (
  | { readonly kind: 'close-lane' | 'open-lane' | 'clear-incident'; readonly lane: string }
  | { readonly kind: 'incident'; readonly lane: string; readonly positionM: number }
);

export interface CatalogueEntry {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly durationS: number;
}

export interface ControllerInfo {
  readonly name: string;
  readonly summary: string;
  readonly sees: 'nothing' | 'detectors' | 'every vehicle';
}

/** What a session is: sent when one joins it, and whenever it changes. */
export interface SessionState {
  readonly id: string;
  /** Counts the setups and interventions so far: what was learned of another revision is out of date. */
  readonly revision: number;
  readonly setup: Setup;
  readonly interventions: readonly Intervention[];
  readonly stepS: number;
  readonly durationS: number;
  /** Where the road map is to be had, below the page's own address. */
  readonly map: string;
  /** By side: names of its phases, by index of its own network; a controller may bring phases of its own. */
  readonly phases: readonly (readonly string[])[];
  /** By side: what the controller's preparation came to, for example the cycle it chose. */
  readonly facts: readonly (readonly string[])[];
  readonly warnings: readonly string[];
  /** Whether another seed would be another run; not where every trip of a file has its time. */
  readonly seedMatters: boolean;
  /** Seconds between two samples of the series. */
  readonly sampleS: number;
}

/** The moment, some times a second while something changes. */
export interface Status {
  readonly revision: number;
  readonly step: number;
  readonly running: boolean;
  /** Seconds of the scenario for each of the wall's that are asked for; `null`: as fast as it goes. */
  readonly speed: number | null;
  /** The same as measured. */
  readonly actualSpeed: number;
  /** The step up to which the run is known: going there needs little running again. */
  readonly knownStep: number;
  /** Where it is on the way to, without showing it. */
  readonly seekingStep: number | null;
  readonly ended: boolean;
  /** Disagreements that were looked for until the end of the run, and not found; `null` once something else is asked for. */
  readonly unfound: Search | null;
  readonly viewers: number;
  readonly sides: readonly Figures[];
  /** By side, while paused: one number for all of the state. */
  readonly fingerprints: readonly string[] | null;
  /** Samples and alarms since the status before. */
  readonly samples: readonly Sample[];
  readonly alarms: readonly Alarm[];
  /** Alarms of the run so far, these among them: who knows of fewer has missed a status, and asks for the record. */
  readonly alarmCount: number;
}

/** Where two controllers would choose differently. */
export interface Search {
  readonly side: number;
  readonly intersection: number;
  /** The controller that is asked what it would do in the other's place. */
  readonly rival: string;
}

/** What a side has come to by now. */
export interface Figures {
  readonly created: number;
  readonly entered: number;
  readonly finished: number;
  readonly running: number;
  readonly waitingToEnter: number;
  /** Every vehicle created so far. */
  readonly averageDelayS: number;
  readonly delayP95S: number;
  readonly longestWaitS: number;
  readonly stopsPerVehicle: number;
  /** Standing on approaches now, and mean over the run. */
  readonly queue: number;
  readonly averageQueue: number;
  readonly throughputVph: number;
  readonly co2Kg: number;
  /** Lanes that are full to their upstream end, now. */
  readonly spillbacks: number;
}

/** Values of an interval that ends at `step`, by side. */
export interface Sample {
  readonly step: number;
  readonly sides: readonly {
    /** Time lost by all vehicles in the interval, for each vehicle there, as a share of the time: 0 free, 1 standing. */
    readonly delayShare: number;
    readonly averageDelayS: number;
    readonly queue: number;
    readonly running: number;
    readonly finished: number;
    readonly co2G: number;
  }[];
}

export const ALARM_KINDS = [
  'spillback',
  'gridlock',
  'starvation',
  'blocked-lane',
  'emissions',
  'end-of-run', // what the run shows at its last step; it does not end, and has no lanes
] as const;
export type AlarmKind = (typeof ALARM_KINDS)[number];

/** Something that an engineer would want to be told of. */
export interface Alarm {
  readonly step: number;
  readonly side: number;
  readonly kind: AlarmKind;
  /** Whether it begins or ends. */
  readonly begins: boolean;
  /** Where: lanes of the road map. */
  readonly lanes: readonly number[];
  /** −1: at none. */
  readonly intersection: number;
  /** A full sentence. */
  readonly text: string;
}
