import type { Core } from '@belfry/core';
import type { Hono } from 'hono';
import { createApp, ROUTES } from './app.ts';
import { type Authenticate, authenticator } from './auth/authenticate.ts';
import { createDefaultResolver } from './auth/default-resolver.ts';
import { answeredAnew, type PrincipalResolver } from './auth/principal-resolver.ts';
import type { AuthSettings } from './auth/settings.ts';
import { CrossOrigin } from './http/cross-origin.ts';
import { createNodeDoor, type NodeDoor } from './http/node-door.ts';
import { createOpsDoor } from './http/ops-door.ts';
import type { RequestHead } from './http/request.ts';
import type { Services } from './http/route.ts';
import type { MetricsAccess } from './routes/metrics.ts';
import { StreamDoor } from './stream-door/stream-door.ts';
import { VERSION } from './version.ts';

export interface DoorSettings {
  auth?: AuthSettings;
  principal?: PrincipalResolver;
  corsOrigins?: readonly string[];
  metrics?: MetricsAccess;
  extend?: (app: Hono) => void;
}

/**
 * The ways in. The app takes every request; the door, where there is one, takes calls of the API at half the cost, and
 * that of streams takes those at a third of the memory.
 */
export interface Doors {
  app: Hono;
  door: NodeDoor | null;
  streams: StreamDoor | null;
}

/**
 * Both are given the same routes, the same credentials and the same origins. An embedding app's `principal` takes a web
 * Request, which only the app has: then there is no other door.
 */
export function createDoors(
  services: Services,
  { auth = {}, principal, corsOrigins = [], metrics = 'key', extend }: DoorSettings,
  metricsText: () => Promise<string>,
): Doors {
  const crossOrigin = new CrossOrigin(corsOrigins);
  const shared = {
    services,
    crossOrigin,
    version: VERSION,
    metrics: { access: metrics, text: metricsText },
    ...(extend === undefined ? {} : { extend }),
  };
  if (principal !== undefined) {
    const authenticate = withAppAccess(services.core, authenticator(answeredAnew(principal), corsOrigins));
    return { app: createApp({ ...shared, authenticate }), door: null, streams: null };
  }
  const resolver = createDefaultResolver(auth, services.core);
  const authenticate = withAppAccess(services.core, authenticator(resolver, corsOrigins));
  const app = createApp({ ...shared, authenticate });
  const ops = createOpsDoor(services);
  const calls = createNodeDoor({ services, crossOrigin, authenticate, routes: ROUTES });
  const streams = new StreamDoor({ services, crossOrigin, authenticate });
  return { app, door: (incoming, outgoing) => calls(incoming, outgoing) || ops(incoming, outgoing), streams };
}

/** Where the app has rules of its own, they say what a person holds. */
function withAppAccess<Asked extends RequestHead>(
  { appAccess }: Core,
  authenticate: Authenticate<Asked>,
): Authenticate<Asked> {
  if (!appAccess.isAsked) return authenticate;
  return async (request) => {
    const principal = await authenticate(request);
    return principal.kind === 'person' ? appAccess.now(principal) : principal;
  };
}
