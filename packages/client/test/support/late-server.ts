import type { EventEnvelope, Mark, Notification } from '@belfry/protocol';
import type { Host } from '../../src/host.ts';
import { RequestError } from '../../src/request-error.ts';
import type { Call } from '../../src/sender.ts';
import { INITIAL_STATUS } from '../../src/status.ts';
import { ModelInbox, numberIn } from './model-inbox.ts';
import { cursor } from './scripted-server.ts';

export type Outcome = 'taken' | 'refused' | 'answer lost';

interface Asked {
  path: string;
  call: Call;
  /** What the server said, once it has looked. */
  said?: () => void;
  resolve: (answer: unknown) => void;
  reject: (error: Error) => void;
}

const LIMIT = 3;

/** A server whose answers and events both come when the test says so, each in the order of its own. */
export class LateServer {
  readonly inbox = new ModelInbox();
  readonly host: Host;
  readonly #stream: { event: EventEnvelope; n: number }[] = [];
  readonly #timers = new Set<() => void>();
  readonly #take: (event: EventEnvelope, cursor: string) => void;
  #asked: Asked[] = [];
  position = 0;

  constructor(take: (event: EventEnvelope, cursor: string) => void) {
    this.#take = take;
    const environment = {
      now: () => 0,
      steady: () => 0,
      random: () => 0.5,
      setTimer: (run: () => void) => {
        this.#timers.add(run);
        return () => this.#timers.delete(run);
      },
      report: (error: unknown) => {
        throw error;
      },
    };
    const call = (path: string, call: Call): Promise<unknown> =>
      new Promise((resolve, reject) => this.#asked.push({ path, call, resolve, reject }));
    this.host = {
      environment,
      requester: { call },
      only: {},
      status: () => INITIAL_STATUS,
      cursor: () => cursor(this.position),
      user: () => '42',
      serverNow: () => null,
      add: () => {},
    } as unknown as Host;
  }

  get quiet(): boolean {
    return this.#asked.length + this.#stream.length + this.#timers.size === 0;
  }

  emit(event: EventEnvelope | null): void {
    if (event !== null) this.#stream.push({ event, n: this.inbox.n });
  }

  /** The next event arrives. */
  deliver(): void {
    const next = this.#stream.shift();
    if (next === undefined) return;
    this.position = next.n;
    this.#take(next.event, cursor(next.n));
  }

  /** What was on its way is in the state of the new stream. */
  reconnect(): void {
    this.#stream.length = 0;
    this.position = this.inbox.n;
  }

  runTimers(): void {
    for (const run of [...this.#timers]) {
      this.#timers.delete(run);
      run();
    }
  }

  /** The server does what the oldest request asks that it has not looked at. */
  decide(outcome: Outcome): void {
    const asked = this.#asked.find(({ said }) => said === undefined);
    if (asked === undefined) return;
    const { resolve, reject, call, path } = asked;
    const isRead = call.method === undefined;
    if (outcome === 'refused' || (isRead && outcome !== 'taken')) {
      asked.said = () => reject(new RequestError('unavailable', 'no', 503));
      return;
    }
    const answer = isRead ? this.#read(path, call) : this.#mark(path, call.body as Body);
    const isLost = outcome === 'answer lost' || answer === null;
    asked.said = () => (isLost ? reject(new RequestError('not_found', 'no', 404)) : resolve(answer));
  }

  /** The oldest answer arrives. */
  answer(): void {
    const asked = this.#asked.find(({ said }) => said !== undefined);
    this.#asked = this.#asked.filter((one) => one !== asked);
    asked?.said?.();
  }

  list({ filter, types, cursor: after }: Query): Notification[] {
    const before = after === undefined ? Number.POSITIVE_INFINITY : numberIn(after);
    return this.inbox.items
      .filter((item) => types === undefined || types === item.type)
      .filter(({ archivedAt }) => (filter === 'archived') === (archivedAt !== null))
      .filter(({ readAt }) => filter !== 'unread' || readAt === null)
      .filter((item) => numberIn(item.cursor) < before)
      .reverse();
  }

  counts(query: Query): { unread: number; unseen: number } {
    const items = this.list({ types: query.types });
    return {
      unread: items.filter(({ readAt }) => readAt === null).length,
      unseen: items.filter(({ seenAt }) => seenAt === null).length,
    };
  }

  page(query: Query = {}): { items: Notification[]; unread: number; unseen: number; nextCursor: string | null } {
    const all = this.list(query);
    const items = all.slice(0, LIMIT);
    const nextCursor = all.length > LIMIT ? (items.at(-1)?.cursor ?? null) : null;
    return { items, ...this.counts(query), nextCursor };
  }

  #read(path: string, { query = {} }: Call): unknown {
    if (path === '/v1/inbox') return this.page(query as Query);
    if (path === '/v1/inbox/count') return this.counts(query as Query);
    return this.inbox.items.find(({ id }) => path === `/v1/inbox/${id}`) ?? null;
  }

  #mark(path: string, { ids = [], mark, upTo }: Body): unknown {
    const all = { 'read-all': 'read', 'seen-all': 'seen', 'archive-all': 'archived' }[path.slice('/v1/inbox/'.length)];
    const known = ids.filter((id) => this.inbox.items.some((item) => item.id === id));
    if (all === undefined && known.length === 0) return null;
    this.emit(this.inbox.mark(ids, all === undefined ? null : numberIn(upTo as string), (all ?? mark) as Mark));
    return {};
  }
}

interface Query {
  filter?: string | undefined;
  types?: string | undefined;
  cursor?: string | undefined;
}

interface Body {
  ids?: string[];
  mark?: Mark;
  upTo?: string;
}
