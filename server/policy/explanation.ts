import { listed, wordsOf } from '../environment/features.ts';
import { CORRECTION, type ScoreParts } from './contributions.ts';
import { type Aftermath, aftermath, aftermathOf } from './counterfactual.ts';
import type { Decision, Held } from './explain.ts';
import type { OtherChoice } from './otherChoices.ts';
import type { Policy } from './policySchema.ts';

/** What a decision is told with. */
export interface PlaceNames {
  readonly intersection: string;
  /** By movement of the network. */
  readonly movements: readonly string[];
  /** By phase of the network, as it is called at its intersection. */
  readonly phases: readonly string[];
}

interface NamedPart {
  readonly feature: string;
  readonly value: number;
  readonly weight: number;
  readonly contribution: number;
}

/** A phase that could be asked for: its score is the sum of all contributions and of `layers`. */
export interface ExplainedPhase {
  readonly phase: string;
  readonly score: number;
  readonly movements: readonly {
    /** Those whose lanes these are. */
    readonly movements: readonly string[];
    readonly contribution: number;
    /** What the network's output would lose if these lanes were empty. */
    readonly layers: number;
    readonly features: readonly NamedPart[];
  }[];
  /** Of the phase itself. */
  readonly features: readonly NamedPart[];
  readonly layers: number;
}

/** What the next minute would have come to with another phase at this moment. */
export interface Counterfactual {
  readonly phase: string;
  readonly isChosen: boolean;
  /** By how much delay grew, veh·s. */
  readonly networkDelayS: number;
  readonly intersectionDelayS: number;
}

/** Why a policy chose as it did, in plain values with names. */
export interface Explanation {
  readonly policy: { readonly name: string; readonly hash: string };
  readonly intersection: string;
  readonly timeS: number;
  readonly sentence: string;
  readonly present: string;
  readonly chosen: string;
  readonly phases: readonly ExplainedPhase[];
  /** What kept the phase from when the decision was asked for. */
  readonly held: readonly Held[];
  /** Phases that could not be chosen, or not freely, and the rule. */
  readonly masked: readonly { readonly phase: string; readonly rule: string }[];
  readonly others: readonly {
    readonly controller: string;
    readonly phase: string | null;
    readonly reason?: string;
  }[];
  readonly counterfactuals: readonly Counterfactual[];
}

/**
 * Puts a decision into words. With counterfactuals the decision's own run goes on for a minute: it is what they are
 * held against.
 *
 * @param others  what other controllers would choose
 * @param instead phases to be tried in place of the chosen one, as the view counts them
 */
export function explanationOf(
  policy: Policy,
  decision: Decision,
  others: readonly OtherChoice[],
  instead: readonly number[],
  names: PlaceNames,
): Explanation {
  const { seat, scores, present, chosen, held, timeS } = decision;
  const phaseName = (p: number) => names.phases[seat.phases[p]!]!;
  return {
    policy: { name: policy.name, hash: policy.hash },
    intersection: names.intersection,
    timeS,
    sentence: sentenceOf(decision, names),
    present: phaseName(present),
    chosen: phaseName(chosen),
    phases: scores.map((parts, p) => ({
      phase: phaseName(p),
      score: parts.score,
      movements: parts.movements.map(({ movements, contribution, layers, parts: features }) => ({
        movements: movements.map((m) => names.movements[m]!),
        ...{ contribution, layers, features },
      })),
      features: parts.own,
      layers: parts.layers,
    })),
    held,
    masked: masksOf(decision, names),
    others: others.map(({ phase, ...rest }) => ({
      ...rest,
      phase: phase === null ? null : phaseName(phase),
    })),
    counterfactuals: counterfactualsOf(decision, instead, phaseName),
  };
}

/**
 * The chosen phase and others, each with the minute that follows.
 *
 * @throws {Error} when the world that is forced to do what was done anyway ends otherwise: then none can be trusted
 */
function counterfactualsOf(
  { moment, operation, seat, chosen }: Decision,
  instead: readonly number[],
  phaseName: (p: number) => string,
): Counterfactual[] {
  if (instead.length === 0) return [];
  const own = aftermath(operation, seat.view.intersection);
  if (aftermathOf(moment, chosen).fingerprint !== own.fingerprint) {
    throw new Error(
      'The same decision led to another end: a controller does not tell all that it remembers.',
    );
  }
  const told = (phase: number, { networkDelayS, intersectionDelayS }: Aftermath): Counterfactual => ({
    phase: phaseName(phase),
    isChosen: phase === chosen,
    networkDelayS,
    intersectionDelayS,
  });
  const others = instead.filter((phase) => phase !== chosen);
  return [told(chosen, own), ...others.map((phase) => told(phase, aftermathOf(moment, phase)))];
}

/** Phases that the protocol leaves out, and the present one where it has been green for too long. */
function masksOf({ seat, moment, present, maxedOut }: Decision, { phases }: PlaceNames) {
  const { ringPhases } = moment.ruled.network;
  const all = [...ringPhases.items.subarray(ringPhases.starts[seat.ring], ringPhases.starts[seat.ring + 1])];
  const left = all.filter((p) => !seat.phases.includes(p));
  return [
    ...left.map((p) => ({ phase: phases[p]!, rule: 'the protocol’s phases are others' })),
    ...(maxedOut
      ? [
          {
            phase: phases[seat.phases[present]!]!,
            rule: 'maximum green is over: it stays only while nobody waits',
          },
        ]
      : []),
  ];
}

/** What speaks for one phase against another. */
interface Argument {
  readonly what: string;
  readonly by: number;
}

const FOR_MAX = 3;
const AGAINST_MAX = 2;
/** Less than this is not worth a word. */
const SLIGHT = 0.005;

/**
 * A decision in plain words. Its reasons are differences between two phases: what each adds to the one score more than to the
 * other.
 *
 * @param time  when it was, in words
 */
export function sentenceOf(decision: Decision, names: PlaceNames, time = `${decision.timeS} s`): string {
  const { seat, scores, present, chosen } = decision;
  const name = (p: number) => names.phases[seat.phases[p]!]!;
  const stays = chosen === present;
  const does = stays ? `stays with ${name(chosen)}` : `changes from ${name(present)} to ${name(chosen)}`;
  const rival = rivalOf(decision);
  const head = `At ${time} ${names.intersection} ${does}`;
  if (rival === null) return `${head}: it is the only phase.`;
  const [ours, theirs] = [scores[chosen]!, scores[rival]!];
  const against = stays ? `${name(rival)}, the next best` : `${name(rival)}`;
  const list = (all: readonly Argument[]) => all.map(({ what, by }) => `${what} (${signed(by)})`).join(', ');
  const found = argumentsFor(ours, theirs, names).sort((a, b) => b.by - a.by);
  const pro = found.filter(({ by }) => by > SLIGHT).slice(0, FOR_MAX);
  const con = found
    .filter(({ by }) => by < -SLIGHT)
    .slice(-AGAINST_MAX)
    .reverse();
  const reasons = [
    ...(pro.length > 0 ? [`this speaks most for ${name(chosen)}: ${list(pro)}`] : []),
    ...(con.length > 0
      ? [`this ${pro.length > 0 ? 'against it' : `speaks against ${name(chosen)}`}: ${list(con)}`]
      : []),
  ].join('; ');
  return [
    `${head}: it scores ${plain(ours.score)}, against ${plain(theirs.score)} for ${against}.`,
    ...(reasons === '' ? [] : [`Compared with ${name(rival)}, ${reasons}.`]),
  ].join(' ');
}

/** The phase that a choice is held against: of a change the one that is left, else the next best; `null`: there is no other. */
export function rivalOf({ scores, present, chosen }: Decision): number | null {
  if (chosen !== present) return present;
  let best: number | null = null;
  scores.forEach(({ score }, p) => {
    if (p !== chosen && (best === null || score > scores[best]!.score)) best = p;
  });
  return best;
}

/** Every term of one score less the same of the other, in words. */
function argumentsFor(ours: ScoreParts, theirs: ScoreParts, names: PlaceNames): Argument[] {
  return [
    ...ours.movements.flatMap(({ movements, parts }, g) => {
      const where = listed(movements.map((m) => names.movements[m]!));
      return parts.map(({ feature, contribution }, f) => ({
        what: wordsOf(feature, where),
        by: contribution - theirs.movements[g]!.parts[f]!.contribution,
      }));
    }),
    ...ours.own.map(({ feature, contribution }, k) => ({
      what: wordsOf(feature),
      by: contribution - theirs.own[k]!.contribution,
    })),
    { what: CORRECTION, by: ours.layers - theirs.layers },
  ];
}

function plain(value: number): string {
  return fixed(value, 2).replace('-', '−');
}

function signed(value: number): string {
  const text = plain(value);
  return text.startsWith('−') ? text : `+${text}`;
}

/** A number with so many decimals, zero without a sign. */
export function fixed(value: number, digits: number): string {
  const text = value.toFixed(digits);
  return Number(text) === 0 ? text.replace('-', '') : text;
}
