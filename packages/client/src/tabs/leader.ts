import type { Frame } from '../frame-parser.ts';
import type { Connected, Connection, ConnectionHandlers, End, From } from '../ways.ts';
import type { Letter } from './messages.ts';
import type { Part, Scene } from './part.ts';

/** Has the connection, and gives what it brings to those who listen. */
export class Leader implements Part {
  readonly #scene: Scene;
  readonly #connection: Connection;
  /** Who waits for a welcome. Kept by the tab: they wait through breaks of the connection. */
  readonly #waiting: Map<string, From>;
  #connected: Connected | null = null;
  #connectedAt = 0;
  #isLive = false;
  /** Frames are for those whom this connection has welcomed: a tab that is alone tells them to nobody. */
  #isHeard = false;
  #unsent: Frame[] = [];

  constructor(scene: Scene, way: 'stream' | 'poll', waiting: Map<string, From>) {
    this.#scene = scene;
    this.#waiting = waiting;
    const { handlers, from } = scene;
    const own: ConnectionHandlers = {
      ...handlers,
      onFrame: (frame) => this.#onFrame(frame),
      onEnd: (end) => this.#onEnd(end),
    };
    this.#connection = scene.ways[way](from, own);
  }

  get patienceMs(): number | undefined {
    return this.#connection.patienceMs;
  }

  take(letter: Letter): void {
    if (letter.type === 'hello' && this.#isLive) this.#welcomeAll();
  }

  abort(): void {
    this.#connection.abort();
    this.#lose();
  }

  #onFrame(frame: Frame): void {
    const { handlers, replay, accepts, from } = this.#scene;
    if (frame.event === 'connected') {
      const connected = parse(frame);
      if (connected !== null && !accepts(connected)) {
        // The cookie is another person's now. What is theirs must not reach those who listen here.
        this.#onEnd({ event: 'handover', error: null });
        return;
      }
      if (connected !== null) replay.connected(connected, from);
      this.#connected = connected;
      this.#connectedAt = this.#scene.now();
    }
    replay.note(frame);
    this.#send(frame);
    handlers.onFrame(frame);
    if (frame.event !== 'live' || this.#connected === null) return;
    this.#isLive = true;
    this.#welcomeAll();
  }

  /** What came in one piece goes on in one. */
  #send(frame: Frame): void {
    if (!this.#isHeard) return;
    this.#unsent.push(frame);
    if (this.#unsent.length === 1) queueMicrotask(() => this.#flush());
  }

  #flush(): void {
    if (this.#unsent.length > 0) this.#scene.membership.post({ type: 'frames', frames: this.#unsent });
    this.#unsent = [];
  }

  #welcomeAll(): void {
    this.#flush();
    for (const [to, from] of this.#waiting) this.#welcome(to, from);
    this.#waiting.clear();
  }

  #welcome(to: string, from: From): void {
    const { membership, replay } = this.#scene;
    const connected = this.#connected as Connected;
    const missed = replay.after(from);
    if (missed === null) {
      membership.post({ type: 'miss', to, cursor: from.cursor, transport: connected.transport ?? 'stream' });
      return;
    }
    const isNew = from.cursor === null;
    const reason = isNew ? ('new' as const) : null;
    const serverTime = later(connected.serverTime, this.#scene.now() - this.#connectedAt);
    const opening = frame('connected', null, { ...connected, serverTime, resumed: !isNew, reason, relayed: true });
    const frames = [opening, ...missed, frame('live', replay.last, {})];
    membership.post({ type: 'welcome', to, cursor: from.cursor, frames });
    this.#isHeard = true;
  }

  #onEnd(end: End): void {
    this.#lose();
    this.#scene.handlers.onEnd(end);
  }

  #lose(): void {
    this.#flush();
    if (this.#isLive) this.#scene.membership.post({ type: 'lost' });
    this.#isLive = false;
  }
}

function frame(event: string, id: string | null, data: unknown): Frame {
  return { event, id, data: JSON.stringify(data) };
}

/** The server's clock so much later; as it is, where that is no time. */
function later(time: string, ms: number): string {
  const at = Date.parse(time) + ms;
  return Number.isNaN(at) ? time : new Date(at).toISOString();
}

/** Null for what is not as Belfry writes it: it is left out and reported where it is read. */
export function parse({ data }: Frame): Connected | null {
  try {
    return JSON.parse(data ?? '') as Connected | null;
  } catch {
    return null;
  }
}
