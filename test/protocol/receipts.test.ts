import { expect, test } from 'vitest';
import { Receipts } from '../../server/protocol/receipts.ts';
import { until } from '../live/opened.ts';

test('every second frame has a receipt, and the last one before a pause', async () => {
  const told: number[] = [];
  const receipts = new Receipts((sequence) => told.push(sequence));
  for (let sequence = 4; sequence <= 9; sequence++) receipts.drawn(sequence);
  expect(told).toEqual([4, 6, 8]);
  await until(() => told.length > 3);
  expect(told).toEqual([4, 6, 8, 9]);
  receipts.drawn(11);
  receipts.drawn(12);
  await new Promise((resolve) => setTimeout(resolve, 400));
  expect(told).toEqual([4, 6, 8, 9, 12]);
});
