import { type AccessRows, NO_ROWS, type Person } from '@belfry/core';
import { type Position, parseCursor } from '@belfry/protocol';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AccessCache } from '../src/access-cache.ts';
import { openStore, TestHub, type TestStore } from './support/hub.ts';
import { FAITHFUL, LossyNet } from './support/lossy-net.ts';

let store: TestStore;
let test: TestHub;
/** How often the database was asked for somebody's access. */
let asked: number;
beforeAll(async () => {
  store = await openStore();
});
beforeEach(() => {
  asked = 0;
  test = new TestHub(store, {
    read: ([name], on) => {
      if (name === 'access') asked += 1;
      return on();
    },
  });
});
afterEach(() => test.close());
afterAll(() => store.end());

const channelsOf = ({ memberships }: AccessRows) => memberships.map(({ channel }) => channel);

describe('what the database says about a person’s access', () => {
  it('is asked for each time where nobody follows the tenant’s log here', async () => {
    await test.hub.rowsOf(test.person('ada'));
    await test.hub.rowsOf(test.person('ada'));
    expect(asked).toBe(2);
  });

  describe('where its log is followed', () => {
    beforeEach(async () => {
      await test.openLive(test.request('somebody', { wantsState: false }));
      asked = 0;
    });

    it('is asked for once, however many come at once and later', async () => {
      await Promise.all(Array.from({ length: 50 }, () => test.hub.rowsOf(test.person('ada'))));
      await test.tell('user:ada');
      await test.hub.rowsOf(test.person('ada'));
      expect(asked).toBe(1);
    });

    it('is here at once when it was read before, and until it changes', async () => {
      const ada = test.person('ada');
      expect(test.hub.knownRowsOf(ada)).toBeNull();
      const reading = test.hub.rowsOf(ada);
      expect(test.hub.knownRowsOf(ada)).toBeNull();
      const rows = await reading;
      expect(test.hub.knownRowsOf(ada)).toBe(rows);
      expect(test.hub.knownRowsOf(ada, 1)).toBeNull();
      await test.core.memberships.grant(test.tenant, 'ada', 'topic:a');
      expect(test.hub.knownRowsOf(ada)).toBeNull();
    });

    it('is asked for again after each change, of the one whom it is about', async () => {
      await test.core.memberships.grant(test.tenant, 'ada', 'topic:a');
      for (const user of ['ada', 'ben']) await test.hub.rowsOf(test.person(user));
      await test.core.memberships.grant(test.tenant, 'ada', 'topic:b');
      expect(channelsOf(await test.hub.rowsOf(test.person('ada')))).toEqual(['topic:a', 'topic:b']);
      await test.core.memberships.revoke(test.tenant, 'ada', 'topic:b');
      expect((await test.hub.rowsOf(test.person('ada'))).revocations).toHaveLength(1);
      await test.core.appAccess.invalidate(test.tenant, 'ada');
      expect((await test.hub.rowsOf(test.person('ada'))).invalidatedAt).toBeGreaterThan(0);
      expect(asked).toBe(5);
      await test.hub.rowsOf(test.person('ben'));
      expect(asked).toBe(5);
    });

    it('is asked for again by all when something was taken from everybody', async () => {
      const ada = test.person('ada', { channels: ['topic:p/*'], issuedAt: 0 });
      expect(await test.hub.rowsOf(ada)).toEqual(NO_ROWS);
      await test.core.memberships.revokeChannel(test.tenant, 'topic:p/1');
      expect((await test.hub.rowsOf(ada)).revocations).toHaveLength(1);
    });

    it('is asked for by each token that gives something else: of what was taken from all, each is told of its own', async () => {
      await test.core.memberships.revokeChannel(test.tenant, 'topic:p/1');
      const rows = (channels: string[]) => test.hub.rowsOf(test.person('ada', { channels, issuedAt: 0 }));
      expect((await rows(['topic:q'])).revocations).toHaveLength(0);
      expect((await rows(['topic:p/*'])).revocations).toHaveLength(1);
    });

    it('is of one tenant only', async () => {
      await test.core.memberships.grant(test.tenant, 'ada', 'topic:a');
      await test.hub.rowsOf(test.person('ada'));
      expect(await test.hub.rowsOf({ ...test.person('ada'), tenant: 'another' })).toEqual(NO_ROWS);
    });
  });
});

it('is asked for where somebody goes on from further than has been heard here: what was taken there is met by nobody again', async () => {
  const net = new LossyNet({ ...FAITHFUL, lost: 1 });
  const shared = { ...store, shared: true };
  const elsewhere = new TestHub(shared, { bus: net.join() });
  const here = new TestHub(shared, { tenant: elsewhere.tenant, bus: net.join() });
  try {
    await elsewhere.core.memberships.grant(here.tenant, 'ada', 'topic:a');
    await here.openLive(here.request('somebody', { wantsState: false }));
    expect(channelsOf(await here.hub.rowsOf(here.person('ada')))).toEqual(['topic:a']);
    await elsewhere.core.memberships.revoke(here.tenant, 'ada', 'topic:a');
    const { n } = parseCursor(await elsewhere.tell('user:ada')) as Position;
    expect(channelsOf(await here.hub.rowsOf(here.person('ada'), n))).toEqual([]);
  } finally {
    for (const one of [elsewhere, here]) one.close();
    net.close();
  }
});

describe('the memory of it', () => {
  const ada: Person = {
    ...{ kind: 'person', tenant: 't', user: 'ada', name: null, avatarUrl: null, roles: [], channels: [] },
    ...{ readOnly: false, since: null, expiresAt: null },
  };
  const change = { tenant: 't', n: 1, check: 'aaaa', type: 'access.granted', time: '', to: ['user:ada'], data: '{}' };

  /** A cache whose reads are answered by hand. */
  function byHand(mostRows?: number) {
    const answers: ((rows: AccessRows) => void)[] = [];
    const failures: ((error: Error) => void)[] = [];
    const rowsOf = () =>
      new Promise<AccessRows>((resolve, reject) => {
        answers.push(resolve);
        failures.push(reject);
      });
    const cache = new AccessCache({
      memberships: { rowsOf } as never,
      now: () => 0,
      isHeard: () => true,
      ...(mostRows === undefined ? {} : { mostRows }),
    });
    return { cache, answers, failures };
  }

  it('does not keep what was being read when a change was heard of', async () => {
    const { cache, answers } = byHand();
    const before = cache.rowsOf(ada);
    cache.hear(change as never);
    answers[0]?.(NO_ROWS);
    await before;
    void cache.rowsOf(ada);
    expect(answers).toHaveLength(2);
  });

  it('does not keep a failure', async () => {
    const { cache, failures } = byHand();
    const failing = cache.rowsOf(ada);
    failures[0]?.(new Error('away'));
    await expect(failing).rejects.toThrow('away');
    void cache.rowsOf(ada);
    expect(failures).toHaveLength(2);
  });

  it('has an end', async () => {
    const { cache, answers } = byHand(10);
    for (let user = 0; user < 25; user += 1) {
      const rows = cache.rowsOf({ ...ada, user: `u${user}` });
      answers.at(-1)?.(NO_ROWS);
      await rows;
    }
    const before = answers.length;
    for (let user = 0; user < 25; user += 1) void cache.rowsOf({ ...ada, user: `u${user}` });
    expect(answers.length - before).toBeGreaterThanOrEqual(15);
  });

  it('ends with the log that it is about', async () => {
    const { cache, answers } = byHand();
    const rows = cache.rowsOf(ada);
    answers[0]?.(NO_ROWS);
    await rows;
    cache.forget('t');
    void cache.rowsOf(ada);
    expect(answers).toHaveLength(2);
  });
});
