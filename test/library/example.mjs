import { loadScenario, operate, startRun, summarize } from 'greenwave';

/** A controller of one's own: green for the phase with the most vehicles standing before it. */
const longestQueue = (view) => ({
  decide() {
    let [best, longest] = [view.phase, 0];
    for (let p = 0; p < view.phaseCount; p++) {
      let queue = 0;
      for (const m of view.movements(p)) for (const lane of view.lanes(m)) queue += view.queue(lane);
      if (queue > longest) [best, longest] = [p, queue];
    }
    return best;
  },
});

const scenario = await loadScenario('node_modules/greenwave/scenarios/corridor.yaml');
for (const controller of ['fixed-time', 'max-pressure', longestQueue]) {
  const run = startRun(scenario, { controller, seed: 1 });
  while (run.sim.step < 3600) operate(run);
  console.log(`${controller.name ?? controller}: ${summarize(run.sim).averageDelayS.toFixed(1)} s of delay`);
}
