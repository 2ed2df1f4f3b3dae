import { defineConfig } from 'vitest/config';

/** The page is built from client/; tests run from here. */
export default defineConfig({
  root: process.env.VITEST ? '.' : 'client',
  base: './',
  build: {
    outDir: '../dist/client',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The page, and the map alone, for tests and measurements.
    rolldownOptions: { input: ['client/index.html', 'client/bench.html'] },
  },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/build.ts'],
    testTimeout: 180_000,
    maxWorkers: 2,
  },
});
