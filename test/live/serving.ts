import { type ChildProcess, spawn } from 'node:child_process';
import { afterAll } from 'vitest';
import { MAIN } from '../cli/greenwave.ts';
import { until } from './opened.ts';

/** `greenwave serve` in a process of its own. */

export interface Serving {
  readonly child: ChildProcess;
  readonly url: string;
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly ended: Promise<number | null>;
}

export const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
});

/** Starts it on a free port, and resolves when it says where it is. */
export async function serving(
  args: readonly string[],
  { env = {}, nodeFlags = [] }: { env?: Record<string, string>; nodeFlags?: readonly string[] } = {},
): Promise<Serving> {
  const child = spawn(process.execPath, [...nodeFlags, MAIN, 'serve', '--port', '0', ...args], {
    env: { ...process.env, ...env },
  });
  children.push(child);
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (data) => {
    stdout += data;
  });
  child.stderr.on('data', (data) => {
    stderr += data;
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  await Promise.race([until(() => stdout.includes('\n')), ended]);
  const [, port = ''] = /^http:\/\/\S+:(\d+)$/m.exec(stdout) ?? [];
  if (port === '') throw new Error(stderr);
  return { child, url: `http://localhost:${port}`, stdout: () => stdout, stderr: () => stderr, ended };
}
