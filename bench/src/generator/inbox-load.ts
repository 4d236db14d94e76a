import type { Figures } from '../figures.ts';
import type { Wire } from '../peers/peer.ts';
import type { ServerAt } from '../scenarios/scenario.ts';
import { Histogram } from './histogram.ts';
import { Ledger } from './ledger.ts';
import { Pace } from './pace.ts';
import { Publishers } from './publishers.ts';
import { numbered } from './sequence.ts';
import { Subscribers } from './subscribers.ts';

const PATIENCE_MS = 10_000;
/** Messages in flight at most; what is due beyond it waits, and its time runs. */
const LANES = 32;

/** Where it publishes and where its people have their streams open. */
export interface InboxEnds {
  wire: Wire;
  first: ServerAt;
  last: ServerAt;
}

export interface InboxSettings {
  people: number;
  inboxPerSecond: number;
}

/** Notifications by the clock, each to the next of some people who all have a stream open. */
export class InboxLoad {
  readonly #ledger: Ledger;
  readonly #streams: Subscribers;
  readonly #publishers: Publishers;

  static async open(ends: InboxEnds, settings: InboxSettings): Promise<InboxLoad> {
    const load = new InboxLoad(ends, settings);
    await load.#streams.open(settings.people);
    await load.#publishers.open(LANES);
    load.#publishers.start();
    return load;
  }

  private constructor({ wire, first, last }: InboxEnds, { people, inboxPerSecond }: InboxSettings) {
    const ledger = new Ledger(people);
    let to = 0;
    const compose = (open: (target: number) => number) => {
      to = (to + 1) % people;
      return wire.publish({ to, title: numbered(open(to), 'Ada commented on your story') });
    };
    this.#ledger = ledger;
    this.#streams = new Subscribers(wire, last, (person, seq, now) => ledger.receive(person, seq, now));
    this.#publishers = new Publishers(first, ledger, compose, new Pace(inboxPerSecond));
  }

  /** Rejects at the first stream or request that fails. */
  get failed(): Promise<never> {
    return Promise.race([this.#streams.failed, this.#publishers.failed]);
  }

  /** Times count from here. */
  begin(): void {
    this.#ledger.times = new Histogram();
  }

  /** From when a message was due to its receipt, in ms, since they were begun. */
  times(): Figures {
    const { times } = this.#ledger;
    return { p50: times.quantile(0.5) / 1_000, p99: times.quantile(0.99) / 1_000 };
  }

  /** Publishes no more, and says what came of all since the start. */
  async stop(): Promise<Figures> {
    await this.#publishers.stop(PATIENCE_MS);
    const { doubled, strays, deliveries } = this.#ledger.tally;
    return { verified: deliveries, missing: this.#ledger.missing, doubled: doubled + strays };
  }

  close(): void {
    this.#publishers.close();
    this.#streams.close();
  }
}
