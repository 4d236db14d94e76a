import { problemShape } from '@belfry/protocol/schemas';
import type * as z from 'zod';
import type { AnswerDoc, Route } from '../http/route.ts';
import { Schemas } from './schemas.ts';
import { artifactOperation, runStreamOperation, streamOperation } from './stream-operation.ts';

type Json = Record<string, unknown>;

/** The API's description (OpenAPI 3.1), made from the same table that serves it. */
export function openApiDocument(routes: readonly Route[], version: string): Json {
  const schemas = new Schemas();
  const problem = schemas.of(problemShape, 'output');
  const paths: Record<string, Json> = {
    '/v1/stream': { get: streamOperation },
    '/v1/runs/{id}/stream': { get: runStreamOperation },
    '/v1/runs/{id}/artifacts/{name}': { get: artifactOperation },
  };
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(route, schemas) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Belfry',
      version,
      description: 'A self-hosted real-time inbox: notifications to signed-in people, from a durable log.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    paths,
    components: { securitySchemes: SECURITY, schemas: { ...schemas.components, Problem: problem } },
    security: [{ bearer: [] }, { cookie: [] }],
  };
}

const SECURITY = {
  bearer: { type: 'http', scheme: 'bearer', description: "A person's JWT, or an API key." },
  cookie: { type: 'apiKey', in: 'cookie', name: 'belfry_token', description: "A person's JWT." },
};

function operation(route: Route, schemas: Schemas): Json {
  const described: Json = {
    summary: route.summary,
    description: `For: ${route.accessLabel}.`,
    tags: [route.tag],
    operationId: operationId(route),
    parameters: [...pathParameters(route), ...queryParameters(route.query, schemas), ...headerParameters(route)],
    responses: { [route.answer.status]: answer(route.answer, schemas), default: PROBLEM },
  };
  if (route.body !== undefined) described.requestBody = requestBody(route.body, schemas);
  return described;
}

const PROBLEM = {
  description: 'What went wrong, and the mend',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};

function operationId({ method, path }: Route): string {
  const words = path.replace('/v1/', '').replaceAll(/[{}]/g, '').split(/[/-]/);
  return [method.toLowerCase(), ...words].map((word, at) => (at === 0 ? word : capitalized(word))).join('');
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function requestBody(schema: z.ZodType, schemas: Schemas): Json {
  const content = { 'application/json': { schema: schemas.of(schema, 'input') } };
  return { required: !schema.safeParse(undefined).success, content };
}

function answer({ description, schema }: AnswerDoc, schemas: Schemas): Json {
  if (schema === undefined) return { description };
  return { description, content: { 'application/json': { schema: schemas.of(schema, 'output') } } };
}

function pathParameters({ path }: Route): Json[] {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
  return names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } }));
}

function queryParameters(query: z.ZodType | undefined, schemas: Schemas): Json[] {
  if (query === undefined) return [];
  const { properties = {}, required = [] } = schemas.of(query, 'input') as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }));
}

function headerParameters({ creates }: Route): Json[] {
  if (creates !== true) return [];
  const description = 'The same key again within 24 hours gives the first answer, with Idempotent-Replayed: true.';
  return [{ name: 'Idempotency-Key', in: 'header', schema: { type: 'string', maxLength: 255 }, description }];
}
