import { expect, test } from 'vitest';
import { readCityFlow } from '../../server/formats/cityflow/read.ts';
import { CAR, CONFIG, cityFlowFiles, gridRoadnet, trip } from '../formats/gridCity.ts';
import { runLiterature } from './literature.ts';
import { PlainModel } from './plainModel.ts';

/**
 * What must hold in any network, here with trucks among the cars, steps of a quarter second and a full
 * grid. That nobody overlaps is not among it: in the reference model two drivers who can no longer
 * yield may merge into one lane side by side.
 */

const TRUCK = {
  ...CAR,
  length: 12,
  maxPosAcc: 1.2,
  usualPosAcc: 1.2,
  usualNegAcc: 3,
  minGap: 3,
  maxSpeed: 9,
};

function mixedGrid(interval: number) {
  const roadnet = gridRoadnet({ columns: 2, rows: 2 });
  const entries = ['road_0_1_0', 'road_0_2_0', 'road_1_0_1', 'road_3_1_2', 'road_2_3_3', 'road_3_2_2'];
  const exits = ['road_2_1_0', 'road_2_2_1', 'road_1_2_1', 'road_1_1_2', 'road_2_1_3', 'road_1_2_2'];
  const flow = entries.flatMap((entry, k) =>
    exits.map((exit, m) => ({
      ...trip(entry, exit),
      ...{ vehicle: (k + m) % 3 === 0 ? TRUCK : CAR, interval: 23 + m, startTime: 7 * k, endTime: 700 },
    })),
  );
  const reading = readCityFlow(cityFlowFiles(roadnet, flow, { ...CONFIG, interval }));
  if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
  return reading.layout;
}

/** Vehicles that are not where or as fast as any vehicle can be. */
function strays({ running }: PlainModel): string[] {
  return running.flatMap(({ id, x, v, type, element }) => {
    const sound = x >= 0 && x <= element!.length && v >= 0 && v <= type.maxSpeed;
    return sound && element!.vehicles.some((other) => other.id === id)
      ? []
      : [`${id} ${element!.id} ${x} ${v}`];
  });
}

for (const interval of [1, 0.25]) {
  test(`with steps of ${interval} s everybody is somewhere and within the limits`, () => {
    const layout = mixedGrid(interval);
    expect(layout.vehicleTypes).toHaveLength(2);
    const result = runLiterature({
      ...{ layout, controller: 'max-pressure', decisionS: 15, durationS: 900 },
      watch: (model) => {
        expect(strays(model)).toEqual([]);
        expect(model.running.length + model.waitingCount + model.finishedCount).toBe(model.vehicles.length);
      },
    });
    expect(result.finished).toBeGreaterThan(500);
    expect(result.engineAverageTravelTimeS).toBeGreaterThan(60);
  });
}

test('a vehicle alone drives as fast as it may and finishes at the start of its last step', () => {
  const reading = readCityFlow(
    cityFlowFiles(gridRoadnet({ columns: 1, rows: 1 }), [
      { ...trip('road_0_1_0', 'road_1_1_0'), startTime: 3, endTime: 3 },
    ]),
  );
  const model = new PlainModel(reading.ok ? reading.layout : (undefined as never));
  const crossing = model.layout.intersections.findIndex(({ boundary }) => !boundary);
  model.setPhase(crossing, 1);
  for (let k = 0; k < 100; k++) model.step();
  const [vehicle] = model.vehicles;
  // 285 m + a link of some 30 m + 285 m, with 5.6 s to reach 11.111 m/s.
  const seconds = 3 + (285 + 30.27 + 285 + (11.111 / 2 / 2) * 11.111) / 11.111;
  expect(vehicle).toMatchObject({ id: 'flow_0_0', spawn: 3, laneEntry: 3 });
  expect(Math.abs(vehicle.finish! - seconds)).toBeLessThan(2);
  expect(model.averageTravelTime()).toBe(vehicle.finish! - 3);
});
