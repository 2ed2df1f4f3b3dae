import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Refused } from '../live/refused.ts';
import type { MakeReport } from '../live/reports.ts';
import { REPORT } from './compareFiles.ts';
import type { PolicyText } from './policyFlag.ts';
import type { ServedFlags } from './serveCatalogue.ts';

const MAIN = fileURLToPath(new URL('../main.js', import.meta.url));

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
    const folder = await mkdtemp(join(tmpdir(), 'greenwave-report-'));
    try {
      const logFile = join(folder, 'session.log');
      await writeFile(logFile, log);
      const controllers = [...new Set(setup.controllers)];
      const out = join(folder, 'report');
      const optional = [
        ...(flags.protocol === undefined ? [] : ['--protocol', flags.protocol]),
        ...(flags.durationS === undefined ? [] : ['--duration-s', String(flags.durationS)]),
        ...policies
          .filter(({ name }) => controllers.includes(name))
          .flatMap(({ name, file }) => ['--policy', `${name}=${file}`]),
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
      await compared(
        [main, 'compare', fileOf(setup.scenario), ...order, ...road, ...optional, '--out', out],
        signal,
      );
      return await readFile(join(out, REPORT), 'utf8');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };
}

/** @throws {Refused} with what the command says, where somebody can put it right */
function compared(args: readonly string[], signal: AbortSignal): Promise<void> {
  const child = spawn(process.execPath, [...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    signal,
  });
  let told = '';
  child.stderr.on('data', (piece: Buffer) => {
    told = (told + piece.toString()).slice(-TOLD_MAX);
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else if (code === 2) reject(new Refused('failed', told.trim()));
      else reject(new Error(`greenwave compare ended with code ${code}: ${told.trim()}`));
    });
  });
}

const TOLD_MAX = 4000;
