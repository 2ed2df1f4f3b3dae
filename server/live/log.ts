import { type Logger, pino } from 'pino';
import { LogLimit } from './logLimit.ts';
import { LogStream } from './logStream.ts';

export interface Log {
  readonly logger: Logger;
  /** Writes what can be written at once, and no more lines. */
  end(): void;
}

/**
 * The server's log: JSON lines to `fd`. It never blocks the event loop (`LogStream`), and lines that repeat are left out and
 * counted (`LogLimit`).
 *
 * @param level  of pino, `silent` too
 */
export function openLog(level: string, fd: number): Log {
  const stream = new LogStream(fd, (count) => {
    const message = 'log lines were dropped: nobody read them';
    return `${JSON.stringify({ level: 40, time: Date.now(), dropped: count, msg: message })}\n`;
  });
  const { logger, end } = limited(level, stream);
  return {
    logger,
    end: () => {
      end();
      stream.end();
    },
  };
}

/** A log that leaves out lines that repeat. */
export function limited(level: string, to: { write(line: string): void }): Log {
  let isTelling = false;
  const limit = new LogLimit(({ level: number, kind, count, seconds }) => {
    isTelling = true;
    const name = logger.levels.labels[number] as 'info' | undefined;
    logger[name ?? 'info']({ leftOut: count, kind, seconds }, 'lines of one kind were left out');
    isTelling = false;
  });
  const logger: Logger = pino(
    {
      level,
      base: null,
      hooks: {
        logMethod(args, method, number) {
          const [first, second] = args as unknown as [unknown, unknown];
          const message = typeof first === 'string' ? first : String(second ?? '');
          const error = first instanceof Error ? first : (first as { err?: unknown } | null)?.err;
          if (isTelling || limit.takes(number, message, error)) method.apply(this, args);
        },
      },
    },
    to,
  );
  return { logger, end: () => limit.end() };
}
