import { useSignal } from '@preact/signals';
import type { Counterfactuals } from '../../server/protocol/question.ts';
import { ask } from '../connection.ts';
import { clock, fixed, signed } from '../format.ts';
import { session, step, stepS } from '../state.ts';

type Asked =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'asking' }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'answered'; readonly answer: Counterfactuals; readonly revision: number };

/** Re-runs the next minute once for each phase, when asked to. */
export function CounterfactualPart(props: { readonly intersection: number; readonly side: number }) {
  const asked = useSignal<Asked>({ kind: 'nothing' });
  const put = async () => {
    asked.value = { kind: 'asking' };
    const revision = session.value?.revision ?? 0;
    const reply = await ask({ kind: 'counterfactual', ...props });
    asked.value = reply.ok
      ? { kind: 'answered', answer: reply.answer, revision }
      : { kind: 'refused', message: reply.message };
  };
  const { value: now } = asked;
  const isOld = now.kind === 'answered' && now.revision !== session.value?.revision;
  return (
    <section class="counterfactual">
      <button
        type="button"
        class="button"
        title="Runs the same minute again with each phase asked for now"
        disabled={now.kind === 'asking'}
        onClick={put}
      >
        {now.kind === 'asking' ? 'Running the next minute …' : 'What if it chose another phase?'}
      </button>
      {now.kind === 'refused' && (
        <p class="quiet" role="status">
          {now.message}
        </p>
      )}
      {now.kind === 'answered' && !isOld && <Answer answer={now.answer} />}
    </section>
  );
}

function Answer({ answer: { step: at, horizonS, phases } }: { readonly answer: Counterfactuals }) {
  const chosen = phases.find(({ isChosen }) => isChosen);
  const network = chosen?.networkDelayS ?? 0;
  const isPast = at !== step.value;
  return (
    <table class="figures">
      <caption>
        Delay of all vehicles in the {fixed(horizonS, 0)} s after {clock(at * stepS.value)}
        {isPast && ', which is another moment than the one shown'}
      </caption>
      <thead>
        <tr>
          <th scope="col">Phase asked for</th>
          <th scope="col">here, veh·s</th>
          <th scope="col">everywhere, veh·s</th>
          <th scope="col">against chosen</th>
        </tr>
      </thead>
      <tbody>
        {phases.map(({ phase, isChosen, networkDelayS, intersectionDelayS }) => (
          <tr key={phase} class={isChosen ? 'chosen' : ''}>
            <th scope="row">
              {phase}
              {isChosen && <span class="tag">chosen</span>}
            </th>
            <td>{fixed(intersectionDelayS, 0)}</td>
            <td>{fixed(networkDelayS, 0)}</td>
            <td>{isChosen ? '' : difference(networkDelayS - network)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function difference(byS: number): string {
  const rounded = Math.round(byS);
  if (rounded === 0) return 'same';
  return `${signed(rounded, 0)} ${rounded > 0 ? 'worse' : 'better'}`;
}
