import type { Judgement } from '../learning/evaluation.ts';
import type { TrainingState } from '../learning/trainer.ts';
import { counted, percent, signed } from '../report/figures.ts';
import { aligned, type Row } from './runTable.ts';

/** What a training came to, as it is printed. */
export function trainTable({ generation, episodes, champion, history }: TrainingState, out: string): string {
  const start = history[0]!.judgement!;
  const best = champion.judgement;
  const rows: Row[] = [
    ['on traffic not trained on', 'start', 'best'],
    [
      'average delay against max-pressure',
      percent(start.againstMaxPressure),
      percent(best.againstMaxPressure),
    ],
    ['score', signed(start.score, 3), signed(best.score, 3)],
    ...best.groups.map(({ group, score }): Row => {
      return [`  ${group}`, signed(groupScore(start, group), 3), signed(score, 3)];
    }),
  ];
  return `${counted(generation, 'generation')}, ${counted(episodes, 'episode')}; the best is ${bestText(champion.generation)}.

${aligned(rows, 2)}
${SCORE}

Written to ${out}: policy.json, history.csv, files for TensorBoard.
Go on: greenwave train --resume ${out} --generations ${2 * generation}
`;
}

const SCORE =
  'Score: log ratio to actuated, on the literature’s files to advanced-max-pressure; less is better, −0.1 is about a tenth.';

function bestText(generation: number): string {
  return generation === 0 ? 'the start, which none has surpassed' : `of generation ${generation}`;
}

function groupScore({ groups }: Judgement, name: string): number | null {
  return groups.find(({ group }) => group === name)?.score ?? null;
}
