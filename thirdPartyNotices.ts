import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';

/** What of the bundler's plugins is needed here. */
interface NoticesPlugin {
  readonly name: string;
  generateBundle(
    this: { emitFile(file: { type: 'asset'; fileName: string; source: string }): string },
    options: unknown,
    bundle: Readonly<Record<string, BundledFile>>,
  ): void;
}

interface BundledFile {
  readonly type: 'chunk' | 'asset';
  /** Of a chunk, by the path of the module. */
  readonly modules?: Readonly<Record<string, { readonly renderedLength: number }>>;
  readonly originalFileNames?: readonly string[];
}

interface Package {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly text: string;
}

/** Where the license texts of what a package itself is built from begin; of that code nothing comes to the page. */
const OF_DEPENDENCIES = /^# Licenses of bundled dependencies/m;
const MIT = readFileSync(new URL('LICENSE', import.meta.url), 'utf8')
  .replace(/^[\s\S]*?(?=Permission is hereby)/, '')
  .trim();
const LICENSE_FILE = /^(licen[cs]e|copying|notice|copyright)/i;

/**
 * Writes the license texts of all packages that the bundler took code from, so that the file is true for every build.
 *
 * @throws {Error} when a package has no license text
 */
export function thirdPartyNotices(fileName: string): NoticesPlugin {
  return {
    name: 'third-party-notices',
    generateBundle(_, bundle) {
      const folders = new Set<string>();
      for (const path of Object.values(bundle).flatMap(modulesOf)) {
        const folder = packageFolder(path);
        if (folder !== null) folders.add(folder);
      }
      this.emitFile({ type: 'asset', fileName, source: textOf([...folders].map(packageIn)) });
    },
  };
}

function modulesOf({ modules = {}, originalFileNames = [] }: BundledFile): string[] {
  return [...Object.keys(modules), ...originalFileNames];
}

/** `…/node_modules/@scope/name`; `null` for a module of our own. Modules that the bundler adds are called `\0vite/…`. */
function packageFolder(modulePath: string): string | null {
  const [, added] = /^\0(vite|rolldown)\//.exec(modulePath) ?? [];
  if (added !== undefined) return bundlerFolder(added);
  const path = modulePath.replace(/^\0/, '').replace(/\?.*$/, '').replaceAll('/', sep);
  const marker = `${sep}node_modules${sep}`;
  const at = path.lastIndexOf(marker);
  if (at < 0) return null;
  const [scope, name] = path.slice(at + marker.length).split(sep) as [string, string];
  return path.slice(0, at + marker.length) + (scope.startsWith('@') ? join(scope, name) : scope);
}

function bundlerFolder(name: string): string {
  const fromVite = createRequire(createRequire(import.meta.url).resolve('vite/package.json'));
  return dirname(fromVite.resolve(`${name}/package.json`));
}

function packageIn(folder: string): Package {
  const { name, version, license, author } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const files = readdirSync(folder).filter((file) => LICENSE_FILE.test(file));
  const texts = files
    .sort()
    .map((file) => readFileSync(join(folder, file), 'utf8').split(OF_DEPENDENCIES)[0]!.trim());
  if (texts.length === 0) {
    const holder = typeof author === 'string' ? author : author?.name;
    if (license !== 'MIT' || !holder)
      throw new Error(`${name} is bundled, and ${folder} has no license text.`);
    // What the package declares, written out: its license by name, and its author.
    texts.push(`Copyright (c) ${holder}\n\n${MIT}`);
  }
  return { name, version, license: String(license), text: texts.join('\n\n') };
}

function textOf(packages: readonly Package[]): string {
  const sorted = [...packages].sort((a, b) => (a.name < b.name ? -1 : 1));
  const rule = '-'.repeat(80);
  const parts = sorted.map(
    ({ name, version, license, text }) => `${rule}\n${name} ${version} (${license})\n${rule}\n\n${text}\n`,
  );
  return `The page of Greenwave contains code of these packages:\n\n${sorted
    .map(({ name, version, license }) => `- ${name} ${version} (${license})\n`)
    .join('')}\n${parts.join('\n')}`;
}
