import { SCOPES } from '@belfry/core';
import { isTenant } from '@belfry/protocol';
import { apiKeyShape, later, made, text } from '@belfry/protocol/schemas';
import * as z from 'zod';
import { serviceOfAllTenants } from '../http/access.ts';
import { type Route, route } from '../http/route.ts';

const tag = 'Administration';

const newKey = later(() =>
  z.strictObject({
    name: text(100),
    scopes: z.array(z.enum(SCOPES, `must be one of ${SCOPES.join(', ')}`)).min(1, 'must name at least one scope'),
    tenant: z.string().refine(isTenant, 'must be the name of a tenant').nullish(),
  }),
);

const add = route({
  method: 'POST',
  path: '/v1/admin/keys',
  summary: 'Make an API key. Its secret is answered this once and kept as a hash.',
  tag,
  access: serviceOfAllTenants('admin'),
  body: newKey,
  answer: {
    status: 201,
    description: 'The key and its secret',
    schema: later(() => z.object({ key: made(apiKeyShape), secret: z.string() })),
  },
  async handle(call) {
    const { name, scopes, tenant } = call.body;
    const made = await call.core.apiKeys.add(name, [...new Set(scopes)], tenant ?? null);
    return { status: 201, body: made };
  },
});

const list = route({
  method: 'GET',
  path: '/v1/admin/keys',
  summary: 'The API keys there are, without their secrets.',
  tag,
  access: serviceOfAllTenants('admin'),
  answer: {
    status: 200,
    description: 'The keys',
    schema: later(() => z.object({ items: z.array(made(apiKeyShape)) })),
  },
  async handle(call) {
    return { status: 200, body: { items: await call.core.apiKeys.list() } };
  },
});

const remove = route({
  method: 'DELETE',
  path: '/v1/admin/keys/{id}',
  summary: 'Remove an API key. It is refused at once, and its streams are closed.',
  tag,
  access: serviceOfAllTenants('admin'),
  answer: { status: 204, description: 'It is gone' },
  async handle(call) {
    const id = call.param('id');
    await call.core.apiKeys.remove(id);
    call.hub.closeWhere((principal) => principal.kind === 'service' && principal.key === id, 'access');
    return { status: 204 };
  },
});

export const apiKeyRoutes: Route[] = [add, list, remove];
