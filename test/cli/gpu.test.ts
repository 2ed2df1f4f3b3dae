import { expect, test } from 'vitest';
import { greenwave } from './greenwave.ts';

test('gpu tells of every backend what it is worth here, or why it is not here', () => {
  const { code, stdout, stderr } = greenwave(['gpu', '--each-s', '0.05', '--json']);
  expect([code, stderr]).toEqual([0, '']);
  const { auto, backends, network } = JSON.parse(stdout);
  expect(network).toEqual([64, 128, 128, 8]);
  expect(backends.map(({ name }: { name: string }) => name)).toEqual(['tensorflow', 'webgpu', 'wasm', 'cpu']);
  for (const backend of backends) {
    if (backend.available) {
      const [small, ...larger] = backend.speeds;
      expect([small.rows, ...larger.map(({ rows }: { rows: number }) => rows)]).toEqual([32, 256, 2048]);
      expect(small.stepsPerSecond).toBeGreaterThan(0);
      expect(backend.device).toMatch(/\w/);
    } else {
      expect(['tensorflow', 'webgpu']).toContain(backend.name);
      expect(backend.found).toMatch(/\.$/);
      expect(backend.remedy).toMatch(/\.$/);
    }
  }
  expect(auto).toBe(backends.find(({ available }: { available: boolean }) => available).name);
});

test('for people gpu prints a table, and the remedies', () => {
  const { code, stdout } = greenwave(['gpu', '--each-s', '0.01']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^ {2}backend +device +32 rows +256 rows +2,048 rows$/m);
  expect(stdout).toMatch(/^ {2}wasm +WebAssembly with SIMD, one thread +[\d,.]+ +([\d,.]+|–) +([\d,.]+|–)$/m);
  expect(stdout).toMatch(/^auto takes (tensorflow|webgpu|wasm)\.$/m);
});
