import * as z from 'zod';
import { signalFields } from './schemaSignals.ts';

/** Names of intersections, roads, phases and vehicle types. They begin with a letter or digit, so none can be a JavaScript oddity like `__proto__`. */
export const name = z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N}_.-]{0,63}$/u);

export const turn = z.enum(['left', 'thru', 'right']);

const speedLimitKmh = z.number().min(5).max(200).optional();
const laneWidthM = z.number().min(2).max(10).optional();
const spacing = z.number().min(20).max(20_000);
/** As far as those of Web Mercator, of which a warning is given. */
const coordinate = z.number().min(-25_000_000).max(25_000_000);

const lane = z.strictObject({
  turns: z
    .array(turn)
    .min(1)
    .max(3)
    .optional()
    .describe('Turns this lane allows at its end. Derived from the number of lanes unless given.'),
  widthM: laneWidthM.describe('Width, m. The road’s lane width unless given.'),
  speedLimitKmh: speedLimitKmh.describe('Speed limit, km/h. The road’s unless given.'),
});

/** A number of like lanes, or a list of lanes from the centre line outward. */
const lanes = z.union([z.number().int().min(1).max(8), z.array(lane).min(1).max(8)]);

const roadDefaults = {
  laneWidthM: laneWidthM.describe('Width of a lane, m. 3.5 unless given.'),
  speedLimitKmh: speedLimitKmh.describe('Speed limit, km/h. 50 unless given.'),
};

const isolated = z
  .strictObject({
    approaches: z
      .array(z.enum(['north', 'east', 'south', 'west']))
      .min(2)
      .max(4)
      .optional()
      .describe('Sides from which roads meet. All four unless given; three make a T.'),
    approachM: spacing
      .optional()
      .describe('Length of each road from boundary to centre, m. 300 unless given.'),
    lanes: lanes
      .optional()
      .describe('Lanes of each road: a number, or a list from the centre line outward. 3 unless given.'),
    ...roadDefaults,
  })
  .describe('One intersection, called main, with roads to boundaries called north, east, south and west.');

const corridor = z
  .strictObject({
    intersections: z
      .number()
      .int()
      .min(1)
      .max(1000)
      .describe('How many intersections lie on the main street.'),
    spacingM: z
      .union([spacing, z.array(spacing).min(1).max(999)])
      .optional()
      .describe(
        'Distance between intersections, m: one number, or one for each gap from west to east. 300 unless given.',
      ),
    approachM: spacing.optional().describe('Length of the roads to the boundaries, m. 300 unless given.'),
    lanes: lanes.optional().describe('Lanes of the main street in each direction. 2 unless given.'),
    sideLanes: lanes.optional().describe('Lanes of the side streets in each direction. 1 unless given.'),
    sideSpeedLimitKmh: speedLimitKmh.describe(
      'Speed limit of the side streets, km/h. The main street’s unless given.',
    ),
    ...roadDefaults,
  })
  .describe(
    'A main street from west to east with intersections i1, i2, … and side streets to north-1, south-1, north-2, …',
  );

const grid = z
  .strictObject({
    rows: z.number().int().min(1).max(1000).describe('Streets from west to east.'),
    columns: z.number().int().min(1).max(1000).describe('Streets from north to south.'),
    spacingM: spacing.optional().describe('Distance between intersections, m. 300 unless given.'),
    approachM: spacing
      .optional()
      .describe('Length of the roads to the boundaries, m. The spacing unless given.'),
    lanes: lanes.optional().describe('Lanes of each road. 3 unless given.'),
    ...roadDefaults,
  })
  .describe(
    'A grid of intersections r1c1, r1c2, …: row 1 is the northernmost, column 1 the westernmost. Boundaries are north-1 (above column 1), west-1 (left of row 1) and so on.',
  );

const intersection = z.strictObject({
  x: coordinate.optional().describe('Metres east of the origin. Only where the network is not a shorthand.'),
  y: coordinate.optional().describe('Metres north of the origin. Only where the network is not a shorthand.'),
  boundary: z
    .boolean()
    .optional()
    .describe(
      'Whether vehicles enter and leave here. Unless given, true if all its roads lead to one neighbour.',
    ),
  halfWidthM: z
    .number()
    .min(0)
    .max(200)
    .optional()
    .describe('Distance from the centre to the stop lines, m. Derived from lanes and angles unless given.'),
  signal: z
    .enum(['auto', 'none'])
    .optional()
    .describe('none: vehicles yield by right of way. auto: a signal, wherever movements conflict.'),
  ...signalFields,
});

const road = z.strictObject({
  id: name
    .optional()
    .describe('Name of the road; from-to unless given. The way back is called to-from, or id-back.'),
  from: name.describe('Intersection at which the road starts.'),
  to: name.describe('Intersection at which the road ends.'),
  lanes: lanes
    .optional()
    .describe('A number, or a list of lanes from the centre line outward. 1 unless given.'),
  lanesBack: lanes.optional().describe('Lanes in the other direction. As many as `lanes` unless given.'),
  oneWay: z.boolean().optional().describe('true: there is no way back.'),
  via: z
    .array(z.tuple([coordinate, coordinate]))
    .max(1000)
    .optional()
    .describe('Bends between the two ends, each [x, y] in m.'),
  ...roadDefaults,
});

/** The keys of a scenario that make its network: one shorthand, or intersections and roads. */
export const networkFields = {
  isolated: isolated.optional(),
  corridor: corridor.optional(),
  grid: grid.optional(),
  intersections: z
    .record(name, intersection)
    .optional()
    .describe('Intersections by name. Beside a shorthand: what is different at some of its intersections.'),
  roads: z
    .array(road)
    .max(200_000)
    .optional()
    .describe('Roads between intersections. Not beside a shorthand.'),
};

export type LanesGiven = z.infer<typeof lanes>;
export type IntersectionGiven = z.infer<typeof intersection>;
export type RoadGiven = z.infer<typeof road>;
