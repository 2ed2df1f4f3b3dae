import * as z from 'zod';
import { name } from './schemaNetwork.ts';
import { shares } from './schemaVehicles.ts';

const flowVph = z.number().min(0).max(1_000_000);
const share = z.number().min(0).max(1);
const timeS = z.number().min(0).max(1_000_000);

const period = z.strictObject({
  fromS: timeS.describe('Start of the period, s.'),
  toS: timeS.describe('End of the period, s.'),
  flowVph: flowVph.describe('Vehicles per hour in the period.'),
});

const ratios = z
  .strictObject({
    left: share.optional().describe('Share that turns left.'),
    thru: share.optional().describe('Share that goes on.'),
    right: share.optional().describe('Share that turns right.'),
  })
  .describe('Turning ratios; they sum to 1. Where a turn is missing the others take its share.');

const origin = z.strictObject({
  flowVph: flowVph.optional().describe('Vehicles per hour, all the time. Either this or a profile.'),
  profile: z.array(period).min(1).max(10_000).optional().describe('Vehicles per hour by time; none outside.'),
  arrivals: z
    .enum(['poisson', 'uniform'])
    .optional()
    .describe('poisson: at random, the default; uniform: evenly spaced.'),
  to: z
    .record(name, share)
    .optional()
    .describe('Destinations with their shares, reached on the fastest route when nothing is in the way.'),
  turns: ratios.optional().describe('Turning ratios at every intersection, instead of destinations.'),
  turnsAt: z
    .record(name, ratios)
    .optional()
    .describe('Beside `turns`: other ratios at one intersection, or on one road toward it.'),
  routes: z
    .array(
      z.strictObject({
        via: z
          .array(name)
          .min(1)
          .max(10_000)
          .describe(
            'Roads or intersections on the way, the last a boundary. Gaps are filled with the fastest route.',
          ),
        share: share.optional().describe('Share of the vehicles. 1 if there is one route.'),
      }),
    )
    .min(1)
    .max(10_000)
    .optional()
    .describe('Fixed routes with their shares, instead of destinations.'),
  vehicles: shares.optional().describe('Vehicle types by share, if they differ from the scenario’s.'),
});

const randomTrips = z
  .strictObject({
    vehicles: z.number().int().min(1).max(2_000_000).describe('How many vehicles start.'),
    durationS: z.number().min(1).max(1_000_000).describe('Span over which their starts are spread, s.'),
    seed: z
      .number()
      .int()
      .min(0)
      .max(4_294_967_295)
      .describe('Names the draw: the same seed gives the same trips.'),
    ends: z
      .enum(['boundary', 'anywhere'])
      .optional()
      .describe(
        'Where trips begin and end: at boundaries (the default), or on any road of a grid between two intersections.',
      ),
  })
  .describe('Random trips on shortest routes.');

/** The keys of a scenario that say who wants to go where. */
export const demandFields = {
  demand: z
    .record(name, origin)
    .optional()
    .describe('Demand by the boundary (or the road from a boundary) where vehicles enter.'),
  randomTrips: randomTrips.optional(),
};

export type OriginGiven = z.infer<typeof origin>;
export type RatiosGiven = z.infer<typeof ratios>;
export type RandomTripsGiven = z.infer<typeof randomTrips>;
