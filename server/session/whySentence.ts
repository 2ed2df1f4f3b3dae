import type { Account } from '../control/controller.ts';
import { listed } from '../environment/features.ts';
import { clock } from '../protocol/clock.ts';
import type { Asked, Weighed } from './choices.ts';
import { askedFor } from './choices.ts';
import type { World } from './world.ts';

/** Decisions of controllers in plain words. Those of learned policies are told by `sentenceOf`. */

/** What was chosen at another moment, and weighed then. */
export function weighedSentence(
  world: World,
  { sim, seat, account }: Weighed,
  chosen: number | null,
  now: Asked['seat'],
): string {
  const { study } = world;
  const { view } = seat;
  const at = study.compiled.names.intersection[view.intersection]!;
  const time = clock(sim.step * sim.network.stepS);
  if (chosen === null) return `At ${time} ${study.controller.name} asks for no phase of ${at}.`;
  const phase = study.phaseNames[seat.phases[chosen]!]!;
  const does = !view.changing && view.phase === chosen ? `keeps ${phase} green` : `asks for ${phase}`;
  const waits = now.view.hold !== null && now.view.phase !== askedFor(world, now);
  const hold = waits ? ` It has to wait: ${now.view.hold}.` : '';
  return `At ${time} ${study.controller.name} ${does} at ${at}${because(account)}.${hold}`;
}

/** What a ring's controller does, but for when, where and why. */
type Deed = 'changes' | 'keeps' | 'asks';

/** What is asked for now, ring by ring. */
export function askedSentence({ sim, study }: World, asked: readonly Asked[]): string {
  const at = study.compiled.names.intersection[asked[0]!.seat.view.intersection]!;
  const time = clock(sim.step * sim.network.stepS);
  const { name } = study.controller;
  const told = asked.map((one) => ({ ...toldOf(study.phaseNames, one), one }));
  const [first, ...others] = told;
  const phases = listed(told.map(({ phase }) => phase));
  if (told.some(({ deed }) => deed !== first!.deed)) {
    // Each ring does something else.
    const rest = others.map(
      ({ deed, phase, why }, r) => ` In ring ${r + 2} ${clause(deed, phase, name)}${why}.`,
    );
    return `At ${time} ${clause(first!.deed, first!.phase, name)} at ${at} in ring 1${first!.why}.${rest.join('')}`;
  }
  const hold = [...new Set(told.map(({ hold }) => hold))].join('');
  if (first!.deed === 'changes') {
    const to = phases === '' ? '' : ` to ${phases}`;
    return `At ${time} ${at} is changing${to}; the change is carried through whatever is asked for.`;
  }
  const deed = `At ${time} ${clause(first!.deed, phases, name)} at ${at}`;
  if (others.every(({ why }) => why === first!.why)) return `${deed}${first!.why}.${hold}`;
  const reasons = told.map(({ deed: does, phase, why }) => ` It ${doing(does, phase)}${why}.`);
  return `${deed}.${reasons.join('')}${hold}`;
}

function toldOf(phaseNames: readonly string[], { seat: { view, phases }, chosen, account }: Asked) {
  const name = (p: number) => (p < 0 ? '' : phaseNames[phases[p]!]!);
  if (view.phase < 0 || view.changing) {
    return { deed: 'changes' as Deed, phase: name(view.phase), why: '', hold: '' };
  }
  if (chosen === null || chosen === view.phase) {
    const held = account === null && view.hold !== null ? `: ${view.hold}` : because(account);
    return { deed: 'keeps' as Deed, phase: name(view.phase), why: held, hold: '' };
  }
  const hold = view.hold === null ? '' : ` It has to wait: ${view.hold}.`;
  return { deed: 'asks' as Deed, phase: name(chosen), why: because(account), hold };
}

function clause(deed: Deed, phase: string, controller: string): string {
  return deed === 'changes'
    ? `the change to ${phase} is carried through`
    : `${controller} ${doing(deed, phase)}`;
}

function doing(deed: Deed, phase: string): string {
  return deed === 'keeps' ? `keeps ${phase} green` : `asks for ${phase}`;
}

function because(account: Account | null): string {
  return account === null ? '' : `, ${account.reason}`;
}
