import type { Account, Controller } from '../control/controller.ts';
import type { Seat } from '../control/operation.ts';
import type { Occasion } from '../control/registry.ts';
import { settingsOf } from '../control/settings.ts';
import { wordsOf } from '../environment/features.ts';
import { aftermathOf, HORIZON_S, type Moment } from '../policy/counterfactual.ts';
import { type Decision, decisionNow, decisionOf, momentOf } from '../policy/explain.ts';
import { sentenceOf } from '../policy/explanation.ts';
import { Learned } from '../policy/learned.ts';
import { type OtherChoice, otherChoices } from '../policy/otherChoices.ts';
import { clock } from '../protocol/clock.ts';
import type { Counterfactuals, Why, WhyPhase } from '../protocol/question.ts';
import { movementWords } from '../scenario/movementWords.ts';
import { NEVER } from '../sim/network.ts';
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
 * @param lastChoice  the moment at which the signal of a seat could last choose
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
  const { view, controller } = seat;
  const name = (p: number) => study.phaseNames[seat.phases[p]!]!;
  const shared = {
    step: sim.step,
    controller: study.controller.name,
    present: view.phase < 0 ? 'the change between two phases' : name(view.phase),
    held: view.hold,
    masked: masksOf(world, seat),
    others: choicesAt(world, rivals, seat).map(({ controller: other, phase, reason }) => ({
      controller: other,
      phase: phase === null ? null : name(phase),
      reason: reason ?? null,
    })),
  };
  if (controller instanceof Learned) {
    // While a rule holds the signal nothing is weighed.
    const choice = lastChoice(k);
    const decision =
      seat.view.hold === null
        ? decisionNow(operation, study.ruled, () => world.factory(), k)
        : choice && decisionOf(operation, choice, k);
    if (decision !== null) return { ...shared, ...learnedReasons(world, decision) };
  }
  const chosen = askedFor(world, seat);
  const account = (controller as Controller).account?.(view) ?? null;
  return {
    ...shared,
    chosen: chosen === null ? null : name(chosen),
    sentence: sentenceFor(world, seat, chosen, account),
    phases: account === null ? [] : weighed(world, seat, account, chosen),
    weighedStep: sim.step,
    scoreName: account?.scoreName ?? '',
  };
}

/** Scores of a policy with their parts, the largest first, and the sentence. */
function learnedReasons(
  { study }: World,
  decision: Decision,
): Pick<Why, 'chosen' | 'sentence' | 'phases' | 'weighedStep' | 'scoreName'> {
  const { seat, scores, chosen } = decision;
  const name = (p: number) => study.phaseNames[seat.phases[p]!]!;
  const movements = movementNames(study.compiled);
  const intersection = study.compiled.names.intersection[seat.view.intersection]!;
  const phases = scores.map((parts, p): WhyPhase => {
    const all = [
      ...parts.movements.flatMap(({ movements: of, parts: features }) =>
        features.map(({ feature, contribution }) => ({
          what: wordsOf(feature, of.map((m) => movements[m]!).join(' and ')),
          value: contribution,
        })),
      ),
      ...parts.own.map(({ feature, contribution }) => ({ what: wordsOf(feature), value: contribution })),
      { what: 'the network on top', value: parts.layers },
    ];
    return { phase: name(p), score: parts.score, isChosen: p === chosen, parts: largestFirst(all) };
  });
  return {
    chosen: name(chosen),
    sentence: sentenceOf(
      decision,
      { intersection, movements, phases: study.phaseNames },
      clock(decision.timeS),
    ),
    phases,
    weighedStep: decision.moment.step,
    scoreName: 'score of the policy: only its order counts',
  };
}

function weighed({ study }: World, seat: Seat, { phases }: Account, chosen: number | null): WhyPhase[] {
  const movements = movementNames(study.compiled);
  return phases.map(({ score, movements: of }, p) => ({
    phase: study.phaseNames[seat.phases[p]!]!,
    score,
    isChosen: p === chosen,
    parts: largestFirst(of.map(({ movement, value }) => ({ what: movements[movement]!, value }))),
  }));
}

function largestFirst(parts: readonly { readonly what: string; readonly value: number }[]) {
  return parts.filter(({ value }) => value !== 0).sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
}

/** What a controller asked for last, as the view counts phases. */
export function askedFor({ sim }: World, { ring, phases }: Seat): number | null {
  const p = phases.indexOf(sim.signals.wanted[ring]!);
  return p < 0 ? null : p;
}

function sentenceFor(
  { sim, study }: World,
  seat: Seat,
  chosen: number | null,
  account: Account | null,
): string {
  const { view } = seat;
  const name = (p: number) => study.phaseNames[seat.phases[p]!]!;
  const at = study.compiled.names.intersection[view.intersection]!;
  const why = account === null ? '' : `, ${account.reason}`;
  const time = clock(sim.step * sim.network.stepS);
  if (view.phase < 0 || view.changing) {
    const to = view.phase < 0 ? '' : ` to ${name(view.phase)}`;
    return `At ${time} ${at} is changing${to}; the change is carried through whatever is asked for.`;
  }
  if (chosen === null || chosen === view.phase) {
    const held = account === null && view.hold !== null ? `: ${view.hold}` : '';
    return `At ${time} ${study.controller.name} keeps ${name(view.phase)} green at ${at}${why}${held}.`;
  }
  const hold = view.hold === null ? '' : ` It has to wait: ${view.hold}.`;
  return `At ${time} ${study.controller.name} asks for ${name(chosen)} at ${at}${why}.${hold}`;
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

/** What each other controller would choose at this moment, among the same phases. */
export function choicesAt(
  { sim, study }: World,
  rivals: readonly Rival[],
  { ring, phases }: Seat,
): OtherChoice[] {
  const { compiled, protocol, durationS } = study;
  const { controllers = {} } = compiled.layout;
  const occasion: Occasion = {
    durationS,
    names: compiled.names,
    phasesPrescribed: protocol.literature !== null,
  };
  return otherChoices(
    {
      ...{ sim, ring, phases, network: compiled.network, protocol, occasion },
      settings: ({ name, settings }) => settingsOf(settings, controllers[name] ?? {}).settings,
    },
    rivals.map(({ world }) => world.study.controller),
  ).filter(({ controller }) => controller !== study.controller.name);
}

/** The next minute with each phase asked for now, the controller at work after that. */
export function counterfactualsOf(world: World, i: number): Counterfactuals | null {
  const { sim, study, operation } = world;
  const seat = operation.seats.find(({ view }) => view.intersection === i);
  if (seat === undefined) return null;
  const moment = momentOf(operation, { ruled: study.ruled, factory: () => world.factory(), ring: seat.ring });
  const chosen = askedFor(world, seat);
  return {
    step: sim.step,
    horizonS: HORIZON_S,
    phases: [...seat.phases].map((p, k) => {
      const { networkDelayS, intersectionDelayS } = aftermathOf(moment, k);
      return { phase: study.phaseNames[p]!, isChosen: k === chosen, networkDelayS, intersectionDelayS };
    }),
  };
}

function movementNames({ layout }: World['study']['compiled']): string[] {
  return movementWords(layout);
}
