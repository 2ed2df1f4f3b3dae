/** What people are told about a file with mistakes: all of them, where, what was found, what is allowed. */
import { expect, test } from 'vitest';
import { parseScenario } from '../../server/scenario/parse.ts';
import { formatProblems } from '../../server/scenario/problem.ts';

/** The whole text a person sees; empty if there is nothing to tell. */
function told(text: string, fileName = 'study.yaml'): string {
  const parsed = parseScenario(text, fileName);
  if (!parsed.ok) return formatProblems(fileName, parsed.problems);
  return parsed.warnings.length > 0 ? formatProblems(fileName, parsed.warnings, 'warning') : '';
}

test('all problems of a file are told at once', () => {
  const text = `
name: Faults
stepS: 0.5
durationS: an hour
colour: red
isolated: { lanes: 2, speedLimitKmh: 50 }
signals: { cycleS: 90, yelowChangeS: 3 }
intersections:
  main:
    phases:
      - movements: [north-thru, south-thru, east-thru]
        permitted: [north-left, south-left, north-right, south-right]
        splitS: 45
      - movements: [east-thru, west-thru, 7]
        yellowChangeS: 0.4
        splitS: 5
      - movements: [true, north-trhu]
        minGreenS: -3
        splitS: 30
  mian: { offsetS: .nan }
vehicles: { car: 0.9, lorry: 0.2 }
vehicleTypes: { van: { basedOn: cart, lengthM: 1e9 } }
demand:
  west: { flowVph: 800, to: { east: 0.5, nroth: 0.2 } }
  east:
    profile: [{ fromS: 0, toS: 100, flowVph: 5 }, { fromS: 50, toS: 40, flowVph: 5 }]
    turns: { left: 1 }
    routes: [{ via: [nowhere] }]
  south: { flowVph: .inf }
  moon: { flowVph: 3, turns: { thru: 1 } }
`;
  expect(told(text)).toMatchInlineSnapshot(`
    "study.yaml has 25 problems:
      durationS: "an hour" is not a number.
        Use a number, 1 to 1,000,000 s.
      intersections.main.phases[1].movements[2]: 7 is not a text.
        Use a text of 1 to 200 characters.
      intersections.main.phases[2].movements[0]: true is not a text.
        Use a text of 1 to 200 characters.
      intersections.main.phases[2].minGreenS: -3 s is less than the least allowed (0 s).
        Use a number, 0 to 3,600 s.
      intersections.mian.offsetS: NaN is not a number.
        Use a number, -3,600 to 3,600 s.
      signals.yelowChangeS: "yelowChangeS" is not a key here.
        Did you mean "yellowChangeS"?
      vehicleTypes.van.lengthM: 1,000,000,000 m is more than the most allowed (40 m).
        Use a number, 1 to 40 m.
      demand.south.flowVph: Infinity is not a number.
        Use a number, 0 to 1,000,000 veh/h.
      colour: "colour" is not a key here.
        Known: $schema, name, description, stepS, durationS, isolated, corridor, grid, intersections, roads, signals, detectors, vehicles, keepClear, vehicleTypes, demand, randomTrips, controllers.
      vehicleTypes.van.basedOn: "cart" is not a vehicle type.
        Did you mean "car"?
      intersections.mian: "mian" is not an intersection of this network.
        Did you mean "main"?
      intersections.main.phases[0]: "north-thru" and "east-thru" conflict, and both are protected.
        Make one permitted, or move it to another phase.
      intersections.main.phases[0]: "south-thru" and "east-thru" conflict, and both are protected.
        Make one permitted, or move it to another phase.
      intersections.main.phases[2].movements[1]: "north-trhu" is not a movement of this intersection.
        Did you mean "north-thru"?
      intersections.main.phases[1].yellowChangeS: 0.4 s is shorter than one step (0.5 s).
        Use at least 0.5, or lower stepS.
      signals.cycleS: a cycle of 90 s is not the sum of the splits (80 s).
        Change one of them, or leave the cycle out.
      intersections.main.phases[1].splitS: a split of 5 s for phase "p2" is shorter than minimum green, yellow change and red clearance (5 + 0.5 + 2.5 s).
        Use at least 8 s, or shorten these.
      vehicles: the shares sum to 1.1.
        Make them sum to 1.
      vehicles.lorry: "lorry" is not a vehicle type.
        Known: car, truck, bus, motorcycle, van.
      demand.west.to: the shares sum to 0.7.
        Make them sum to 1.
      demand.west.to.nroth: "nroth" is not a boundary.
        Did you mean "north"?
      demand.east.profile[1].toS: 40 s is not after the start of the period (50 s).
      demand.east.profile[1].fromS: 50 s lies within another period (0 to 100 s).
        Periods may touch but not overlap.
      demand.east: the destinations are given 2 times: turns, routes.
        Keep one of them.
      demand.moon: "moon" is not a boundary.
        Known: north, east, south, west."
  `);
});

test('a network that does not hold together', () => {
  const text = `
name: Faults
intersections:
  a: { x: 0, y: 0 }
  b: { x: 0, y: 0 }
  c: { x: 100, y: 0 }
  lost: { x: 5 }
roads:
  - { from: a, to: c }
  - { from: a, to: cc }
  - { from: a, to: a }
  - { from: c, to: a }
  - { from: b, to: c, oneWay: true, lanesBack: 2 }
`;
  expect(told(text)).toMatchInlineSnapshot(`
    "study.yaml has 8 problems:
      intersections.lost.y: is missing.
        Give metres.
      roads[1].to: "cc" is not an intersection.
        Did you mean "c"?
      roads[2].to: the road ends where it starts, at "a".
        Join two intersections.
      roads[4].lanesBack: a one-way road has no lanes back.
        Leave out oneWay or lanesBack.
      roads[3]: a road named "c-a" exists already.
        Give this one an id of its own, or make it oneWay.
      roads[3]: a road named "a-c" exists already.
        Give this one an id of its own, or make it oneWay.
      intersections.lost: no road leads to or from "lost".
        Add a road, or take it away.
      intersections.b: it lies at the same place as "a".
        Move one of them."
  `);
});

test('routes that do not exist and turns that no lane allows', () => {
  const text = `
name: Faults
intersections:
  a: { x: -300, y: 0 }
  m: { x: 0, y: 0, phases: [{ movements: [west-thru] }] }
  b: { x: 300, y: 0 }
  c: { x: 0, y: 300 }
roads:
  - { from: a, to: m, lanes: [{ turns: [thru] }] }
  - { from: m, to: b }
  - { from: c, to: m, lanes: [{ turns: [thru, left] }] }
demand:
  a: { flowVph: 300, to: { c: 0.5, b: 0.5 } }
  b: { flowVph: 3, routes: [{ via: [m, c] }, { via: [a-m], share: 0.5 }] }
  m: { flowVph: 3, to: { a: 1 } }
`;
  expect(told(text)).toMatchInlineSnapshot(`
    "study.yaml has 8 problems:
      roads[2].lanes[0].turns[0]: nothing lies to the front of road "c-m" at "m".
        Turns there: "right", "left".
      intersections.m.phases: movement "north-left" is green in no phase.
        Add it to a phase, or take the turn off the lanes of its approach.
      intersections.m.phases: movement "east-thru" is green in no phase.
        Add it to a phase, or take the turn off the lanes of its approach.
      intersections.m.phases: movement "east-right" is green in no phase.
        Add it to a phase, or take the turn off the lanes of its approach.
      demand.a.to.c: no route leads from "a" to "c".
        Check the roads’ directions and the turns that their lanes allow.
      demand.b.routes[0].share: is missing.
        Give each of several routes its share.
      demand.b.routes[1].via[0]: no route leads from "b" to "a-m".
        Check the roads’ directions and the turns that their lanes allow.
      demand.m: "m" is not a boundary; vehicles enter at boundaries only."
  `);
});

test('signals whose times do not fit', () => {
  const text = `
name: Faults
isolated: { lanes: 1 }
signals:
  cycleS: 60.5
  maxGreenS: 4
  phases:
    - id: both
      movements: [north-thru, south-thru]
      permitted: [north-left, south-left, north-right, south-right, north-thru]
      splitS: 20
    - id: both
      movements: [east-thru, west-thru]
      permitted: [east-left, west-left, east-right]
      splitS: 12.5
    - {}
`;
  expect(told(text)).toMatchInlineSnapshot(`
    "study.yaml has 10 problems:
      signals.phases[0].permitted[4]: "north-thru" is in this phase twice.
        Name it once.
      signals.phases[1].id: "both" is the name of an earlier phase.
      signals.phases[2]: no movement goes in this phase.
        Movements: "north-left", "north-thru", "north-right", "east-left", "east-thru", "east-right", "south-left", "south-thru", "south-right", "west-left", "west-thru", "west-right".
      signals.phases: movement "west-right" is green in no phase.
        Add it to a phase, or take the turn off the lanes of its approach.
      signals.maxGreenS: 4 s is shorter than minimum green (5 s).
        Raise it, or lower minGreenS.
      signals.phases[1].splitS: 12.5 s is not a whole number of steps (1 s).
      signals.cycleS: 60.5 s is not a whole number of steps (1 s).
      signals.phases[0].splitS: a split of 20 s for phase "both" is longer than maximum green, yellow change and red clearance (4 + 4 + 2 s).
        Shorten the split, or raise maxGreenS.
      signals.phases[1].splitS: a split of 12.5 s for phase "both" is longer than maximum green, yellow change and red clearance (4 + 4 + 2 s).
        Shorten the split, or raise maxGreenS.
      signals.cycleS: a split of 28 s for phase "p3" is longer than maximum green, yellow change and red clearance (4 + 3 + 1 s).
        Shorten the split, or raise maxGreenS."
  `);
});

test('wrong kinds of value', () => {
  const text = `
name: ''
grid: { rows: 2.5, columns: 0, lanes: [{ turns: [lft], width: 3 }], speedLimitKmh: '50' }
signals: maybe
demand: { west 1: { flowVph: 1 } }
randomTrips: []
`;
  expect(told(text)).toMatchInlineSnapshot(`
    "study.yaml has 9 problems:
      name: the text has 0 characters.
        Use a text of 1 to 200 characters.
      grid.rows: 2.5 is not a whole number.
        Use a whole number, 1 to 1,000.
      grid.columns: 0 is less than the least allowed (1).
        Use a whole number, 1 to 1,000.
      grid.lanes[0].turns[0]: "lft" is not allowed.
        Did you mean "left"?
      grid.lanes[0].width: "width" is not a key here.
        Did you mean "widthM"?
      grid.speedLimitKmh: "50" is not a number.
        Use a number, 5 to 200 km/h.
      signals: "maybe" is not allowed.
        Use none, or auto, or keys among cycleS, offsetS, phases, pedestrians, minGreenS, maxGreenS, yellowChangeS, redClearanceS.
      demand["west 1"]: "west 1" cannot be a name.
        Use up to 64 letters, digits, "_", "-" and ".", and begin with a letter or digit.
      randomTrips: an empty list is not a group of keys.
        Use keys among vehicles, durationS, seed, ends."
  `);
});

test('roads too short for their intersections', () => {
  expect(told('{ name: short, grid: { rows: 1, columns: 2, spacingM: 30 } }')).toMatchInlineSnapshot(`
    "study.yaml has 1 problem:
      grid: road "r1c1-r1c2" is 30 m from centre to centre, too short for the half-widths at its ends (14.5 m and 14.5 m) and a lane of 5 m.
        Move the intersections apart, or give a smaller halfWidthM."
  `);
});

test('an empty network, an empty file, a scalar, a list', () => {
  expect(told('name: nothing')).toMatchInlineSnapshot(`
    "study.yaml has 1 problem:
      There is no network.
        Add isolated, corridor or grid, or both intersections and roads."
  `);
  expect(told('')).toMatchInlineSnapshot(`
    "study.yaml has 1 problem:
      The file is empty."
  `);
  expect(told('42')).toMatchInlineSnapshot(`
    "study.yaml has 1 problem:
      42 is not a group of keys.
        Use keys among name, description, stepS, durationS, isolated, corridor, grid, intersections, roads, signals, detectors, vehicles, keepClear, vehicleTypes, demand, randomTrips, controllers."
  `);
});

test('texts that are not YAML or JSON say where', () => {
  expect(told('name: a\ngrid:\n\trows: 3')).toMatchInlineSnapshot(`
    "study.yaml has 1 problem:
      line 3, column 1: this cannot be read as YAML: tabs are not allowed as indentation."
  `);
  expect(told('name: "\\]"')).toMatchInlineSnapshot(`
    "study.yaml has 1 problem:
      line 1, column 8: this cannot be read as YAML: wrong escape sequence \\]."
  `);
  expect(told('{"name": "x", "grid": {"rows": 3, "col', 'cut.json')).toMatchInlineSnapshot(`
    "cut.json has 1 problem:
      line 1, column 35: the file ends in the middle of the text in quotes that begins here.
        Check that the file is whole: download or save it again."
  `);
  expect(told('{"name": "x",\n "grid": {"rows": 3 "columns": 2}}', 'comma.json')).toMatchInlineSnapshot(`
    "comma.json has 1 problem:
      line 2, column 21: found a double quote, expected "," or "}".
        Put a comma between entries, or close the bracket."
  `);
  expect(told('name: a\nname: b\nisolated: {}')).toMatchInlineSnapshot(`
    "study.yaml has 1 problem:
      line 2, column 1: the key "name" is given twice.
        Keep one of them."
  `);
  expect(told('{"name":"a","name":"b","isolated":{}}', 'twice.json')).toMatchInlineSnapshot(`
    "twice.json has 1 problem:
      line 1, column 13: the key "name" is given twice.
        Keep one of them."
  `);
  expect(told('name: a\n---\nname: b')).toMatchInlineSnapshot(`
    "study.yaml has 1 problem:
      The file holds 2 documents, separated by "---".
        Keep one."
  `);
});

test('circles, bombs and depths are told, not followed', () => {
  const bomb = [`a: &a [${'x, '.repeat(10)}x]`];
  for (const [from, to] of ['ab', 'bc', 'cd', 'de', 'ef', 'fg', 'gh']) {
    bomb.push(`${to}: &${to} [${`*${from}, `.repeat(10)}*${from}]`);
  }
  expect(told(bomb.join('\n'))).toMatchInlineSnapshot(`
    "study.yaml has 1 problem:
      The file has more than 1,000,000 values, aliases expanded."
  `);
  expect(told('name: &n { a: *n }')).toMatchInlineSnapshot(`
    "study.yaml has 1 problem:
      line 1, column 15: the alias "*n" lies within what it stands for.
        Write the value out."
  `);
  expect(told('['.repeat(50_000))).toMatchInlineSnapshot(`
    "study.yaml has 1 problem:
      line 1, column 62: lists and keys are nested more than 60 deep."
  `);
  expect(told('- '.repeat(10_000))).toMatchInlineSnapshot(`
    "study.yaml has 1 problem:
      line 1, column 123: lists and keys are nested more than 60 deep."
  `);
  const circle = 'vehicleTypes: { a: { basedOn: b }, b: { basedOn: a }, c: { basedOn: c } }';
  expect(told(`name: x\nisolated: {}\n${circle}`)).toMatchInlineSnapshot(`
    "study.yaml has 2 problems:
      vehicleTypes.a.basedOn: "a" is based on itself by way of "b".
        Break the circle.
      vehicleTypes.c.basedOn: "c" is based on itself.
        Name another vehicle type."
  `);
});

test('a grid that is too large is refused before it is built', () => {
  expect(told('{ name: large, grid: { rows: 1000, columns: 1000 } }')).toMatchInlineSnapshot(`
    "study.yaml has 1 problem:
      grid: 1000 × 1000 intersections are more than 50000.
        Use fewer rows or columns."
  `);
  expect(told('{ name: large, grid: { rows: 60, columns: 60, lanes: 8 } }')).toMatchInlineSnapshot(`
    "study.yaml has 1 problem:
      The intersections have more than 600,000 lane-to-lane paths.
        Use fewer intersections or fewer lanes."
  `);
});

test('what is wrong at every signal of a grid is told once', () => {
  const parsed = parseScenario(
    '{ name: grid, grid: { rows: 9, columns: 9 }, signals: { yellowChangeS: 0.2 } }',
    'grid.yaml',
  );
  expect(parsed.ok ? [] : parsed.problems).toHaveLength(1);
});

test('names that JavaScript knows are only names', () => {
  const text = `
__proto__: { x: 1 }
name: x
grid: { rows: 1, columns: 1 }
intersections: { constructor: { signal: none } }
demand: { toString: { flowVph: 3, to: { hasOwnProperty: 1 } } }
`;
  expect(told(text)).toMatchInlineSnapshot(`
    "study.yaml has 3 problems:
      __proto__: "__proto__" is not a key here.
        Known: $schema, name, description, stepS, durationS, isolated, corridor, grid, intersections, roads, signals, detectors, vehicles, keepClear, vehicleTypes, demand, randomTrips, controllers.
      intersections.constructor: "constructor" is not an intersection of this network.
        Known: r1c1, north-1, south-1, west-1, east-1.
      demand.toString: "toString" is not a boundary.
        Known: north-1, south-1, west-1, east-1."
  `);
});

test('aliases and merge keys save typing', () => {
  const text = `
name: x
isolated: { lanes: 2 }
demand:
  west: &usual { flowVph: 100, turns: { thru: 1 } }
  east: { <<: *usual, flowVph: 200 }
`;
  const parsed = parseScenario(text, 'x.yaml');
  expect(parsed.ok && parsed.layout.origins.map(({ profile }) => profile[0].flowVph)).toEqual([100, 200]);
});

test('a scenario without demand is allowed', () => {
  expect(told('{ name: x, isolated: {} }')).toMatchInlineSnapshot(`""`);
});
