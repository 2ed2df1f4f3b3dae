import type { Loaded } from '../files/load.ts';
import type { Policy } from '../policy/policySchema.ts';
import type { Setup } from '../protocol/session.ts';
import { type Compiled, compile } from '../scenario/compile.ts';
import { perturb } from '../scenario/perturb.ts';
import type { LogFlags } from '../session/log.ts';
import type { SideStudy } from '../session/world.ts';
import { seedMatters } from '../study/seedMatters.ts';
import { ruledFor } from '../study/study.ts';
import { studyOf } from './commandStudy.ts';
import { withPolicy } from './policies.ts';

/** What the sides of a session are made of, beside its setup. */
export interface SessionSource {
  readonly loaded: Loaded;
  readonly flags: LogFlags;
  /** By controller. */
  readonly policies: ReadonlyMap<string, Policy>;
}

/**
 * Makes the sides of a setup, of which all have the same network.
 *
 * @throws {Mistake} where a controller is unknown, or cannot be used on this file
 */
export function sidesOf({
  loaded,
  flags,
  policies,
}: SessionSource): (setup: Setup, side: number) => SideStudy {
  let last: { readonly key: string; readonly compiled: Compiled } | null = null;
  const compiledFor = ({ seed, demandScale }: Setup): Compiled => {
    const durationS = flags.durationS ?? loaded.layout.durationS;
    // Without scaled demand the seed changes nothing in the network.
    const key = demandScale === 1 ? 'as it is' : `${seed} ${demandScale}`;
    if (last?.key !== key) {
      last = { key, compiled: compile(perturb(loaded.layout, { seed, durationS, jitterS: 0, demandScale })) };
    }
    return last.compiled;
  };
  return (setup, side) => {
    const controller = setup.controllers[side]!;
    const { seed, demandScale } = setup;
    const given = { ...flags, seed, demandScale, controller, ...withPolicy(policies, controller) };
    const study = studyOf(loaded, given, compiledFor(setup));
    const ruled = ruledFor(study);
    return { ...study, ruled, seedMatters: seedMatters(study.compiled.network, { demandScale }) };
  };
}
