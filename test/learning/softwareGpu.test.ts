import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

/**
 * The way to WebGPU without a GPU: Chromium of Debian brings Vulkan's loader and SwiftShader, a GPU in software. The
 * loader is looked for as a process starts, hence a process of its own.
 */

const CHROMIUM = '/usr/lib/chromium';
const DRIVER = `${CHROMIUM}/vk_swiftshader_icd.json`;
const there = process.platform === 'linux' && existsSync(DRIVER);
if (!there) console.info(`Skipped: no GPU in software here (${DRIVER}, of Debian's chromium).`);

test.skipIf(!there)('WebGPU on a GPU in software is refused, and if allowed trains as the cpu does', () => {
  const script = fileURLToPath(new URL('softwareGpu.mjs', import.meta.url));
  const env = { ...process.env, LD_LIBRARY_PATH: CHROMIUM, VK_ICD_FILENAMES: DRIVER };
  const { refusal, webgpu, cpu } = JSON.parse(
    execFileSync(process.execPath, [script], { env, encoding: 'utf8' }),
  );
  expect(refusal).toMatch(
    /^The only WebGPU adapter is SwiftShader .*, a program that stands in for a GPU\.$/,
  );
  expect([webgpu.used, webgpu.gpu, webgpu.device]).toEqual([
    'webgpu',
    false,
    expect.stringContaining('SwiftShader'),
  ]);
  expect(cpu.used).toBe('cpu');
  expect(webgpu.losses.length).toBe(3);
  for (let k = 0; k < 3; k++)
    expect(Math.abs(webgpu.losses[k] - cpu.losses[k])).toBeLessThan(1e-5 * cpu.losses[k]);
  expect(webgpu.prediction).toBeCloseTo(cpu.prediction, 4);
  expect([webgpu.numTensors, cpu.numTensors]).toEqual([3, 3]);
});
