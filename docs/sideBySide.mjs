// Draws docs/side-by-side.svg: one scenario under two controllers at the same moment, on the same
// arrivals. Standing vehicles are orange, moving ones blue; at their place, not to scale.
//
//     npm run build && node docs/sideBySide.mjs

import { writeFileSync } from 'node:fs';
import { loadScenario, operate, startRun, summarize } from '../dist/server/index.js';
import { COUNT, HEAD, RECORD, SLOT_STATE } from '../dist/server/sim/traffic.js';

const FILE = new URL('../scenarios/grid-4x4.yaml', import.meta.url).pathname;
const MOMENT_S = 3000;
const PANEL = 430; // pixels
const MARGIN = 14;
const HALTED = 0.1; // m/s

const scenario = await loadScenario(FILE);
const panels = ['fixed-time', 'max-pressure'].map((controller) => {
  const run = startRun(scenario, { controller, seed: 0 });
  while (run.sim.step * run.sim.network.stepS < MOMENT_S) operate(run);
  return { controller, run, delay: summarize(run.sim).averageDelayS };
});

const points = scenario.layout.roads.flatMap((road) => road.points);
const left = Math.min(...points.map((p) => p.x));
const right = Math.max(...points.map((p) => p.x));
const bottom = Math.min(...points.map((p) => p.y));
const top = Math.max(...points.map((p) => p.y));
const scale = PANEL / Math.max(right - left, top - bottom);
const place = ({ x, y }) => [(x - left) * scale, (top - y) * scale];

/** The point at a share of a polyline's length. */
function along(line, share) {
  const lengths = line.slice(1).map((p, k) => Math.hypot(p.x - line[k].x, p.y - line[k].y));
  let rest = share * lengths.reduce((sum, length) => sum + length, 0);
  for (let k = 0; k < lengths.length; k++) {
    if (rest <= lengths[k] || k === lengths.length - 1) {
      const t = lengths[k] === 0 ? 0 : rest / lengths[k];
      return {
        x: line[k].x + t * (line[k + 1].x - line[k].x),
        y: line[k].y + t * (line[k + 1].y - line[k].y),
      };
    }
    rest -= lengths[k];
  }
  return line[0];
}

const round = (value) => Number(value.toFixed(1));

function drawPanel({ controller, run, delay }, index) {
  const { network, traffic, step } = run.sim;
  const parity = (step & 1) << 1;
  const roads = scenario.layout.roads.map((road) =>
    road.points.map((p) => place(p).map(round).join(',')).join(' '),
  );
  const marks = { standing: [], moving: [] };
  scenario.layout.roads.forEach((road, r) => {
    road.lanes.forEach((lane, k) => {
      const e = network.roadLanes.items[network.roadLanes.starts[r] + k];
      const head = traffic.record[e * RECORD + HEAD];
      const end = head + traffic.record[e * RECORD + COUNT];
      for (let slot = head; slot < end; slot++) {
        const x = traffic.slotState[slot * SLOT_STATE + parity];
        const v = traffic.slotState[slot * SLOT_STATE + parity + 1];
        const [px, py] = place(along(lane.points, x / lane.length)).map(round);
        (v < HALTED ? marks.standing : marks.moving).push(`M${px} ${py}h0`);
      }
    });
  });
  const dots = (kind, color) => `<path d="${marks[kind].join('')}" stroke="${color}"/>`;
  return `<g transform="translate(${MARGIN + index * (PANEL + 3 * MARGIN)},${MARGIN + 40})">
<text y="-24" class="name">${controller}</text>
<text y="-6" class="fact"><tspan fill="#D55E00">${marks.standing.length} standing</tspan>, <tspan fill="#0072B2">${marks.moving.length} moving</tspan>, ${delay.toFixed(0)} s of delay each so far</text>
<g stroke="#8884" stroke-width="9" fill="none">${roads.map((line) => `<polyline points="${line}"/>`).join('')}</g>
<g stroke-width="3.4" stroke-linecap="round" fill="none">${dots('moving', '#0072B2')}${dots('standing', '#D55E00')}</g>
</g>`;
}

const width = 2 * PANEL + 5 * MARGIN;
const height = PANEL + 2 * MARGIN + 40;
writeFileSync(
  new URL('side-by-side.svg', import.meta.url),
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="The 4 by 4 grid after ${MOMENT_S / 60} minutes, under fixed-time on the left and max-pressure on the right">
<style>text{font-family:system-ui,sans-serif;fill:#444}.name{font-size:17px;font-weight:600}.fact{font-size:13px}@media(prefers-color-scheme:dark){text{fill:#ccc}}</style>
${panels.map(drawPanel).join('\n')}
</svg>
`,
);
