import { expect, test } from 'vitest';
import { createOperation, operate } from '../../server/control/operation.ts';
import { PROTOCOLS, underProtocol } from '../../server/control/protocol.ts';
import { CONTROLLERS } from '../../server/control/registry.ts';
import { type CityStyle, drawCity } from '../../server/environment/city.ts';
import { compile } from '../../server/scenario/compile.ts';
import { SHOWN } from '../../server/sim/network.ts';

/** Drawn cities are what training needs: each seed its own, all of them run, phases as the protocols expect them. */

const styles: readonly CityStyle[] = ['real', 'literature'];
const SEEDS = Array.from({ length: 60 }, (_, seed) => seed);
const maxPressure = CONTROLLERS.find(({ name }) => name === 'max-pressure')!;

test.each(styles)('all of 60 seeds lay out, compile and run: %s', (style) => {
  const protocol = PROTOCOLS.find(({ name }) => name === (style === 'real' ? 'scenario' : 'literature-15'))!;
  const hashes = SEEDS.map((seed) => {
    const layout = drawCity(style, seed);
    const { network } = compile(layout);
    const ruled = underProtocol(network, protocol, 15);
    const operation = createOperation(ruled, maxPressure.factory(protocol, {}), seed);
    while (operation.sim.step < 240) operate(operation);
    const { vehicles } = operation.sim;
    expect(vehicles.created, layout.name).toBeGreaterThan(5);
    expect(vehicles.finished, layout.name).toBeGreaterThan(0);
    return network.hash;
  });
  expect(new Set(hashes).size).toBe(60);
});

test.each(styles)('the same seed gives the same city: %s', (style) => {
  for (const seed of [0, 17, 59]) expect(drawCity(style, seed)).toEqual(drawCity(style, seed));
});

test('cities differ in size, lanes, speed and volume', () => {
  const cities = SEEDS.map((seed) => drawCity('real', seed));
  const distinct = (of: (city: (typeof cities)[number]) => unknown) => new Set(cities.map(of)).size;
  expect(distinct(({ intersections }) => intersections.length)).toBeGreaterThan(6);
  expect(distinct(({ roads }) => roads[0].lanes.length)).toBeGreaterThan(2);
  expect(distinct(({ roads }) => roads[0].lanes[0].speedLimit)).toBe(3);
  expect(distinct(({ origins }) => origins[0].profile[0].flowVph)).toBeGreaterThan(40);
});

test('the phases of the literature: one for the change, facing movements, whole approaches', () => {
  const layout = drawCity('literature', 2);
  const { network, names } = compile(layout);
  const { phaseShown, phaseShownStart, connectors, connectorMovement, elementRank } = network;
  const right = (intersection: string, p: number) => {
    const i = names.intersection.indexOf(intersection);
    const all = connectors.items.subarray(connectors.starts[i], connectors.starts[i + 1]);
    const open = [...all].filter((c) => phaseShown[phaseShownStart[p] + elementRank[c]] === SHOWN.protected);
    return [...new Set(open.map((c) => names.movement[connectorMovement[c]]))]
      .map((movement) => movement.split('.')[1])
      .filter((movement) => !movement.endsWith('right'))
      .sort();
  };
  const signalised = names.intersection.filter((_, i) => network.signalised[i] === 1);
  expect(signalised.length).toBeGreaterThan(0);
  signalised.forEach((intersection) => {
    const first = network.phases.starts[names.intersection.indexOf(intersection)];
    const phases = Array.from({ length: 9 }, (_, p) => right(intersection, network.phases.items[first + p]));
    expect(phases).toEqual([
      [],
      ['east-thru', 'west-thru'],
      ['north-thru', 'south-thru'],
      ['east-left', 'west-left'],
      ['north-left', 'south-left'],
      ['west-left', 'west-thru'],
      ['east-left', 'east-thru'],
      ['south-left', 'south-thru'],
      ['north-left', 'north-thru'],
    ]);
  });
  // What a protocol lets a controller choose: the four pairs, or these and the four approaches.
  const choices = (name: string) => {
    const ruled = underProtocol(network, PROTOCOLS.find((p) => p.name === name)!);
    return ruled.phaseSets.filter(({ length }) => length > 0).map(({ length }) => length);
  };
  expect(new Set(choices('literature-15'))).toEqual(new Set([4]));
  expect(new Set(choices('literature-5'))).toEqual(new Set([8]));
  expect(layout.entry).toBe('standstill');
  expect(Math.max(...network.minGreen, ...network.yellowChange)).toBe(0);
});
