import type { Hub, HubObserver } from '@belfry/hub';
import { STREAM_SECONDS } from './buckets.ts';
import { Counter, type Family, Histogram, Watched } from './families.ts';

/** Streams and polls: who is here, why they went, and what they were sent. */
export class StreamMetrics {
  readonly observer: HubObserver;
  readonly #opened = new Counter('belfry_streams_opened_total', 'Streams that were opened.', ['log']);
  readonly #closed = new Counter(
    'belfry_streams_closed_total',
    'Streams that have ended, by the reason that the server gave; client: it gave none, as the client went or the run was over.',
    ['log', 'reason'],
  );
  readonly #begun = new Counter(
    'belfry_streams_begun_total',
    'Main streams by how they began: resumed after their cursor, or anew with state and the reason for it.',
    ['as'],
  );
  readonly #failed = new Counter('belfry_streams_failed_total', 'Streams that could not be served to their end.');
  readonly #seconds = new Histogram(
    'belfry_stream_duration_seconds',
    'How long streams that have ended were open.',
    STREAM_SECONDS,
  );
  #openOfRuns = 0;

  constructor() {
    for (const log of ['tenant', 'run']) this.#opened.add(0, log);
    // What is counted on to be 0 should be there to see.
    for (const reason of ['client', 'slow']) this.#closed.add(0, 'tenant', reason);
    this.observer = {
      opened: ({ run }) => {
        this.#opened.add(1, logOf(run));
        if (run !== null) this.#openOfRuns += 1;
      },
      begun: (_info, reason) => this.#begun.add(1, reason ?? 'resumed'),
      closed: ({ run }, reason, durationMs) => {
        this.#closed.add(1, logOf(run), reason ?? 'client');
        this.#seconds.observe(durationMs / 1_000);
        if (run !== null) this.#openOfRuns -= 1;
      },
      failed: () => this.#failed.add(1),
    };
  }

  families(hub: Hub): Family[] {
    const { counts } = hub;
    const open = () => ({ tenant: hub.stats.streams - this.#openOfRuns, run: this.#openOfRuns });
    const followed = () => ({ tenant: hub.stats.tenants, run: hub.stats.runs });
    const sent = () => ({ live: counts.live, catch_up: counts.caughtUp, poll: counts.polled });
    const pages = () => ({ memory: counts.pagesFromMemory, store: counts.pagesFromStore });
    return [
      new Watched('gauge', 'belfry_streams_open', 'Streams that are open.', open, 'log'),
      this.#opened,
      this.#begun,
      this.#closed,
      this.#failed,
      this.#seconds,
      new Watched('gauge', 'belfry_polls_open', 'Long polls and other waits under way.', () => hub.stats.polls),
      new Watched('counter', 'belfry_polls_total', 'Long polls and other waits that have ended.', () => counts.polls),
      new Watched('gauge', 'belfry_logs_followed', 'Logs that somebody here listens to.', followed, 'log'),
      new Watched(
        'counter',
        'belfry_events_sent_total',
        'Events sent to clients, each once for each that got it: as it came, to one that was behind, or as the answer to a poll.',
        sent,
        'way',
      ),
      new Watched('counter', 'belfry_stream_writes_total', 'Writes to streams.', () => counts.writes),
      new Watched('counter', 'belfry_stream_sent_bytes_total', 'Bytes written to streams.', () => counts.bytes),
      new Watched(
        'gauge',
        'belfry_stream_unsent_bytes',
        'Bytes written to streams that their readers have not taken yet.',
        () => hub.unsentBytes,
      ),
      new Watched(
        'counter',
        'belfry_catch_up_pages_total',
        'Pages of what clients had missed, by where they came from.',
        pages,
        'source',
      ),
    ];
  }
}

function logOf(run: string | null): 'tenant' | 'run' {
  return run === null ? 'tenant' : 'run';
}
