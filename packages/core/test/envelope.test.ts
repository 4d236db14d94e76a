import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { envelopeJson, type LogEvent, readerOf } from '../src/index.ts';
import { openCore, person, service, type TestCore } from './support.ts';

let core: TestCore;
beforeAll(async () => {
  core = await openCore();
});
afterAll(() => core.end());

const last = () => core.announced.at(-1) as LogEvent;
const envelope = (event: LogEvent, channel: string, audience: 'person' | 'service') =>
  JSON.parse(envelopeJson(event, channel, audience));

describe('the envelope of an event', () => {
  it('of a created notification holds for a person what their inbox holds', async () => {
    await core.notifications.publish(service(), {
      to: ['topic:t', 'user:ada'],
      type: 'a',
      title: '}}"\\',
      data: { a: '}}' },
    });
    const reader = readerOf(person('ada'), core.clock.now());
    const [item] = (await core.inbox.list(reader, { filter: 'all', before: null, limit: 1 })).items;
    expect(envelope(last(), 'user:ada', 'person')).toEqual({
      type: 'notification.created',
      channel: 'user:ada',
      time: last().time,
      data: { notification: item },
    });
  });

  it('of a created notification holds for a service what the list holds', async () => {
    const { value } = await core.notifications.publish(service(), {
      to: ['topic:t', 'user:ada'],
      type: 'a',
      title: 'x',
    });
    expect(envelope(last(), 'topic:t', 'service').data).toEqual({ notification: value });
  });

  it('of an edit leaves the marks alone', async () => {
    const { value } = await core.notifications.publish(service(), {
      to: ['topic:t', 'user:ada'],
      type: 'a',
      title: 'x',
    });
    const edited = await core.notifications.edit('default', value.id, { title: 'y' });
    const { to: _, ...shared } = edited;
    expect(envelope(last(), 'user:ada', 'person').data).toEqual({ notification: { ...shared, channel: 'user:ada' } });
    expect(envelope(last(), 'topic:t', 'service').data).toEqual({ notification: edited });
  });

  it('of all else holds the data as it was written', async () => {
    const { value } = await core.notifications.publish(service(), { to: ['user:ada'], type: 'a', title: 'x' });
    const reader = readerOf(person('ada'), core.clock.now());
    await core.inbox.mark(reader, [value.id], 'read');
    const { data, ...rest } = envelope(last(), 'user:ada', 'person');
    expect(rest).toMatchObject({ type: 'notification.state', channel: 'user:ada' });
    expect(data).toMatchObject({ ids: [value.id], mark: 'read', at: last().time });
    expect(data).toMatchObject(await core.inbox.count(reader));
    await core.notifications.withdraw('default', value.id);
    expect(envelope(last(), 'user:ada', 'person').data).toEqual({ id: value.id });
  });

  it('is sound JSON for any data, type and channel', () => {
    const types = fc.oneof(
      fc.constantFrom('constructor', 'notification.state', 'build.done'),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(
        types,
        fc.jsonValue(),
        fc.string({ unit: 'binary' }),
        fc.constantFrom('person' as const, 'service' as const),
        (type, data, channel, audience) => {
          fc.pre(type !== 'notification.created' && type !== 'notification.updated');
          const event: LogEvent = {
            tenant: 't',
            n: 1,
            check: 'a',
            type,
            time: '2030-01-01T00:00:00.000Z',
            to: [channel],
            data: JSON.stringify(data),
          };
          const given = JSON.parse(JSON.stringify(data));
          expect(envelope(event, channel, audience)).toEqual({ type, channel, time: event.time, data: given });
        },
      ),
    );
  });

  it('is spliced soundly whatever a notification says', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.string({ unit: 'binary' }),
        fc.constantFrom('created', 'updated'),
        (data, title, kind) => {
          const notification = JSON.parse(JSON.stringify({ id: 'x', title, data }));
          const event: LogEvent = {
            tenant: 't',
            n: 1,
            check: 'a',
            type: `notification.${kind}`,
            time: '2030-01-01T00:00:00.000Z',
            to: ['all', 'user:1'],
            data: JSON.stringify({ notification }),
          };
          const marks = kind === 'created' ? { seenAt: null, readAt: null, archivedAt: null } : {};
          expect(envelope(event, 'user:1', 'person').data).toEqual({
            notification: { ...notification, channel: 'user:1', ...marks },
          });
          expect(envelope(event, 'all', 'service').data).toEqual({
            notification: { ...notification, channel: 'all', to: event.to },
          });
        },
      ),
    );
  });
});
