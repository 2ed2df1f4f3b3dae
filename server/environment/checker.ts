import { type RandomStream, randomStream } from '../sim/random.ts';
import type { ActionSpace, AgentInfo, Beginning, Environment, ObservationSpace, Outcome } from './spaces.ts';

export interface CheckOptions {
  /** Of the episodes that are played; 1 unless given. */
  readonly seed?: number;
  /** Most decisions of an episode; 2,000 unless given. What has not ended by then is not seen to end. */
  readonly steps?: number;
}

/**
 * Whether an environment keeps the contract of `Environment`, after Gymnasium's `check_env`: spaces that hold what is
 * given, masks that can be followed, refusals where something is not allowed, the same episode from the same seed
 * and actions, and from `reset` whatever came before. It plays two episodes with random actions.
 *
 * @returns what is wrong, with agent and decision where it was first seen; empty when nothing was found
 */
export function checkEnvironment(
  environment: Environment,
  { seed = 1, steps = 2000 }: CheckOptions = {},
): string[] {
  const found = new Problems();
  try {
    checkSpaces(environment, found);
    if (found.all.length > 0) return found.all;
    const first = play(environment, seed, steps, found);
    checkRefusals(environment, seed, first, found);
    // The environment stands somewhere in an episode now, and begins anew from there.
    environment.reset(seed + 1);
    environment.step(environment.reset(seed + 1).infos.map(({ phase }) => phase));
    compareEpisodes(first, play(environment, seed, steps, found), found);
  } catch (error) {
    found.add('an episode', `broke off with an error: ${error instanceof Error ? error.message : error}`);
  }
  return found.all;
}

/** Problems, the first of each kind: more of it tell nothing new. */
class Problems {
  readonly all: string[] = [];
  readonly #kinds = new Set<string>();

  add(where: string, what: string, kind = what): void {
    if (this.#kinds.has(kind)) return;
    this.#kinds.add(kind);
    this.all.push(`${where} ${what}`);
  }
}

function checkSpaces(environment: Environment, found: Problems): void {
  const { agents } = environment;
  if (agents.length === 0) found.add('the environment', 'has no agents.');
  if (new Set(agents).size < agents.length) found.add('agents', 'have names that are not their own.');
  agents.forEach((name, agent) => {
    const { shape, low, high, names } = environment.observationSpace(agent);
    const count = shape.reduce((product, extent) => product * extent, 1);
    const where = `observation space of "${name}"`;
    if (!shape.every((extent) => Number.isInteger(extent) && extent > 0)) {
      found.add(where, `has shape [${shape}]: each extent must be a whole number above 0.`);
    }
    for (const [what, { length }] of Object.entries({ low, high, names })) {
      if (length !== count) found.add(where, `has ${length} entries in ${what} and ${count} in its shape.`);
    }
    const wrong = low.findIndex((least, k) => !(least <= high[k]!));
    if (wrong >= 0) found.add(where, `has ${names[wrong]} between ${low[wrong]} and ${high[wrong]}.`);
    const actions = environment.actionSpace(agent);
    if (!(Number.isInteger(actions.count) && actions.count > 0 && actions.names.length === actions.count)) {
      found.add(
        `action space of "${name}"`,
        `has ${actions.count} actions and ${actions.names.length} names.`,
      );
    }
  });
}

/** All that an episode was. */
interface Episode {
  readonly actions: readonly (readonly number[])[];
  readonly beginning: Beginning;
  readonly outcomes: readonly Outcome[];
  readonly ended: boolean;
}

/** Plays random actions that the masks allow, and looks at everything that is given. */
function play(environment: Environment, seed: number, steps: number, found: Problems): Episode {
  const stream = randomStream(seed, 'checker');
  const beginning = environment.reset(seed);
  checkGiven(environment, beginning, 'after reset', found);
  const actions: number[][] = [];
  const outcomes: Outcome[] = [];
  let last: Beginning = beginning;
  let ended = false;
  while (!ended && outcomes.length < steps) {
    const chosen = last.infos.map((info, agent) => choice(stream, info, environment.actionSpace(agent)));
    const kept = copyOf(last);
    const outcome = environment.step(chosen);
    const where = `after decision ${outcomes.length + 1}`;
    if (!sameGiven(kept, last)) found.add(where, 'what was given before has changed: hand out copies.');
    checkGiven(environment, outcome, where, found);
    checkOutcome(environment, outcome, where, found);
    actions.push(chosen);
    outcomes.push(outcome);
    last = outcome;
    ended = outcome.terminated || outcome.truncated;
  }
  return { actions, beginning, outcomes, ended };
}

/** An action that the mask allows; any at all if it allows none, which is told elsewhere. */
function choice(stream: RandomStream, { actionMask }: AgentInfo, { count }: ActionSpace): number {
  const legal = Array.from({ length: count }, (_, a) => a).filter((a) => actionMask[a] === 1);
  return legal[Math.floor(stream.next() * legal.length)] ?? 0;
}

function checkGiven(environment: Environment, given: Beginning, where: string, found: Problems): void {
  const { agents } = environment;
  for (const [what, { length }] of Object.entries({ observations: given.observations, infos: given.infos })) {
    if (length !== agents.length)
      found.add(where, `there are ${length} ${what} for ${agents.length} agents.`);
  }
  agents.forEach((name, agent) => {
    const at = `${where}, agent "${name}":`;
    const seen = given.observations[agent];
    const info = given.infos[agent];
    if (seen !== undefined) checkObservation(environment.observationSpace(agent), seen, at, found);
    if (info !== undefined) checkInfo(environment.actionSpace(agent), info, at, found);
  });
}

function checkObservation(
  { low, high, names }: ObservationSpace,
  seen: Float64Array,
  at: string,
  found: Problems,
): void {
  if (!(seen instanceof Float64Array)) {
    found.add(at, 'the observation is no Float64Array.');
    return;
  }
  if (seen.length !== low.length) {
    found.add(at, `the observation has ${seen.length} numbers, its space ${low.length}.`);
    return;
  }
  const wrong = seen.findIndex((value, k) => !(value >= low[k]! && value <= high[k]!) || value === Infinity);
  if (wrong < 0) return;
  const what = Number.isNaN(seen[wrong]) ? 'NaN' : 'bounds';
  found.add(at, `${names[wrong]} is ${seen[wrong]}, its space is ${low[wrong]} to ${high[wrong]}.`, what);
}

function checkInfo(
  { count }: ActionSpace,
  { actionMask, phase }: AgentInfo,
  at: string,
  found: Problems,
): void {
  if (!(actionMask instanceof Uint8Array) || actionMask.length !== count) {
    found.add(at, `the action mask has ${actionMask?.length} entries for ${count} actions.`);
    return;
  }
  if (actionMask.some((legal) => legal > 1))
    found.add(at, `the action mask is [${actionMask}]: 0 and 1 alone.`, 'mask');
  if (!actionMask.includes(1)) found.add(at, 'the action mask allows nothing.');
  if (actionMask[phase] !== 1) found.add(at, `the action mask rules out to stay (${phase}).`, 'stay');
}

function checkOutcome(
  { agents }: Environment,
  { rewards, terminated, truncated }: Outcome,
  where: string,
  found: Problems,
): void {
  if (!(rewards instanceof Float64Array) || rewards.length !== agents.length) {
    found.add(where, `rewards must be a Float64Array of ${agents.length} entries.`);
  }
  rewards.forEach((reward, agent) => {
    if (!Number.isFinite(reward))
      found.add(`${where}, agent "${agents[agent]}":`, `the reward is ${reward}.`, 'reward');
  });
  for (const [what, value] of Object.entries({ terminated, truncated })) {
    if (typeof value !== 'boolean') found.add(where, `${what} is ${value}: it must be true or false.`);
  }
}

/** What may not be done is refused, and leaves the episode as it was. */
function checkRefusals(environment: Environment, seed: number, first: Episode, found: Problems): void {
  const refuses = (where: string, actions: readonly number[]) => {
    try {
      environment.step(actions);
    } catch {
      return;
    }
    found.add(where, 'is not refused with an error.');
  };
  const [chosen] = first.actions;
  if (chosen === undefined) return;
  if (first.ended) refuses('a step after the end', chosen);
  const { infos } = environment.reset(seed);
  const instead = (agent: number, action: number) => chosen.map((own, k) => (k === agent ? action : own));
  refuses('a decision without an action for each agent', chosen.slice(1));
  infos.forEach(({ actionMask }, agent) => {
    const of = `of agent "${environment.agents[agent]}"`;
    const { count } = environment.actionSpace(agent);
    for (const action of [-1, count, 0.5, Number.NaN])
      refuses(`action ${action} ${of}`, instead(agent, action));
    const masked = actionMask.indexOf(0);
    if (masked >= 0) refuses(`action ${masked} ${of}, which its mask rules out,`, instead(agent, masked));
  });
  if (!sameGiven(environment.step(chosen), first.outcomes[0]!)) {
    found.add('actions that are refused', 'leave the episode changed, or a seed decides not all of it.');
  }
}

function compareEpisodes(first: Episode, second: Episode, found: Problems): void {
  const again = 'the same seed and actions';
  if (!sameGiven(first.beginning, second.beginning)) {
    found.add(again, 'begin differently: reset must leave nothing of an earlier episode.');
  } else if (first.outcomes.length !== second.outcomes.length) {
    found.add(again, `end after ${first.outcomes.length} decisions, and after ${second.outcomes.length}.`);
  } else {
    const at = first.outcomes.findIndex((outcome, k) => !sameOutcome(outcome, second.outcomes[k]!));
    if (at >= 0) found.add(again, `come to something else at decision ${at + 1}.`);
  }
}

function sameOutcome(a: Outcome, b: Outcome): boolean {
  return sameGiven(a, b) && sameNumbers(a.rewards, b.rewards) && a.truncated === b.truncated;
}

function sameGiven(a: Beginning, b: Beginning): boolean {
  return (
    a.observations.every((seen, agent) => sameNumbers(seen, b.observations[agent]!)) &&
    a.infos.every((info, agent) => sameNumbers(info.actionMask, b.infos[agent]!.actionMask))
  );
}

function sameNumbers(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  return a.length === b.length && Array.from(a).every((value, k) => Object.is(value, b[k]));
}

function copyOf({ observations, infos }: Beginning): Beginning {
  return {
    observations: observations.map((seen) => seen.slice()),
    infos: infos.map((info) => ({ ...info, actionMask: info.actionMask.slice() })),
  };
}
