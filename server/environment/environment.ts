import type { ControllerFactory } from '../control/controller.ts';
import { described } from '../control/described.ts';
import { type Operation, operate } from '../control/operation.ts';
import type { ControllerEntry } from '../control/registry.ts';
import type { View } from '../control/view.ts';
import { compile } from '../scenario/compile.ts';
import type { Layout } from '../scenario/layout.ts';
import { runningCount, type Simulation } from '../sim/simulation.ts';
import { named } from '../study/flagValue.ts';
import {
  assembleStudy,
  isUnchanged,
  operationOf,
  type Study,
  type StudyOptions,
  type StudySource,
} from '../study/study.ts';
import { DetectorSight } from './detectorSight.ts';
import { INPUT_FEATURES } from './features.ts';
import { type LaneSight, type SightName, VehicleSight } from './laneSight.ts';
import { INPUT_COUNT, Observer } from './observer.ts';
import { REWARDS, type Reward, type RewardMeter } from './rewards.ts';
import type { ActionSpace, AgentInfo, Beginning, Environment, ObservationSpace, Outcome } from './spaces.ts';

export interface EnvironmentOptions {
  /** A name among `PROTOCOLS`; `scenario` unless given. It says how often is decided, and among which phases. */
  readonly protocol?: string;
  /** Time from decision to decision, s, in place of the protocol's own. */
  readonly decisionS?: number;
  /** Length of an episode, s; the scenario's unless given. */
  readonly durationS?: number;
  /** A name among `REWARDS`; `queue` unless given. */
  readonly reward?: string;
  /** `vehicles` unless given. */
  readonly sight?: SightName;
  /** Departures at fixed times are moved by up to this much, by the seed, s; 0 unless given. See `perturb`. */
  readonly jitterS?: number;
  /** Vehicles for each one of the scenario; 1 unless given. */
  readonly demandScale?: number;
}

/** One signal in an episode under way. */
interface Agent {
  readonly view: View;
  readonly observer: Observer;
  readonly meter: RewardMeter;
}

interface Episode {
  readonly operation: Operation;
  readonly agents: readonly Agent[];
  readonly wanted: number[]; // by agent: what the operation is answered
  ended: boolean;
}

/**
 * The loop of observation, decision and traffic as an environment; its agents are the signals that have a choice.
 *
 *     const environment = new SignalEnvironment(layout, { protocol: 'literature-15', reward: 'queue' });
 *     let { observations, infos } = environment.reset(1);
 *     for (let over = false; !over; ) {
 *       const outcome = environment.step(infos.map(({ phase }, agent) => choose(observations[agent], phase)));
 *       …
 *     }
 *
 * An observation is `Observer.inputs`, a row of `INPUT_FEATURES` per phase, in doubles: what a policy is given when it
 * runs, to the last bit. A step goes on to the next decision instant, and episodes of fixed length are truncated. While a
 * change is under way, or minimum green or people on foot hold the phase, the mask leaves nothing but to stay.
 */
export class SignalEnvironment implements Environment {
  readonly agents: readonly string[];
  readonly #source: StudySource;
  readonly #reward: Reward;
  readonly #sight: SightName;
  readonly #choices: Omit<StudyOptions, 'controller'>;
  readonly #durationS: number;
  readonly #observationSpaces: readonly ObservationSpace[];
  readonly #actionSpaces: readonly ActionSpace[];
  #episode: Episode | null = null;
  #nextSeed = 0;

  /** @throws {Error} for names that are not known, times that do not fit the step, and where no signal has a choice */
  constructor(layout: Layout, options: EnvironmentOptions = {}) {
    const { reward = 'queue', sight = 'vehicles', ...choices } = options;
    this.#reward = named('reward', REWARDS, reward);
    this.#sight = named('sight', SIGHTS, sight).name;
    const { protocol = 'scenario' } = choices;
    this.#choices = { ...choices, protocol };
    const compiled = compile(layout);
    this.#source = isUnchanged(choices) ? { layout, compiled } : { layout };
    const study = this.#studyOf({ layout, compiled }, () => ({ decide: () => 0 }), 0);
    this.#durationS = study.durationS;
    const { seats } = operationOf(study);
    if (seats.length === 0) {
      throw new Error(
        `No signal of "${layout.name}" has two phases to choose from under protocol "${protocol}".`,
      );
    }
    const names = compiled.names.intersection;
    this.agents = seats.map(({ view }) => `${names[view.intersection]!}${view.ring === 0 ? '' : '/2'}`);
    const phaseNames = seats.map(({ view, phases }) => {
      const prefix = names[view.intersection]!.length + 1;
      return [...phases].map((p) => compiled.names.phase[p]!.slice(prefix));
    });
    this.#observationSpaces = phaseNames.map(observationSpaceOf);
    this.#actionSpaces = phaseNames.map((own) => ({ kind: 'discrete', count: own.length, names: own }));
  }

  observationSpace(agent: number): ObservationSpace {
    return this.#observationSpaces[this.#known(agent)]!;
  }

  actionSpace(agent: number): ActionSpace {
    return this.#actionSpaces[this.#known(agent)]!;
  }

  /**
   * The episode's simulation, to be read for measures.
   *
   * @throws {Error} before `reset`
   */
  get sim(): Simulation {
    return this.#underWay('is looked at').operation.sim;
  }

  reset(seed: number = this.#nextSeed): Beginning {
    if (!Number.isSafeInteger(seed)) throw new Error(`The seed is ${seed}: it must be a whole number.`);
    this.#nextSeed = seed + 1;
    const lanes: LaneSight = this.#sight === 'detectors' ? new DetectorSight() : new VehicleSight();
    const wanted: number[] = [];
    const seat = () => {
      const agent = wanted.push(0) - 1;
      return { decide: () => wanted[agent]! };
    };
    const operation = operationOf(this.#studyOf(this.#source, seat, seed));
    const decisionS = operation.decisionSteps * operation.sim.network.stepS;
    const agents = operation.seats.map(({ view }) => ({
      view,
      observer: new Observer(view, lanes, decisionS),
      meter: this.#reward.meter(operation.sim, view),
    }));
    this.#episode = { operation, agents, wanted, ended: false };
    return seen(agents);
  }

  step(actions: ArrayLike<number>): Outcome {
    const episode = this.#underWay('takes a step');
    if (episode.ended) throw new Error('The episode is over: call reset before the next step.');
    const { operation, agents, wanted } = episode;
    this.#requireLegal(actions, agents);
    for (let k = 0; k < agents.length; k++) wanted[k] = actions[k]!;
    const { sim, decisionSteps } = operation;
    const last = Math.min(sim.step + decisionSteps, Math.round(this.#durationS / sim.network.stepS));
    while (sim.step < last) {
      operate(operation);
      for (const { meter } of agents) meter.note();
    }
    const terminated = everybodyIsGone(sim);
    const truncated = sim.step * sim.network.stepS >= this.#durationS;
    episode.ended = terminated || truncated;
    const rewards = Float64Array.from(agents, ({ meter }) => meter.take());
    return { ...seen(agents), rewards, terminated, truncated };
  }

  /** A run whose controllers answer what the agents choose. */
  #studyOf(source: StudySource, factory: ControllerFactory, seed: number): Study {
    const controller: ControllerEntry = {
      ...{ name: 'agents', summary: 'the agents of an environment', source: 'the program' },
      sees: this.#sight === 'detectors' ? 'detectors' : 'every vehicle',
      ...{ decisionS: null, settings: [], prepare: null },
      factory: () => factory,
    };
    return assembleStudy(source, { ...this.#choices, controller, seed });
  }

  #known(agent: number): number {
    if (agent in this.agents) return agent;
    throw new Error(`Agent ${agent} is asked for: there are ${this.agents.length}, counted from 0.`);
  }

  #underWay(what: string): Episode {
    if (this.#episode !== null) return this.#episode;
    throw new Error(`The environment ${what} before an episode has begun: call reset first.`);
  }

  #requireLegal(actions: ArrayLike<number>, agents: readonly Agent[]): void {
    requireActions(actions, this.agents);
    agents.forEach(({ view }, k) => {
      const action = actions[k]!;
      const { count, names } = this.#actionSpaces[k]!;
      const given = `Agent "${this.agents[k]}" is given action ${described(action)}`;
      const when = `at ${Number(view.timeS.toFixed(6))} s`;
      if (!Number.isInteger(action) || action < 0 || action >= count) {
        const listed = names.map((name, a) => `${a} "${name}"`).join(', ');
        throw new Error(
          `${given} ${when}: its actions are 0 to ${count - 1}, as whole numbers${count <= 12 ? ` (${listed})` : ''}.`,
        );
      }
      if (action === view.phase || view.mayChange) return;
      const why = view.changing
        ? `the change to "${names[view.phase]}" is under way`
        : `minimum green or people on foot hold "${names[view.phase]}"`;
      throw new Error(
        `${given} ("${names[action]}") ${when}, which its mask rules out: ${why}. Choose ${view.phase}.`,
      );
    });
  }
}

/**
 * Looks at the form of the actions of a step; which of them may be chosen is another question.
 *
 * @throws {Error} for something that is no list, and for another count than that of the agents
 */
export function requireActions(actions: unknown, agents: readonly string[]): void {
  const { length } = (actions ?? {}) as Partial<ArrayLike<unknown>>;
  if (typeof actions !== 'object' || typeof length !== 'number') {
    throw new Error(
      `Got ${described(actions)} for actions: give a list with a number for each agent (${listed(agents)}).`,
    );
  }
  if (length === agents.length) return;
  throw new Error(`Got ${length} actions for ${agents.length} agents: give each one (${listed(agents)}).`);
}

function listed(agents: readonly string[]): string {
  const some = agents.slice(0, 8).map((name) => `"${name}"`);
  return `${some.join(', ')}${agents.length > 8 ? ` and ${agents.length - 8} more` : ''}`;
}

const SIGHTS = [{ name: 'vehicles' }, { name: 'detectors' }] as const;

function observationSpaceOf(phaseNames: readonly string[]): ObservationSpace {
  return {
    kind: 'box',
    shape: [phaseNames.length, INPUT_COUNT],
    low: new Float64Array(phaseNames.length * INPUT_COUNT),
    high: Float64Array.from(phaseNames.flatMap(() => INPUT_FEATURES.map(({ high = Infinity }) => high))),
    names: phaseNames.flatMap((phase) => INPUT_FEATURES.map(({ name }) => `${phase}.${name}`)),
  };
}

/** Looks at every intersection, and hands out copies. */
function seen(agents: readonly Agent[]): Beginning {
  const infos: AgentInfo[] = [];
  const observations = agents.map(({ view, observer }) => {
    observer.look(view);
    observer.compare(view);
    const actionMask = new Uint8Array(view.phaseCount).fill(view.mayChange ? 1 : 0);
    actionMask[view.phase] = 1;
    infos.push({ actionMask, phase: view.phase, timeS: view.timeS });
    return observer.inputs.slice();
  });
  return { observations, infos };
}

/** Nobody drives or waits, and no source has a trip left. */
function everybodyIsGone(sim: Simulation): boolean {
  const { demand } = sim;
  return demand.schedule.heapCount === 0 && demand.waiting === 0 && runningCount(sim) === 0;
}
