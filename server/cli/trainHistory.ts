import type { HistoryRow } from '../learning/trainer.ts';
import { csvLine } from '../protocol/csv.ts';

/** history.csv: a row for each generation. No time is in it, so that the same training gives the same bytes. */
export function historyText(history: readonly HistoryRow[], facts: readonly string[]): string {
  const groups = groupsOf(history);
  const heading = csvLine(
    ...['generation', 'stage', 'episodes', 'training_score', 'validation_score'],
    ...['best_validation_score', 'delay_against_max_pressure'],
    ...groups.map((group) => `validation_score ${group}`),
    ...facts,
  );
  const rows = history.map(
    ({ generation, stage, episodes, trainingScore, judgement, bestScore, facts: own }) =>
      csvLine(
        ...[generation, stage, episodes, cell(trainingScore), cell(judgement?.score), cell(bestScore)],
        cell(judgement?.againstMaxPressure),
        ...groups.map((group) => cell(judgement?.groups.find((one) => one.group === group)?.score)),
        ...facts.map((name) => cell(own[name])),
      ),
  );
  return heading + rows.join('');
}

/** The same for TensorBoard, by tag. */
export function scalarsOf(row: HistoryRow): Record<string, number> {
  const { stage, episodes, trainingScore, judgement, bestScore, facts } = row;
  return {
    episodes,
    ...(trainingScore === null ? {} : { 'score/training': trainingScore }),
    ...(judgement === null
      ? {}
      : {
          'score/validation': judgement.score,
          'delay against max-pressure': judgement.againstMaxPressure,
          ...Object.fromEntries(judgement.groups.map(({ group, score }) => [`validation/${group}`, score])),
        }),
    'score/best validation': bestScore,
    ...Object.fromEntries(Object.entries(facts).map(([name, value]) => [`${stage}/${name}`, value])),
  };
}

function groupsOf(history: readonly HistoryRow[]): string[] {
  return [...new Set(history.flatMap(({ judgement }) => judgement?.groups.map(({ group }) => group) ?? []))];
}

/** As many digits as tell two policies apart; empty for what is not there. */
function cell(value: number | null | undefined): number | '' {
  return value === null || value === undefined ? '' : Number(value.toPrecision(10));
}
