import { type Stepwise, toTheEnd } from '../policy/counterfactual.ts';
import type { Answers, Question, QuestionKind } from '../protocol/question.ts';
import { intersectionDetail } from './intersectionDetail.ts';
import { ribbonsBetween, timeSpaceBetween } from './pictures.ts';
import { serviceOf } from './service.ts';
import type { Session } from './session.ts';
import { vehicleDetail } from './vehicleDetail.ts';
import { counterfactualsOf, type Rival, whyOf } from './why.ts';
import type { World } from './world.ts';

/** Longer stretches of time are cut off at the beginning, s. */
const STRETCH_S = 3600;

/**
 * Answers what a page asks of the moment. It changes nothing.
 *
 * @throws {Error} in words for the viewer, for what is not there
 */
export function answer(session: Session, question: Question): Answers[QuestionKind] {
  return toTheEnd(answerStepwise(session, question));
}

/** Whether an answer has many steps: other minutes are run for it. */
export function takesLong({ kind }: Question): boolean {
  return kind === 'counterfactual';
}

/** The same, of the moment of its first step, whatever the session does in between. */
export function* answerStepwise(session: Session, question: Question): Stepwise<Answers[QuestionKind]> {
  const { worlds, history, revision } = session;
  switch (question.kind) {
    case 'intersection':
      return intersectionDetail(side(worlds, question.side), place(worlds, question.intersection));
    case 'why': {
      const asked = side(worlds, question.side);
      const last = (seat: number) => session.lastChoice(question.side, seat);
      return told(
        whyOf(asked, rivalsOf(worlds, asked), place(worlds, question.intersection), last),
        'decide',
      );
    }
    case 'counterfactual': {
      const asked = side(worlds, question.side);
      return told(yield* counterfactualsOf(asked, place(worlds, question.intersection)), 'decide');
    }
    case 'vehicle': {
      const detail = vehicleDetail(worlds, question.vehicle);
      if (detail === null) throw new Error(`Vehicle ${question.vehicle} has not been created yet.`);
      return detail;
    }
    case 'service':
      return serviceOf(worlds);
    case 'record':
      return { revision, samples: history.samples.map(({ sample }) => sample), alarms: history.alarms };
    case 'ribbons': {
      const [from, to] = stretch(session, question.fromStep, question.toStep);
      return ribbonsBetween(worlds, history.sides, place(worlds, question.intersection), from, to);
    }
    case 'time-space': {
      const [from, to] = stretch(session, question.fromStep, question.toStep);
      const picture = timeSpaceBetween(worlds, history.sides, from, to);
      if (picture === null) throw new Error('No two signals follow one another here: there is no corridor.');
      return picture;
    }
  }
}

/** Other sides that have another controller. */
export function rivalsOf(worlds: readonly World[], world: World): Rival[] {
  return worlds
    .filter((other) => other !== world && other.study.controller.name !== world.study.controller.name)
    .map((other) => ({ name: other.study.controller.name, world: other }));
}

function side(worlds: readonly World[], k: number): World {
  const found = worlds[k];
  if (found === undefined) throw new Error(`There is no side ${k + 1}; there are ${worlds.length}.`);
  return found;
}

function place(worlds: readonly World[], i: number): number {
  const { intersectionCount } = worlds[0]!.sim.network;
  if (i >= 0 && i < intersectionCount) return i;
  throw new Error(`There is no intersection number ${i}; there are ${intersectionCount}.`);
}

function told<T>(value: T | null, what: string): T {
  if (value === null)
    throw new Error(`There is nothing to ${what} here: the intersection has one phase, or no signal.`);
  return value;
}

/** As much of a stretch as is known and not too long. */
function stretch({ knownStep, stepS }: Session, fromStep: number, toStep: number): readonly [number, number] {
  const to = Math.min(knownStep, Math.max(0, toStep));
  return [Math.max(0, fromStep, to - Math.round(STRETCH_S / stepS)), to];
}
