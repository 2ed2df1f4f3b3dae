import type { Command, CommanderError, Option } from 'commander';
import { list } from '../scenario/problem.ts';
import { unknownName } from '../study/flagValue.ts';
import { Mistake } from '../study/mistake.ts';

/**
 * What the parser of the command line throws, as a mistake in our own words. `null`: it has done what
 * was asked, such as printing the help.
 */
export function commandMistake(
  error: CommanderError,
  program: Command,
  argv: readonly string[],
): Mistake | null {
  if (error.exitCode === 0) return null;
  const command = commandOf(program, argv);
  const name = [command.parent?.parent ? command.parent.name() : '', command.name()].join(' ').trim();
  const found = /'([^']*)'/.exec(error.message)?.[1] ?? '';
  const flags = command.options.map((option: Option) => option.long ?? option.flags);
  const children = command.commands.map((child) => child.name());
  const help = `For more: greenwave ${command.parent ? `${name} ` : ''}--help`;
  switch (error.code) {
    case 'commander.unknownOption':
      return unknownName('option', found, [...flags, '--help'], ` of ${name}`);
    case 'commander.unknownCommand':
      return unknownName('command', found, children);
    case 'commander.help': // of a command that needs another, or of one that is not there
      return argv[0] === 'help'
        ? unknownName('command', argv[1] ?? '', children)
        : new Mistake(`${name} needs a command: ${children.join(', ')}.`, help);
    case 'commander.missingArgument':
      return new Mistake(`${name} needs a <${found}>.`, help);
    case 'commander.missingMandatoryOptionValue':
      return new Mistake(`${name} needs ${found}.`, help);
    case 'commander.optionMissingArgument':
      return new Mistake(`${found.replace(/ <.*/, '')} needs a value.`, help);
    case 'commander.excessArguments':
      return new Mistake(`${name} takes fewer arguments than these: ${list(argv)}.`, help);
    default:
      return new Mistake(error.message.replace(/^error: /, ''), help);
  }
}

function commandOf(program: Command, argv: readonly string[]): Command {
  let command = program;
  for (const word of argv) {
    const child = command.commands.find((candidate) => candidate.name() === word);
    if (!child) break;
    command = child;
  }
  return command;
}
