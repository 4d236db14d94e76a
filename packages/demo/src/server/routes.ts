import type { IncomingMessage, ServerResponse } from 'node:http';
import { BelfryError } from '@belfry/protocol';
import type { ServerOptions } from '@belfry/server';
import { send, stream } from '../by-hand/route.ts';
import { byHandSource } from '../by-hand/source.ts';
import type { ServerOrder } from '../server-order.ts';
import type { PageConfig, TokenAnswer } from '../wire.ts';
import { demoToken, isPerson } from './demo-token.ts';
import { type PageFile, readPageFiles } from './page-files.ts';
import { pagePolicy } from './security-headers.ts';
import { isFromThisMachine } from './this-machine.ts';

type Extend = NonNullable<ServerOptions['extend']>;
type App = Parameters<Extend>[0];

interface NodeBindings {
  incoming: IncomingMessage;
  outgoing: ServerResponse;
}

/** What `belfry dev` serves beside the real API: the page, what it needs to know, and the hand-written lane. */
export function demoRoutes(order: ServerOrder): Extend {
  return (app) => {
    for (const path of ['/', '/favicon.svg', '/assets/*', '/demo/*', '/by-hand/*']) guard(app, path);
    addPage(app, order);
    addConfig(app, order);
    addByHand(app, order);
  };
}

function guard(app: App, path: string): void {
  app.use(path, async (c, next) => {
    if (!isFromThisMachine(nodeOf(c).incoming)) {
      throw new BelfryError('forbidden', 'The demo hands out its keys, so it is for this machine only.');
    }
    await next();
  });
}

function addPage(app: App, { page, pageDir }: ServerOrder): void {
  const files = readPageFiles(pageDir);
  const policy = pagePolicy(page);
  for (const [path, file] of files) app.get(path, () => fileResponse(file, policy));
  if (!files.has('/')) app.get('/', (c) => c.text('The page is not built yet. Run `npm run build`.', 503));
}

function fileResponse({ body, type, lasting }: PageFile, policy: string): Response {
  return new Response(new Uint8Array(body), {
    headers: {
      'content-type': type,
      'cache-control': lasting ? 'public, max-age=31536000, immutable' : 'no-cache',
      'content-security-policy': policy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    },
  });
}

function addConfig(app: App, { page, jwtSecret }: ServerOrder): void {
  const config: PageConfig = { ...page, byHandSource: byHandSource() };
  app.get('/demo/config', (c) => c.json(config, 200, { 'cache-control': 'no-store' }));
  app.get('/demo/token', (c) => {
    const answer: TokenAnswer = { token: demoToken(personIn(c.req.query('user')), jwtSecret) };
    return c.json(answer, 200, { 'cache-control': 'no-store' });
  });
}

function addByHand(app: App, { apiKey, origins }: ServerOrder): void {
  app.get('/by-hand/stream', (c) => {
    const { outgoing } = nodeOf(c);
    const origin = c.req.header('origin');
    if (origin !== undefined && origins.includes(origin)) outgoing.setHeader('Access-Control-Allow-Origin', origin);
    stream(personIn(c.req.query('user')), outgoing);
    return alreadySent();
  });
  app.post('/by-hand/send', async (c) => {
    if (c.req.header('authorization') !== `Bearer ${apiKey}`)
      throw new BelfryError('unauthenticated', 'Send the API key.');
    const { to, message } = await c.req.json<{ to: string; message: object }>();
    send(to, message);
    return c.body(null, 204);
  });
}

/** How a handler tells the Node adapter that it has answered on Node's own response. */
function alreadySent(): Response {
  return new Response(null, { headers: { 'x-hono-already-sent': 'true' } });
}

function nodeOf(c: { env: unknown }): NodeBindings {
  return c.env as NodeBindings;
}

function personIn(user: string | undefined) {
  if (isPerson(user)) return user;
  throw new BelfryError('invalid', 'user must be ada or ben.', { field: 'user' });
}
