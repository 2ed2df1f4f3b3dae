import type { Search } from '../protocol/session.ts';
import { rivalsOf } from './answer.ts';
import { askedFor } from './choices.ts';
import type { Session } from './session.ts';
import { choicesAt } from './why.ts';

/**
 * Looks whether there is anything to search for.
 *
 * @throws {Error} where there is nothing to decide, the rival cannot be asked, or the run is at its end
 */
export function checkSearch(session: Session, search: Search): void {
  rivalsChoice(session, search);
  if (session.ended) throw new Error('The run is at its end: go back to look for disagreements.');
}

/**
 * One step further. Whether in it, before that step, the signal's controller and its rival chose differently, at a moment
 * when something could be decided.
 *
 * @throws {Error} where there is nothing to decide, or the rival cannot be asked
 */
export function advanceSearching(session: Session, search: Search): boolean {
  const { world, seat } = decider(session, search);
  const { sim, operation } = world;
  const { view } = seat;
  const isDue = sim.step % operation.decisionSteps === 0 && view.hold === null && view.phase >= 0;
  const other = isDue ? rivalsChoice(session, search) : null;
  session.advance();
  const own = askedFor(world, seat);
  return other !== null && own !== null && own !== other;
}

function decider({ worlds }: Session, { side, intersection }: Search) {
  const world = worlds[side];
  const seat = world?.operation.seats.find(({ view }) => view.intersection === intersection);
  if (world !== undefined && seat !== undefined) return { world, seat };
  throw new Error('There is nothing to decide here: the intersection has one phase, or no signal.');
}

/** The phase that the rival would choose now in the controller's place. */
function rivalsChoice(session: Session, search: Search): number {
  const { world, seat } = decider(session, search);
  const { rival } = search;
  const others = choicesAt(world, rivalsOf(session.worlds, world), seat, world.sim);
  const other = others.find(({ controller }) => controller === rival);
  if (other === undefined) throw new Error(`"${rival}" is no controller that can be asked here.`);
  if (other.phase !== null) return other.phase;
  throw new Error(`${rival} cannot be asked here: ${other.reason ?? 'it does not say why'}.`);
}
