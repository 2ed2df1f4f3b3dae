import { readFileSync } from 'node:fs';
import type { ControllerFactory } from '../../server/control/controller.ts';
import { createOperation, type Operation, operate } from '../../server/control/operation.ts';
import { PROTOCOLS, type Ruled, underProtocol } from '../../server/control/protocol.ts';
import { CONTROLLERS } from '../../server/control/registry.ts';
import { compile } from '../../server/scenario/compile.ts';
import { parseScenario } from '../../server/scenario/parse.ts';
import { fingerprint, formatFingerprint } from '../../server/sim/fingerprint.ts';
import type { SimulationOptions } from '../../server/sim/simulation.ts';

export interface Study {
  readonly ruled: Ruled;
  readonly factory: ControllerFactory;
}

/** A scenario of `scenarios/` under its own rules and a controller. */
export function shippedStudy(scenario: string, controller: string): Study {
  const file = `${scenario}.yaml`;
  const text = readFileSync(new URL(`../../scenarios/${file}`, import.meta.url), 'utf8');
  const parsed = parseScenario(text, file);
  if (!parsed.ok) throw new Error(`${file} has problems.`);
  const [protocol] = PROTOCOLS;
  const { factory, decisionS } = CONTROLLERS.find(({ name }) => name === controller)!;
  const { network } = compile(parsed.layout);
  return { ruled: underProtocol(network, protocol, decisionS ?? undefined), factory: factory(protocol, {}) };
}

export function startStudy({ ruled, factory }: Study, seed: number, options?: SimulationOptions): Operation {
  return createOperation(ruled, factory, seed, options);
}

/** Goes on for some steps; the fingerprint after each `every` of them. */
export function fingerprintsOf(operation: Operation, steps: number, every: number): string[] {
  const fingerprints: string[] = [];
  for (let k = 1; k <= steps; k++) {
    operate(operation);
    if (k % every === 0) fingerprints.push(formatFingerprint(fingerprint(operation.sim)));
  }
  return fingerprints;
}
