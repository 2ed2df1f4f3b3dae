import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { goldenRows, hasDataset, referenceResult } from '../datasets.ts';
import { csvRows, emptyFolder, greenwave } from './greenwave.ts';

/** A published network from the command line: the reference's results without a flag but the controller. */

test.skipIf(!hasDataset('jinan1'))('jinan1 under max-pressure is the reference, trip by trip', () => {
  const config = fileURLToPath(new URL('../../../shared/datasets/jinan1/config.json', import.meta.url));
  const out = join(emptyFolder(), 'jinan1');
  const { code, stdout, stderr } = greenwave([
    'run',
    config,
    '--controller',
    'max-pressure',
    '--out',
    out,
    '--json',
  ]);
  expect(code).toBe(0);
  expect(stderr).toContain('protocol literature-15 is run');
  const record = JSON.parse(stdout);
  const reference = referenceResult('jinan1', 'MP15');
  expect(record).toMatchObject({ scenario: 'jinan1', protocol: 'literature-15', decisionS: 15, steps: 3600 });
  expect(record.averageTravelTimeS).toBeCloseTo(reference.engineAverageTravelTimeS, 2);
  expect(record.averageApproachTimeS).toBeCloseTo(reference.paperAverageTravelTimeS, 1);
  expect(record.vehicles.finished).toBe(reference.finished);

  const trips = csvRows(join(out, 'trips.csv')).map((row) => [
    row.vehicle,
    row.createdS,
    row.enteredS,
    row.finishedS,
  ]);
  const golden = goldenRows('jinan1_mp15_veh').map((row) => [
    row.vehicle,
    row.spawn_s,
    row.lane_entry_s,
    row.finish_s,
  ]);
  expect(trips.sort()).toEqual(golden.sort());

  // A change is shown for 5 s of every 15 s decision, and nothing but greens and changes.
  const intervals = csvRows(join(out, 'signals.csv'));
  expect(new Set(intervals.map((row) => row.interval))).toEqual(new Set(['green', 'yellow change']));
  const changes = intervals.filter((row) => row.interval === 'yellow change' && Number(row.startS) < 3595);
  expect(new Set(changes.map((row) => row.durationS))).toEqual(new Set(['5']));
});
