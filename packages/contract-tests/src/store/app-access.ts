import { type AppAnswer, type Core, createCore, type Person, readerOf, type Service, type Store } from '@belfry/core';
import type { Run } from '@belfry/protocol';
import { describe, expect, test } from 'vitest';
import { inboxQuery } from './fixtures.ts';
import type { SharedStore } from './harness.ts';
import { newTenant, person } from './samples.ts';

const TOPIC = 'topic:p';
const LIST = { before: null, limit: 10 };

/** A core that asks an app, and somebody the app let in before it changed its mind. */
interface Scene {
  core: Core;
  /** With what the app answered when their request came in. */
  ada: Person;
  item: string;
  question: string;
  run: Run;
  /** The app answers this from now on, and says so. */
  answers(answer: AppAnswer | null): Promise<void>;
}

/** Between the app's answer and the look at the database something may be taken: the place in the log decides. */
export function appAccessSuite(open: SharedStore): void {
  describe('what an app has taken back after it was asked and before the database was', () => {
    async function scene(first: AppAnswer): Promise<Scene> {
      const tenant = newTenant();
      let answer: AppAnswer | null = first;
      const core = createCore({ store: open().store, announce: () => {}, access: () => answer });
      const service: Service = { kind: 'service', tenant, key: 'app', scopes: ['publish', 'read'], tenants: 'all' };
      const to = [TOPIC];
      const item = await core.notifications.publish(service, { to, type: 'note', title: 'x' });
      const question = await core.questions.ask(service, { to, message: 'Ship it?' });
      const run = await core.runs.create(tenant, { to, kind: 'build', title: 'A build' });
      await core.runs.log(tenant, run.value.id, [{ text: 'a line' }]);
      return {
        core,
        ada: await core.appAccess.now(person(tenant, 'ada')),
        item: item.value.id,
        question: question.value.id,
        run: run.value,
        async answers(next) {
          answer = next;
          await core.appAccess.invalidate(tenant, 'ada');
        },
      };
    }

    const readerIn = ({ ada }: Scene) => readerOf(ada, Date.now());
    const reads: Record<string, (scene: Scene) => Promise<unknown>> = {
      'the begin of a run’s stream': ({ core, ada, run }) => core.runs.at(ada, run.id, 100),
      'a run': ({ core, ada, run }) => core.runs.get(ada, run.id),
      'the lines of a run': ({ core, ada, run }) => core.runs.lines(ada, run.id, undefined, 10),
      'a question': ({ core, ada, question }) => core.questions.get(ada, question),
      'a notification': (one) => one.core.inbox.get(readerIn(one), one.item),
    };
    const writes: Record<string, (scene: Scene) => Promise<unknown>> = {
      'the end of a run': ({ core, ada, run }) => core.runs.cancel(ada, run.id),
      'an answer': ({ core, ada, question }) =>
        core.questions.answer(ada, question, { action: 'accept', content: { value: 'yes' } }),
      'a mark': (one) => one.core.inbox.mark(readerIn(one), [one.item], 'read'),
    };
    const lists: Record<string, (scene: Scene) => Promise<{ items: unknown[] }>> = {
      runs: ({ core, ada }) => core.runs.list(ada, LIST),
      questions: ({ core, ada }) => core.questions.list(ada, LIST),
      notifications: (one) => one.core.inbox.list(readerIn(one), inboxQuery()),
    };

    test.each(Object.entries({ ...reads, ...writes }))('is not theirs: %s', async (_, look) => {
      const one = await scene({ roles: [], channels: [TOPIC] });
      await one.answers({ roles: [], channels: [] });
      await expect(look(one)).rejects.toMatchObject({ code: 'not_found' });
      await one.answers({ roles: [], channels: [TOPIC] });
      await look(one);
    });

    test.each(Object.entries(lists))('is in no list, and counts as nothing: %s', async (_, list) => {
      const one = await scene({ roles: [], channels: [TOPIC] });
      expect((await list(one)).items).toHaveLength(1);
      await one.answers({ roles: [], channels: [] });
      expect((await list(one)).items).toEqual([]);
      expect(await one.core.inbox.count(readerIn(one))).toEqual({ unread: 0, unseen: 0 });
    });

    test('is refused where they may not be here at all', async () => {
      const one = await scene({ roles: [], channels: [TOPIC] });
      await one.answers(null);
      for (const look of Object.values({ ...reads, ...writes, ...lists })) {
        await expect(look(one)).rejects.toMatchObject({ code: 'forbidden', field: undefined });
      }
    });

    test('has no line that was written after the loss', async () => {
      const one = await scene({ roles: [], channels: [TOPIC] });
      const { store } = open();
      const read = async (...call: Parameters<Store['read']>) => {
        if (call[0] === 'runLines') {
          await one.answers({ roles: [], channels: [] });
          await one.core.runs.log(one.ada.tenant, one.run.id, [{ text: 'secret' }]);
        }
        return store.read(...call);
      };
      const gated = { ...store, commit: store.commit.bind(store), read } as Store;
      const core = createCore({ store: gated, announce: () => {}, access: () => ({ roles: [], channels: [] }) });
      await expect(core.runs.lines(one.ada, one.run.id, undefined, 10)).rejects.toMatchObject({ code: 'not_found' });
    });

    test('is what it is by the last of several changes, also where one comes while the app is asked again', async () => {
      const tenant = newTenant();
      const held = [[TOPIC], [TOPIC], []];
      const core: Core = createCore({
        store: open().store,
        announce: () => {},
        access: async () => {
          const channels = held.shift() as string[];
          if (held.length === 1) await core.appAccess.invalidate(tenant, 'ada');
          return { roles: [], channels };
        },
      });
      const { value } = await core.runs.create(tenant, { to: [TOPIC], kind: 'build', title: 'A build' });
      const ada = await core.appAccess.now(person(tenant, 'ada'));
      await core.appAccess.invalidate(tenant, 'ada');
      await expect(core.runs.at(ada, value.id, 1)).rejects.toMatchObject({ code: 'not_found' });
      expect(held).toEqual([]);
    });
  });
}
