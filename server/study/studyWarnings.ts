import type { Protocol } from '../control/protocol.ts';
import type { ControllerEntry } from '../control/registry.ts';
import type { Layout } from '../scenario/layout.ts';
import type { Wording } from './wording.ts';

/** What decides which warnings a study has. */
export interface StudyFacts {
  readonly layout: Layout;
  readonly controller: ControllerEntry;
  readonly protocol: Protocol;
  readonly jitterS: number;
  /** Whether some detector has a fault in this run. */
  readonly hasFaults: boolean;
  /** Whether the protocol replaces the phases that the controller has planned for. */
  readonly planIsReplaced: boolean;
}

/** What is possible but probably not meant. */
export function studyWarnings(facts: StudyFacts, wording: Wording): string[] {
  const { controller, protocol, layout, jitterS } = facts;
  const warnings: string[] = [];
  if (jitterS > 0 && layout.flows.length === 0) {
    warnings.push(
      `${wording('jitterS')} changes nothing here: there are no trips at fixed times. Random arrivals differ with ${wording('seed')}.`,
    );
  }
  // A plan that is looked at only now and then is not the plan.
  const { literature, decisionS } = protocol;
  const isSlow = literature === null && decisionS !== null && decisionS > layout.stepS;
  if (controller.name === 'fixed-time' && isSlow) {
    warnings.push(
      `${wording('decisionS')} lets fixed-time change every ${decisionS} s only: its greens differ from the plan's.`,
    );
  }
  // A controller that sees every vehicle is not hindered by broken detectors, which makes comparisons unfair.
  if (facts.hasFaults && controller.sees === 'every vehicle') {
    warnings.push(
      `${controller.name} sees every vehicle, so the scenario's detector faults do not touch it. ${wording('perfectDetection')} lifts them for all.`,
    );
  }
  if (facts.planIsReplaced) {
    warnings.push(
      `${controller.name} plans for the file's own phases and intervals; ${protocol.name} replaces these, so its plan is not what is shown.`,
    );
  }
  return warnings;
}
