import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Refused } from '../live/refused.ts';
import type { MakeReport } from '../live/reports.ts';
import { withoutPaths } from '../live/withoutPaths.ts';
import { REPORT } from './compareFiles.ts';
import { OTHER_SCENARIO } from './interventionsOf.ts';
import type { PolicyText } from './policyFlag.ts';
import type { ServedFlags } from './serveCatalogue.ts';

const MAIN = fileURLToPath(new URL('../main.js', import.meta.url));
const FOLDER = 'greenwave-report-';

/** Where a session's scenario and policies are read from. */
export interface ReportSources {
  readonly fileOf: (scenario: string) => string;
  readonly policies: readonly PolicyText[];
  readonly flags: ServedFlags;
  /** The program; this one unless given. */
  readonly main?: string;
}

/**
 * Makes reports of sessions by `greenwave compare`, in a process of its own: the same page as the command writes, with what
 * was done to the road on the way, over several seeds from the session's own on.
 */
export function reportMaker({ fileOf, policies, flags, main = MAIN }: ReportSources): MakeReport {
  return async ({ setup, log, seeds }, signal) => {
    await sweep();
    const folder = await mkdtemp(join(tmpdir(), `${FOLDER}${process.pid}-`));
    try {
      const logFile = join(folder, 'session.log');
      await writeFile(logFile, log);
      const file = fileOf(setup.scenario);
      const controllers = [...new Set(setup.controllers)];
      const out = join(folder, 'report');
      const used = policies.filter(({ name }) => controllers.includes(name));
      const optional = [
        ...(flags.protocol === undefined ? [] : ['--protocol', flags.protocol]),
        ...(flags.durationS === undefined ? [] : ['--duration-s', String(flags.durationS)]),
        ...used.flatMap(({ name, file }) => ['--policy', `${name}=${file}`]),
      ];
      const order = [
        '--controllers',
        controllers.join(','),
        '--seeds',
        String(seeds),
        '--first-seed',
        String(setup.seed),
      ];
      const road = ['--demand-scale', String(setup.demandScale), '--interventions', logFile];
      const paths = [
        file,
        resolve(file),
        dirname(resolve(file)),
        logFile,
        out,
        folder,
        process.cwd(),
        homedir(),
      ];
      await compared(
        [main, 'compare', file, ...order, ...road, ...optional, '--out', out],
        signal,
        [...paths, ...used.map((policy) => policy.file)].filter(
          (path) => path.includes('/') || path.includes('\\'),
        ),
      );
      return await readFile(join(out, REPORT), 'utf8');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };
}

/**
 * @param paths  of this machine, that may be in what the command says
 * @throws {Refused} with what the command says, where somebody can put it right
 */
function compared(args: readonly string[], signal: AbortSignal, paths: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [...args], {
    // It ends when this process does, by the channel.
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    signal,
    // It would finish the runs that are under way first.
    killSignal: 'SIGKILL',
  });
  let told = '';
  child.stderr!.on('data', (piece: Buffer) => {
    told = (told + piece.toString()).slice(-TOLD_MAX);
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else if (code === 2) reject(new Refused('failed', forViewers(told.trim(), paths)));
      else reject(new Error(`greenwave compare ended with code ${code}: ${told.trim()}`));
    });
  });
}

const TOLD_MAX = 4000;

function forViewers(told: string, paths: readonly string[]): string {
  if (told.includes(OTHER_SCENARIO)) {
    return 'The scenario’s file has changed since the server read it, so the report would be of another road. Put the file back as it was, or start the server again.';
  }
  return withoutPaths(told, paths);
}

/** Removes the folders of servers that were killed. */
async function sweep(): Promise<void> {
  const names = await readdir(tmpdir()).catch(() => []);
  for (const name of names) {
    const [, pid] = /^greenwave-report-(\d+)-[\w-]+$/.exec(name) ?? [];
    if (pid === undefined || isAlive(Number(pid))) continue;
    await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => {});
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
