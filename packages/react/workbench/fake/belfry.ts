import type {
  Belfry,
  CountsSnapshot,
  Inbox,
  InboxSnapshot,
  ListSnapshot,
  QuestionsSnapshot,
  Readable,
  RunFeed,
  RunFeedSnapshot,
  RunsSnapshot,
  Status,
} from '@belfry/client';
import { NOW } from '../fixed-clock.ts';
import { type Held, held } from './held.ts';
import { NO_FEED, NO_INBOX, NO_QUESTIONS, NO_RUNS, STATUS } from './nothing.ts';

/** What a client is to hold; what is left out is empty, loaded and live. */
export interface Contents {
  inbox?: Partial<InboxSnapshot>;
  questions?: Partial<QuestionsSnapshot>;
  runs?: Partial<RunsSnapshot>;
  /** By the id of the run. */
  feeds?: Record<string, Partial<RunFeedSnapshot>>;
  status?: Partial<Status>;
}

/** A client that is connected to nothing, and the stores it holds. */
export interface FakeBelfry {
  client: Belfry;
  inbox: Held<InboxSnapshot>;
  questions: Held<QuestionsSnapshot>;
  runs: Held<RunsSnapshot>;
  feed: (id: string) => Held<RunFeedSnapshot>;
  status: Held<Status>;
  /** What was done with it: the name of the method, and what it was given. */
  calls: [string, ...unknown[]][];
  /** What the next calls answer. */
  answers: boolean;
  /** Something comes, and tells whoever listens to its type. */
  happens: (type: string, data: object) => void;
}

type Heard = (event: { data: object }) => void;

export function fakeBelfry(contents: Contents = {}): FakeBelfry {
  const feeds = new Map<string, Held<RunFeedSnapshot>>();
  const heard = new Set<[type: string, hear: Heard]>();
  const fake: Omit<FakeBelfry, 'client'> = {
    inbox: held({ ...NO_INBOX, ...contents.inbox }),
    questions: held({ ...NO_QUESTIONS, ...contents.questions }),
    runs: held({ ...NO_RUNS, ...contents.runs }),
    status: held({ ...STATUS, ...contents.status }),
    feed: (id) => {
      const feed = feeds.get(id) ?? held({ ...NO_FEED, ...contents.feeds?.[id] });
      feeds.set(id, feed);
      return feed;
    },
    calls: [],
    answers: true,
    happens: (type, data) => {
      for (const [wanted, hear] of heard) if (wanted === type) hear({ data });
    },
  };
  const on = (type: string, hear: Heard) => {
    const one: [string, Heard] = [type, hear];
    heard.add(one);
    return () => heard.delete(one);
  };
  return Object.assign(fake, { client: clientOf(fake, on) });
}

function clientOf(fake: Omit<FakeBelfry, 'client'>, on: (type: string, hear: Heard) => () => void): Belfry {
  const call =
    (name: string) =>
    async (...given: unknown[]): Promise<boolean> => {
      fake.calls.push([name, ...given]);
      return fake.answers;
    };
  const calls = <Name extends string>(...names: Name[]) =>
    Object.fromEntries(names.map((name) => [name, call(name)])) as Record<Name, () => Promise<boolean>>;
  const nothing = () => () => {};
  const { questions, runs, status } = fake;
  const client = {
    inbox: inboxOf(fake.inbox, calls),
    questions: {
      ...readable(questions),
      ...calls('answer', 'cancel', 'dismiss', 'ask'),
      about: () => readable(questions),
      timeLeft: ({ expiresAt }: { expiresAt: string | null }) =>
        expiresAt === null ? null : Math.max(0, Date.parse(expiresAt) - NOW),
    },
    runs: { ...readable(runs), ...calls('cancel', 'dismiss'), about: () => readable(runs) },
    run: (id: string): RunFeed => ({ ...readable(fake.feed(id)), ...calls('loadEarlier'), on: nothing }),
    counts: countsOf(fake),
    status: readable(status),
    cursor: null,
    start: () => {},
    stop: () => {},
    on,
    onGap: nothing,
    onStatus: (handler: (value: Status) => void) => status.subscribe(() => handler(status.getSnapshot())),
    onFrame: nothing,
    onError: nothing,
    ack: async () => {},
    host: { requester: { address: '' }, serverNow: () => NOW },
  };
  return client as unknown as Belfry;
}

function inboxOf(
  inbox: Held<InboxSnapshot>,
  calls: <Name extends string>(...names: Name[]) => Record<Name, () => Promise<boolean>>,
): Inbox {
  let last: { of: InboxSnapshot; list: ListSnapshot } | undefined;
  const getSnapshot = (): ListSnapshot => {
    const of = inbox.getSnapshot();
    if (last?.of !== of) last = { of, list: { ...of, hasMore: of.nextCursor !== null } };
    return last.list;
  };
  return Object.assign(
    readable(inbox),
    calls('read', 'unread', 'seen', 'archive', 'unarchive', 'readAll', 'seenAll', 'archiveAll', 'loadMore'),
    { list: () => ({ subscribe: inbox.subscribe, getSnapshot, ...calls('loadMore', 'refetch') }) },
  );
}

function countsOf({ inbox, questions, runs }: Omit<FakeBelfry, 'client'>): Readable<CountsSnapshot> {
  const { unread, unseen } = inbox.getSnapshot();
  const openQuestions = questions.getSnapshot().open;
  return held({ unread, unseen, openQuestions, activeRuns: runs.getSnapshot().active });
}

function readable<Value>({ subscribe, getSnapshot }: Held<Value>): Readable<Value> {
  return { subscribe, getSnapshot };
}
