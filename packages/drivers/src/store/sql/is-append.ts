import type { NotificationDraft, WriteName } from '@belfry/core';
import { isPlain } from './notifications/publish.ts';
import type { WriteCall } from './write-ops.ts';

const APPENDS = new Set<WriteName>(['emit', 'appendLines', 'emitInRun', 'beat']);

/** A write that needs nothing but the end of its log. Garbage is none: what is wrong with it is said in its own steps. */
export function isAppend({ name, input }: WriteCall): boolean {
  if (name !== 'publish') return APPENDS.has(name);
  const { drafts } = (input ?? {}) as { drafts?: (NotificationDraft | null)[] };
  return Array.isArray(drafts) && drafts.every((draft) => draft != null && isPlain(draft));
}
