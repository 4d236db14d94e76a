import { COUNT_CAP, type Counts, type InboxPage, type Mark, type Notification, parseCursor } from '@belfry/protocol';

/** What is known of an inbox: the items that came, archived ones too, and the counts over all there are. */
export interface InboxState extends Counts {
  /** `putItem` changes it. */
  items: ReadonlyMap<string, Notification>;
  /** The items, the newest first, once somebody has looked. Kept, since thousands are looked at with each that comes. */
  newest?: Notification[] | undefined;
  nextCursor: string | null;
  /** The inbox has all from this number on. What is older is here only for lists that asked for it. */
  from: number;
  /** Events up to this number are in the counts, also those that are still to come. */
  countedTo: number;
}

export function emptyState(): InboxState {
  return { items: new Map(), unread: 0, unseen: 0, nextCursor: null, from: 0, countedTo: 0 };
}

export function stateOf(page: InboxPage): InboxState {
  const { unread, unseen, nextCursor } = page;
  const items = new Map(page.items.map((item) => [item.id, item]));
  return { items, unread, unseen, nextCursor, from: fromOf(page), countedTo: 0 };
}

/** A copy that can be changed without the first one noticing; the items themselves are never changed in place. */
export function copyOf(state: InboxState): InboxState {
  return { ...state, items: new Map(state.items), newest: state.newest?.slice() };
}

/** Where in the log a cursor stands; 0: nowhere. */
export function numberIn(cursor: string): number {
  return parseCursor(cursor)?.n ?? 0;
}

/** From which number on a page leaves nothing out. */
export function fromOf({ items, nextCursor }: InboxPage): number {
  if (nextCursor === null) return 0;
  const last = items.at(-1);
  return last === undefined ? numberIn(nextCursor) : numberOf(last);
}

const numbers = new WeakMap<Notification, number>();

/** Where an item stands in the log. Kept, since lists of thousands are sorted and cut by it. */
export function numberOf(item: Notification): number {
  let n = numbers.get(item);
  if (n === undefined) {
    n = numberIn(item.cursor);
    numbers.set(item, n);
  }
  return n;
}

/** What is shown: the newest first, archived ones left out. */
export function shownItems(state: InboxState): Notification[] {
  return newestItems(state, (item) => item.archivedAt === null && (state.from === 0 || numberOf(item) >= state.from));
}

export function newestItems(state: InboxState, shows: (item: Notification) => boolean): Notification[] {
  state.newest ??= [...state.items.values()].sort((a, b) => numberOf(b) - numberOf(a));
  return state.newest.filter(shows);
}

/** Puts an item where its last version was; `null` takes it out. */
export function putItem(state: InboxState, id: string, next: Notification | null): void {
  const items = state.items as Map<string, Notification>;
  const last = items.get(id);
  if (next === null) items.delete(id);
  else items.set(id, next);
  if (state.newest !== undefined) state.newest = withItem(state.newest, last, next);
}

/** What comes is mostly the newest; nothing: it has to be sorted anew. */
function withItem(
  newest: Notification[],
  last: Notification | undefined,
  next: Notification | null,
): Notification[] | undefined {
  const [first] = newest;
  const added = next === null ? [] : [next];
  if (last !== undefined) newest.splice(newest.indexOf(last), 1, ...added);
  else if (next !== null && first !== undefined && numberOf(next) <= numberOf(first)) return undefined;
  else newest.unshift(...added);
  return newest;
}

export function isUnread(item: Notification): boolean {
  return item.archivedAt === null && item.readAt === null;
}

export function isUnseen(item: Notification): boolean {
  return item.archivedAt === null && item.seenAt === null;
}

/** The same, and counts the difference. */
export function replaceItem(state: InboxState, id: string, next: Notification | null): void {
  const last = state.items.get(id);
  putItem(state, id, next);
  state.unread = counted(state.unread, last !== undefined && isUnread(last), next !== null && isUnread(next));
  state.unseen = counted(state.unseen, last !== undefined && isUnseen(last), next !== null && isUnseen(next));
}

/** The cap means "or more": one fewer than that is still unknown, until the server says a number again. */
function counted(count: number, before: boolean, after: boolean): number {
  if (before === after || count >= COUNT_CAP) return count;
  return Math.max(0, count + (after ? 1 : -1));
}

/** An item after a mark; the same object where the mark changes nothing. Read and archived imply seen. */
export function marked(item: Notification, mark: Mark, at: string): Notification {
  const { seenAt, readAt, archivedAt } = item;
  if (mark === 'unread') return readAt === null ? item : { ...item, readAt: null };
  if (mark === 'unarchived') return archivedAt === null ? item : { ...item, archivedAt: null };
  if (mark === 'seen') return seenAt === null ? { ...item, seenAt: at } : item;
  if (mark === 'read') return readAt === null ? { ...item, readAt: at, seenAt: seenAt ?? at } : item;
  return archivedAt === null ? { ...item, archivedAt: at, seenAt: seenAt ?? at } : item;
}
