import { sidesOf } from '../../server/cli/sessionStudy.ts';
import { loadLayout } from '../../server/files/load.ts';
import { loadPolicy } from '../../server/files/policies.ts';
import type { Intervention, Setup } from '../../server/protocol/session.ts';
import type { LogFlags } from '../../server/session/log.ts';
import { type OpenSide, Session } from '../../server/session/session.ts';
import { ready } from '../cli/greenwave.ts';

/** Sessions of ready scenarios, as the live view opens them. */

export interface Opened {
  readonly scenario?: string;
  readonly controllers?: readonly string[];
  readonly seed?: number;
  readonly demandScale?: number;
  readonly interventions?: readonly Intervention[];
  readonly flags?: LogFlags;
}

export const SHIPPED_POLICY = ready('corridor').replace(/corridor\.yaml$/, 'policies/universal.json');

/** What opens the sides of sessions of a ready scenario. */
export async function sidesFor(scenario: string, flags: LogFlags = {}): Promise<OpenSide> {
  const loaded = await loadLayout(ready(scenario));
  const policies = new Map([['learned', loadPolicy(SHIPPED_POLICY)]]);
  return sidesOf({ loaded, flags, policies });
}

export async function openSession(opened: Opened = {}): Promise<Session> {
  const { scenario = 'corridor', flags = {}, interventions = [] } = opened;
  return new Session(await sidesFor(scenario, flags), setupOf(opened), interventions);
}

export function setupOf({
  scenario = 'corridor',
  controllers = ['fixed-time', 'learned'],
  seed = 1,
  demandScale = 1,
}: Opened): Setup {
  return { scenario, controllers, seed, demandScale };
}

/** Runs on, or goes back and runs on, to a step. */
export function goTo(session: Session, step: number): Session {
  session.approach(step);
  while (session.step < step) session.advance();
  return session;
}
