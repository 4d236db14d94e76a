import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Requests that one connection may have sent ahead of their answers. Browsers send none. */
const PIPELINE = 16;

/** What a server has been asked and has not answered in full, by connection and in order. */
export class Unanswered {
  /**
   * Of each connection for as long as it is open: a Map that every request comes into and goes out of keeps all of them
   * until V8's next full collection (see `UnderWay` of the stores).
   */
  readonly #bySocket = new Map<Socket, ServerResponse[]>();
  readonly #last = new WeakSet<ServerResponse>();
  #leaving = false;

  /**
   * Node parses whatever a connection sends, answers or not, so a client that pipelines and does not read would fill
   * the memory with answers. One that goes too far is cut off: false.
   */
  add(response: ServerResponse): boolean {
    const { socket } = response.req;
    const waiting = this.#bySocket.get(socket) ?? this.#follow(socket);
    if (waiting.length === PIPELINE) {
      socket.destroy();
      return false;
    }
    waiting.push(response);
    response.once('close', () => waiting.splice(waiting.indexOf(response), 1));
    if (this.#leaving) this.#closeAfterLast(waiting);
    return true;
  }

  #follow(socket: Socket): ServerResponse[] {
    const waiting: ServerResponse[] = [];
    this.#bySocket.set(socket, waiting);
    socket.once('close', () => this.#bySocket.delete(socket));
    return waiting;
  }

  /** Whether what is written to this connection now would be taken for the answer to its broken request. */
  canRefuse(socket: Socket): boolean {
    const [first, second] = this.#bySocket.get(socket) ?? [];
    if (first === undefined) return true;
    return second === undefined && !first.headersSent && !first.req.complete;
  }

  /** From now on answers say that their connection closes, so that no client sends into a socket that is going. */
  leave(): void {
    this.#leaving = true;
    for (const waiting of this.#bySocket.values()) this.#closeAfterLast(waiting);
  }

  /** Node closes behind the first answer that says so, whatever has been asked after it. */
  #closeAfterLast(waiting: readonly ServerResponse[]): void {
    const [last, before] = [waiting.at(-1), waiting.at(-2)];
    if (before !== undefined && this.#last.has(before)) before.shouldKeepAlive = true;
    if (last === undefined || last.headersSent || !last.shouldKeepAlive) return;
    last.shouldKeepAlive = false;
    this.#last.add(last);
  }
}
