import * as z from 'zod';
import { demandFields } from './schemaDemand.ts';
import { networkFields } from './schemaNetwork.ts';
import { detectorFields, signalDefaults } from './schemaSignals.ts';
import { vehicleFields } from './schemaVehicles.ts';

/**
 * A scenario file: what an author writes, in the author's units and names.
 *
 * Units are the suffix of a key: `S` seconds, `M` metres, `Kmh` km/h, `Mps2` m/s², `Vph` vehicles per
 * hour. Nothing has a default in here: a default is filled in by `layOut`, so that a scenario can be
 * written out again as it was read.
 */
export const scenarioSchema = z
  .strictObject({
    $schema: z.string().max(1000).optional().describe('Where editors find the JSON Schema of this file.'),
    name: z.string().min(1).max(200).describe('What the study is called in reports.'),
    description: z.string().max(10_000).optional().describe('What the study is about, in a few sentences.'),
    stepS: z
      .number()
      .min(0.1)
      .max(1)
      .optional()
      .describe('Length of one simulation step, s. 1 unless given; green times are multiples of it.'),
    durationS: z
      .number()
      .min(1)
      .max(1_000_000)
      .optional()
      .describe('How long a run lasts, s. One hour (3600) unless given.'),
    ...networkFields,
    signals: signalDefaults.optional(),
    detectors: detectorFields.optional(),
    ...vehicleFields,
    ...demandFields,
    controllers: z
      .record(
        z.string().min(1).max(64),
        z.record(z.string().min(1).max(64), z.union([z.number(), z.string()])),
      )
      .optional()
      .describe('Settings of controllers, by the controller’s name; the same as --set on the command line.'),
  })
  .describe('A Greenwave scenario: a road network, its signals and its traffic demand.');

/** A scenario as it was written, known to have the right shape. See `scenarioSchema`. */
export type Scenario = z.infer<typeof scenarioSchema>;

/** The JSON Schema of a scenario file (draft 2020-12), by which editors complete and check it. */
export function scenarioJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(scenarioSchema, { target: 'draft-2020-12' });
}
