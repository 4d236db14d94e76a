import { describe, expect, it } from 'vitest';
import { expectProblem } from './support/problem.ts';
import { answerIt, ask, questionsInState } from './support/questions.ts';
import type { NewWorld } from './support/worlds.ts';

const GOOD = { to: 'user:ada', message: 'Ship it?' };

function withField(field: unknown, name = 'x'): Record<string, unknown> {
  return { ...GOOD, schema: { type: 'object', properties: { [name]: field } } };
}

function fields(count: number): Record<string, unknown> {
  return Object.fromEntries(Array.from({ length: count }, (_, n) => [`f${n}`, { type: 'boolean' }]));
}

const MANY = Array.from({ length: 1_000 }, (_, n) => `o${n}`);
const AT_X = 'schema.properties.x';

const BAD: [string, Record<string, unknown>, string][] = [
  ['no message', { to: 'all' }, 'message'],
  ['a message of 1,001 characters', { ...GOOD, message: 'x'.repeat(1_001) }, 'message'],
  ['no to', { message: 'x' }, 'to'],
  ['an unknown field', { ...GOOD, nope: 1 }, 'nope'],
  ['a description of 4,001 characters', { ...GOOD, description: 'x'.repeat(4_001) }, 'description'],
  ['options and a schema', { ...withField({ type: 'boolean' }), options: ['a'] }, 'schema'],
  ['1,000 options', { ...GOOD, options: MANY }, 'options'],
  ['no options', { ...GOOD, options: [] }, 'options'],
  ['an option twice', { ...GOOD, options: ['a', 'a'] }, 'options'],
  ['an empty option', { ...GOOD, options: [''] }, 'options.0'],
  ['an option that is a number', { ...GOOD, options: [1] }, 'options.0'],
  ['an option without a value', { ...GOOD, options: [{ title: 'A' }] }, 'options.0.value'],
  ['a schema that is none', { ...GOOD, schema: 'string' }, 'schema'],
  ['a schema that is no object', { ...GOOD, schema: { type: 'string' } }, 'schema.type'],
  ['a schema without properties', { ...GOOD, schema: { type: 'object' } }, 'schema.properties'],
  ['a schema with 51 fields', { ...GOOD, schema: { type: 'object', properties: fields(51) } }, 'schema.properties'],
  ['a schema of 17 KB', withField({ type: 'string', enum: MANY.slice(10, 110).map((o) => o.repeat(60)) }), 'schema'],
  ['a nested object', withField({ type: 'object', properties: {} }), `${AT_X}.type`],
  ['a nested list', withField({ type: 'array', items: { type: 'array' } }), `${AT_X}.items.type`],
  ['a list of anything', withField({ type: 'array', items: { type: 'string' } }), `${AT_X}.items`],
  ['a pattern', withField({ type: 'string', pattern: '^(a+)+$' }), `${AT_X}.pattern`],
  ['a reference', withField({ $ref: '#/x' }), `${AT_X}.type`],
  ['a combination', { ...GOOD, schema: { type: 'object', properties: fields(1), allOf: [] } }, 'schema.allOf'],
  ['a condition', withField({ type: 'boolean', const: true }), `${AT_X}.const`],
  ['an enum of 1,000', withField({ type: 'string', enum: MANY }), `${AT_X}.enum`],
  ['an enum of numbers', withField({ type: 'string', enum: [1] }), `${AT_X}.enum.0`],
  ['an enum with a repeat', withField({ type: 'string', enum: ['a', 'a'] }), `${AT_X}.enum.1`],
  ['too few names', withField({ type: 'string', enum: ['a', 'b'], enumNames: ['A'] }), `${AT_X}.enumNames`],
  ['an option without a title', withField({ type: 'string', oneOf: [{ const: 'a' }] }), `${AT_X}.oneOf.0.title`],
  ['a format of no use', withField({ type: 'string', format: 'regex' }), `${AT_X}.format`],
  ['a length below 0', withField({ type: 'string', minLength: -1 }), `${AT_X}.minLength`],
  ['lengths that leave nothing', withField({ type: 'string', minLength: 5, maxLength: 4 }), `${AT_X}.minLength`],
  ['a default off schema', withField({ type: 'integer', maximum: 5, default: 6 }), `${AT_X}.default`],
  [
    'a field named __proto__',
    JSON.parse(`{"to":"all","message":"x","schema":{"type":"object","properties":{"__proto__":{"type":"boolean"}}}}`),
    'schema.properties.__proto__',
  ],
  [
    'a required field that is none',
    { ...GOOD, schema: { type: 'object', properties: fields(1), required: ['y'] } },
    'schema.required.0',
  ],
  [
    'more than declared',
    { ...GOOD, schema: { type: 'object', properties: fields(1), additionalProperties: true } },
    'schema.additionalProperties',
  ],
  ['a time in the past', { ...GOOD, expiresAt: '2020-01-01T00:00:00Z' }, 'expiresAt'],
  ['no time at all', { ...GOOD, expiresInSeconds: 0 }, 'expiresInSeconds'],
  ['two times', { ...GOOD, expiresAt: '2099-01-01T00:00:00Z', expiresInSeconds: 5 }, 'expiresInSeconds'],
  ['a run that is none', { ...GOOD, run: 'no-run' }, 'run'],
  ['nobody to answer', { ...GOOD, answerBy: 'all' }, 'answerBy'],
];

/** One of every kind of field. */
const FORM = {
  type: 'object',
  properties: {
    email: { type: 'string', format: 'email' },
    site: { type: 'string', format: 'uri' },
    day: { type: 'string', format: 'date' },
    at: { type: 'string', format: 'date-time' },
    name: { type: 'string', minLength: 2, maxLength: 3 },
    count: { type: 'integer', minimum: 1, maximum: 5 },
    share: { type: 'number' },
    sure: { type: 'boolean' },
    plan: { type: 'string', enum: ['a', 'b'], enumNames: ['Plan A', 'Plan B'] },
    colour: { type: 'string', oneOf: [{ const: '#f00', title: 'Red' }] },
    tags: { type: 'array', items: { type: 'string', enum: ['x', 'y', 'z'] }, minItems: 1, maxItems: 2 },
    days: { type: 'array', items: { anyOf: [{ const: 'mo', title: 'Monday' }] } },
  },
  required: ['email'],
};
const FILLED = { email: 'ada@example.org' };

const OFF_SCHEMA: [string, unknown, string][] = [
  ['no content', undefined, 'content.email'],
  ['a list', [], 'content'],
  ['text', 'yes', 'content'],
  ['what is not asked for', { ...FILLED, more: 1 }, 'content.more'],
  ['what every object has', { ...FILLED, constructor: 1 }, 'content.constructor'],
  ['an address without a dot', { email: 'ada@localhost' }, 'content.email'],
  ['null', { email: null }, 'content.email'],
  ['a uri that is none', { ...FILLED, site: 'example.org' }, 'content.site'],
  ['a day that is none', { ...FILLED, day: '2030-02-29' }, 'content.day'],
  ['a time without an offset', { ...FILLED, at: '2030-01-01T00:00:00' }, 'content.at'],
  ['a short text', { ...FILLED, name: '🔔' }, 'content.name'],
  ['a long text', { ...FILLED, name: 'abcd' }, 'content.name'],
  ['a fraction', { ...FILLED, count: 1.5 }, 'content.count'],
  ['too much', { ...FILLED, count: 6 }, 'content.count'],
  ['a number as text', { ...FILLED, share: '1' }, 'content.share'],
  ['yes for true', { ...FILLED, sure: 'yes' }, 'content.sure'],
  ['a name in place of its option', { ...FILLED, plan: 'Plan A' }, 'content.plan'],
  ['a title in place of its option', { ...FILLED, colour: 'Red' }, 'content.colour'],
  ['one in place of several', { ...FILLED, tags: 'x' }, 'content.tags'],
  ['none of several', { ...FILLED, tags: [] }, 'content.tags'],
  ['one of them twice', { ...FILLED, tags: ['x', 'x'] }, 'content.tags.1'],
  ['too many of them', { ...FILLED, tags: ['x', 'y', 'z'] }, 'content.tags'],
  ['a day of no week', { ...FILLED, days: ['mo', 'su'] }, 'content.days.1'],
];

/** Bad input: the documented problem with its field, and nothing half done. */
export function questionInputContract(newWorld: NewWorld): void {
  describe('bad questions and answers', () => {
    it.each(BAD)('refuses a question with %s', async (_, body, field) => {
      const world = newWorld();
      expectProblem(await world.service.post('/v1/questions', body), 'invalid', field);
      expect(await questionsInState(world.service)).toEqual([]);
    });

    it('refuses an answer off schema by the name of its field, and takes the right one after', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      const asked = await ask(world.service, { to: 'user:ada', options: undefined, schema: FORM });
      for (const [what, content, field] of OFF_SCHEMA) {
        const answer = await ada.post(`/v1/questions/${asked.id}/answer`, { action: 'accept', content });
        expect(answer.status, what).toBe(400);
        expectProblem(answer, 'invalid', field);
      }
      const content = {
        ...{ email: 'ada@example.org', site: 'https://example.org/?q=1', day: '2028-02-29' },
        ...{ at: '2030-01-01T00:00:00+01:00', name: '🔔🔔🔔', count: 5, share: -0.5, sure: false },
        ...{ plan: 'b', colour: '#f00', tags: ['z', 'x'], days: [] },
      };
      expect((await answerIt(ada, asked, content)).body).toMatchObject({ answer: { content } });
    });

    it('refuses an answer that is no answer', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      const asked = await ask(world.service, { to: 'user:ada' });
      for (const [body, field] of [
        [{}, 'action'],
        [{ action: 'cancel' }, 'action'],
        [{ action: 'decline', content: { value: 'no' } }, 'content'],
        [{ action: 'accept', content: { value: 'yes' }, by: 'ben' }, 'by'],
        [{ action: 'accept', content: { value: 'x'.repeat(17_000) } }, 'content'],
      ] as const) {
        expectProblem(await ada.post(`/v1/questions/${asked.id}/answer`, body), 'invalid', field);
      }
      expect(await questionsInState(ada)).toEqual([asked]);
    });

    it('takes as long as the text is, whatever it looks like', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      const asked = await ask(world.service, { to: 'user:ada', options: undefined, schema: FORM });
      for (const value of [
        'a@'.repeat(7_000),
        `a@${'a.'.repeat(7_000)}`,
        `a@${'.'.repeat(14_000)}`,
        ':'.repeat(15_000),
      ]) {
        for (const name of ['email', 'site', 'day', 'at']) {
          expectProblem(await answerIt(ada, asked, { ...FILLED, [name]: value }), 'invalid', `content.${name}`);
        }
      }
    });
  });

  describe('those who may not', () => {
    it('are told 404 where they were not asked, also with a bad answer to an open question', async () => {
      const [world, elsewhere] = [newWorld(), newWorld()];
      const asked = await ask(world.service, { to: ['user:ada', 'topic:p/1'] });
      const strangers = [await world.person('ben'), await elsewhere.person('ada'), elsewhere.service];
      for (const caller of strangers) {
        expectProblem(await caller.get(`/v1/questions/${asked.id}`), 'not_found');
        expectProblem(await answerIt(caller, asked), 'not_found');
        expectProblem(await caller.post(`/v1/questions/${asked.id}/cancel`), 'not_found');
      }
      expect(await questionsInState(await world.person('ada'))).toEqual([asked]);
    });

    it('are told 403 where they may only look, are of the wrong kind, or ask more than services', async () => {
      const world = newWorld();
      const asked = await ask(world.service, { to: 'all' });
      const reader = await world.person('ada', { scope: 'read' });
      const [ben, own] = [await world.person('ben'), 'user:ben'];
      expect((await reader.get(`/v1/questions/${asked.id}`)).status).toBe(200);
      for (const refused of [
        await answerIt(reader, asked),
        await reader.post('/v1/questions', { message: 'x' }),
        await reader.post(`/v1/questions/${asked.id}/cancel`),
        await answerIt(world.service, asked),
        await ben.post(`/v1/questions/${asked.id}/cancel`),
        await ben.patch(`/v1/questions/${asked.id}`, { message: 'x' }),
        await world.keyed((await world.key(['read'])).secret).post('/v1/questions', GOOD),
        await world.keyed((await world.key(['publish'])).secret).get(`/v1/questions/${asked.id}`),
      ]) {
        expectProblem(refused, 'forbidden');
      }
      expectProblem(await ben.post('/v1/questions', { message: 'x', to: ['all', own] }), 'forbidden', 'to');
      expectProblem(await ben.post('/v1/questions', { message: 'x', answerBy: 'person' }), 'forbidden', 'answerBy');
      expect((await ben.post('/v1/questions', { message: 'x', to: own, answerBy: 'service' })).status).toBe(201);
      expect(await questionsInState(reader)).toEqual([asked]);
    });
  });
}
