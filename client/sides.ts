/** Sides have letters: color alone tells nobody apart. */
export const LETTERS = ['A', 'B', 'C', 'D'] as const;

export function letterOf(side: number): string {
  return LETTERS[side] ?? '?';
}

/** `fixed-time` as people say it: `fixed time`. */
export function controllerWord(name: string): string {
  return name.replaceAll('-', ' ');
}

/** `B learned` */
export function sideWord(side: number, controllers: readonly string[]): string {
  return `${letterOf(side)} ${controllerWord(controllers[side] ?? '')}`;
}
