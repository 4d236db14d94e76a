import type { Principal } from '@belfry/core';
import { BelfryError, isName, isTenant } from '@belfry/protocol';
import { type Context, Hono, type Next } from 'hono';
import { cors } from 'hono/cors';
import type { PrincipalResolver } from './auth/principal-resolver.ts';
import { requireSameOrigin } from './auth/same-origin.ts';
import { problemResponse } from './http/problem.ts';
import { requestId } from './http/request-id.ts';
import type { Route, Services } from './http/route.ts';
import { openApiDocument } from './openapi/document.ts';
import { openApiPage } from './openapi/page.ts';
import { apiKeyRoutes } from './routes/api-keys.ts';
import { eventRoutes } from './routes/events.ts';
import { inboxRoutes } from './routes/inbox.ts';
import { signInRoutes } from './routes/me.ts';
import { notificationRoutes } from './routes/notifications.ts';
import { handleStream } from './routes/stream.ts';

export interface AppOptions extends Services {
  principal: PrincipalResolver;
  /** Origins whose pages may call this server with credentials. */
  corsOrigins: readonly string[];
  version: string;
  /** Adds routes of an embedding app, ahead of the 404. */
  extend?: (app: Hono) => void;
}

/** Every call there is, as the API's description and its tests walk it. */
export const ROUTES: readonly Route[] = [
  ...notificationRoutes,
  ...inboxRoutes,
  ...eventRoutes,
  ...signInRoutes,
  ...apiKeyRoutes,
];

/** The HTTP API as a Hono app: the same for a process of its own, an Express app and a fetch server. */
export function createApp(options: AppOptions): Hono {
  const app = new Hono();
  const { log, corsOrigins } = options;
  app.use(async (c, next) => {
    c.header('x-request-id', requestId(c));
    await next();
  });
  if (corsOrigins.length > 0) app.use('/v1/*', varyByOrigin, allowOrigins(corsOrigins));
  addOps(app, options);
  addDescription(app, options);
  addRoutes(app, options);
  options.extend?.(app);
  app.notFound((c) => {
    const error = new BelfryError('not_found', `There is no ${c.req.method} ${c.req.path} here. See /docs.`);
    return problemResponse(error, requestId(c), log);
  });
  app.onError((error, c) => problemResponse(error, requestId(c), log));
  return app;
}

function addRoutes(app: Hono, options: AppOptions): void {
  const services: Services = { core: options.core, hub: options.hub, log: options.log };
  const authenticate = (c: Context) => principalOf(c, options);
  app.get('/v1/stream', (c) => handleStream(c, services, authenticate));
  for (const route of ROUTES) {
    const path = route.path.replaceAll(/\{(\w+)\}/g, ':$1');
    app.on(route.method, path, async (c) => route.run(c, await authenticate(c), services));
  }
}

async function principalOf(c: Context, { principal, corsOrigins }: AppOptions): Promise<Principal> {
  const found = await principal(c.req.raw);
  if (found === null) {
    throw new BelfryError('unauthenticated', 'Sign in first: send a token as "Authorization: Bearer <token>".');
  }
  if (found.kind === 'person') requireSameOrigin(c.req.raw, corsOrigins);
  return addressable(found);
}

/** A mistake of an embedding app's resolver is told in its log: such a person could sign in and never be reached. */
function addressable(principal: Principal): Principal {
  const wrong = !isTenant(principal.tenant) || (principal.kind === 'person' && !isName(principal.user));
  if (!wrong) return principal;
  throw new Error('principal() gave a tenant or user that is no name: letters, digits and . _ ~ @ | + : / - only.');
}

function addOps(app: Hono, { core, hub }: AppOptions): void {
  app.get('/healthz', (c) => c.json({ status: 'ok' }));
  app.get('/readyz', async (c) => {
    if (hub.isDraining) throw new BelfryError('unavailable', 'This process is leaving.');
    await core.store.read('ping', {});
    return c.json({ status: 'ready' });
  });
}

function addDescription(app: Hono, { version }: AppOptions): void {
  let made: { document: unknown; page: ReturnType<typeof openApiPage> } | null = null;
  const description = () => {
    if (made === null) {
      const document = openApiDocument(ROUTES, version);
      made = { document, page: openApiPage(document) };
    }
    return made;
  };
  app.get('/openapi.json', (c) => c.json(description().document as object));
  app.get('/docs', (c) => {
    const { html, contentSecurityPolicy } = description().page;
    return c.html(html, 200, { 'content-security-policy': contentSecurityPolicy });
  });
}

/** Before the answer too: a stream is written past the framework, whose CORS says it only after. */
async function varyByOrigin(c: Context, next: Next): Promise<void> {
  c.header('vary', 'Origin');
  await next();
  c.header('vary', [...new Set(c.res.headers.get('vary')?.split(/, */))].join(', '));
}

function allowOrigins(origins: readonly string[]) {
  return cors({
    origin: [...origins],
    credentials: true,
    allowMethods: ['GET', 'POST', 'PATCH', 'DELETE'],
    allowHeaders: ['Authorization', 'Content-Type', 'Idempotency-Key', 'Last-Event-ID', 'Belfry-Tenant'],
    exposeHeaders: ['Idempotent-Replayed', 'Retry-After', 'X-Request-Id'],
    maxAge: 600,
  });
}
