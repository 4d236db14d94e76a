import { questionDraft } from '@belfry/contract-tests/question-samples';
import { draft, newTenant, reader } from '@belfry/contract-tests/samples';
import type { Store } from '@belfry/core';
import { openPostgresStore } from '@belfry/drivers/postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { channelsOf } from '../src/store/sql/access/channels.ts';
import { firstSince } from '../src/store/sql/log/first-since.ts';
import { CROWD_SQL } from './support/crowded-log.ts';
import {
  anyServer,
  dropDatabase,
  isMissing,
  makeDatabase,
  POSTGRES,
  sqlOn,
  type TestServer,
} from './support/postgres-server.ts';
import { PlannedSession, read, type Work, write } from './support/rows-read.ts';

const tenant = newTenant();
let log = 0;
const TOPIC = 'topic:news';
const ada = reader(tenant, 'ada', { channels: [TOPIC], since: 0 });
const byPrefix = reader(tenant, 'ada', { channels: ['topic:*'], since: 0 });
/** Ada's: the first is archived, the second is about to expire, the third is neither. */
const ITEMS = [crypto.randomUUID(), crypto.randomUUID(), crypto.randomUUID()] as const;
const [ARCHIVED, DUE, ITEM] = ITEMS;
const QUESTION = crypto.randomUUID();
const RUN = crypto.randomUUID();

const page = { before: null, limit: 10 };
const NARROW = { types: ['x'], severity: ['info' as const], subject: { kind: 'story', id: '1' } };
const ofItem = { tenant, id: ITEM, after: null, limit: 10 };
const NOTHING_IS_DUE = { maxAgeMs: 1e12, maxBytes: 1e12, limit: 100 };
const NOTHING_IS_OLD = { inboxMs: 1e12, inboxItems: 1e9, closedMs: 1e12, limit: 100 };

const EVERY_CHANNEL_TABLE = [
  'addressed',
  'event_channels',
  'question_channels',
  'open_questions',
  'run_channels',
] as const;
/** Where nearly all is on one channel. */
const UNDER_A_PREFIX = { everything: false, exact: [], prefixes: ['user:'] };

const LOOK_UPS: Record<string, Work> = {
  'a page of the log': read('readLog', {
    log: tenant,
    after: 0,
    upTo: 1e9,
    grants: ada.grants,
    limit: 9,
    maxBytes: 1e6,
  }),
  'where logs end': read('heads', { logs: [tenant] }),
  'an item': read('inboxItem', { reader: ada, id: ITEM }),
  'an inbox': read('inbox', { reader: ada, query: { filter: 'all', ...page } }),
  'an inbox by a prefix': read('inbox', { reader: byPrefix, query: { filter: 'all', ...page } }),
  'the counts of an inbox by a prefix': read('counts', { reader: byPrefix }),
  'what is unread of a kind': read('inbox', { reader: ada, query: { filter: 'unread', ...page, ...NARROW } }),
  'what is archived': read('inbox', { reader: ada, query: { filter: 'archived', ...page } }),
  'the counts of an inbox': read('counts', { reader: ada }),
  'the counts of a kind': read('counts', { reader: ada, narrow: NARROW }),
  'a whole state': read('state', { reader: ada, limit: 10 }),
  'who an item is for': read('recipients', ofItem),
  'how many an item is for': read('recipientCounts', ofItem),
  'the channels under a prefix': (context) => channelsOf(context, EVERY_CHANNEL_TABLE, log, UNDER_A_PREFIX),
  'the first item since': (context) => firstSince(context, log, Date.now() - 1e6),
  'an edit': write('edit', { tenant, id: ITEM, patch: { title: 'Other' } }),
  'a withdrawal': write('withdraw', { tenant, id: ITEM }),
  'what expires': write('expire', { limit: 10 }),
  'a question that is cancelled': write('cancelQuestion', { tenant, id: QUESTION }),
  'a run that ends with its question': write('changeRun', {
    ...{ tenant, id: RUN, change: { status: 'failed' }, reader: null },
  }),
  'a topic that is taken from everybody': write('revokeChannel', { tenant, channel: TOPIC }),
  'what retention goes by': write('retain', NOTHING_IS_DUE),
  'what is trimmed of runs': write('retainRuns', { maxBytes: 1, limit: 10 }),
  'what is forgotten': write('forget', NOTHING_IS_OLD),
};

/** What is gone through by intent, or may be. */
const WALKED: Record<string, string> = {
  'what retention goes by': 'logs',
  'what is forgotten': 'logs',
  // Two indexes have people in the order that a page wants, and the planner takes either.
  'who an item is for': 'people_channels',
  'how many an item is for': 'people_channels',
};

/** Statements get a name, and with it a plan that stays, when they come for the third time. */
const TIMES = 4;
/** The first and the last number of what is others' when the plans are made, and of what comes then. */
const SOME = [501, 510] as const;
const MANY = [1_001, 6_000] as const;
/** No operation needs more of a table. */
const FEW = 100;

describe.skipIf(isMissing(POSTGRES))('plans of Postgres', () => {
  let server: TestServer;
  let url: string;
  let session: PlannedSession;
  beforeAll(async () => {
    server = await anyServer();
    url = await makeDatabase(server.url);
    const store = await openPostgresStore({ url });
    await begin(store);
    await store.close();
    await settle();
    session = await PlannedSession.open(url);
    for (const work of Object.values(LOOK_UPS).flatMap((one) => Array<Work>(TIMES).fill(one))) {
      await session.rowsReadBy(work);
    }
    for (const text of CROWD_SQL) await sqlOn(url, text, [log, ...MANY]);
  });
  afterAll(async () => {
    await session?.close();
    await dropDatabase(server.url, url);
    await server?.dispose();
  });

  async function begin(store: Store): Promise<void> {
    const drafts = ITEMS.map((id) => draft({ id, to: ['user:ada', TOPIC] }));
    await store.commit('publish', { tenant, drafts });
    const run = { id: RUN, to: ['user:ada' as const], kind: 'build', title: 'A build', subject: null, data: null };
    await store.commit('createRun', { tenant, draft: { ...run, timeoutMs: null } });
    await store.commit('changeRun', { tenant, id: RUN, change: { status: 'running' }, reader: null });
    const asked = { id: QUESTION, run: RUN };
    for (const draft of [asked, {}]) await store.commit('ask', { tenant, draft: questionDraft(draft) });
    await store.commit('mark', { reader: ada, ids: [ARCHIVED], mark: 'archived' });
    const seen = { tenant, user: 'ada', grants: ada.grants, open: 1, sent: 1 };
    await store.commit('presence', { process: 'here', people: [seen], reached: [] });
    await store.commit('retain', NOTHING_IS_DUE);
  }

  /** Some time has passed; the statistics are of when there was little, and nobody renews them. */
  async function settle(): Promise<void> {
    const [{ id } = {}] = await sqlOn(url, 'select id from belfry.logs where tenant = $1', [tenant]);
    log = Number(id);
    await sqlOn(url, 'update belfry.notifications set expires_at = 1 where id = $1', [DUE]);
    await sqlOn(url, 'update belfry.questions set expires_at = 1 where log = $1 and id <> $2', [log, QUESTION]);
    const names = await sqlOn(url, `select tablename as name from pg_tables where schemaname = 'belfry'`);
    for (const { name } of names) await sqlOn(url, `alter table belfry.${name} set (autovacuum_enabled = off)`);
    for (const text of CROWD_SQL) await sqlOn(url, text, [log, ...SOME]);
    await sqlOn(url, 'analyze');
  }

  test.each(Object.entries(LOOK_UPS))(
    '%s is found by its key, also by a plan from before there was much',
    async (name, work) => {
      const rows = await session.rowsReadBy(work);
      rows.delete(WALKED[name] ?? '');
      const many = [...rows].filter(([, count]) => count > FEW);
      expect(Object.fromEntries(many)).toEqual({});
    },
  );
});
