import type { Frame } from '../frame-parser.ts';
import { frameOf, parseJson } from '../json.ts';
import type { Connected, End, From } from '../ways.ts';
import type { Part, Scene } from './part.ts';

/** Has the connection, and gives what it brings to those who listen. `waiting`: who waits for a welcome, through breaks too. */
export function lead(scene: Scene, way: 'stream' | 'poll', waiting: Map<string, From>): Part {
  const { handlers, from, membership, replay, accepts, now } = scene;
  let connected: Connected | null = null;
  let connectedAt = 0;
  let isLive = false;
  /** Frames are for those whom this connection has welcomed: a tab that is alone tells them to nobody. */
  let isHeard = false;
  let unsent: Frame[] = [];

  const flush = (): void => {
    if (unsent.length > 0) membership.post({ type: 'frames', frames: unsent });
    unsent = [];
  };

  /** What came in one piece goes on in one. */
  const send = (frame: Frame): void => {
    if (isHeard && unsent.push(frame) === 1) queueMicrotask(flush);
  };

  const welcome = (to: string, { cursor, access }: From, told: Connected): void => {
    const missed = replay.after({ cursor, access });
    if (missed === null) {
      membership.post({ type: 'miss', to, cursor, transport: told.transport ?? 'stream' });
      return;
    }
    const resumed = cursor !== null;
    const reason = resumed ? null : 'new';
    const serverTime = later(told.serverTime, now() - connectedAt);
    const opening = frameOf('connected', null, { ...told, serverTime, resumed, reason, relayed: true });
    const frames = [opening, ...missed, frameOf('live', replay.last(), {})];
    membership.post({ type: 'welcome', to, cursor, frames });
    isHeard = true;
  };

  const welcomeAll = (): void => {
    flush();
    for (const [to, stands] of waiting) welcome(to, stands, connected as Connected);
    waiting.clear();
  };

  const lose = (): void => {
    flush();
    if (isLive) membership.post({ type: 'lost' });
    isLive = false;
  };

  const onEnd = (end: End): void => {
    lose();
    handlers.onEnd(end);
  };

  const onFrame = (frame: Frame): void => {
    if (frame.event === 'connected') {
      connected = parseJson(frame.data) as Connected | null;
      // The cookie is another person's now. What is theirs must not reach those who listen here.
      if (connected !== null && !accepts(connected)) {
        onEnd({ event: 'handover', error: null });
        return;
      }
      if (connected !== null) replay.connected(connected, from);
      connectedAt = now();
    }
    replay.note(frame);
    send(frame);
    handlers.onFrame(frame);
    if (frame.event !== 'live' || connected === null) return;
    isLive = true;
    welcomeAll();
  };

  const connection = scene.ways[way](from, { ...handlers, onFrame, onEnd });
  return {
    get patienceMs() {
      return connection.patienceMs;
    },
    take: ({ type }) => {
      if (type === 'hello' && isLive) welcomeAll();
    },
    abort: () => {
      connection.abort();
      lose();
    },
  };
}

/** The server's clock so much later; as it is, where that is no time. */
function later(time: string, ms: number): string {
  const at = Date.parse(time) + ms;
  return Number.isNaN(at) ? time : new Date(at).toISOString();
}
