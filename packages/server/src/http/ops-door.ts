import type { IncomingMessage, ServerResponse } from 'node:http';
import { OPS } from '../ops.ts';
import { isPlainHost, type NodeDoor } from './node-door.ts';
import { NodeRequest } from './node-request.ts';
import { problemReply } from './problem.ts';
import type { Reply } from './reply.ts';
import type { Services } from './route.ts';
import { sendReply } from './send-reply.ts';

type Op = (typeof OPS)[string];

/** The short way for what operators' tools ask: a process that nobody else asks never loads the framework's. */
export function createOpsDoor(services: Services): NodeDoor {
  const replyTo = async (op: Op, { id }: NodeRequest): Promise<Reply> => {
    try {
      const headers = { 'content-type': 'application/json', 'x-request-id': id };
      return { status: 200, headers, body: JSON.stringify(await op(services)) };
    } catch (error) {
      return problemReply(error, id, services);
    }
  };

  const answer = async (op: Op, path: string, incoming: IncomingMessage, outgoing: ServerResponse) => {
    const begun = performance.now();
    const reply = await replyTo(op, new NodeRequest(incoming, outgoing, path, {}));
    services.traffic.answered('GET', path, reply.status, begun);
    sendReply(incoming, outgoing, reply);
  };

  return (incoming, outgoing) => {
    const { url = '' } = incoming;
    const op =
      incoming.method === 'GET' && isPlainHost(incoming.headers.host) && Object.hasOwn(OPS, url) ? OPS[url] : undefined;
    if (op === undefined) return false;
    answer(op, url, incoming, outgoing).catch((error: unknown) => {
      services.log.error({ err: error }, 'an answer could not be sent');
      outgoing.destroy();
    });
    return true;
  };
}
