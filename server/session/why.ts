import { operate, type Seat } from '../control/operation.ts';
import { listed, wordsOf } from '../environment/features.ts';
import { CORRECTION } from '../policy/contributions.ts';
import {
  aftermathStepwise,
  HORIZON_S,
  type Moment,
  type Stepwise,
  worldAt,
} from '../policy/counterfactual.ts';
import { type Decision, decisionOf, momentOf } from '../policy/explain.ts';
import { rivalOf, sentenceOf } from '../policy/explanation.ts';
import { Learned } from '../policy/learned.ts';
import { type OtherChoice, otherChoices } from '../policy/otherChoices.ts';
import { clock } from '../protocol/clock.ts';
import type { Counterfactuals, Why, WhyPhase } from '../protocol/question.ts';
import { movementWords } from '../scenario/movementWords.ts';
import { NEVER } from '../sim/network.ts';
import type { Simulation } from '../sim/simulation.ts';
import { askedFor, askedNow, choiceOf, type Weighed, weighedAt, weighsPhases } from './choices.ts';
import { ringDetail } from './intersectionDetail.ts';
import { askedSentence, weighedSentence } from './whySentence.ts';
import type { World } from './world.ts';

/** A controller that can be asked what it would do: those of the registry, and the learned ones of other sides. */
export interface Rival {
  readonly name: string;
  readonly world: World;
}

/**
 * Why the signal of an intersection shows what it shows, and what others would do in its place.
 *
 * @param rivals      other sides, whose controllers are asked as well
 * @param lastChoice  the moment at which the controller of a seat last chose
 * @returns `null` where there is nothing to decide
 */
export function whyOf(
  world: World,
  rivals: readonly Rival[],
  i: number,
  lastChoice: (seat: number) => Moment | null,
): Why | null {
  const { sim, study, operation } = world;
  const k = operation.seats.findIndex(({ view }) => view.intersection === i);
  const seat = operation.seats[k];
  if (seat === undefined) return null;
  const seats = operation.seats.filter(({ view }) => view.intersection === i);
  const holds = seats.map(({ view }) => view.hold);
  const reasons = reasonsOf(world, seats, k, lastChoice);
  const name = (p: number | null) => (p === null ? null : study.phaseNames[seat.phases[p]!]!);
  return {
    ...reasons.told,
    step: sim.step,
    controller: study.controller.name,
    rings: seats.map(({ ring }, r) => ({
      ...ringDetail(sim, ring, study.phaseNames),
      chosen: reasons.chosen[r] ?? null,
    })),
    held: holds.includes(null) ? null : [...new Set(holds)].join(', '),
    weighedStep: reasons.sim.step,
    masked: seats.flatMap((one) => masksOf(world, one)),
    others: choicesAt(world, rivals, seat, reasons.sim).map(({ controller, phase, reason }) => ({
      controller,
      phase: name(phase),
      reason: reason ?? null,
    })),
  };
}

/** Why something was chosen, by ring what, and the world as it was then. */
interface Reasons {
  readonly sim: Simulation;
  readonly chosen: readonly (string | null)[];
  readonly told: Pick<Why, 'sentence' | 'phases' | 'scoreName' | 'comparedWith'>;
}

function reasonsOf(
  world: World,
  seats: readonly Seat[],
  k: number,
  lastChoice: (seat: number) => Moment | null,
): Reasons {
  const { operation, study } = world;
  const seat = operation.seats[k]!;
  const name = ({ phases }: Seat, p: number | null) => (p === null ? null : study.phaseNames[phases[p]!]!);
  if (!weighsPhases(seat)) {
    const asked = askedNow(world, seats);
    const chosen = asked.map((one) => name(one.seat, one.chosen));
    return { sim: world.sim, chosen, told: { ...UNWEIGHED, sentence: askedSentence(world, asked) } };
  }
  const moment = choiceOf(world, k, lastChoice);
  if (moment === null) {
    const asked = [{ seat, chosen: askedFor(world, seat), account: null }];
    const chosen = [name(seat, asked[0]!.chosen)];
    return { sim: world.sim, chosen, told: { ...UNWEIGHED, sentence: askedSentence(world, asked) } };
  }
  if (seat.controller instanceof Learned) {
    const decision = decisionOf(operation, moment, k);
    const chosen = [name(seat, decision.chosen)];
    return { sim: decision.sim, chosen, told: learnedReasons(world, decision) };
  }
  const weighed = weighedAt(moment, k);
  const chosen = askedFor(world, seat);
  return {
    sim: weighed.sim,
    chosen: [name(seat, chosen)],
    told: {
      sentence: weighedSentence(world, weighed, chosen, seat),
      phases: scoresOf(world, weighed, chosen),
      scoreName: weighed.account?.scoreName ?? '',
      comparedWith: null,
    },
  };
}

const UNWEIGHED = { phases: [], scoreName: '', comparedWith: null };

/** Scores of a policy with their parts, the largest first, and the sentence. */
function learnedReasons({ study }: World, decision: Decision): Reasons['told'] {
  const { seat, scores, chosen } = decision;
  const name = (p: number) => study.phaseNames[seat.phases[p]!]!;
  const movements = movementNames(study.compiled);
  const intersection = study.compiled.names.intersection[seat.view.intersection]!;
  const phases = scores.map((parts, p): WhyPhase => {
    const all = [
      ...parts.movements.flatMap(({ movements: of, parts: features }) =>
        features.map(({ feature, contribution }) => ({
          what: wordsOf(feature, listed(of.map((m) => movements[m]!))),
          value: contribution,
        })),
      ),
      ...parts.own.map(({ feature, contribution }) => ({ what: wordsOf(feature), value: contribution })),
      { what: CORRECTION, value: parts.layers },
    ];
    return { phase: name(p), score: parts.score, isChosen: p === chosen, parts: largestFirst(all) };
  });
  const rival = rivalOf(decision);
  return {
    sentence: sentenceOf(
      decision,
      { intersection, movements, phases: study.phaseNames },
      clock(decision.timeS),
    ),
    phases,
    comparedWith: rival === null ? null : name(rival),
    scoreName: 'score of the policy: only its order counts',
  };
}

function scoresOf({ study }: World, { seat, account }: Weighed, chosen: number | null): WhyPhase[] {
  const movements = movementNames(study.compiled);
  return (account?.phases ?? []).map(({ score, movements: of }, p) => ({
    phase: study.phaseNames[seat.phases[p]!]!,
    score,
    isChosen: p === chosen,
    parts: largestFirst(of.map(({ movement, value }) => ({ what: movements[movement]!, value }))),
  }));
}

function largestFirst(parts: readonly { readonly what: string; readonly value: number }[]) {
  return parts.filter(({ value }) => value !== 0).sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
}

/** Phases that cannot be chosen, or not freely, and the rule. */
function masksOf({ sim, study }: World, { ring, phases, view }: Seat): Why['masked'] {
  const { ringPhases, maxGreen } = sim.network;
  const all = [...ringPhases.items.subarray(ringPhases.starts[ring]!, ringPhases.starts[ring + 1]!)];
  const masked = all
    .filter((p) => !phases.includes(p))
    .map((p) => ({ phase: study.phaseNames[p]!, rule: 'the protocol’s phases are others' }));
  if (view.phase < 0) return masked;
  const present = phases[view.phase]!;
  if (view.hold !== null) {
    const others = [...phases].filter((p) => p !== present);
    return [...masked, ...others.map((p) => ({ phase: study.phaseNames[p]!, rule: view.hold! }))];
  }
  const most = maxGreen[present]!;
  if (most === NEVER || sim.signals.elapsed[ring]! < most) return masked;
  const rule = 'maximum green is over: it stays only while nobody waits';
  return [...masked, { phase: study.phaseNames[present]!, rule }];
}

/** What each other controller would choose at a moment of a world, among the same phases. */
export function choicesAt(
  { study }: World,
  rivals: readonly Rival[],
  { ring, phases }: Seat,
  sim: Simulation,
): OtherChoice[] {
  return otherChoices(
    { sim, ring, phases, study },
    rivals.map(({ world }) => world.study.controller),
  ).filter(({ controller }) => controller !== study.controller.name);
}

/** The next minute with each phase asked for now, the controller at work after that. It is of the moment of its first step. */
export function* counterfactualsOf(world: World, i: number): Stepwise<Counterfactuals | null> {
  const { sim, study, operation } = world;
  const { step } = sim;
  const seat = operation.seats.find(({ view }) => view.intersection === i);
  if (seat === undefined) return null;
  const moment = momentOf(operation, { ruled: study.ruled, factory: () => world.factory(), ring: seat.ring });
  const next = worldAt(moment, world.factory());
  operate(next);
  const chosen = askedFor(next, seat);
  const phases: Counterfactuals['phases'][number][] = [];
  for (const [k, p] of seat.phases.entries()) {
    const { networkDelayS, intersectionDelayS } = yield* aftermathStepwise(moment, k);
    phases.push({ phase: study.phaseNames[p]!, isChosen: k === chosen, networkDelayS, intersectionDelayS });
  }
  return { step, horizonS: HORIZON_S, phases };
}

function movementNames({ layout }: World['study']['compiled']): string[] {
  return movementWords(layout);
}
