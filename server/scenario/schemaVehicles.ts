import * as z from 'zod';

const typeName = z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N}_.-]{0,63}$/u);

/** Vehicle types by share; the shares sum to 1. */
export const shares = z.record(typeName, z.number().min(0).max(1));

const acceleration = z.number().min(0.1).max(20).optional();

const vehicleType = z.strictObject({
  basedOn: typeName.optional().describe('Type whose parameters hold unless given here. car unless given.'),
  lengthM: z.number().min(1).max(40).optional().describe('Length, m.'),
  widthM: z.number().min(0.5).max(4).optional().describe('Width, m.'),
  maxSpeedKmh: z
    .number()
    .min(5)
    .max(300)
    .optional()
    .describe('Highest speed the vehicle or its driver wants, km/h.'),
  maxAccelerationMps2: acceleration.describe('Greatest acceleration, m/s².'),
  maxDecelerationMps2: acceleration.describe('Emergency braking, m/s².'),
  usualAccelerationMps2: acceleration.describe('Comfortable acceleration, m/s².'),
  usualDecelerationMps2: acceleration.describe('Comfortable braking, m/s².'),
  minGapM: z.number().min(0.1).max(20).optional().describe('Gap bumper to bumper at standstill, m.'),
  headwayS: z.number().min(0.1).max(10).optional().describe('Time kept to the vehicle ahead, s.'),
  turnSpeedKmh: z.number().min(5).max(100).optional().describe('Speed before a left or right turn, km/h.'),
  yieldDistanceM: z
    .number()
    .min(0)
    .max(50)
    .optional()
    .describe('How far before a conflict point a yielding driver stops, m.'),
  permittedTurnSpeedKmh: z
    .number()
    .min(5)
    .max(100)
    .optional()
    .describe('Speed before a turn that is permitted across or into a protected movement, km/h.'),
  criticalGapS: z
    .number()
    .min(0)
    .max(20)
    .optional()
    .describe(
      'A permitted movement waits while a protected vehicle is nearer to the conflict point than this, s. Mean over drivers.',
    ),
  carFollowing: z
    .enum(['reference', 'idm'])
    .optional()
    .describe('Model of following: reference (CityFlow’s) or idm (Intelligent Driver Model).'),
});

/** The keys of a scenario that say what drives. */
export const vehicleFields = {
  vehicles: shares
    .optional()
    .describe('Vehicle types by share, for example car: 0.9, truck: 0.1. Cars only unless given.'),
  keepClear: z
    .boolean()
    .optional()
    .describe(
      'Whether drivers wait at the stop line until there is room beyond the intersection. true unless given; false: they drive in and may block it.',
    ),
  vehicleTypes: z
    .record(typeName, vehicleType)
    .optional()
    .describe('Own vehicle types, or other parameters for car, truck, bus and motorcycle.'),
};

export type VehicleTypeGiven = z.infer<typeof vehicleType>;
