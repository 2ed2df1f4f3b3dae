import { expect, test } from 'vitest';
import { loadLayout } from '../../server/files/load.ts';
import { movementWords } from '../../server/scenario/movementWords.ts';
import { ready } from '../cli/greenwave.ts';

test('movements named after two roads are called as a scenario calls them', async () => {
  for (const name of ['isolated', 'corridor', 'grid-4x4', 'irregular', 'oversaturated']) {
    const { layout } = await loadLayout(ready(name));
    const ids = layout.intersections.flatMap(({ movements }) => movements.map(({ id }) => id));
    expect(movementWords(layout)).toEqual(ids);
    const intersections = layout.intersections.map((one) => ({
      ...one,
      movements: one.movements.map((movement) => ({
        ...movement,
        id: `${layout.roads[movement.from].id}→${layout.roads[movement.to].id}`,
      })),
    }));
    expect(movementWords({ ...layout, intersections })).toEqual(ids);
  }
});

test('what is alike is told apart by its exit, and twins by a number', async () => {
  const { layout } = await loadLayout(ready('isolated'));
  const [index, one] = [...layout.intersections.entries()].find(([, { movements }]) => movements.length > 0)!;
  const renamed = one.movements.map((movement) => ({ ...movement, id: `a→b`, turn: 'thru' as const }));
  const twin = { ...renamed[0], id: 'a→b#2' };
  const intersections = layout.intersections.with(index, { ...one, movements: [...renamed, twin] });
  const words = movementWords({ ...layout, intersections });
  expect(new Set(words).size).toBe(words.length);
  expect(words[0]).toBe('north-thru to east');
  expect(words.at(-1)).toBe('north-thru to east 2');
});
