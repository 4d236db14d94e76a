import { type Belfry, createBelfry, type Frame, type Status } from '@belfry/client';
import type { StateFrame } from '@belfry/protocol';
import type { PersonConfig } from '../../src/wire.ts';
import { fetchToken } from '../config.ts';
import { Signal } from '../signal.ts';
import type { Progress } from '../tally.ts';
import { FrameLog } from './frame-log.ts';
import { seqOf } from './numbers.ts';
import { Receipts } from './receipts.ts';

/** One person's Belfry client, and a count of what it handed over. `watch` tells of its connection. */
export class BelfryLane extends Signal {
  readonly person: PersonConfig;
  readonly client: Belfry;
  readonly receipts = new Receipts();
  readonly frames = new FrameLog();
  progress: Progress = { caughtUp: false, since: Date.now() };
  readonly #run: string;

  constructor(person: PersonConfig, run: string) {
    super();
    this.person = person;
    this.#run = run;
    this.client = createBelfry({ url: person.url, token: () => fetchToken(person.user) });
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
    const caughtUp = value === 'live';
    if (caughtUp !== this.progress.caughtUp) this.progress = { caughtUp, since: Date.now() };
    this.changed();
  }

  #log({ event, id, data }: Frame): void {
    this.frames.add(event === 'id' ? 'heartbeat' : event, id, data);
    if (event !== 'state' || data === null) return;
    for (const item of (JSON.parse(data) as StateFrame).notifications.items) {
      const seq = seqOf(item, this.#run);
      if (seq !== null) this.receipts.noteHeld(seq);
    }
  }
}
