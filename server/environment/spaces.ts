/** What an agent is given: `shape` numbers, row by row, each between its `low` and its `high`. */
export interface ObservationSpace {
  readonly kind: 'box';
  readonly shape: readonly number[];
  readonly low: Float64Array;
  readonly high: Float64Array; //           Infinity where nothing bounds it
  readonly names: readonly string[]; //     of all its numbers
}

/** What an agent may answer: a whole number from 0 up to, not including, `count`. */
export interface ActionSpace {
  readonly kind: 'discrete';
  readonly count: number;
  readonly names: readonly string[];
}

/** What goes with an observation. */
export interface AgentInfo {
  /** By action: 1 where it may be chosen now. */
  readonly actionMask: Uint8Array;
  /** The action that keeps things as they are. */
  readonly phase: number;
  readonly timeS: number;
}

/** By agent. */
export interface Beginning {
  readonly observations: readonly Float64Array[];
  readonly infos: readonly AgentInfo[];
}

/** By agent; all agents end together. */
export interface Outcome extends Beginning {
  readonly rewards: Float64Array;
  /** Everybody has arrived and nobody will come: what follows is worth nothing. */
  readonly terminated: boolean;
  /** Time is up: what would have followed has a worth that is not seen. */
  readonly truncated: boolean;
}

/**
 * Something to learn in, after Gymnasium (Towers et al. 2024, arXiv 2407.17032) for many agents that act at once, after
 * PettingZoo's parallel API (Terry et al. 2021). Agents are there from beginning to end, so what these keep in
 * dictionaries by agent are arrays in the order of `agents` here.
 *
 * `checkEnvironment` tells whether an implementation keeps the contract.
 */
export interface Environment {
  readonly agents: readonly string[];
  observationSpace(agent: number): ObservationSpace;
  actionSpace(agent: number): ActionSpace;
  /**
   * Begins an episode.
   *
   * @param seed  decides everything that is drawn; unless given the one after the last, 0 at first
   */
  reset(seed?: number): Beginning;
  /**
   * Goes on to the next decision.
   *
   * @param actions  by agent
   * @throws {Error} before `reset`, after the end, and for actions that may not be chosen; nothing has moved then
   */
  step(actions: ArrayLike<number>): Outcome;
}
