import { useSignal } from '@preact/signals';
import { useLayoutEffect } from 'preact/hooks';
import type { Why, WhyPhase } from '../../server/protocol/question.ts';
import { nextDisagreement, usualRival } from '../commands.ts';
import { clock, counted, fixed, signed } from '../format.ts';
import { useAnswer } from '../inquiry.ts';
import { askedWords } from '../ringWords.ts';
import { controllerWord } from '../sides.ts';
import { controllers, intersection, mayControl, rivals, session, side, stepS } from '../state.ts';
import { CounterfactualPart } from './counterfactual.tsx';
import { RingRows } from './ringRows.tsx';

const EVERY_MS = 1_000;

/** Why the chosen signal shows what it shows. */
export function WhyPanel() {
  const { value: at } = intersection;
  const { value: on } = side;
  const name = controllers.value[on];
  const { answer, problem } = useAnswer<'why'>(
    `${session.value?.map}.${on}.${at}.${name}`,
    () => (at === null ? null : { kind: 'why', side: on, intersection: at }),
    EVERY_MS,
  );
  // Before anybody can see the answer: who has read it may press J.
  useLayoutEffect(() => {
    const named = answer?.others.filter(({ phase }) => phase !== null) ?? [];
    rivals.value = named.map(({ controller }) => controller);
  }, [answer]);
  if (at === null) return <p class="quiet">Click a signal on the map to see why it shows what it shows.</p>;
  if (problem !== null) return <p class="quiet">{problem}</p>;
  if (answer === null) return <p class="quiet">Asking …</p>;
  return (
    <div class="why">
      <Sentence text={answer.sentence} />
      <Present why={answer} />
      {answer.phases.length > 0 && <Scores why={answer} />}
      <Masked why={answer} />
      <Others why={answer} />
      <Disagreement />
      <CounterfactualPart key={`${on}.${at}`} intersection={at} side={on} />
    </div>
  );
}

/** What was decided stands out from what speaks for and against it. */
function Sentence({ text }: { readonly text: string }) {
  const [decision = '', ...reasons] = text.split(/(?<=\.) (?=[A-Z])/);
  return (
    <div class="sentences">
      <p class="sentence">{decision}</p>
      {reasons.length > 0 && <p class="quiet">{reasons.join(' ')}</p>}
    </div>
  );
}

function Present({ why: { rings, held, step } }: { readonly why: Why }) {
  const asked = askedWords(rings);
  return (
    <dl class="facts">
      <RingRows rings={rings} />
      {asked !== null && (
        <div>
          <dt>Asks for</dt>
          <dd>{asked}</dd>
        </div>
      )}
      {held !== null && (
        <div>
          <dt>Nothing to decide</dt>
          <dd>{held}</dd>
        </div>
      )}
      <div>
        <dt>At</dt>
        <dd>{clock(step * stepS.value)}</dd>
      </div>
    </dl>
  );
}

function Scores({ why }: { readonly why: Why }) {
  const { step, weighedStep, phases, scoreName, rings, masked, comparedWith } = why;
  const green = rings.flatMap(({ interval, phase }) => (interval === 'green' ? phase : []));
  const most = Math.max(1e-9, ...phases.map(({ score }) => Math.abs(score)));
  const hasNegative = phases.some(({ score }) => score < 0);
  return (
    <section class="scores">
      <h3>
        Scores at {clock(weighedStep * stepS.value)} <span class="unit">{scoreName}</span>
      </h3>
      <ol>
        {phases.map((phase) => (
          <Score
            key={phase.phase}
            {...{ phase, most, hasNegative }}
            isPresent={green.includes(phase.phase)}
            rule={weighedStep < step ? null : (masked.find((one) => one.phase === phase.phase)?.rule ?? null)}
          />
        ))}
      </ol>
      <p class="quiet small">
        A score is what the controller compares phases by; it is not a reason in itself. What is listed under
        a phase adds up to its score.
        {comparedWith !== null && ` The reasons above are differences from ${comparedWith}.`}
      </p>
    </section>
  );
}

interface ScoreProps {
  readonly phase: WhyPhase;
  /** The largest score's size: a full bar. */
  readonly most: number;
  readonly hasNegative: boolean;
  readonly isPresent: boolean;
  /** Why it cannot be chosen, or not freely. */
  readonly rule: string | null;
}

const PARTS_SHOWN = 5;

function Score({ phase: { phase, score, isChosen, parts }, most, hasNegative, isPresent, rule }: ScoreProps) {
  const isOpen = useSignal<boolean | null>(null);
  const opened = isOpen.value ?? isChosen;
  const bySize = [...parts].sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
  const shown = bySize.slice(0, PARTS_SHOWN);
  const rest = bySize.slice(PARTS_SHOWN).reduce((sum, { value }) => sum + value, 0);
  const partMost = Math.max(1e-9, Math.abs(bySize[0]?.value ?? 0));
  return (
    <li class={`score${isChosen ? ' chosen' : ''}${rule === null ? '' : ' masked'}`}>
      <button
        type="button"
        class="score-head"
        aria-expanded={opened}
        onClick={() => {
          isOpen.value = !opened;
        }}
      >
        <span class="score-name">
          {isChosen && <span aria-hidden="true">▶ </span>}
          {phase}
          {isChosen && <span class="tag">asked for</span>}
          {isPresent && <span class="tag">shown</span>}
        </span>
        <Bar share={score / most} hasNegative={hasNegative} />
        <span class="score-value">{fixed(score, 2)}</span>
      </button>
      {rule !== null && (
        <p class="rule-words">
          <span aria-hidden="true">✕ </span>
          not free to be chosen: {rule}
        </p>
      )}
      {opened && parts.length > 0 && (
        <ul class="parts">
          {shown.map(({ what, value }, k) => (
            <li key={`${k} ${what}`}>
              <span>{what}</span>
              <Bar share={value / partMost} hasNegative />
              <span class="score-value">{signed(value, 2)}</span>
            </li>
          ))}
          {bySize.length > PARTS_SHOWN && (
            <li>
              <span>{bySize.length - PARTS_SHOWN} smaller ones together</span>
              <Bar share={Math.max(-1, Math.min(1, rest / partMost))} hasNegative />
              <span class="score-value">{signed(rest, 2)}</span>
            </li>
          )}
        </ul>
      )}
    </li>
  );
}

/** From zero: to the right what speaks for, to the left what speaks against. */
function Bar({ share, hasNegative }: { readonly share: number; readonly hasNegative: boolean }) {
  const width = (Math.abs(share) * 100) / (hasNegative ? 2 : 1);
  const from = hasNegative ? (share < 0 ? 50 - width : 50) : 0;
  return (
    <span class={hasNegative ? 'bar with-zero' : 'bar'} aria-hidden="true">
      <i class={share < 0 ? 'negative' : ''} style={{ left: `${from}%`, width: `${width}%` }} />
    </span>
  );
}

/** Phases that cannot be chosen, unless their scores say so, or the rule is the one by which nothing can be. */
function Masked({ why: { masked, phases, held, step, weighedStep } }: { readonly why: Why }) {
  const isScored = (phase: string) => weighedStep === step && phases.some((one) => one.phase === phase);
  const unscored = masked.filter(({ phase, rule }) => !isScored(phase) && rule !== held);
  if (unscored.length === 0) return null;
  return (
    <section>
      <h3>Not free to be chosen</h3>
      <ul class="plain">
        {unscored.map(({ phase, rule }) => (
          <li key={phase + rule}>
            <span aria-hidden="true">✕ </span>
            <b>{phase}</b>: {rule}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Others({ why: { others, rings, step, weighedStep } }: { readonly why: Why }) {
  if (others.length === 0) return null;
  const own = rings[0]?.chosen ?? null;
  const when =
    weighedStep === step
      ? 'would ask for here'
      : `would have asked for at ${clock(weighedStep * stepS.value)}`;
  const silent = others.filter(({ phase }) => phase === null);
  return (
    <section>
      <h3>
        What others {when}
        {rings.length > 1 && ', in ring 1'}
      </h3>
      <ul class="plain others">
        {others
          .filter(({ phase }) => phase !== null)
          .map(({ controller, phase }) => (
            <li key={controller}>
              <span>{controllerWord(controller)}</span>
              <span>
                {phase}
                {own !== null && phase !== own && <span class="tag">differs</span>}
              </span>
            </li>
          ))}
      </ul>
      {silent.length > 0 && (
        <details>
          <summary class="quiet">{counted(silent.length, 'other')} cannot be asked here</summary>
          <ul class="plain others">
            {silent.map(({ controller, reason }) => (
              <li key={controller}>
                <span>{controllerWord(controller)}</span>
                <span class="quiet">{reason}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

/** Runs on to where two controllers part ways. */
function Disagreement() {
  const rival = useSignal<string | null>(null);
  const { value: names } = rivals;
  const chosen = rival.value !== null && names.includes(rival.value) ? rival.value : usualRival();
  if (chosen === null) return null;
  return (
    <div class="ask-row">
      <button
        type="button"
        class="button"
        title="Runs on to the next moment at which they would choose differently here, and pauses (J)"
        disabled={!mayControl.value}
        onClick={() => nextDisagreement(chosen)}
      >
        Next disagreement
      </button>
      <label>
        <span>with </span>
        <select
          value={chosen}
          onChange={({ currentTarget }) => {
            rival.value = currentTarget.value;
          }}
        >
          {names.map((name) => (
            <option key={name} value={name}>
              {controllerWord(name)}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}
