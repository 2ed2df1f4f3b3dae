import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Before all tests: brings dist up to date, for the tests that run the real program and open its page. */
export default function build(): void {
  run('../node_modules/typescript/bin/tsc', '--build');
  run('../node_modules/vite/bin/vite.js', 'build', '--logLevel', 'warn');
}

function run(program: string, ...args: string[]): void {
  // As outside of tests: the configuration has another root for these, and another NODE_ENV makes another page.
  const { VITEST: _, NODE_ENV: __, ...env } = process.env;
  execFileSync(process.execPath, [fileURLToPath(new URL(program, import.meta.url)), ...args], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    stdio: 'inherit',
    env,
  });
}
