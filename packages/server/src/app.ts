import { BelfryError } from '@belfry/protocol';
import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import type { Authenticate } from './auth/authenticate.ts';
import type { CrossOrigin } from './http/cross-origin.ts';
import { honoRequest } from './http/hono-request.ts';
import { problemResponse } from './http/problem.ts';
import { responseOf } from './http/reply.ts';
import { requestId } from './http/request-id.ts';
import type { Route, Services } from './http/route.ts';
import type { Traffic } from './metrics/traffic.ts';
import { openApiDocument } from './openapi/document.ts';
import { openApiPage } from './openapi/page.ts';
import { OPS } from './ops.ts';
import { apiKeyRoutes } from './routes/api-keys.ts';
import { handleArtifact } from './routes/artifact.ts';
import { deliveryRoutes } from './routes/deliveries.ts';
import { eventRoutes } from './routes/events.ts';
import { inboxRoutes } from './routes/inbox.ts';
import { signInRoutes } from './routes/me.ts';
import { membershipRoutes } from './routes/memberships.ts';
import { handleMetrics, type MetricsAccess } from './routes/metrics.ts';
import { notificationRoutes } from './routes/notifications.ts';
import { questionRoutes } from './routes/questions.ts';
import { handleRunStream } from './routes/run-stream.ts';
import { runRoutes } from './routes/runs.ts';
import { handleStream } from './routes/stream.ts';
import { webhookRoutes } from './routes/webhooks.ts';
import { honoStreamCall } from './stream/stream-response.ts';

export interface AppOptions {
  services: Services;
  authenticate: Authenticate<Request>;
  crossOrigin: CrossOrigin;
  version: string;
  metrics: { access: MetricsAccess; text: () => Promise<string> };
  /** Adds routes of an embedding app, ahead of the 404. */
  extend?: (app: Hono) => void;
}

/** Every call there is, as the API's description and its tests walk it. */
export const ROUTES: readonly Route[] = [
  ...notificationRoutes,
  ...deliveryRoutes,
  ...inboxRoutes,
  ...eventRoutes,
  ...membershipRoutes,
  ...questionRoutes,
  ...runRoutes,
  ...signInRoutes,
  ...apiKeyRoutes,
  ...webhookRoutes,
];

/** The HTTP API as a Hono app: the same for a process of its own, an Express app and a fetch server. */
export function createApp(options: AppOptions): Hono {
  const app = new Hono();
  const { crossOrigin } = options;
  const { services } = options;
  app.use(counted(services.traffic));
  app.use(async (c, next) => {
    c.header('x-request-id', requestId(c));
    await next();
  });
  if (crossOrigin.isAllowed) app.use('/v1/*', allowOrigins(crossOrigin));
  addOps(app, options);
  addDescription(app, options);
  addRoutes(app, options);
  options.extend?.(app);
  app.notFound((c) => {
    const error = new BelfryError('not_found', `There is no ${c.req.method} ${c.req.path} here. See /docs.`);
    return problemResponse(error, requestId(c), services);
  });
  app.onError((error, c) => problemResponse(error, requestId(c), services));
  return app;
}

function addRoutes(app: Hono, { services, authenticate }: AppOptions): void {
  const principalOf = (c: Context) => authenticate(c.req.raw);
  app.get('/v1/stream', (c) => handleStream(honoStreamCall(c, services), services, () => principalOf(c)));
  app.get('/v1/runs/:id/stream', (c) => handleRunStream(honoStreamCall(c, services), services, () => principalOf(c)));
  app.get('/v1/runs/:id/artifacts/:name', (c) => handleArtifact(c, services));
  for (const route of ROUTES) {
    const path = route.path.replaceAll(/\{(\w+)\}/g, ':$1');
    app.on(route.method, path, async (c) => {
      const principal = await principalOf(c);
      return responseOf(await route.run(honoRequest(c), principal, services));
    });
  }
}

function addOps(app: Hono, { services, authenticate, metrics }: AppOptions): void {
  for (const [path, ask] of Object.entries(OPS)) app.get(path, async (c) => c.json(await ask(services)));
  app.get('/metrics', (c) => handleMetrics(c, metrics.access, () => authenticate(c.req.raw), metrics.text));
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

/** By the path as it is written in the table, which is one of few; what a client wrote would be one of any number. */
function counted(traffic: Traffic): MiddlewareHandler {
  return async (c, next) => {
    const begun = performance.now();
    await next();
    traffic.answered(c.req.method, routeOf(routePath(c, -1)), c.res.status, begun);
  };
}

function routeOf(path: string): string {
  return path.includes('*') ? 'other' : path.replaceAll(/:(\w+)/g, '{$1}');
}

/** Said before the answer: a stream is written past the framework, with what it finds set. */
function allowOrigins(crossOrigin: CrossOrigin): MiddlewareHandler {
  return async (c, next) => {
    const origin = c.req.header('origin');
    if (c.req.method === 'OPTIONS') return c.body(null, 204, crossOrigin.preflightFor(origin));
    for (const [name, value] of Object.entries(crossOrigin.headersFor(origin))) c.res.headers.set(name, value);
    return next();
  };
}
