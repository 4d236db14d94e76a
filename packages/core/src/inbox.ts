import type { Counts, InboxPage, Mark, Notification, TypeFilter } from '@belfry/protocol';
import { loggedNumber } from './cursors.ts';
import { noNotification } from './notifications.ts';
import type { Reader } from './principal.ts';
import type { Recorder } from './recorder.ts';
import type { CountQuery, InboxQuery } from './store/inbox.ts';

/** What one person has, and what they do with it. */
export class Inbox {
  readonly #recorder: Recorder;

  constructor(recorder: Recorder) {
    this.#recorder = recorder;
  }

  list(reader: Reader, query: InboxQuery): Promise<InboxPage> {
    return this.#recorder.store.read('inbox', { reader, query });
  }

  /** The same as JSON, for who hands it on. */
  listJson(reader: Reader, query: InboxQuery): Promise<string> {
    return this.#recorder.store.read('inboxJson', { reader, query });
  }

  async get(reader: Reader, id: string): Promise<Notification> {
    const found = await this.#recorder.store.read('inboxItem', { reader, id });
    if (found === null) throw noNotification();
    return found;
  }

  async count(reader: Reader, narrow: CountQuery = {}): Promise<Counts> {
    const { unread, unseen } = await this.#recorder.store.read('counts', { reader, narrow });
    return { unread, unseen };
  }

  /** Repeats are harmless. Ids that are not theirs, or no longer there, are skipped; all of them: `not_found`. */
  async mark(reader: Reader, ids: readonly string[], mark: Mark): Promise<void> {
    await this.#recorder.commit('mark', { reader, ids: [...new Set(ids)], mark });
  }

  /** Everything up to a cursor, by default all there is when it commits. What comes later is left alone. */
  async markUpTo(
    reader: Reader,
    mark: 'seen' | 'read' | 'archived',
    options: { upTo?: string | undefined; types?: TypeFilter | undefined },
  ): Promise<void> {
    const { store } = this.#recorder;
    const upTo =
      options.upTo === undefined ? null : await loggedNumber(store, reader.tenant, reader.user, options.upTo, 'upTo');
    await this.#recorder.commit('markUpTo', { reader, mark, upTo, types: options.types ?? null });
  }

  /** All that was sent to this device up to here has arrived. */
  async ack({ tenant, user }: Pick<Reader, 'tenant' | 'user'>, device: string, cursor: string): Promise<void> {
    const n = await loggedNumber(this.#recorder.store, tenant, user, cursor, 'cursor');
    await this.#recorder.commit('ack', { tenant, user, device, n });
  }
}
