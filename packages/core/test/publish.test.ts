import { userChannel } from '@belfry/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readerOf, requirePerson, requireService, requireWriter } from '../src/index.ts';
import { openCore, person, refusal, service, type TestCore } from './support.ts';

let core: TestCore;
beforeAll(async () => {
  core = await openCore();
});
afterAll(() => core.end());

const least = { type: 'comment', title: 'Hello' };
const inboxOf = (user: string) =>
  core.inbox.list(readerOf(person(user), core.clock.now()), { filter: 'all', before: null, limit: 50 });

describe('who may publish', () => {
  it('a person to themselves: with to left out, or naming them alone', async () => {
    for (const to of [undefined, [userChannel('ada')]]) {
      const { value } = await core.notifications.publish(person('ada'), { ...least, ...(to && { to }) });
      expect(value.channel).toBe('user:ada');
    }
    expect((await inboxOf('ada')).items).toHaveLength(2);
  });

  it('a person to nobody else, not even besides themselves', async () => {
    const before = core.announced.length;
    for (const to of [['user:ben'], ['all'], ['user:ada', 'user:ben'], ['role:admin'], ['topic:x'], []]) {
      const error = await refusal(
        core.notifications.publish(person('ada', { roles: ['admin'], channels: ['topic:x'] }), { ...least, to }),
      );
      expect(error).toMatchObject({ code: 'forbidden', status: 403, field: 'to' });
    }
    expect(core.announced).toHaveLength(before);
  });

  it('a read-only person not at all', async () => {
    const error = await refusal(core.notifications.publish(person('ada', { readOnly: true }), least));
    expect(error).toMatchObject({ code: 'forbidden', status: 403 });
    expect(error.message).toContain('read-only');
  });

  it('a service by its scope, and only with an address', async () => {
    const reading = service({ scopes: ['read'] });
    expect(await refusal(core.notifications.publish(reading, { ...least, to: ['all'] }))).toMatchObject({
      code: 'forbidden',
    });
    expect(await refusal(core.notifications.publish(service(), least))).toMatchObject({ code: 'invalid', field: 'to' });
    await core.notifications.publish(service({ scopes: ['publish'] }), { ...least, to: ['user:x'] });
  });

  it('is told apart by three questions', () => {
    expect(() => requirePerson(service())).toThrow('signed-in people');
    expect(() => requireWriter(person('a', { readOnly: true }))).toThrow('read-only');
    expect(() => requireService(person('a'), 'read')).toThrow('needs an API key with the scope "read"');
    expect(() => requireService(service({ scopes: ['publish', 'admin'] }), 'read')).toThrow('lacks the scope "read"');
    expect(requireService(service({ scopes: ['read'] }), 'read').kind).toBe('service');
  });
});

describe('a published notification', () => {
  it('is shown to its sender as to its readers: exactly the fields of the contract', async () => {
    const full = {
      ...least,
      body: 'b\n"q"',
      actionUrl: '/a',
      actions: [{ id: 'ok', label: 'OK' }],
      actor: { name: 'Ada' },
      icon: 'bell',
      severity: 'critical' as const,
      subject: { kind: 'story', id: '7' },
      data: { a: [1, null] },
      expiresAt: '2099-01-01T00:00:00.000Z',
      dedupeKey: 'k',
    };
    const { value } = await core.notifications.publish(service(), { ...full, to: ['topic:t', 'user:cleo'] });
    const { dedupeKey: _, ...content } = full;
    expect(value).toEqual({
      ...content,
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
      cursor: expect.stringMatching(/^[0-9a-z]+-\d+-[0-9a-z]+$/),
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      updatedAt: value.createdAt,
      channel: 'topic:t',
      to: ['topic:t', 'user:cleo'],
    });
    expect(await core.notifications.get('default', value.id)).toEqual(value);
    const { to: __, ...shared } = value as typeof value & { to: string[] };
    const asPerson = { ...shared, channel: 'user:cleo', seenAt: null, readAt: null, archivedAt: null };
    expect((await inboxOf('cleo')).items).toEqual([asPerson]);
  });

  it('has every field where hardly one was given', async () => {
    const { value } = await core.notifications.publish(person('dora'), least);
    const absent = {
      body: null,
      actionUrl: null,
      actions: [],
      actor: null,
      icon: null,
      severity: 'info',
      data: null,
      subject: null,
      expiresAt: null,
    };
    expect(value).toMatchObject({ ...least, ...absent, seenAt: null, readAt: null, archivedAt: null });
    expect(value).not.toHaveProperty('to');
    expect((await inboxOf('dora')).items).toEqual([value]);
  });

  it('may not have expired already, also in a batch, and then nothing is published', async () => {
    const before = core.announced.length;
    const late = { ...least, to: ['all'], expiresAt: '2020-01-01T00:00:00.000Z' };
    expect(await refusal(core.notifications.publish(service(), late))).toMatchObject({
      code: 'invalid',
      field: 'expiresAt',
    });
    const batch = core.notifications.publishBatch('default', [{ ...least, to: ['all'] }, late]);
    expect(await refusal(batch)).toMatchObject({ code: 'invalid', field: 'notifications.1.expiresAt' });
    const nowhere = core.notifications.publishBatch('default', [{ ...least, to: ['all'] }, least]);
    expect(await refusal(nowhere)).toMatchObject({ code: 'invalid', field: 'notifications.1.to' });
    expect(core.announced).toHaveLength(before);
  });

  it('comes in the order of its batch, each with the number after the last', async () => {
    const bodies = Array.from({ length: 100 }, (_, n) => ({ ...least, title: `${n}`, to: ['user:batch'] }));
    const { value } = await core.notifications.publishBatch('default', bodies);
    expect(value.map(({ title }) => title)).toEqual(bodies.map(({ title }) => title));
    const numbers = core.announced.slice(-100).map(({ n }) => n);
    expect(numbers).toEqual(numbers.map((_, at) => (numbers[0] as number) + at));
  });
});

describe('a dedupeKey', () => {
  it('withdraws the earlier one in the same step', async () => {
    const first = await core.notifications.publish(service(), { ...least, to: ['user:eve'], dedupeKey: 'build' });
    const second = await core.notifications.publish(service(), { ...least, to: ['user:eve'], dedupeKey: 'build' });
    expect((await inboxOf('eve')).items.map(({ id }) => id)).toEqual([second.value.id]);
    expect(core.announced.slice(-2).map(({ type }) => type)).toEqual([
      'notification.withdrawn',
      'notification.created',
    ]);
    expect(JSON.parse(core.announced.at(-2)?.data as string)).toEqual({ id: first.value.id });
  });

  it('of a person reaches only what they wrote to themselves', async () => {
    const theirs = await core.notifications.publish(service(), { ...least, to: ['user:fay'], dedupeKey: 'invoice' });
    await core.notifications.publish(person('mallory'), { ...least, dedupeKey: 'invoice' });
    const second = await core.notifications.publish(person('mallory'), { ...least, dedupeKey: 'invoice' });
    expect((await inboxOf('fay')).items.map(({ id }) => id)).toEqual([theirs.value.id]);
    expect((await inboxOf('mallory')).items.map(({ id }) => id)).toEqual([second.value.id]);
  });
});

describe('an edit', () => {
  it('changes what it names, clears what it nulls, and leaves the rest', async () => {
    const { value } = await core.notifications.publish(service(), { ...least, to: ['user:gus'], body: 'b', icon: 'i' });
    const edited = await core.notifications.edit('default', value.id, {
      body: null,
      title: 'New',
      icon: undefined,
    } as never);
    expect(edited).toEqual({ ...value, title: 'New', body: null, updatedAt: edited.updatedAt });
    expect((await inboxOf('gus')).items[0]).toMatchObject({
      title: 'New',
      body: null,
      icon: 'i',
      cursor: value.cursor,
    });
  });

  it('of what is not there, or is in another tenant, finds nothing', async () => {
    const { value } = await core.notifications.publish(service(), { ...least, to: ['user:gus'] });
    expect(await refusal(core.notifications.edit('other', value.id, { title: 'x' }))).toMatchObject({
      code: 'not_found',
    });
    expect(await refusal(core.notifications.withdraw('other', value.id))).toMatchObject({ code: 'not_found' });
    expect(await refusal(core.notifications.get('other', value.id))).toMatchObject({ code: 'not_found' });
    await core.notifications.withdraw('default', value.id);
    expect(await refusal(core.notifications.withdraw('default', value.id))).toMatchObject({ code: 'not_found' });
  });
});
