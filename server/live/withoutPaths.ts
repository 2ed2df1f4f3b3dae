const PATH = /(?<![\w.:/\\])(?:file:\/\/)?(?:[A-Za-z]:)?(?:\.{1,2})?(?:[\\/]+[^\s\\/:*?"'<>|,;()]+){2,}/g;

/**
 * A message for viewers with the names of files alone: where they lie on the server's machine is nobody's business.
 *
 * @param known  paths that are in the message, whatever characters they have
 */
export function withoutPaths(text: string, known: readonly string[] = []): string {
  const longestFirst = [...known].sort((a, b) => b.length - a.length);
  let told = text;
  for (const path of longestFirst) told = told.replaceAll(path, nameOf(path));
  return told.replaceAll(PATH, nameOf);
}

function nameOf(path: string): string {
  return path.split(/[\\/]+/).findLast((part) => part !== '') ?? path;
}
