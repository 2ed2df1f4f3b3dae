#!/usr/bin/env node
import { inspect } from 'node:util';
import { CommanderError } from 'commander';
import { commandMistake } from './cli/commandMistake.ts';
import { packageVersion } from './cli/packageVersion.ts';
import { programOf } from './cli/program.ts';
import { outputLost, print, tell } from './cli/terminal.ts';
import { Mistake, machineMistake } from './study/mistake.ts';

/**
 * The command line: arguments in, exit code out. 0: done. 2: something the user can put right, told
 * without a stack trace. 1: a fault of ours. A command that ends otherwise has set the code, and said why.
 */
async function main(argv: readonly string[]): Promise<number> {
  const program = programOf(packageVersion());
  if (argv.length === 0) {
    print(program.helpInformation());
    return 0;
  }
  try {
    await program.parseAsync(argv, { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    const told = error instanceof CommanderError ? commandMistake(error, program, argv) : error;
    return told === null ? 0 : codeFor(told);
  }
}

/** Tells what was thrown. @returns the exit code for it */
function codeFor(thrown: unknown): number {
  const error = machineMistake(thrown);
  if (error instanceof Mistake) {
    tell(`${error.message}\n`);
    return 2;
  }
  if (outOfMemory(error)) {
    tell('The scenario needs more memory than there is.\n');
    return 2;
  }
  tell(`This is a fault of Greenwave; please report it with what you did.\n\n`);
  // With the causes of the error, and their stacks.
  tell(`${inspect(error)}\n`);
  return 1;
}

function outOfMemory(error: unknown): boolean {
  return error instanceof RangeError && /allocation|array length|string length/i.test(error.message);
}

// A file that outgrows its limit is an error of the write, told like a full disk, not the end of the process.
if (process.platform !== 'win32') process.on('SIGXFSZ', () => {});

// What is thrown outside of the command's own course. The server has a listener of its own.
process.on('uncaughtException', (error) => {
  if (process.listenerCount('uncaughtException') === 1) process.exit(codeFor(error));
});

const code = await main(process.argv.slice(2));
const lost = await outputLost();
process.exitCode = lost !== null && code === 0 ? codeFor(lost) : code;
