import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { ASK_EACH_TIME, type Asset, assetOf, FOREVER } from './asset.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

/** The files of the page, by their address; nothing else in the folder, or beside it, can be asked for. */
export type Page = ReadonlyMap<string, Asset>;

/**
 * Reads the built page into memory: a build that is done anew beneath a running server takes nothing away from it. `null`:
 * there is none.
 */
export async function loadPage(folder: string): Promise<Page | null> {
  const page = new Map<string, Asset>();
  const load = async (name: string) => {
    const type = TYPES[extname(name).toLowerCase()];
    if (type === undefined) return;
    // The build gives what it puts there a name made from its content.
    const cache = name.startsWith('assets/') ? FOREVER : ASK_EACH_TIME;
    page.set(`/${name}`, await assetOf(await readFile(join(folder, name)), type, cache));
  };
  await Promise.all((await filesIn(folder)).map(load));
  const index = page.get('/index.html');
  if (index === undefined) return null;
  return page.set('/', index);
}

/** Ordinary files alone: a link may lead anywhere. */
async function filesIn(folder: string, within = ''): Promise<string[]> {
  const entries = await readdir(join(folder, within), { withFileTypes: true }).catch(() => []);
  const names = await Promise.all(
    entries.map((entry) => {
      const name = within === '' ? entry.name : `${within}/${entry.name}`;
      if (entry.isDirectory()) return filesIn(folder, name);
      return entry.isFile() ? [name] : [];
    }),
  );
  return names.flat();
}
