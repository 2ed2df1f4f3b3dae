import * as z from 'zod';

const seconds = (least: number) => z.number().min(least).max(3600);
const movementName = z.string().min(1).max(200);
const phaseId = z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N}_.-]{0,63}$/u);

const timings = {
  minGreenS: seconds(0).optional().describe('Least green once begun, s. 5 unless given.'),
  maxGreenS: seconds(1).optional().describe('Most green while others wait, s. No limit unless given.'),
  yellowChangeS: seconds(0)
    .optional()
    .describe(
      'Yellow change interval, s. Unless given, from the approach speed: 1 s + v ÷ 6.1 m/s², 3 to 6 s.',
    ),
  redClearanceS: seconds(0)
    .optional()
    .describe('Red clearance interval, s. Unless given, (width + 6.1 m) ÷ approach speed, 1 s at least.'),
};

const pedestrians = z
  .strictObject({
    service: z
      .enum(['push-button', 'recall'])
      .optional()
      .describe(
        'push-button: walk when somebody waits; recall: walk in every cycle. push-button unless given.',
      ),
    flowPph: z
      .number()
      .min(0)
      .max(10_000)
      .optional()
      .describe('People who want to cross each leg, per hour. 60 unless given.'),
    walkS: seconds(0)
      .optional()
      .describe('Walk interval, s. 7 unless given, more where slow walkers need it.'),
    clearanceS: seconds(0)
      .optional()
      .describe('Pedestrian clearance, s. Crossing length ÷ walking speed unless given.'),
    speedMps: z
      .number()
      .min(0.3)
      .max(3)
      .optional()
      .describe('Walking speed for the clearance, m/s. 1.07 (3.5 ft/s) unless given.'),
  })
  .describe('People who cross on foot, over every leg. Nobody does unless given.');

const phase = z.strictObject({
  id: phaseId.optional().describe('Name of the phase; p1, p2, … unless given.'),
  movements: z
    .array(movementName)
    .max(64)
    .optional()
    .describe('Protected movements, each approach-turn: north-thru comes from the north and goes on.'),
  permitted: z
    .array(movementName)
    .max(64)
    .optional()
    .describe('Movements that may go but yield to protected ones.'),
  splitS: seconds(1)
    .optional()
    .describe(
      'Share of the cycle under fixed time, s, change intervals included. Equal shares unless given.',
    ),
  ...timings,
});

/** What a signal may be told, for all intersections or for one. */
export const signalFields = {
  cycleS: seconds(1).optional().describe('Cycle length, s. 30 s for each phase unless given.'),
  offsetS: z
    .number()
    .min(-3600)
    .max(3600)
    .optional()
    .describe('Start of the first phase after time 0, s. 0 unless given.'),
  phases: z
    .array(phase)
    .min(1)
    .max(32)
    .optional()
    .describe('The phases in order. Unless given, a plan is derived from the movements.'),
  pedestrians: pedestrians.optional(),
  ...timings,
};

export const signalDefaults = z
  .union([z.literal('none'), z.literal('auto'), z.strictObject(signalFields)])
  .describe(
    'What holds for every signal unless an intersection says otherwise; none: no signals; auto: derived plans.',
  );

export type SignalGiven = z.infer<z.ZodObject<typeof signalFields>>;
/** Where detectors lie and what is wrong with them. */
export const detectorFields = z
  .strictObject({
    stopLineLengthM: z
      .number()
      .min(1)
      .max(100)
      .optional()
      .describe('Zone at the stop line, m. 12 unless given.'),
    advanceSetbackS: z
      .number()
      .min(0)
      .max(20)
      .optional()
      .describe('Advance detectors: seconds of driving before the stop line. 3 unless given.'),
    advanceLengthM: z
      .number()
      .min(0.5)
      .max(50)
      .optional()
      .describe('Zone of an advance detector, m. 2 unless given.'),
    faults: z
      .array(
        z.strictObject({
          detector: z
            .string()
            .min(1)
            .max(200)
            .describe(
              'ROAD_LANE.stop or ROAD_LANE.advance, lanes counted from 0 at the centre line; * for all.',
            ),
          fault: z.enum(['dropped', 'stuck-on', 'loses-counts']).describe('What is wrong with it.'),
          rate: z
            .number()
            .min(0)
            .max(1)
            .optional()
            .describe('Share of counts that are lost. 0.1 unless given.'),
        }),
      )
      .max(10_000)
      .optional()
      .describe('Detectors that do not work as they should; the last entry that fits one holds.'),
  })
  .describe('How the lanes toward signals are watched.');

export type PedestriansGiven = z.infer<typeof pedestrians>;
export type PhaseGiven = z.infer<typeof phase>;
