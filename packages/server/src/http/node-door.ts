import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Authenticate } from '../auth/authenticate.ts';
import type { CrossOrigin } from './cross-origin.ts';
import { NodeRequest } from './node-request.ts';
import { problemReply } from './problem.ts';
import type { Reply } from './reply.ts';
import type { RequestHead } from './request.ts';
import type { Route, Services } from './route.ts';
import { RouteTable } from './route-table.ts';
import { sendReply } from './send-reply.ts';

export interface NodeDoorOptions {
  routes: readonly Route[];
  authenticate: Authenticate<RequestHead>;
  crossOrigin: CrossOrigin;
  services: Services;
}

/** Answers a call of the API; false, and nothing is done, for whatever else comes. */
export type NodeDoor = (incoming: IncomingMessage, outgoing: ServerResponse) => boolean;

/**
 * The short way in for calls of the API: from Node's request to their route and back, at half of what it costs through
 * the framework and its web Request and Response. Streams, pages, preflights, HEAD and every address that is not plainly
 * one of the table go through the framework, which then says what they are.
 */
export function createNodeDoor({ routes, authenticate, crossOrigin, services }: NodeDoorOptions): NodeDoor {
  const table = new RouteTable(routes);

  const replyTo = async (request: NodeRequest, route: Route): Promise<Reply> => {
    try {
      return await route.run(request, await authenticate(request), services);
    } catch (error) {
      return problemReply(error, request.id, services);
    }
  };

  const answer = async (request: NodeRequest, route: Route, incoming: IncomingMessage, outgoing: ServerResponse) => {
    const begun = performance.now();
    const reply = await replyTo(request, route);
    services.traffic.answered(route.method, route.path, reply.status, begun);
    sendReply(incoming, outgoing, reply, crossOrigin.headersFor(request.headers.get('origin')));
  };

  return (incoming, outgoing) => {
    const path = plainPath(incoming);
    const found = path === null ? null : table.find(incoming.method as string, path);
    if (path === null || found === null) return false;
    const request = new NodeRequest(incoming, outgoing, path, found.params);
    answer(request, found.route, incoming, outgoing).catch((error: unknown) => {
      services.log.error({ requestId: request.id, err: error }, 'an answer could not be sent');
      outgoing.destroy();
    });
    return true;
  };
}

const PLAIN_HOST = /^[a-z0-9._-]+(?::(?:[1-5]\d{3,4}|[6-9]\d{3}))?$/;
const PLAIN_TARGET = /^(\/v1\/[\w/-]+)(?:\?[\w.~!$&'()*+,;=:@/?%-]*)?$/;

/** The path of a request where nothing about its address needs to be decoded, resolved or refused. */
function plainPath(incoming: IncomingMessage): string | null {
  return isPlainHost(incoming.headers.host) ? (PLAIN_TARGET.exec(incoming.url ?? '')?.[1] ?? null) : null;
}

export function isPlainHost(host = ''): boolean {
  return PLAIN_HOST.test(host);
}
