import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { FromSession } from './sessionThread.ts';

type Load = Extract<FromSession, { kind: 'load' }>;

/** What the server counts of itself, for Prometheus. */
export class Metrics {
  readonly registry = new Registry();
  readonly #steps = this.#counter('greenwave_steps_total', 'Simulation steps done, of all sessions.');
  readonly #busy = this.#counter(
    'greenwave_busy_seconds_total',
    'Seconds that sessions have computed; the increase in a second is how many cores they keep busy.',
  );
  readonly #framesSent = this.#counter('greenwave_frames_sent_total', 'Frames sent to viewers.');
  readonly #frameBytes = this.#counter('greenwave_frame_bytes_sent_total', 'Bytes of the frames sent.');
  readonly #framesSkipped = this.#counter(
    'greenwave_frames_skipped_total',
    'Frames that a viewer was too slow for, and got a newer one in place of.',
  );
  readonly #refusals = this.#counter('greenwave_refusals_total', 'What viewers were refused, by code.', [
    'code',
  ]);
  readonly #commands = this.#counter('greenwave_commands_total', 'Commands carried out, by kind.', ['kind']);
  readonly #faults = this.#counter('greenwave_faults_total', 'Faults of the server, by where.', ['where']);
  readonly #age = new Histogram({
    name: 'greenwave_frame_age_seconds',
    help: 'From when a frame was sent to when its viewer said to have drawn it, s.',
    buckets: [0.01, 0.03, 0.1, 0.3, 1, 3],
    registers: [this.registry],
  });
  #oldestS = 0;
  /** By session, the last that was heard: s behind the pace asked for. */
  readonly #lags = new Map<string, number>();

  /** @param count  what there is now */
  constructor(count: {
    readonly sessions: () => number;
    readonly viewers: () => number;
    readonly vehicles: () => number;
    readonly unreadBytes: () => number;
  }) {
    collectDefaultMetrics({ register: this.registry });
    this.#gauge('greenwave_sessions', 'Sessions open.', count.sessions);
    this.#gauge('greenwave_viewers', 'Viewers connected.', count.viewers);
    this.#gauge('greenwave_vehicles', 'Vehicles on the networks of all sessions.', count.vehicles);
    this.#gauge(
      'greenwave_frame_age_max_seconds',
      'The longest of greenwave_frame_age_seconds since this was last asked for, s.',
      () => {
        const oldest = this.#oldestS;
        this.#oldestS = 0;
        return oldest;
      },
    );
    this.#gauge(
      'greenwave_unread_bytes',
      'Bytes written to viewers that the network has not taken yet.',
      count.unreadBytes,
    );
    this.#gauge('greenwave_lag_seconds', 'How far the session furthest behind its pace is behind, s.', () =>
      Math.max(0, ...this.#lags.values()),
    );
  }

  load(session: string, { steps, busyS, lagS }: Load): void {
    this.#steps.inc(positive(steps));
    this.#busy.inc(positive(busyS));
    this.#lags.set(session, positive(lagS));
  }

  forget(session: string): void {
    this.#lags.delete(session);
  }

  framesSent(count: number, bytes: number): void {
    this.#framesSent.inc(count);
    this.#frameBytes.inc(count * bytes);
  }

  frameSkipped(): void {
    this.#framesSkipped.inc();
  }

  frameAged(seconds: number): void {
    this.#age.observe(seconds);
    this.#oldestS = Math.max(this.#oldestS, seconds);
  }

  refused(code: string): void {
    this.#refusals.inc({ code });
  }

  commanded(kind: string): void {
    this.#commands.inc({ kind });
  }

  fault(where: string): void {
    this.#faults.inc({ where });
  }

  #counter<Label extends string = never>(name: string, help: string, labelNames: Label[] = []) {
    return new Counter<Label>({ name, help, labelNames, registers: [this.registry] });
  }

  #gauge(name: string, help: string, value: () => number): void {
    const collect = function (this: Gauge) {
      this.set(value());
    };
    new Gauge({ name, help, registers: [this.registry], collect });
  }
}

function positive(value: number): number {
  return value > 0 ? value : 0;
}
