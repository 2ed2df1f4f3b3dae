import { expect, test } from 'vitest';
import type { Controller, ControllerFactory } from '../../server/control/controller.ts';
import { ControllerError } from '../../server/control/controllerError.ts';
import { createOperation, memoriesOf, operate } from '../../server/control/operation.ts';
import { PROTOCOLS, underProtocol } from '../../server/control/protocol.ts';
import { CONTROLLERS, type ControllerEntry } from '../../server/control/registry.ts';
import { startRun } from '../../server/index.ts';
import { learnedController } from '../../server/policy/learnedController.ts';
import type { Policy } from '../../server/policy/policySchema.ts';
import { compile } from '../../server/scenario/compile.ts';
import { assembleStudy, operationOf } from '../../server/study/study.ts';
import { crossing, laidOut } from '../networks.ts';
import { madeUpPolicy } from '../policy/madeUp.ts';

/** What a user's code answers is looked at: a wrong answer stops the run, with what was answered, where, when and what is allowed. */

const two = compile(crossing({ westVph: 500, northVph: 400, arrivals: 'poisson' }));

/** An answer of any kind, as plain JavaScript may give it. */
const answering =
  (answer: () => unknown): ControllerFactory =>
  () => ({ decide: answer as () => number });

/** What is thrown in the run of a controller that answers well until 30 s. */
function thrown(answer: () => unknown): unknown {
  const late: ControllerFactory = (view) => ({
    decide: () => (view.timeS < 30 ? 0 : (answer() as number)),
  });
  const named = { late }.late;
  Object.defineProperty(named, 'name', { value: 'mine' });
  const run = startRun(two, { controller: named, seed: 1 });
  try {
    while (run.sim.step < 600) operate(run);
  } catch (error) {
    expect(run.sim.step).toBe(30);
    return error;
  }
  return null;
}

const wrong: readonly (readonly [string, () => unknown])[] = [
  ['99', () => 99],
  ['2', () => 2],
  ['-1', () => -1],
  ['0.5', () => 0.5],
  ['NaN', () => Number.NaN],
  ['Infinity', () => Number.POSITIVE_INFINITY],
  ['undefined', () => undefined],
  ['null', () => null],
  ['"1"', () => '1'],
  ['"length"', () => 'length'],
  ['true', () => true],
  ['1n', () => 1n],
  ['a list', () => [1]],
  ['an object', () => ({})],
  ['a symbol', () => Symbol('1')],
  ['a function', () => () => 1],
  ['a Promise (answers are not awaited)', () => Promise.resolve(1)],
  ['a Promise (answers are not awaited)', () => Promise.reject(new Error('later'))],
];

test.each(wrong)(
  'an answer of %s stops the run, with the controller, the place, the time and what is allowed',
  (told, answer) => {
    const error = thrown(answer);
    expect(error).toBeInstanceOf(ControllerError);
    expect(error).toMatchObject({ controller: 'mine', intersection: 'main', timeS: 30 });
    expect((error as Error).message).toBe(
      `Controller "mine" at intersection "main" at 30 s answered ${told}. decide() must answer the number of a phase, a whole number from 0 to 1 (view.phaseCount − 1): 0 "west-east", 1 "north-south".`,
    );
  },
);

test.each([0, 1, -0, 1.0])('an answer of %s is a phase', (answer) => {
  expect(thrown(() => answer)).toBeNull();
});

/** A controller of two rings that answers for one of them what it is told. */
function ofRings(ring: number, answer: unknown): ControllerEntry {
  const actuated = CONTROLLERS.find(({ name }) => name === 'actuated')!;
  return {
    ...actuated,
    name: 'two rings',
    factory: (protocol, settings) => {
      const make = actuated.factory(protocol, settings);
      return (view): Controller => {
        const inner = make(view);
        return {
          decide: (seen) => {
            const phase = inner.decide(seen);
            return seen.ring === ring && seen.timeS >= 20 ? (answer as number) : phase;
          },
        };
      };
    },
  };
}

test.each([0, 1])('a wrong answer for ring %i names the ring and its phases', (ring) => {
  for (const answer of [99, undefined, 0.5, Number.NaN, -1, '0']) {
    const run = operationOf(
      assembleStudy({ layout: laidOut(FOUR_LEGS) }, { controller: ofRings(ring, answer) }),
    );
    const told = () => {
      while (run.sim.step < 60) operate(run);
    };
    expect(told).toThrow(
      `Controller "two rings" at intersection "main", ring ${ring + 1}, at 20 s answered `,
    );
    expect(told).toThrow(/from 0 to \d \(view.phaseCount − 1\): 0 "/);
  }
});

const FOUR_LEGS = {
  name: 'four legs',
  isolated: { lanes: 3 },
  demand: { west: { flowVph: 300, turns: { left: 0.3, thru: 0.7 } } },
};

test('an error that a controller throws keeps its type and its stack, with the controller, the place and the time', () => {
  class OwnError extends TypeError {}
  function myBug(): never {
    throw new OwnError('my bug');
  }
  const error = thrown(myBug) as ControllerError;
  expect(error).toBeInstanceOf(ControllerError);
  expect(error.message).toBe('Controller "mine" at intersection "main" at 30 s failed: TypeError: my bug');
  expect(error.cause).toBeInstanceOf(OwnError);
  expect((error.cause as Error).stack).toMatch(/myBug.*answers\.test\.ts/s);
});

test.each([
  ['a text', () => 'no'],
  ['nothing', () => undefined],
  ['null', () => null],
])('a controller that throws %s is named as well', (_, what) => {
  const error = thrown(() => {
    throw what();
  }) as ControllerError;
  expect(error.message).toContain('Controller "mine" at intersection "main" at 30 s failed: threw ');
  expect(error.cause).toBe(what());
});

test.each([
  ['an object', () => ({})],
  ['null', () => null],
  ['undefined', () => undefined],
  ['a function', () => () => 0],
  ['a Promise (answers are not awaited)', async () => ({ decide: () => 0 })],
])('a factory that answers %s is refused before the run', (told, factory) => {
  const make = () => startRun(two, { controller: factory as unknown as ControllerFactory });
  expect(make).toThrow(ControllerError);
  expect(make).toThrow(
    `at intersection "main" at 0 s could not be made: the factory answered ${told}, which has no method decide(view).`,
  );
});

test('a factory that throws is named, with its error as the cause', () => {
  const fails: ControllerFactory = () => {
    throw new RangeError('no lanes');
  };
  try {
    startRun(two, { controller: fails });
    expect.unreachable();
  } catch (error) {
    expect((error as Error).message).toBe(
      'Controller "fails" at intersection "main" at 0 s could not be made: RangeError: no lanes',
    );
    expect((error as Error).cause).toBeInstanceOf(RangeError);
  }
});

test('without names of a study the class, or the number of the place, is told', () => {
  class Mine {
    decide() {
      return 7;
    }
  }
  const ruled = underProtocol(two.network, PROTOCOLS[0]);
  const run = createOperation(ruled, () => new Mine(), 1);
  expect(() => operate(run)).toThrow(/^Controller "Mine" at intersection "\d+" at 0 s answered 7\./);
  expect(() =>
    createOperation(
      ruled,
      answering(() => 'x'),
      1,
    ),
  ).not.toThrow();
});

test('a memory that is no Float64Array is refused when it is asked for', () => {
  const controller = (() => ({ decide: () => 0, memory: () => [1, 2] })) as unknown as ControllerFactory;
  const run = startRun(two, { controller });
  expect(() => memoriesOf(run)).toThrow(/remembers a list. memory\(\) must answer a Float64Array or null/);
});

test.each([
  [
    'a weight that is NaN',
    { linear: [Number.NaN] },
    /weights.linear\[0\]: found NaN, expected a finite number/,
  ],
  ['a weight that is text', { linear: ['1'] }, /weights.linear\[0\]/],
  [
    'too few weights',
    { linear: [1, 2, 3] },
    /weights.linear: found 3 weights, expected 26: one for each input/,
  ],
  ['no weights', { linear: undefined }, /weights.linear/],
] as const)('a policy with %s is refused before the run', (_, weights, message) => {
  const good = madeUpPolicy();
  const linear =
    weights.linear?.length === 1 ? [...weights.linear, ...good.weights.linear.slice(1)] : weights.linear;
  const policy = { ...good, weights: { ...good.weights, linear } } as unknown as Policy;
  expect(() => startRun(two, { controller: 'learned', policy })).toThrow(message);
});

test.each([null, 7, {}, 'universal.json'])('%o in place of a policy is refused before the run', (policy) => {
  expect(() => learnedController(policy as unknown as Policy)).toThrow(/^The policy has \d+ problem/);
});

test('a policy that gives NaN stops the run, with the place and the time', () => {
  const good = madeUpPolicy();
  // Infinity − Infinity, from weights that are finite.
  const linear = good.weights.linear.map((_, k) => (k % 2 === 0 ? 1.7e308 : -1.7e308));
  const policy = { ...good, weights: { ...good.weights, linear } };
  const run = startRun(two, { controller: 'learned', policy, seed: 1 });
  expect(() => {
    while (run.sim.step < 600) operate(run);
  }).toThrow(
    /^Controller "learned" at intersection "main" at \d+ s failed: Error: The policy gives phase \d the score NaN/,
  );
});
