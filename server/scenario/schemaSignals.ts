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
  ...timings,
};

export const signalDefaults = z
  .union([z.literal('none'), z.literal('auto'), z.strictObject(signalFields)])
  .describe(
    'What holds for every signal unless an intersection says otherwise; none: no signals; auto: derived plans.',
  );

export type SignalGiven = z.infer<z.ZodObject<typeof signalFields>>;
export type PhaseGiven = z.infer<typeof phase>;
