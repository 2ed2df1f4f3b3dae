import type { ControllerFactory } from './controller.ts';
import { FixedTime } from './fixedTime.ts';
import { LiteratureFixedTime } from './literatureFixedTime.ts';
import { MaxPressure } from './maxPressure.ts';
import type { Protocol } from './protocol.ts';

/** A controller by name: one line of help, and how to make one for each intersection under a protocol. */
export interface ControllerEntry {
  readonly name: string;
  readonly summary: string;
  /** How often it wants to be asked where the protocol does not say, s; `null`: every step. */
  readonly decisionS: number | null;
  readonly factory: (protocol: Protocol) => ControllerFactory;
}

export const CONTROLLERS: readonly ControllerEntry[] = [
  {
    name: 'fixed-time',
    summary: "the scenario's plan: cycle, splits and offsets as given",
    decisionS: null,
    factory: ({ literature, decisionS }) =>
      literature === null ? (view) => new FixedTime(view) : () => new LiteratureFixedTime(decisionS ?? 0),
  },
  {
    name: 'max-pressure',
    summary: 'the phase with the longest queues before it and the shortest behind it',
    decisionS: 20,
    factory: () => (view) => new MaxPressure(view),
  },
];
