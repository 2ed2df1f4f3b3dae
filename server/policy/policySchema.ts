import * as z from 'zod';

/** What every policy file begins with, and the version of its form that is read and written here. */
export const FORMAT = 'greenwave-policy';
export const VERSION = 1;

const word = z.string().min(1).max(100);
const text = z.string().max(10_000);
const weight = z.number();

// What a trainer wants to keep beside what is named: plain values, and lists and groups of them, a few deep.
const plain = z.union([text, z.number(), z.boolean(), z.null()]);
const holding = (inner: z.ZodType<Note>) => z.union([plain, z.array(inner), z.record(word, inner)]);
const note: z.ZodType<Note> = holding(holding(holding(holding(plain))));
type Note = string | number | boolean | null | readonly Note[] | { readonly [key: string]: Note };

/** The numbers that a policy was made to see; it fits where they are the same. */
export const featuresSchema = z.strictObject({
  lane: z.array(word).max(200),
  phase: z.array(word).max(200),
  /** By when moving vehicles would reach the stop line, s: the edges of the groups that they are counted in. */
  reachS: z.array(z.number().min(0).max(1000)).max(20),
  /** How much of a lane's traffic a permitted left turn is taken to serve. */
  permittedLeft: z.number().min(0).max(1),
});

const layerSchema = z.strictObject({
  /** A row of inputs per output. */
  weights: z.array(z.array(weight)),
  biases: z.array(weight),
});

/** How a policy came about. More may be noted than is named here. */
const trainingSchema = z
  .object({
    scenarios: z.array(note),
    protocols: z.array(text),
    seeds: z.array(z.number()),
    backend: text,
    device: text,
    episodes: z.number().min(0),
    /** What repeats it, as it is typed. */
    command: text,
  })
  .catchall(note);

/** What a policy came to on traffic that it was not trained on, and what others did there. */
const scoreSchema = z
  .object({
    scenario: text,
    protocol: text,
    measure: word,
    seeds: z.array(z.number()),
    policy: z.number(),
    /** By controller. */
    rivals: z.record(word, z.number()),
  })
  .catchall(note);

const contentShape = {
  name: z.string().min(1).max(80),
  features: featuresSchema,
  /** What it learns of the traffic: where everybody is, or what detectors tell. */
  sight: z.enum(['vehicles', 'detectors']),
  /** How often it wants to be asked where the protocol does not say, s. */
  decisionS: z.number().min(0.01).max(3600),
  /** Whether it chooses among all legal pairs of dual-ring phases, where a protocol does not prescribe the phases. */
  stages: z.boolean(),
  architecture: z.strictObject({
    /** Numbers that it sees of a phase: lane features twice, and phase features. */
    inputs: z.number().int().min(1).max(1000),
    /** Outputs of each layer of the network on top of the weighted sum, the last 1; none: the sum alone. */
    layers: z.array(z.number().int().min(1).max(10_000)).max(20),
  }),
  weights: z.strictObject({ linear: z.array(weight), layers: z.array(layerSchema) }),
  training: trainingSchema,
  scores: z.array(scoreSchema).max(10_000),
};

export const contentSchema = z.strictObject(contentShape);

export const fileSchema = z.strictObject({
  format: z.literal(FORMAT),
  version: z.literal(VERSION),
  ...contentShape,
  /** SHA-256 over all the rest, in hexadecimal digits. */
  hash: z.string().min(64).max(64),
});

/** A trained policy, as plain values that can be sent to a worker. */
export type PolicyContent = z.infer<typeof contentSchema>;
export type Policy = PolicyContent & { readonly hash: string };
export type PolicyFeatures = z.infer<typeof featuresSchema>;
export type Training = z.infer<typeof trainingSchema>;
export type Score = z.infer<typeof scoreSchema>;
