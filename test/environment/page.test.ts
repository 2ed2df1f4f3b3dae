import { expect, test } from 'vitest';
import {
  type Feature,
  INPUT_FEATURES,
  LANE_FEATURES,
  PERMITTED_LEFT,
  PHASE_FEATURES,
} from '../../server/environment/features.ts';
import { INPUT_COUNT } from '../../server/environment/observer.ts';
import { REWARDS } from '../../server/environment/rewards.ts';

/** docs/environment.md is made of the tables in the code; `npx vitest run test/environment/page.test.ts -u` writes it. */

/** As the formatter has it. */
function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = heads.map((head, k) => Math.max(head.length, ...rows.map((row) => row[k].length)));
  const line = (cells: readonly string[], fill = ' ') =>
    `| ${cells.map((cell, k) => cell.padEnd(widths[k], fill)).join(' | ')} |`;
  return [
    line(heads),
    line(
      heads.map(() => ''),
      '-',
    ),
    ...rows.map((row) => line(row)),
  ].join('\n');
}

const features = (some: readonly Feature[]) =>
  table(
    ['name', 'unit', 'most', 'meaning'],
    some.map(({ name, unit, high, meaning }) => [
      `\`${name}\``,
      unit,
      high === undefined ? '' : `${high}`,
      meaning,
    ]),
  );

const page = `# The environment

Made of the tables in \`server/environment\`; do not edit. \`SignalEnvironment\` keeps Gymnasium's contract for many agents,
after PettingZoo's parallel API: its agents are the signals that have a choice of phases. \`reset(seed)\` gives
\`{ observations, infos }\`, \`step(actions)\` also \`rewards\`, \`terminated\` (everybody has arrived and nobody will come) and
\`truncated\` (the time is up), all by agent in the order of \`agents\`. An action is a phase; \`infos[agent].actionMask\`
says which may be chosen now, and \`phase\` which one keeps things as they are. \`checkEnvironment\` checks an
environment, of yours too, and \`VectorEnvironment\` runs many copies in worker threads.

## Observation

Per agent a \`Float64Array\` of phases × ${INPUT_COUNT} numbers, none below 0, row by row in this order: the features
of its lanes as \`red.NAME\`, 0 for the phase that is green; the same as \`green.NAME\`, 0 for the others; the phase's own.

### Of lanes

The sum over the lanes that the phase serves, lanes that go in every phase left out: each counts once with right of
way or for a right turn that yields, and ${PERMITTED_LEFT} times for a left turn that yields.

${features(LANE_FEATURES)}

With \`sight: 'detectors'\` they are estimated from a zone at the stop line and one in advance of it, faults included
(\`LaneEstimate\`); moving vehicles that no detector has seen are the usual flow × time.

### Of the phase

${features(PHASE_FEATURES)}

## Reward

Of one decision interval, by agent; \`queue\` unless another is asked for.

${table(
  ['name', 'unit', 'meaning', 'source'],
  REWARDS.map(({ name, unit, meaning, source }) => [`\`${name}\``, unit, meaning, source]),
)}
`;

test('docs/environment.md is what the tables say', async () => {
  await expect(page).toMatchFileSnapshot('../../docs/environment.md');
});

test('there is a feature for every number that a policy is given', () => {
  expect(INPUT_FEATURES).toHaveLength(INPUT_COUNT);
  expect(new Set(INPUT_FEATURES.map(({ name }) => name)).size).toBe(INPUT_COUNT);
});
