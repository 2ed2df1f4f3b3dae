import { createOperation, type Operation } from '../../server/control/operation.ts';
import { PROTOCOLS, underProtocol } from '../../server/control/protocol.ts';
import { CONTROLLERS } from '../../server/control/registry.ts';
import { settingsOf } from '../../server/control/settings.ts';
import { type Compiled, compile } from '../../server/scenario/compile.ts';
import { datasetLayout } from '../datasets.ts';

/** How long the published runs last; a step is a second. */
export const STEPS = 3600;

/** The last network that was read, for cases in a row are on the same one. */
let network: { readonly dataset: string; readonly compiled: Compiled } | null = null;

export function datasetNetwork(dataset: string): Compiled {
  if (network?.dataset !== dataset) network = { dataset, compiled: compile(datasetLayout(dataset)) };
  return network.compiled;
}

export function forgetDatasets(): void {
  network = null;
}

/** A run under `literature-15` or another of the literature's protocols, controllers with their standard settings. */
export function literatureRun({ network }: Compiled, controller: string, intervalS: string): Operation {
  const protocol = PROTOCOLS.find(({ name }) => name === `literature-${intervalS}`)!;
  const { factory, settings } = CONTROLLERS.find(({ name }) => name === controller)!;
  const standard = settingsOf(settings, {}).settings;
  return createOperation(underProtocol(network, protocol), factory(protocol, standard), 0);
}
