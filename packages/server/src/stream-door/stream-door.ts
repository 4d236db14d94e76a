import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Authenticate } from '../auth/authenticate.ts';
import type { CrossOrigin } from '../http/cross-origin.ts';
import { problemReply } from '../http/problem.ts';
import type { Reply } from '../http/reply.ts';
import type { RequestHead } from '../http/request.ts';
import type { Services } from '../http/route.ts';
import { sendReply } from '../http/send-reply.ts';
import { orElse } from '../http/soon.ts';
import { handleRunStream } from '../routes/run-stream.ts';
import { handleStream } from '../routes/stream.ts';
import { DoorCall, queryOf } from './door-call.ts';
import { FirstBytes, type Turn } from './first-bytes.ts';
import { type Holder, hold, ignore, letGo } from './held-connection.ts';
import type { StreamHead } from './stream-head.ts';

export interface StreamDoorOptions {
  authenticate: Authenticate<RequestHead>;
  crossOrigin: CrossOrigin;
  services: Services;
  /** A connection that has said nothing after one to two of these is Node's. Milliseconds; a second without it. */
  lookMs?: number;
}

type Query = Record<string, string>;
type TakeConnection = (socket: Socket) => void;

/**
 * Stands before Node's HTTP server and opens streams on connections themselves: without the parser, the request and the
 * response that Node keeps for each, an open stream holds a third of the memory. It takes a connection whose first bytes
 * are a plain request for a stream; every other is handed on, with what was read of it, as if it had just come. A stream
 * that is refused is handed on too, and Node sends the refusal: so all that is not a stream has one way out.
 */
export class StreamDoor {
  readonly #options: StreamDoorOptions;
  /** Those of which nothing is known yet, and those that were so when somebody last looked; and some that are known by now. */
  #waiting: FirstBytes[] = [];
  #longWaiting: FirstBytes[] = [];
  /** Those whose request is being answered. */
  readonly #answering = new Set<Socket>();
  /** What Node is to answer to the first request of a connection. */
  readonly #ready = new WeakMap<Socket, { target: string; reply: Reply }>();
  #looks: NodeJS.Timeout | null = null;
  #leaving = false;

  constructor(options: StreamDoorOptions) {
    this.#options = options;
  }

  /**
   * Connections of this server come here from now on. Node's server takes each by a listener of its own; where it has
   * another way, or somebody was here before, all is left as it is: false.
   */
  standBefore(server: Server): boolean {
    const [take, ...others] = server.listeners('connection') as TakeConnection[];
    if (take === undefined || others.length > 0) return false;
    server.off('connection', take);
    const turn = this.#turnFor(server, (socket) => take.call(server, socket));
    server.on('connection', (socket: Socket) => this.#listen(socket, turn));
    return true;
  }

  /** Sends what was found for this request before it was handed on; false where nothing was. */
  answers(request: IncomingMessage, response: ServerResponse): boolean {
    const { socket, method, url } = request;
    const ready = this.#ready.get(socket);
    this.#ready.delete(socket);
    if (ready === undefined || method !== 'GET' || url !== ready.target) return false;
    sendReply(request, response, ready.reply);
    return true;
  }

  /** The server takes no more connections: what is waited for is Node's, which knows how to end it. */
  leave(): void {
    this.#leaving = true;
    for (const first of [...this.#longWaiting, ...this.#waiting]) first.handOn();
    this.#rest();
  }

  /** Drops what is still being answered. */
  destroy(): void {
    for (const socket of this.#answering) socket.destroy();
  }

  #listen(socket: Socket, turn: Turn): void {
    const first = new FirstBytes(socket, turn);
    if (this.#leaving) {
      first.handOn();
      return;
    }
    this.#waiting.push(first);
    this.#looks ??= setInterval(() => this.#look(), this.#options.lookMs ?? 1_000).unref();
  }

  #look(): void {
    for (const first of this.#longWaiting) first.handOn();
    this.#longWaiting = this.#waiting.filter(({ isWaiting }) => isWaiting);
    this.#waiting = [];
    if (this.#longWaiting.length === 0) this.#rest();
  }

  #rest(): void {
    if (this.#looks !== null) clearInterval(this.#looks);
    this.#looks = null;
  }

  #turnFor(server: Server, take: TakeConnection): Turn {
    const handOn = (socket: Socket, bytes: Buffer | null) => {
      socket.off('error', ignore);
      if (bytes !== null) socket.unshift(bytes);
      take(socket);
      socket.resume();
    };
    return {
      other: handOn,
      stream: (socket, head, bytes) => {
        const query = queryOf(head.target);
        // A poll waits for its answer, which is no stream.
        const toNode = () => {
          letGo(socket);
          handOn(socket, bytes);
        };
        if (query.wait !== undefined) toNode();
        else this.#answer(socket, head, query, toNode);
      },
      cutShort: (socket) => {
        const error = Object.assign(new Error('The request breaks off.'), { code: 'HPE_INVALID_EOF_STATE' });
        server.emit('clientError', error, socket);
      },
    };
  }

  #answer(socket: Socket, head: StreamHead, query: Query, handOn: () => void): void {
    const begun = performance.now();
    const answered = (reply: Reply | null) => {
      const path = head.run === null ? '/v1/stream' : '/v1/runs/{id}/stream';
      this.#options.services.traffic.answered('GET', path, reply?.status ?? 200, begun);
      if (reply === null || socket.destroyed) return;
      this.#ready.set(socket, { target: head.target, reply });
      handOn();
    };
    const reply = this.#run(socket, head, query);
    if (reply instanceof Promise) void this.#await(socket, reply).then(answered);
    else answered(reply);
  }

  /** What it says meanwhile is for whoever answers it. */
  #await<Value>(socket: Socket, value: Promise<Value>): Promise<Value> {
    hold(socket, NOBODY);
    socket.pause();
    this.#answering.add(socket);
    return value.finally(() => this.#answering.delete(socket));
  }

  /** Null where the stream is open. */
  #run(socket: Socket, head: StreamHead, query: Query): Promise<Reply | null> | Reply | null {
    const { services, crossOrigin, authenticate } = this.#options;
    const call = new DoorCall(
      socket,
      head,
      query,
      services.compression,
      crossOrigin.headersFor(head.headers.get('origin')),
    );
    const handle = head.run === null ? handleStream : handleRunStream;
    return orElse(
      () => handle(call, services, () => authenticate(call)),
      (error) => call.reply(problemReply(error, call.id, services)),
    );
  }
}

const NOBODY: Holder = { data() {}, end() {}, closed() {} };
