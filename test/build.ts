import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Before all tests: brings dist up to date, for the tests that run the real program. */
export default function build(): void {
  const compiler = fileURLToPath(new URL('../node_modules/typescript/bin/tsc', import.meta.url));
  execFileSync(process.execPath, [compiler, '--build'], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    stdio: 'inherit',
  });
}
