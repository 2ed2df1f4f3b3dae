#!/usr/bin/env node
import { inspect } from 'node:util';
import { CommanderError } from 'commander';
import { commandMistake } from './cli/commandMistake.ts';
import { packageVersion } from './cli/packageVersion.ts';
import { programOf } from './cli/program.ts';
import { Mistake } from './study/mistake.ts';

/**
 * The command line: arguments in, exit code out. 0: done. 2: something the user can put right, told
 * without a stack trace. 1: a fault of ours. A command that ends otherwise has set the code, and said why.
 */
async function main(argv: readonly string[]): Promise<number> {
  const program = programOf(packageVersion());
  if (argv.length === 0) {
    process.stdout.write(program.helpInformation());
    return 0;
  }
  try {
    await program.parseAsync(argv, { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    const told = error instanceof CommanderError ? commandMistake(error, program, argv) : error;
    if (told === null) return 0;
    if (told instanceof Mistake) {
      process.stderr.write(`${told.message}\n`);
      return 2;
    }
    if (outOfMemory(told)) {
      process.stderr.write('The scenario needs more memory than there is.\n');
      return 2;
    }
    process.stderr.write(`This is a fault of Greenwave; please report it with what you did.\n\n`);
    // With the causes of the error, and their stacks.
    process.stderr.write(`${inspect(told)}\n`);
    return 1;
  }
}

function outOfMemory(error: unknown): boolean {
  return error instanceof RangeError && /allocation|array length|string length/i.test(error.message);
}

// Whoever read our output has closed it (`greenwave run … | head`): there is no one left to tell.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

process.exitCode = await main(process.argv.slice(2));
