import { listed } from '../environment/features.ts';
import { CORRECTION } from '../policy/contributions.ts';
import { type ExplainedPhase, type Explanation, fixed } from '../policy/explanation.ts';
import { visible } from '../protocol/visibleText.ts';
import { tidy } from '../study/flagValue.ts';
import { aligned, type Row } from './runTable.ts';

/** An explanation for people: the sentence, then what each score is made of, then what else there is to tell. */
export function explanationTable(explanation: Explanation): string {
  const { policy, sentence, phases, counterfactuals, others, masked } = explanation;
  const columns = phases.length;
  const table = (title: string, rows: readonly Row[]) => `${title}\n\n${aligned(rows, columns)}`;
  const heading: Row = ['', ...phases.map(({ phase }) => marked(phase, explanation))];
  const hasLayers = phases.some(({ layers }) => layers !== 0);
  const scores: Row = ['score', ...phases.map(({ score }) => fixed(score, 2))];
  return [
    `${visible(sentence)}\n`,
    table('By movement (> the phase that is green, * the one that was chosen):', [
      heading,
      ...movementRows(phases, ({ contribution }) => contribution),
      ['the phase itself', ...phases.map(({ features }) => figure(total(features)))],
      ...(hasLayers ? [layersRow(phases)] : []),
      scores,
    ]),
    table('By feature:', [
      heading,
      ...featureRows(phases),
      ...(hasLayers ? [layersRow(phases)] : []),
      scores,
    ]),
    ...(hasLayers
      ? [
          table(`What ${CORRECTION} would lose if lanes were empty (these do not add up):`, [
            heading,
            ...movementRows(phases, ({ layers }) => layers),
          ]),
        ]
      : []),
    maskText(explanation.held, masked),
    `Others would choose:\n\n${aligned(others.map(({ controller, phase, reason }): Row => [controller, phase ?? '–', reason === undefined ? '' : `(${reason})`]))}`,
    ...(counterfactuals.length > 0 ? [counterfactualText(counterfactuals)] : []),
    `Policy ${visible(policy.name)}, hash ${policy.hash.slice(0, 12)}.\n`,
  ].join('\n');
}

function marked(phase: string, { present, chosen }: Explanation): string {
  return `${phase === present ? '>' : ''}${phase}${phase === chosen ? '*' : ''}`;
}

type MovementPart = ExplainedPhase['movements'][number];

function movementRows(phases: readonly ExplainedPhase[], value: (part: MovementPart) => number): Row[] {
  return phases[0]!.movements.map(({ movements }, g): Row => {
    return [listed(movements), ...phases.map((phase) => figure(value(phase.movements[g]!)))];
  });
}

/** Lane features summed over all movements, then those of the phase itself; features that count nowhere are left out. */
function featureRows(phases: readonly ExplainedPhase[]): Row[] {
  const [first] = phases;
  const ofLanes = (first!.movements[0]?.features ?? []).map(({ feature }, f) => ({
    feature,
    sums: phases.map(({ movements }) =>
      movements.reduce((sum, one) => sum + one.features[f]!.contribution, 0),
    ),
  }));
  const own = first!.features.map(({ feature }, k) => ({
    feature,
    sums: phases.map(({ features }) => features[k]!.contribution),
  }));
  return [...ofLanes, ...own]
    .filter(({ sums }) => sums.some((sum) => sum !== 0))
    .map(({ feature, sums }): Row => [feature, ...sums.map(figure)]);
}

function layersRow(phases: readonly ExplainedPhase[]): Row {
  return [CORRECTION, ...phases.map(({ layers }) => figure(layers))];
}

function total(parts: readonly { readonly contribution: number }[]): number {
  return parts.reduce((sum, { contribution }) => sum + contribution, 0);
}

function figure(value: number): string {
  return value === 0 ? '·' : fixed(value, 2);
}

function maskText(held: Explanation['held'], masked: Explanation['masked']): string {
  const lines = [
    ...held.map(
      ({ rule, fromS, untilS }) =>
        `  ${rule}: nothing could be decided from ${tidy(fromS)} to ${tidy(untilS)} s`,
    ),
    ...masked.map(({ phase, rule }) => `  ${visible(phase)}: ${rule}`),
  ];
  return lines.length === 0
    ? 'No rule kept a phase from being chosen.\n'
    : `Kept by rules:\n\n${lines.join('\n')}\n`;
}

function counterfactualText(counterfactuals: Explanation['counterfactuals']): string {
  const [own] = counterfactuals;
  const rows = counterfactuals.map(({ phase, isChosen, networkDelayS, intersectionDelayS }): Row => {
    const more = networkDelayS - own!.networkDelayS;
    return [
      `${phase}${isChosen ? '*' : ''}`,
      networkDelayS.toFixed(0),
      isChosen ? '' : `${Math.round(more) < 0 ? '−' : '+'}${Math.abs(more).toFixed(0)}`,
      intersectionDelayS.toFixed(0),
    ];
  });
  const heading: Row = ['', 'network', 'more', 'intersection'];
  return `Delay in the 60 s after it, veh·s, had another phase been asked for just then:\n\n${aligned([heading, ...rows], 3)}`;
}
