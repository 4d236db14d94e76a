import { type Belfry, createBelfry, type Frame, type StateFrame, type Status } from '@belfry/client';
import type { PersonConfig } from '../../src/wire.ts';
import { fetchToken } from '../config.ts';
import { Signal } from '../signal.ts';
import { Access } from './access.ts';
import { FrameLog } from './frame-log.ts';
import { seqOf } from './numbers.ts';
import type { Outage } from './outage.ts';
import { firstProgress, type Progress, progressed } from './progress.ts';
import { Receipts } from './receipts.ts';

/** One person's Belfry client, and a count of what it handed over. `watch` tells of its connection. */
export class BelfryLane extends Signal {
  readonly person: PersonConfig;
  readonly client: Belfry;
  readonly access: Access;
  readonly receipts = new Receipts();
  readonly frames = new FrameLog();
  progress: Progress = firstProgress(Date.now());
  /** Null: it was never cut off. */
  outage: Outage | null = null;
  #value: Status['value'] = 'idle';
  readonly #run: string;

  constructor(person: PersonConfig, run: string) {
    super();
    this.person = person;
    this.#run = run;
    this.client = createBelfry({ url: person.url, token: () => fetchToken(person.user) });
    this.access = new Access(this.client);
    this.access.watch(() => this.changed());
    this.client.onStatus((status) => this.#follow(status));
    this.client.onFrame((frame) => this.#log(frame));
    this.client.on('notification.created', ({ data }) => {
      const seq = seqOf(data.notification, run);
      if (seq !== null) this.receipts.note(seq);
    });
    this.client.start();
  }

  get status(): Status {
    return this.client.status.getSnapshot();
  }

  #follow({ value }: Status): void {
    const now = Date.now();
    const wasLive = this.progress.caughtUp;
    this.progress = progressed(this.progress, value === 'live', now);
    if (wasLive && value !== 'live') this.outage = { from: now, until: null };
    if (!wasLive && value === 'live' && this.outage !== null) this.outage.until ??= now;
    if (value !== this.#value && value !== 'live') this.frames.add(`(${value})`, null, null);
    this.#value = value;
    this.changed();
  }

  #log({ event, id, data }: Frame): void {
    this.frames.add(event === 'id' ? 'heartbeat' : event, id, data);
    if (event !== 'state' || data === null) return;
    const { items } = (JSON.parse(data) as StateFrame).notifications;
    const seqs = items.map((item) => seqOf(item, this.#run)).filter((seq) => seq !== null);
    // The newest stands first.
    this.receipts.noteHeld(seqs.reverse());
  }
}
