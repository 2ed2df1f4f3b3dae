import { existsSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, parse, relative, resolve } from 'node:path';

/** What a CityFlow configuration says of its files. */
export interface NamedFiles {
  readonly dir: string;
  readonly roadnet: string;
  readonly flow: string;
}

/** Where they are. */
export interface FoundFiles {
  readonly roadnet: string;
  readonly flow: string;
  /** What to say where they are not beside the configuration; `null`: nothing. */
  readonly note: string | null;
}

/**
 * Looks for the files of a CityFlow configuration. CityFlow pastes `dir` before their names and opens the result relative
 * to its working directory, so most published configurations name a folder of their author's. Looked at, in order: `dir`
 * from the configuration's folder, from the working directory and each folder above it, and files of those names beside
 * the configuration. Where both files are nowhere, the first place is the answer, for the message.
 */
export function findFiles(config: string, named: NamedFiles): FoundFiles {
  const beside = dirname(config);
  const places = placesOf(beside, named);
  const found = places.find(({ roadnet, flow }) => existsSync(roadnet) && existsSync(flow));
  if (found === undefined || found === places[0]) return { ...places[0]!, note: null };
  const folder = relative(process.cwd(), dirname(found.roadnet)) || '.';
  const note = `${basename(config)} dir: CityFlow opens its files relative to the folder that it is started from; those in ${folder} are read.`;
  return { ...found, note };
}

function placesOf(beside: string, { dir, roadnet, flow }: NamedFiles): { roadnet: string; flow: string }[] {
  const bases = isAbsolute(dir) ? [''] : [beside, ...foldersUpFrom(process.cwd())];
  return [
    ...bases.map((base) => ({ roadnet: join(base, dir, roadnet), flow: join(base, dir, flow) })),
    // Without a slash at its end, `dir` is the beginning of the files' names.
    ...bases.map((base) => ({ roadnet: join(base, dir + roadnet), flow: join(base, dir + flow) })),
    { roadnet: join(beside, roadnet), flow: join(beside, flow) },
    { roadnet: join(beside, nameOf(roadnet)), flow: join(beside, nameOf(flow)) },
  ];
}

function foldersUpFrom(folder: string): string[] {
  const folders = [resolve(folder)];
  while (folders.at(-1) !== parse(folders[0]!).root) folders.push(dirname(folders.at(-1)!));
  return folders;
}

/** The last part of a path, of Windows too. */
function nameOf(path: string): string {
  return path.split(/[\\/]/).at(-1)!;
}
