import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { draft } from '@belfry/contract-tests/samples';
import type { NotificationDraft } from '@belfry/core';
import { openSqliteStore } from '@belfry/drivers/sqlite';
import { expect, test } from 'vitest';
import { inFolder } from './support/folder.ts';

/** Not as many as go into whole statements. */
const MANY = 23;
const LATER = '2099-01-01T00:00:00.000Z';

const batch = (over: (index: number) => Partial<NotificationDraft>): NotificationDraft[] =>
  Array.from({ length: MANY }, (_, index) =>
    draft({ id: `id-${index}`, to: [`user:${index}`, 'all'], ...over(index) }),
  );

/** By what one of a batch may differ from the others. */
const DIFFERENCES: Partial<NotificationDraft>[] = [
  { title: 'Another' },
  { type: 'another' },
  { severity: 'critical' },
  { subject: { kind: 'story', id: '7' } as never },
  { dedupeKey: 'once' },
  { expiresAt: LATER },
];

test.each(DIFFERENCES)('every row of a batch holds its own, whatever the others have in common: %o', (difference) =>
  inFolder(async (dir) => {
    const all = batch(() => ({
      type: 'comment',
      ...(difference.subject && { subject: { kind: 'story', id: '1' } as never }),
    }));
    const drafts = all.map((one, index) => (index === MANY - 2 ? { ...one, ...difference } : one));
    expect(await rowsOf(dir, drafts)).toEqual(drafts.map(shown));
  }),
);

test('what is the same in all rows of a batch is in each of them', () =>
  inFolder(async (dir) => {
    const subject = { kind: 'story', id: '1' } as never;
    const drafts = batch(() => ({ type: 'comment', severity: 'warning', subject, expiresAt: LATER }));
    expect(await rowsOf(dir, drafts)).toEqual(drafts.map(shown));
  }));

/** Of each notification what stands in columns of its own, also in those of its event. */
async function rowsOf(dir: string, drafts: NotificationDraft[]): Promise<unknown[]> {
  const store = await openSqliteStore({ dir });
  await store.commit('publish', { tenant: 'acme', drafts });
  await store.close();
  const database = new DatabaseSync(join(dir, 'belfry.db'), { readOnly: true });
  try {
    const rows = database.prepare(`
      select i.*, e.type as event, e.recipients as event_recipients, e.time - i.created_at as age, e.data,
        (select json_group_array(a.channel) from addressed a where a.log = i.log and a.n = i.n) as addressed
      from notifications i join events e on e.log = i.log and e.n = i.n order by i.n`);
    return rows.all().map(({ log: _, created_at: __, ...row }) => ({ ...row, content: titleIn(row.content) }));
  } finally {
    database.close();
  }
}

function titleIn(content: unknown): unknown {
  return JSON.parse(String(content)).title;
}

function shown(draft: NotificationDraft, index: number): unknown {
  const recipients = JSON.stringify(draft.to);
  return {
    n: index + 1,
    id: draft.id,
    type: draft.type,
    severity: draft.severity,
    subject_kind: draft.subject?.kind ?? null,
    subject_id: draft.subject?.id ?? null,
    expires_at: draft.expiresAt === null ? null : Date.parse(draft.expiresAt),
    dedupe_key: draft.dedupeKey,
    recipients,
    content: draft.title,
    event: 'notification.created',
    event_recipients: recipients,
    age: 0,
    data: '',
    addressed: JSON.stringify([...draft.to].sort()),
  };
}
