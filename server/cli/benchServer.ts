import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Mistake } from '../study/mistake.ts';

export const MAIN = fileURLToPath(new URL('../main.js', import.meta.url));

/** Values of Prometheus, by name with labels, and when they were read. */
export interface Reading {
  readonly atMs: number;
  readonly values: ReadonlyMap<string, number>;
}

/** A server in a process of its own, as anybody starts it. */
export async function served(files: readonly string[]) {
  const args = [MAIN, 'serve', ...files, '--port', '0', '--log-level', 'error'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const url = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (piece: Buffer) => {
      text += piece.toString();
      const found = /http:\/\/\S+/.exec(text)?.[0];
      if (found !== undefined) resolve(found);
    });
    child.on('exit', (code) => reject(new Mistake(`The server ended with code ${code} before it listened.`)));
  });
  return {
    url,
    metrics: async (): Promise<Reading> => {
      const text = await (await fetch(new URL('/metrics', url))).text();
      const rows = text.split('\n').filter((row) => row !== '' && !row.startsWith('#'));
      const values = new Map<string, number>();
      for (const row of rows) {
        const [, key, value] = /^([^{ ]+)(?:\{[^}]*\})? (\S+)/.exec(row) ?? [];
        if (key !== undefined) values.set(key, (values.get(key) ?? 0) + Number(value));
      }
      return { atMs: performance.now(), values };
    },
    close: () => {
      child.kill('SIGTERM');
      return new Promise<void>((resolve) => child.once('exit', () => resolve()));
    },
  };
}
