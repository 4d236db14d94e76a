import type { Frame } from '../frame-parser.ts';
import { parseJson } from '../json.ts';
import type { Transport } from '../status.ts';
import type { Connected, Connection } from '../ways.ts';
import type { Letter } from './messages.ts';
import type { Part, Scene } from './part.ts';

/** After so many, what the leader remembers and what this tab needs do not meet: it keeps a connection of its own. */
const MOST_MISSES = 3;

/** Hears what the leader hears. */
export function follow({ from: start, handlers, membership, replay, accepts, isOver, ways }: Scene): Part {
  let from = start;
  /** The leader that has welcomed it; it listens to no other. */
  let leader: string | null = null;
  /** What it asks the server itself: what the leader does not remember. */
  let own: Connection | null = null;
  let misses = 0;

  const turn = (): void => handlers.onEnd({ event: 'handover', error: null });
  const hello = (): void => membership.post({ type: 'hello', ...from });

  /** False: it is not for this tab, which has nothing to do with this leader then. */
  const note = (frame: Frame): boolean => {
    const connected = frame.event === 'connected' ? (parseJson(frame.data) as Connected | null) : null;
    if (connected !== null) {
      if (!accepts(connected)) {
        membership.happens('unable');
        return false;
      }
      replay.connected(connected, from);
      from = { cursor: connected.resumed ? from.cursor : null, access: connected.access };
    }
    replay.note(frame);
    if (frame.id !== null) from = { ...from, cursor: frame.id };
    return true;
  };

  const handOver = (frames: readonly Frame[]): void => {
    for (const frame of frames) {
      if (isOver() || !note(frame)) return;
      handlers.onFrame(frame);
    }
    handlers.onBytes();
  };

  /** By a connection of its own up to the present; from there on the leader remembers. */
  const catchUp = (transport: Transport): void => {
    misses += 1;
    own = ways[transport](from, {
      ...handlers,
      onFrame: (frame) => {
        if (!note(frame)) return;
        handlers.onFrame(frame);
        if (frame.event !== 'live' || misses >= MOST_MISSES || isOver()) return;
        own?.abort();
        own = null;
        hello();
        handlers.onBytes();
      },
    });
  };

  /** A leader that was asleep answers what was asked long ago: only where this tab still stands there it counts. */
  const answered = (letter: Letter & { type: 'welcome' | 'miss' }): void => {
    if (letter.to !== membership.id || letter.cursor !== from.cursor || leader !== null || own !== null) return;
    if (letter.type === 'miss') {
      catchUp(letter.transport);
    } else {
      leader = letter.from;
      handOver(letter.frames);
    }
  };

  /** There is another leader: what the one before it said last may have been heard by some only. */
  const leads = (): void => {
    if (leader !== null) turn();
    else if (own === null) hello();
  };

  hello();
  return {
    /** Whether the leader is there is for the membership to watch. */
    get patienceMs() {
      return own === null ? Number.POSITIVE_INFINITY : own.patienceMs;
    },
    abort: () => own?.abort(),
    take: (letter) => {
      if (letter.type === 'lead') leads();
      else if (letter.type === 'welcome' || letter.type === 'miss') answered(letter);
      else if (letter.from !== leader) return;
      else if (letter.type === 'lost') turn();
      else if (letter.type === 'frames') handOver(letter.frames);
    },
  };
}
