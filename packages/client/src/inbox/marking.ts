import { COUNT_CAP, type Mark, matchesType, type Notification, type TypeFilter } from '@belfry/protocol';
import { type InboxState, isUnread, isUnseen, marked, numberOf, replaceItem } from './state.ts';

/** Which items a mark is for: those named, or everything up to a number, of some types if given. */
interface Target {
  ids: readonly string[];
  upTo: number | null;
  types?: TypeFilter | undefined;
}

export interface Marking extends Target {
  mark: Mark;
  at: string;
}

/** Changes `state` by a mark. False: it already was like that. */
export function applyMarking(state: InboxState, marking: Marking): boolean {
  const before = { unread: state.unread, unseen: state.unseen };
  let changed = false;
  for (const item of targets(state, marking)) {
    const next = marked(item, marking.mark, marking.at);
    if (next === item) continue;
    replaceItem(state, item.id, next);
    changed = true;
  }
  if (marking.upTo !== null && marking.types === undefined) recount(state, marking.mark);
  return changed || state.unread !== before.unread || state.unseen !== before.unseen;
}

function targets(state: InboxState, { ids, upTo, types }: Target): Notification[] {
  if (upTo === null) return ids.map((id) => state.items.get(id)).filter((item) => item !== undefined);
  return [...state.items.values()].filter((item) => numberOf(item) <= upTo && matchesType(types, item.type));
}

/**
 * Everything up to here is marked, loaded or not, so what counts is what came later; and all of that is loaded,
 * because it came by events.
 */
function recount(state: InboxState, mark: Mark): void {
  const items = [...state.items.values()];
  const count = (is: (item: Notification) => boolean): number => Math.min(COUNT_CAP, items.filter(is).length);
  state.unseen = count(isUnseen);
  if (mark !== 'seen') state.unread = count(isUnread);
}
