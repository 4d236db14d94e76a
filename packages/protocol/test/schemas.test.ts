import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BelfryError, LIMITS } from '../src/index.ts';
import * as schemas from '../src/schemas/index.ts';
import { caught } from './caught.ts';

const { newEvent, newNotification, notificationBatch, notificationPatch, parseWith } = schemas;
const least = { to: 'user:42', type: 'comment', title: 'Hello' };

/** The field and the words of the refusal of a notification with these fields beside the least. */
function refused(fields: Record<string, unknown>) {
  const { field, message, status } = caught(() => parseWith(newNotification, { ...least, ...fields }));
  expect(status).toBe(400);
  return { field, message };
}

describe('a notification', () => {
  it('needs a type and a title, and no more', () => {
    expect(parseWith(newNotification, { type: 'comment', title: 'Hello' })).toEqual({
      type: 'comment',
      title: 'Hello',
    });
    expect(caught(() => parseWith(newNotification, { title: 'Hello' }))).toMatchObject({
      field: 'type',
      message: 'type is missing.',
    });
    expect(caught(() => parseWith(newNotification, { type: 'comment' }))).toMatchObject({
      field: 'title',
      message: 'title is missing.',
    });
  });

  it('takes all its fields', () => {
    const full = {
      ...least,
      to: ['user:42', 'topic:products/7'],
      body: 'b',
      actionUrl: '/a',
      actions: [
        { id: 'ok', label: 'OK', url: 'https://example.com/' },
        { id: 'no', label: 'No' },
      ],
      actor: { name: 'Ada', avatarUrl: '/ada.png' },
      icon: 'bell',
      severity: 'critical',
      subject: { kind: 'story', id: '7', code: 'S-7', title: 'Seven', url: '/s/7' },
      data: { deep: [1, null, true, 'x', { y: -0.5 }] },
      expiresAt: '2030-01-31T12:00:00.000Z',
      dedupeKey: 'k',
    };
    expect(parseWith(newNotification, full)).toEqual(full);
  });

  it('goes to one list of channels, each once', () => {
    expect(parseWith(newNotification, least).to).toEqual(['user:42']);
    expect(parseWith(newNotification, { ...least, to: ['all', 'user:1', 'all'] }).to).toEqual(['all', 'user:1']);
  });

  it('names an unknown field, also inside', () => {
    expect(refused({ titel: 'x' })).toMatchObject({ field: 'titel' });
    expect(refused({ actor: { name: 'a', nmae: 'b' } })).toMatchObject({ field: 'actor.nmae' });
    expect(
      refused({
        actions: [
          { id: 'a', label: 'b' },
          { id: 'a', label: 'b', href: '/' },
        ],
      }),
    ).toMatchObject({ field: 'actions.1.href' });
    expect(refused({ subject: { kind: 'a', id: 'b', x: 1 } })).toMatchObject({ field: 'subject.x' });
    for (const name of ['constructor', 'toString', 'hasOwnProperty'])
      expect(refused({ [name]: 1 })).toMatchObject({ field: name });
    const withProto = JSON.parse('{"to":"user:1","type":"a","title":"b","__proto__":{"body":"x"}}');
    expect(caught(() => parseWith(newNotification, withProto)).field).toBe('__proto__');
  });

  it('names the field of a wrong type', () => {
    const wrong: [Record<string, unknown>, string][] = [
      [{ title: 7 }, 'title'],
      [{ title: null }, 'title'],
      [{ title: '' }, 'title'],
      [{ type: 'a b' }, 'type'],
      [{ type: ['a'] }, 'type'],
      [{ body: {} }, 'body'],
      [{ actionUrl: 'javascript:alert(1)' }, 'actionUrl'],
      [{ actionUrl: 5 }, 'actionUrl'],
      [{ actions: {} }, 'actions'],
      [{ actions: [{ id: 'a' }] }, 'actions.0.label'],
      [{ actions: [{ id: 'a', label: 'b', url: '//evil.example' }] }, 'actions.0.url'],
      [{ actor: 'Ada' }, 'actor'],
      [{ actor: { name: 'a', avatarUrl: 'data:image/png,x' } }, 'actor.avatarUrl'],
      [{ icon: [] }, 'icon'],
      [{ severity: 'urgent' }, 'severity'],
      [{ subject: { kind: 'a' } }, 'subject.id'],
      [{ expiresAt: 'tomorrow' }, 'expiresAt'],
      [{ expiresAt: 1_900_000_000 }, 'expiresAt'],
      [{ expiresAt: '2030-02-30T00:00:00Z' }, 'expiresAt'],
      [{ expiresAt: '2030-01-31 12:00:00' }, 'expiresAt'],
      [{ dedupeKey: '' }, 'dedupeKey'],
    ];
    for (const [fields, field] of wrong) {
      const found = refused(fields);
      expect(found.field, JSON.stringify(fields)).toBe(field);
      expect(found.message).toMatch(new RegExp(`^${field} (must|is) .*\\.$`));
      expect(found.message).not.toMatch(/Invalid input|expected|undefined/i);
    }
  });

  it('names the channel that does not parse, by its place', () => {
    expect(refused({ to: 'bob' })).toMatchObject({ field: 'to' });
    expect(refused({ to: ['user:1', 'user:'] })).toMatchObject({ field: 'to.1' });
    expect(refused({ to: ['user:1', 7] })).toMatchObject({ field: 'to.1' });
    expect(refused({ to: [] })).toEqual({ field: 'to', message: 'to must name a channel.' });
    for (const to of [{}, 5, true]) {
      const message = 'to must be a channel or a list of channels: user:<id>, all, role:<name> or topic:<name>.';
      expect(refused({ to })).toEqual({ field: 'to', message });
    }
    const many = Array.from({ length: 101 }, (_, n) => `user:${n}`);
    expect(refused({ to: many })).toEqual({ field: 'to', message: 'to is too long: at most 100 channels.' });
    expect(caught(() => parseWith(newEvent, { type: 'a', data: 1 }))).toMatchObject({ message: 'to is missing.' });
    expect(refused({ to: ['topic:a*'] }).field).toBe('to.0');
    expect(refused({ to: 'x'.repeat(100_000) }).message.length).toBeLessThan(500);
  });

  it('is measured', () => {
    const long = (length: number) => 'x'.repeat(length);
    const measured: [string, (length: number) => unknown, number, string?][] = [
      ['title', long, LIMITS.title],
      ['body', long, LIMITS.body],
      ['icon', (length) => `/${long(length - 1)}`, LIMITS.url],
      ['icon', long, 64],
      ['dedupeKey', long, LIMITS.dedupeKey],
      ['type', long, LIMITS.type],
      ['actionUrl', (length) => `/${long(length - 1)}`, LIMITS.url],
      ['to', (length) => Array.from({ length }, (_, n) => `user:${n}`), LIMITS.channels],
      ['actions', (length) => Array.from({ length }, (_, n) => ({ id: `${n}`, label: 'l' })), LIMITS.actions],
      ['data', (length) => long(length - 2), LIMITS.dataBytes],
      ['data', (length) => long((length - 2) / 2 + (length % 2)).replaceAll('x', 'é'), LIMITS.dataBytes],
      ['data', (length) => `${'€'.repeat(4)}${long(length - 14)}`, LIMITS.dataBytes],
      ['data', (length) => `${'😀'.repeat(4)}${long(length - 18)}`, LIMITS.dataBytes],
    ];
    for (const [field, make, limit] of measured) {
      expect(() => parseWith(newNotification, { ...least, [field]: make(limit) }), field).not.toThrow();
      expect(refused({ [field]: make(limit + 1) }).field).toBe(field);
    }
  });

  it('takes null as left out', () => {
    const fields = ['to', 'body', 'actionUrl', 'actions', 'actor', 'icon', 'severity', 'subject', 'data', 'expiresAt'];
    for (const field of [...fields, 'dedupeKey']) {
      expect(() => parseWith(newNotification, { ...least, [field]: null }), field).not.toThrow();
    }
    const inside = {
      actions: [{ id: 'a', label: 'b', url: null }],
      actor: { name: 'a', avatarUrl: null },
      subject: { kind: 'a', id: 'b', code: null, title: null, url: null },
    };
    expect(JSON.parse(JSON.stringify(parseWith(newNotification, { ...least, ...inside })))).toMatchObject({
      actions: [{ id: 'a', label: 'b' }],
      actor: { name: 'a' },
      subject: { kind: 'a', id: 'b' },
    });
  });

  it('has an icon that is a name, an emoji or a link, and nothing that a browser would run', () => {
    for (const icon of ['bell', 'BellRing', 'mdi:bell-ring', 'fa-solid fa-bell', 'bell.svg', '7', '🔔', '👩‍💻', '🇩🇪']) {
      expect(parseWith(newNotification, { ...least, icon }).icon).toBe(icon);
    }
    for (const icon of ['/icons/bell.svg', 'https://a.example/bell.png']) {
      expect(parseWith(newNotification, { ...least, icon }).icon).toBe(icon);
    }
    const bad = [
      '',
      ' bell',
      'javascript:alert(1)',
      'javascript:x',
      'JavaScript:x',
      'data:x',
      'data:image/png;base64,x',
    ];
    for (const icon of [
      ...bad,
      '//evil.example/x',
      'a\nb',
      'a\u0000b',
      'a\u007fb',
      '<svg>',
      '"',
      '../x',
      'ftp://a/b',
      'a&b',
    ]) {
      expect(refused({ icon }), icon).toMatchObject({ field: 'icon', message: expect.stringMatching(/^icon must be/) });
    }
  });

  it('has a time in UTC with milliseconds, whatever its offset and precision', () => {
    const at = (expiresAt: string) => parseWith(newNotification, { ...least, expiresAt }).expiresAt;
    expect(at('2030-01-31T12:00:00+02:00')).toBe('2030-01-31T10:00:00.000Z');
    expect(at('2030-01-31T12:00:00.123456789Z')).toBe('2030-01-31T12:00:00.123Z');
    // Times are compared as text: one that leaves the four-digit years would sort before all others.
    expect(refused({ expiresAt: '9999-12-31T23:59:59-23:59' }).field).toBe('expiresAt');
    expect(refused({ expiresAt: '0000-01-01T00:00:00+23:59' }).field).toBe('expiresAt');
  });
});

describe('data', () => {
  it('is any JSON, unchanged', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (data) => {
        const given = JSON.parse(JSON.stringify(data));
        expect(parseWith(newEvent, { to: 'all', type: 'a', data: given }).data).toEqual(given);
      }),
    );
    const proto = JSON.parse('{"__proto__":{"a":1},"constructor":2}');
    expect(JSON.stringify(parseWith(newEvent, { to: 'all', type: 'a', data: proto }).data)).toBe(JSON.stringify(proto));
  });

  it('nested beyond reason is refused, and breaks nothing', () => {
    for (const depth of [1_000, 100_000, 400_000]) {
      for (const deep of [
        `${'['.repeat(depth)}${']'.repeat(depth)}`,
        `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`,
      ]) {
        const data = JSON.parse(deep);
        expect(caught(() => parseWith(newEvent, { to: 'all', type: 'a', data })).field).toBe('data');
      }
    }
  });

  it('is nothing that JSON can not say', () => {
    const circle: unknown[] = [];
    circle.push(circle);
    for (const data of [
      undefined,
      () => 1,
      Symbol('x'),
      1n,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      new Date(),
      new Map(),
      [undefined],
      { a: undefined },
      circle,
    ]) {
      expect(caught(() => parseWith(newEvent, { to: 'all', type: 'a', data })).field).toBe('data');
    }
  });
});

describe('a batch', () => {
  it('names the item and the field', () => {
    const notifications = [least, least, { ...least, title: '' }];
    expect(caught(() => parseWith(notificationBatch, { notifications }))).toMatchObject({
      field: 'notifications.2.title',
      message: 'notifications.2.title must not be empty.',
    });
  });

  it('holds 1 to 1,000', () => {
    const many = (length: number) => ({ notifications: Array.from({ length }, () => least) });
    expect(parseWith(notificationBatch, many(1_000)).notifications).toHaveLength(1_000);
    expect(caught(() => parseWith(notificationBatch, many(1_001)))).toMatchObject({
      field: 'notifications',
      message: 'notifications is too long: at most 1,000 in a batch.',
    });
    expect(caught(() => parseWith(notificationBatch, many(0))).field).toBe('notifications');
  });
});

describe('an edit', () => {
  it('must change something, and not what can not be changed', () => {
    expect(caught(() => parseWith(notificationPatch, {}))).toMatchObject({
      field: 'body',
      message: 'The body must change something.',
    });
    for (const field of ['to', 'type', 'dedupeKey', 'id', 'channel', 'createdAt']) {
      expect(caught(() => parseWith(notificationPatch, { title: 'x', [field]: 'y' })).field).toBe(field);
    }
    expect(parseWith(notificationPatch, { body: null, actions: null })).toEqual({ body: null, actions: null });
    for (const field of ['title', 'severity']) {
      const { message } = caught(() => parseWith(notificationPatch, { [field]: null }));
      expect(message).toMatch(new RegExp(`^${field} must be `));
    }
  });
});

describe('marks', () => {
  it('are of the five, on 1 to 1,000 ids', () => {
    expect(parseWith(schemas.marks, { ids: ['a'], mark: 'unarchived' })).toEqual({ ids: ['a'], mark: 'unarchived' });
    expect(caught(() => parseWith(schemas.marks, { ids: ['a'], mark: 'archive' })).field).toBe('mark');
    expect(caught(() => parseWith(schemas.marks, { ids: [], mark: 'read' })).field).toBe('ids');
    expect(caught(() => parseWith(schemas.marks, { ids: ['a', ''], mark: 'read' })).field).toBe('ids.1');
    expect(caught(() => parseWith(schemas.marks, { ids: Array(1_001).fill('a'), mark: 'read' })).field).toBe('ids');
  });
});

describe('whatever JSON comes', () => {
  const keys = [
    'to',
    'type',
    'title',
    'body',
    'actionUrl',
    'actions',
    'actor',
    'icon',
    'severity',
    'subject',
    'data',
    'expiresAt',
    'dedupeKey',
    'notifications',
    'ids',
    'mark',
    '__proto__',
    'x',
  ];
  const near = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom(
      'user:1',
      'all',
      'comment',
      'a.b',
      'https://a.example',
      '2030-01-01T00:00:00Z',
      'read',
      '\ud800',
      '\0',
      1e308,
    ),
  );
  const body = fc.oneof(
    fc.jsonValue(),
    fc.dictionary(
      fc.constantFrom(...keys),
      fc.oneof(
        near,
        fc.array(near, { maxLength: 3 }),
        fc.dictionary(fc.constantFrom('id', 'label', 'name', 'kind', 'url', 'y'), near),
      ),
    ),
    fc.dictionary(
      fc.constantFrom('notifications'),
      fc.array(fc.dictionary(fc.constantFrom(...keys), near), { maxLength: 3 }),
    ),
  );

  it.each(Object.entries({ newNotification, notificationBatch, notificationPatch, newEvent, marks: schemas.marks }))(
    '%s takes it or says why not, in one sentence with a field',
    (_, schema) => {
      fc.assert(
        fc.property(body, (given) => {
          try {
            parseWith(schema, given);
          } catch (error) {
            expect(error).toBeInstanceOf(BelfryError);
            const { code, field, message } = error as BelfryError;
            expect(code).toBe('invalid');
            expect(field).toMatch(/./);
            expect(message).toMatch(/^.+ (must|is) .*\.$/s);
            expect(message).not.toMatch(/Invalid input|\[object|undefined\b/);
          }
        }),
        { numRuns: 600 },
      );
    },
  );
});
