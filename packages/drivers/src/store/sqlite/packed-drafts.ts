import type { NotificationDraft } from '@belfry/core';

/** What is the same in all drafts, or what each has. */
type Column<Value> = { all: Value } | { each: Value[] };

/** Drafts as columns: as objects they take more than twice as long to carry. One channel is packed without its list. */
export type PackedDrafts = { id: string[] } & {
  [Field in Exclude<keyof NotificationDraft, 'id'>]-?: Column<
    Field extends 'to' ? string | string[] : Required<NotificationDraft>[Field]
  >;
};

/** Null where there are not several, or it is not drafts at all: then they go as they are. */
export function packDrafts(drafts: unknown): PackedDrafts | null {
  if (!Array.isArray(drafts) || drafts.length < 2 || !drafts.every(isDraft)) return null;
  return {
    id: drafts.map(({ id }) => id),
    to: columnOf(drafts, ({ to }) => (to.length === 1 ? (to[0] as string) : to)),
    type: columnOf(drafts, ({ type }) => type),
    title: columnOf(drafts, ({ title }) => title),
    body: columnOf(drafts, ({ body }) => body),
    actionUrl: columnOf(drafts, ({ actionUrl }) => actionUrl),
    actions: columnOf(drafts, ({ actions }) => (actions.length === 0 ? NONE : actions)),
    actor: columnOf(drafts, ({ actor }) => actor),
    icon: columnOf(drafts, ({ icon }) => icon),
    severity: columnOf(drafts, ({ severity }) => severity),
    subject: columnOf(drafts, ({ subject }) => subject),
    data: columnOf(drafts, ({ data }) => data),
    dedupeKey: columnOf(drafts, ({ dedupeKey }) => dedupeKey),
    expiresAt: columnOf(drafts, ({ expiresAt }) => expiresAt),
    fallback: columnOf(drafts, ({ fallback }) => fallback ?? null),
  };
}

/** In the other thread. */
export function unpackDrafts(packed: PackedDrafts): NotificationDraft[] {
  return packed.id.map((id, index) => {
    const to = at(packed.to, index);
    return {
      id,
      to: typeof to === 'string' ? [to] : to,
      type: at(packed.type, index),
      title: at(packed.title, index),
      body: at(packed.body, index),
      actionUrl: at(packed.actionUrl, index),
      actions: at(packed.actions, index),
      actor: at(packed.actor, index),
      icon: at(packed.icon, index),
      severity: at(packed.severity, index),
      subject: at(packed.subject, index),
      data: at(packed.data, index),
      dedupeKey: at(packed.dedupeKey, index),
      expiresAt: at(packed.expiresAt, index),
      fallback: at(packed.fallback, index),
    };
  });
}

/** Of most. One list, so that it is the same in all; nobody changes it. */
const NONE: NotificationDraft['actions'] = [];

function isDraft(draft: unknown): draft is NotificationDraft {
  const { to, actions } = (draft ?? {}) as Partial<NotificationDraft>;
  return Array.isArray(to) && Array.isArray(actions);
}

function columnOf<Value>(
  drafts: readonly NotificationDraft[],
  read: (draft: NotificationDraft) => Value,
): Column<Value> {
  const first = read(drafts[0] as NotificationDraft);
  if (drafts.every((draft) => read(draft) === first)) return { all: first };
  return { each: drafts.map(read) };
}

function at<Value>(column: Column<Value>, index: number): Value {
  return 'all' in column ? column.all : (column.each[index] as Value);
}
