// What the pages of `browser.heavy.test.ts` run: a client as an app has it, and what it saw written down.
import { createBelfry } from '@belfry/client';

export interface Seen {
  /** The number in the title of each notification, as they came. */
  numbers: number[];
  /** When each of them came. */
  times: number[];
  unread: number;
  status: string;
  transport: string;
  statuses: string[];
  gaps: number;
  restored: number;
  /** The texts of the followed run's log. */
  lines: string[];
}

const params = new URLSearchParams(location.search);
const hurry = Number(params.get('hurry') ?? 1);
const seen: Seen = {
  numbers: [],
  times: [],
  unread: 0,
  status: '',
  transport: '',
  statuses: [],
  gaps: 0,
  restored: 0,
  lines: [],
};

const belfry = createBelfry({
  url: '',
  token: params.get('token') as string,
  // What takes a minute is not waited for in a test; what the server decides is left alone.
  environment: { setTimer: (run, ms) => later(run, ms >= 10_000 && hurry > 1 ? ms / hurry : ms) },
});

function later(run: () => void, ms: number): () => void {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}

belfry.on('notification.created', ({ data: { notification } }) => {
  seen.numbers.push(Number(notification.title));
  seen.times.push(Date.now());
});
belfry.onGap(() => {
  seen.gaps += 1;
});
const look = (): void => {
  const { value, transport } = belfry.status.getSnapshot();
  Object.assign(seen, { status: value, transport, unread: belfry.inbox.getSnapshot().unread });
  const word = `${value} ${transport}`;
  if (seen.statuses.at(-1) !== word) seen.statuses.push(word);
};
belfry.status.subscribe(look);
belfry.inbox.subscribe(look);
const run = params.get('run');
if (run !== null) {
  const feed = belfry.run(run);
  feed.subscribe(() => {
    seen.lines = feed.getSnapshot().lines.map(({ text }) => text);
  });
}
addEventListener('pageshow', ({ persisted }) => {
  if (persisted) seen.restored += 1;
});
Object.assign(globalThis, { seen, belfry });
belfry.start();
