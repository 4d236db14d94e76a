import type { InboxPage } from '@belfry/protocol';
import { type Host, onlyQuery } from './host.ts';
import type { Inbox } from './inbox/inbox.ts';
import type { Questions } from './questions/questions.ts';
import type { Runs } from './runs/runs.ts';
import { isAbout, type SubjectRef } from './subject.ts';

interface Stores {
  readonly inbox: Inbox;
  readonly questions: Questions;
  readonly runs: Runs;
}

/** Reads what the inbox has about one thing, and stops showing what is closed or finished of it. */
export async function clear(host: Host, { inbox, questions, runs }: Stores, subject: SubjectRef): Promise<boolean> {
  // The stores leave alone what is still open.
  const { items: toAnswer, asked } = questions.about(subject).getSnapshot();
  for (const { id } of [...toAnswer, ...asked]) questions.dismiss(id);
  for (const { id } of runs.about(subject).getSnapshot().items) runs.dismiss(id);
  const { items, nextCursor } = inbox.getSnapshot();
  const unread = items.filter(isAbout(subject)).filter(({ readAt }) => readAt === null);
  const taken = unread.length === 0 || (await inbox.read(unread.map(({ id }) => id)));
  return taken && (nextCursor === null || readUnloaded(host, inbox, subject));
}

async function readUnloaded(host: Host, inbox: Inbox, { kind, id }: SubjectRef): Promise<boolean> {
  let cursor: string | undefined;
  do {
    const query = { ...onlyQuery(host.only), filter: 'unread', subject: `${kind}:${id}`, limit: '100', cursor };
    const page = (await host.requester.call('/v1/inbox', { query }).catch(() => null)) as InboxPage | null;
    if (page === null) return false;
    const ids = page.items.map((item) => item.id);
    if (ids.length > 0 && !(await inbox.read(ids))) return false;
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return true;
}
