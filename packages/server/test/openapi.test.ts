import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROUTES } from '../src/app.ts';
import { startServer, type TestServer } from './support/start.ts';

type Json = Record<string, unknown>;

interface Operation {
  operationId: string;
  summary: string;
  tags: string[];
  parameters: { name: string; in: string; required?: boolean; schema: Json }[];
  requestBody?: { required: boolean; content: Record<string, { schema: Json }> };
  responses: Record<string, { description: string; content?: Record<string, { schema: Json }> }>;
}

interface Document {
  openapi: string;
  info: { title: string; version: string };
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Json; securitySchemes: Json };
  security: Json[];
}

function everyObject(value: unknown, visit: (object: Json) => void): void {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) visit(value as Json);
  for (const inner of Object.values(value)) everyObject(inner, visit);
}

describe('/openapi.json', () => {
  let test: TestServer;
  let document: Document;
  let operations: [string, string, Operation][];

  beforeAll(async () => {
    test = await startServer();
    document = (await (await fetch(`${test.url}/openapi.json`)).json()) as Document;
    operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]): [string, string, Operation] => [path, method, operation]),
    );
  });
  afterAll(() => test.stop());

  it('is OpenAPI 3.1 with a title and a version', () => {
    expect(document.openapi).toMatch(/^3\.1\.\d$/);
    expect(document.info).toMatchObject({ title: 'Belfry', version: expect.stringMatching(/^\d+\.\d+\.\d+/) });
  });

  it('has every route there is and what stands beside the table, and no other', () => {
    const described = operations.map(([path, method]) => `${method.toUpperCase()} ${path}`).sort();
    const beside = ['/v1/stream', '/v1/runs/{id}/stream', '/v1/runs/{id}/artifacts/{name}'].map(
      (path) => `GET ${path}`,
    );
    expect(described).toEqual([...beside, ...ROUTES.map(({ method, path }) => `${method} ${path}`)].sort());
  });

  it('names each operation once, in letters a generator can use', () => {
    const ids = operations.map(([, , { operationId }]) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[a-z][A-Za-z0-9]*$/);
  });

  it('declares each part of a path as a required parameter, and no parameter twice', () => {
    for (const [path, method, { parameters }] of operations) {
      const inPath = parameters.filter((one) => one.in === 'path');
      expect(
        inPath.map(({ name }) => `{${name}}`),
        `${method} ${path}`,
      ).toEqual(path.match(/\{\w+\}/g) ?? []);
      expect(inPath.every(({ required, schema }) => required === true && schema !== undefined)).toBe(true);
      const names = parameters.map((one) => `${one.in} ${one.name}`);
      expect(new Set(names).size).toBe(names.length);
    }
  });

  it('gives every operation a summary, a tag, a success and a problem; bodies only where a method has one', () => {
    for (const [path, method, operation] of operations) {
      const { summary, tags, responses, requestBody } = operation;
      expect([summary.length > 5, tags.length], `${method} ${path}`).toEqual([true, 1]);
      const ends = path === '/v1/runs/{id}/stream' ? ['200', '204'] : [expect.any(String)];
      expect(Object.keys(responses).filter((status) => /^[23]\d\d$/.test(status))).toEqual(ends);
      expect(responses.default?.content).toHaveProperty(['application/problem+json']);
      if (method === 'get' || method === 'delete') expect(requestBody).toBeUndefined();
      for (const { description } of Object.values(responses)) expect(description).not.toBe('');
    }
  });

  it('resolves every reference, and leaves no schema marker of a generator behind', () => {
    everyObject(document, (object) => {
      expect(object).not.toHaveProperty(['$schema']);
      if (typeof object.$ref !== 'string') return;
      const path = object.$ref.replace(/^#\//, '').split('/');
      expect(
        path.reduce<unknown>((at, part) => (at as Json | undefined)?.[part], document),
        object.$ref,
      ).toBeDefined();
    });
  });

  it('uses only JSON Schema types', () => {
    const types = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'];
    for (const [, , operation] of operations) {
      const contents = [
        operation.requestBody?.content,
        ...Object.values(operation.responses).map(({ content }) => content),
      ];
      for (const content of contents) {
        for (const { schema } of Object.values(content ?? {})) {
          everyObject(schema, ({ type }) => {
            if (typeof type === 'string') expect(types).toContain(type);
          });
        }
      }
    }
  });

  it('says what a notification may hold, with its limits', () => {
    const schema = document.paths['/v1/notifications']?.post?.requestBody?.content['application/json']?.schema as {
      required: string[];
      properties: Record<string, Json>;
      additionalProperties: boolean;
    };
    expect(schema.required).toEqual(['type', 'title']);
    expect(schema.additionalProperties).toBe(false);
    expect(schema.properties.title).toMatchObject({ type: 'string', minLength: 1, maxLength: 200 });
  });
});
