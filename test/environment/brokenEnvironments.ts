import type {
  ActionSpace,
  Beginning,
  Environment,
  ObservationSpace,
  Outcome,
} from '../../server/environment/spaces.ts';

/** Environments that break one rule each, around one that keeps them all. */

class Around implements Environment {
  readonly inner: Environment;

  constructor(inner: Environment) {
    this.inner = inner;
  }

  get agents(): readonly string[] {
    return this.inner.agents;
  }

  observationSpace(agent: number): ObservationSpace {
    return this.inner.observationSpace(agent);
  }

  actionSpace(agent: number): ActionSpace {
    return this.inner.actionSpace(agent);
  }

  reset(seed?: number): Beginning {
    return this.inner.reset(seed);
  }

  step(actions: ArrayLike<number>): Outcome {
    return this.inner.step(actions);
  }
}

class WrongShape extends Around {
  override observationSpace(agent: number): ObservationSpace {
    const space = super.observationSpace(agent);
    return { ...space, shape: [space.shape[0] + 1, space.shape[1]] };
  }
}

class TooTight extends Around {
  override observationSpace(agent: number): ObservationSpace {
    const space = super.observationSpace(agent);
    return { ...space, high: space.high.map(() => 1) };
  }
}

class NotANumber extends Around {
  override step(actions: ArrayLike<number>): Outcome {
    const outcome = super.step(actions);
    outcome.observations[0][3] = Number.NaN;
    return outcome;
  }
}

class SinglePrecision extends Around {
  override reset(seed?: number): Beginning {
    const beginning = super.reset(seed);
    const observations = beginning.observations.map((seen) => Float32Array.from(seen));
    return { ...beginning, observations: observations as unknown as Float64Array[] };
  }
}

class Recycling extends Around {
  #own: Float64Array[] = [];

  override reset(seed?: number): Beginning {
    const beginning = super.reset(seed);
    this.#own = beginning.observations.map((seen) => seen.slice());
    return { ...beginning, observations: this.#own };
  }

  override step(actions: ArrayLike<number>): Outcome {
    const outcome = super.step(actions);
    outcome.observations.forEach((seen, agent) => {
      this.#own[agent].set(seen);
    });
    return { ...outcome, observations: this.#own };
  }
}

class Seedless extends Around {
  #episodes = 0;

  override reset(): Beginning {
    return super.reset(++this.#episodes);
  }
}

class Rewardless extends Around {
  override step(actions: ArrayLike<number>): Outcome {
    const outcome = super.step(actions);
    return { ...outcome, rewards: outcome.rewards.map(() => 0 / 0) };
  }
}

class Lenient extends Around {
  #last: Beginning | null = null;

  override reset(seed?: number): Beginning {
    this.#last = super.reset(seed);
    return this.#last;
  }

  override step(actions: ArrayLike<number>): Outcome {
    const legal = this.#last!.infos.map((info, agent) =>
      info.actionMask[actions[agent]] === 1 ? actions[agent] : info.phase,
    );
    const outcome = super.step(legal);
    this.#last = outcome;
    return outcome;
  }
}

class MaskedOut extends Around {
  override step(actions: ArrayLike<number>): Outcome {
    const outcome = super.step(actions);
    return { ...outcome, infos: outcome.infos.map((info) => ({ ...info, actionMask: new Uint8Array(99) })) };
  }
}

class NothingAllowed extends Around {
  override step(actions: ArrayLike<number>): Outcome {
    const outcome = super.step(actions);
    for (const { actionMask } of outcome.infos) actionMask.fill(0);
    return outcome;
  }
}

class Endless extends Around {
  #ended: Outcome | null = null;

  override reset(seed?: number): Beginning {
    this.#ended = null;
    return super.reset(seed);
  }

  override step(actions: ArrayLike<number>): Outcome {
    if (this.#ended !== null) return this.#ended;
    const outcome = super.step(actions);
    if (outcome.truncated) this.#ended = outcome;
    return outcome;
  }
}

class Remembering extends Around {
  #steps = 0;

  override step(actions: ArrayLike<number>): Outcome {
    const outcome = super.step(actions);
    outcome.observations[0][0] += ++this.#steps > 10 ? 1e-9 : 0;
    return outcome;
  }
}

/** By what is wrong: the environment, and what the checker must say. */
export const BROKEN: readonly [string, new (inner: Environment) => Environment, RegExp][] = [
  ['shape', WrongShape, /entries in low and \d+ in its shape/],
  ['bounds', TooTight, /within25 is 2, its space is 0 to 1/],
  ['NaN in an observation', NotANumber, /is NaN, its space/],
  ['type of an observation', SinglePrecision, /no Float64Array/],
  ['observations that are written over', Recycling, /hand out copies/],
  ['a seed that decides nothing', Seedless, /begin differently|come to something else/],
  ['NaN as reward', Rewardless, /the reward is NaN/],
  ['actions that are bent instead of refused', Lenient, /not refused with an error/],
  ['a mask of another length', MaskedOut, /mask has 99 entries/],
  ['a mask that allows nothing', NothingAllowed, /mask allows nothing/],
  ['steps after the end', Endless, /a step after the end is not refused/],
  ['memory of earlier episodes', Remembering, /leave the episode changed|come to something else/],
];
