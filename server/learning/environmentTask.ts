import type { EnvironmentOptions } from '../environment/environment.ts';
import type { Beginning, Outcome } from '../environment/spaces.ts';
import type { Layout } from '../scenario/layout.ts';

/** What a worker is given when it starts. */
export interface EnvironmentSetup {
  readonly layout: Layout;
  readonly options: EnvironmentOptions;
  /** How many copies it runs. */
  readonly count: number;
  /** What is added to a copy's seed from episode to episode. */
  readonly seedStride: number;
}

/** What all copies of a worker are to do, by copy. */
export type EnvironmentOrder =
  | { readonly kind: 'reset'; readonly seeds: readonly number[] }
  | { readonly kind: 'step'; readonly actions: readonly ArrayLike<number>[] };

/** By copy; a copy's error in place of all. */
export type EnvironmentReport =
  | { readonly kind: 'reset'; readonly beginnings: readonly Beginning[] }
  | { readonly kind: 'step'; readonly outcomes: readonly Outcome[] }
  | { readonly kind: 'error'; readonly copy: number; readonly message: string };
