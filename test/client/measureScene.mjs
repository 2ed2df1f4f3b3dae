import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { build } from 'vite';
import { loadScenario } from '../../dist/server/index.js';
import { roadMapOf } from '../../dist/server/session/roadMap.js';

/**
 * What the map costs to draw, on this machine: `node test/client/measureScene.mjs [SCENARIO] [CHROMIUM]`, after a build. Script
 * time of a picture, in headless Chromium; one picture in six takes in a frame, as at 60 pictures and 10 frames a second.
 * Software draws, unless GREENWAVE_GPU_FLAGS has other flags for Chromium, such as
 * "--use-angle=vulkan --enable-features=Vulkan --disable-vulkan-surface --ignore-gpu-blocklist".
 */

const [scenario = 'scenarios/grid-4x4.yaml', executablePath = '/usr/bin/chromium'] = process.argv.slice(2);
const ORIGIN = 'http://localhost:4173';
const CLIENT = fileURLToPath(new URL('../../client', import.meta.url));
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };
/** Makes the browser's clock as fine as it gets. */
const ISOLATION = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
};
const SOFTWARE = '--use-gl=angle --use-angle=swiftshader --enable-unsafe-swiftshader';
const PLACES = [
  ['all of it', null],
  ['a street', 4],
];

const folder = mkdtempSync(join(tmpdir(), 'greenwave-'));
await build({
  ...{ root: CLIENT, base: './', configFile: false, logLevel: 'error' },
  build: {
    ...{ outDir: folder, target: 'es2022', modulePreload: { polyfill: false } },
    rolldownOptions: { input: join(CLIENT, 'bench.html') },
  },
});
const map = roadMapOf(await loadScenario(scenario));
const args = ['--no-sandbox', ...(process.env.GREENWAVE_GPU_FLAGS ?? SOFTWARE).split(' ')];
const browser = await chromium.launch({ executablePath, args });
try {
  for (const [view, scale] of PLACES) {
    const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
    await page.route(`${ORIGIN}/**`, (route) => {
      const path = new URL(route.request().url()).pathname;
      const contentType = TYPES[extname(path)];
      return route.fulfill({ body: readFileSync(join(folder, path)), contentType, headers: ISOLATION });
    });
    await page.goto(`${ORIGIN}/bench.html`);
    const builtMs = await page.evaluate((roads) => window.lab.open(roads), map);
    if (scale === null) console.log(`Drawn by ${await page.evaluate(rendererName)}`);
    console.log(`${map.name}, ${view}: ${map.lanes.name.length} lanes, built in ${Math.round(builtMs)} ms`);
    if (scale !== null) {
      const { x, y, boundary } = map.intersections;
      const i = boundary.indexOf(0);
      const place = [x[i], y[i], scale];
      await page.evaluate(([atX, atY, to]) => {
        const { scene } = window.lab;
        scene.look({ still: true });
        scene.goTo(atX, atY);
        scene.zoom(to / scene.pixelsPerMetre);
        scene.look({ still: false });
      }, place);
    }
    for (const vehicles of [1000, 10_000, 100_000]) {
      const figures = await page.evaluate((count) => window.lab.measure(count, 8000), vehicles);
      const { meanMs, medianMs, p95Ms, picturesPerSecond, pictures } = figures;
      console.log(
        `  ${vehicles} vehicles: mean ${meanMs.toFixed(2)} ms, median ${medianMs.toFixed(2)} ms, p95 ${p95Ms.toFixed(2)} ms, ` +
          `${picturesPerSecond.toFixed(1)} pictures/s (${pictures})`,
      );
    }
    await page.close();
  }
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}

/** In the page: what draws, as its driver says. */
function rendererName() {
  const gl = new OffscreenCanvas(1, 1).getContext('webgl2');
  return gl.getParameter(gl.getExtension('WEBGL_debug_renderer_info').UNMASKED_RENDERER_WEBGL);
}
