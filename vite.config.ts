import { defineConfig } from 'vitest/config';
import { thirdPartyNotices } from './thirdPartyNotices.ts';

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
    rolldownOptions: { input: 'client/index.html' },
  },
  plugins: [thirdPartyNotices('THIRD-PARTY-NOTICES.txt')],
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/build.ts'],
    testTimeout: 180_000,
    maxWorkers: 2,
  },
});
