import type { BelfryError, EventEnvelope, StateReason } from '@belfry/protocol';
import {
  type Frame,
  openStream,
  type Status,
  type StatusValue,
  type Stream,
  type StreamOptions,
} from '../../src/index.ts';
import { ManualEnvironment } from './manual-environment.ts';
import { afterTest, cursor, type ScriptedServer } from './scripted-server.ts';
import { until } from './until.ts';

/** A started stream, with all that it handed over written down. */
export class Reader {
  readonly stream: Stream;
  readonly environment = new ManualEnvironment();
  /** The `n` of each of the app's events, as they were handed over. */
  readonly numbers: number[] = [];
  readonly events: EventEnvelope[] = [];
  readonly states: (string | null)[] = [];
  readonly gaps: StateReason[] = [];
  readonly frames: Frame[] = [];
  readonly errors: BelfryError[] = [];
  readonly #watchers = new Set<() => void>();

  constructor(server: ScriptedServer, options: Partial<StreamOptions> = {}) {
    this.stream = openStream({
      url: server.url,
      environment: this.environment,
      connectTimeoutMs: 30_000,
      onEvent: (event) => {
        this.events.push(event);
        this.numbers.push((event.data as { n: number }).n);
        this.#look();
      },
      onState: (_state, at) => {
        this.states.push(at);
        this.#look();
      },
      onCheckpoint: () => this.#look(),
      onStatus: () => this.#look(),
      onGap: (reason) => this.gaps.push(reason),
      onFrame: (frame) => {
        this.frames.push(frame);
        // Told before the frame is delivered, so look after.
        queueMicrotask(() => this.#look());
      },
      onError: (error) => {
        this.errors.push(error);
        this.#look();
      },
      ...options,
    });
    afterTest(() => this.stream.stop());
    this.stream.start();
  }

  get status(): Status {
    return this.stream.status.getSnapshot();
  }

  is(value: StatusValue): Promise<Status> {
    return until(this.stream.status, (status) => status.value === value);
  }

  /** Waits until the client backs off; answers for how long. Its other timers are longer than any back-off here. */
  async backsOff(): Promise<number> {
    await this.sees(() => (this.environment.waits[0] ?? Number.POSITIVE_INFINITY) < 30_000);
    return this.environment.waits[0] as number;
  }

  /** Waits until everything up to `n` has been handed over. */
  reaches(n: number): Promise<void> {
    return this.sees(() => this.stream.cursor === cursor(n));
  }

  sees(wished: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!wished()) return;
        this.#watchers.delete(look);
        resolve();
      };
      this.#watchers.add(look);
      look();
    });
  }

  #look(): void {
    for (const look of [...this.#watchers]) look();
  }
}
