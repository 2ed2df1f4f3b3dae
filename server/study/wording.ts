/** How an option is written where it is given, with a value if there is one: messages must be of use there. */
export type Wording = (option: string, value?: string) => string;

/** For a program that uses the library: `protocol: 'scenario'`. */
export const IN_PROGRAM: Wording = (option, value) =>
  value === undefined ? option : `${option}: '${value}'`;

/** For the command line: `--protocol scenario`. */
export const ON_COMMAND_LINE: Wording = (option, value) => {
  const flag = `--${option.replaceAll(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`)}`;
  return value === undefined ? flag : `${flag} ${value}`;
};
