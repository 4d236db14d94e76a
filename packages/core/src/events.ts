import type { NewEvent } from '@belfry/protocol/schemas';
import type { Published } from './published.ts';
import type { Recorder } from './recorder.ts';
import type { Idempotency } from './store/commit.ts';

/** An app's own events: carried and kept like Belfry's, and not looked into. */
export class Events {
  readonly #recorder: Recorder;

  constructor(recorder: Recorder) {
    this.#recorder = recorder;
  }

  async publish(tenant: string, event: NewEvent, idempotency?: Idempotency): Promise<Published<{ cursor: string }>> {
    const input = { tenant, to: event.to, type: event.type, data: JSON.stringify(event.data) };
    const { out, replayed } = await this.#recorder.commit('emit', input, idempotency);
    return { value: out, replayed };
  }
}
