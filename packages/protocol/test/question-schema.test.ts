import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentFault, LIMITS, optionsOf, type QuestionField, type QuestionSchema } from '../src/index.ts';
import { newQuestion, parseWith, schemaOf } from '../src/schemas/index.ts';
import { caught } from './caught.ts';

function schemaWith(field: QuestionField): QuestionSchema {
  return { type: 'object', properties: { x: field } };
}

function asked(schema: unknown): unknown {
  return parseWith(newQuestion, { to: 'all', message: 'x', schema }).schema;
}

describe('the schema of a question', () => {
  it('may have every kind of field that MCP elicitation knows, as it writes them', () => {
    const schema = {
      type: 'object',
      title: 'Booking',
      description: 'Where and when',
      properties: {
        name: { type: 'string', title: 'Name', description: 'Yours', minLength: 1, maxLength: 50, default: 'Ada' },
        email: { type: 'string', format: 'email' },
        seats: { type: 'integer', minimum: 1, maximum: 10, default: 2 },
        weight: { type: 'number' },
        window: { type: 'boolean', default: false },
        meal: { type: 'string', enum: ['a', 'b'], default: 'b' },
        older: { type: 'string', enum: ['a', 'b'], enumNames: ['A', 'B'] },
        titled: { type: 'string', oneOf: [{ const: 'a', title: 'A' }], default: 'a' },
        several: {
          type: 'array',
          items: { type: 'string', enum: ['a', 'b'] },
          minItems: 1,
          maxItems: 2,
          default: ['a'],
        },
        titles: { type: 'array', items: { anyOf: [{ const: 'a', title: 'A' }] } },
      },
      required: ['name', 'seats'],
    };
    expect(asked(schema)).toEqual(schema);
    const body = parseWith(newQuestion, {
      to: 'all',
      message: 'x',
      schema: { ...schema, $schema: 'https://json-schema.org/draft/2020-12/schema', additionalProperties: false },
    });
    expect(schemaOf(body)).toEqual(schema);
  });

  it('may have the most that the limits allow', () => {
    const field = { type: 'boolean' };
    const names = Array.from({ length: LIMITS.questionFields }, (_, n) => `f${n}`);
    asked({ type: 'object', properties: Object.fromEntries(names.map((name) => [name, field])), required: names });
    const options = Array.from({ length: LIMITS.questionOptions }, (_, n) => `${n}`);
    asked(schemaWith({ type: 'string', enum: options }));
  });

  it.each([
    ['minItems', { type: 'array', items: { enum: ['a'] }, minItems: 5 }],
    ['minimum', { type: 'integer', minimum: 0.2, maximum: 0.8 }],
    ['minLength', { type: 'string', minLength: 1_000_000_000 }],
  ])('is refused where nothing could be an answer: %s', (keyword, field) => {
    expect(caught(() => asked(schemaWith(field as never)))).toMatchObject({ field: `schema.properties.x.${keyword}` });
  });

  it('is taken where one thing could be', () => {
    for (const field of [
      { type: 'array', items: { enum: ['a'] }, minItems: 1 },
      { type: 'integer', minimum: 0.2, maximum: 1 },
      { type: 'integer', minimum: 0.2 },
      { type: 'string', minLength: 16_384 },
    ]) {
      asked(schemaWith(field as never));
    }
  });

  it('says how an option is written where one is none', () => {
    for (const option of [null, 5, []]) {
      const error = caught(() => parseWith(newQuestion, { to: 'all', message: 'x', options: ['a', option] }));
      expect(error).toMatchObject({
        field: 'options.1',
        message: expect.stringContaining('must be text, or {"value"'),
      });
    }
  });

  it('is taken or refused by name, whatever JSON it is', () => {
    const keyword = fc.constantFrom('type', 'properties', 'items', 'enum', 'oneOf', 'anyOf', 'required', 'default');
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom(null, 1, 'string', 'object', 'array', '__proto__', true),
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(keyword, tie('tree'), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(tree, (field) => {
        try {
          asked({ type: 'object', properties: { x: field } });
        } catch (error) {
          expect(error).toMatchObject({ code: 'invalid', field: expect.stringMatching(/^schema/) });
        }
      }),
      { examples: [[{ type: 'string' }]] },
    );
  });
});

describe('the content of an answer', () => {
  it('is judged without a throw, whatever it is', () => {
    const schema = schemaWith({ type: 'array', items: { enum: ['a', 'b'] } });
    fc.assert(
      fc.property(fc.jsonValue(), (content) => {
        const found = contentFault(schema, content) ?? contentFault(schema, { x: content });
        const isRight = Array.isArray(content) && content.every((one, at) => content.indexOf(one) === at);
        if (found === null) expect(isRight).toBe(true);
        else expect(found.message.length).toBeGreaterThan(5);
      }),
    );
  });

  it('counts characters as a person does', () => {
    const schema = schemaWith({ type: 'string', minLength: 2, maxLength: 2 });
    expect(contentFault(schema, { x: '🔔🔔' })).toBeNull();
    expect(contentFault(schema, { x: '🔔' })?.message).toBe('is too short: at least 2 characters');
  });

  it.each([
    ['email', ['a@b.co', 'a.b+c@sub.example.org'], ['a@b', '@b.co', 'a b@c.de', 'a@b..co', 'a@@b.co']],
    [
      'uri',
      ['https://x.example/a?b=c#d', 'mailto:a@b.co', 'urn:isbn:1'],
      ['x.example', '/a', 'http:// x', ':', 'JavaScript:alert(1)', 'data:text/html,x'],
    ],
    ['date', ['2028-02-29', '2000-02-29'], ['2027-02-29', '1900-02-29', '2028-13-01', '2028-00-10', '28-01-01']],
    [
      'date-time',
      ['2030-01-31T12:00:00Z', '2030-01-31T12:00:00.123+05:30', '2016-12-31T23:59:60Z'],
      ['2030-01-31', '2030-01-31T12:00:00', '2030-02-31T12:00:00Z', '2030-01-31T24:00:00Z'],
    ],
  ] as const)('knows %s when it sees one', (format, good, bad) => {
    const schema = schemaWith({ type: 'string', format });
    for (const x of good) expect(contentFault(schema, { x }), x).toBeNull();
    for (const x of bad) expect(contentFault(schema, { x })?.path, x).toEqual(['x']);
  });

  it('names a few of the options there are', () => {
    const field: QuestionField = { type: 'string', enum: ['a', 'b', 'c', 'd', 'e', 'f', 'g'] };
    expect(contentFault(schemaWith(field), { x: 'z' })?.message).toBe(
      'must be one of "a", "b", "c", "d", "e" or 2 more',
    );
    expect(optionsOf(field)).toHaveLength(7);
    expect(optionsOf({ type: 'array', items: { anyOf: [{ const: 'a', title: 'A' }] } })).toEqual(['a']);
    expect(optionsOf({ type: 'string' })).toBeNull();
  });
});
