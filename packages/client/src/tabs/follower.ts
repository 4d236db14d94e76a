import type { Frame } from '../frame-parser.ts';
import type { Transport } from '../status.ts';
import type { Connection, From } from '../ways.ts';
import { parse } from './leader.ts';
import type { Letter, Message } from './messages.ts';
import type { Part, Scene } from './part.ts';

/** After so many, what the leader remembers and what this tab needs do not meet: it keeps a connection of its own. */
const MOST_MISSES = 3;

/** Hears what the leader hears. */
export class Follower implements Part {
  readonly #scene: Scene;
  #from: From;
  /** The leader that has welcomed it; it listens to no other. */
  #leader: string | null = null;
  /** What it asks the server itself: what the leader does not remember. */
  #own: Connection | null = null;
  #misses = 0;

  constructor(scene: Scene) {
    this.#scene = scene;
    this.#from = scene.from;
    this.#hello();
  }

  /** Whether the leader is there is for the membership to watch. */
  get patienceMs(): number | undefined {
    return this.#own === null ? Number.POSITIVE_INFINITY : this.#own.patienceMs;
  }

  abort(): void {
    this.#own?.abort();
  }

  take(letter: Letter): void {
    if (letter.type === 'lead') this.#leads();
    else if (letter.type === 'welcome' || letter.type === 'miss') this.#answered(letter);
    else if (letter.from === this.#leader) this.#told(letter);
  }

  /** A leader that was asleep answers what was asked long ago: only where this tab still stands there it counts. */
  #answered(letter: Letter & { type: 'welcome' | 'miss' }): void {
    if (letter.to !== this.#scene.membership.id || letter.cursor !== this.#from.cursor) return;
    if (this.#leader !== null || this.#own !== null) return;
    if (letter.type === 'miss') this.#catchUp(letter.transport);
    else this.#welcome(letter.from, letter.frames);
  }

  #told(letter: Message): void {
    if (letter.type === 'lost') this.#turn();
    else if (letter.type === 'frames') this.#handOver(letter.frames);
  }

  /** There is another leader: what the one before it said last may have been heard by some only. */
  #leads(): void {
    if (this.#leader !== null) this.#turn();
    else if (this.#own === null) this.#hello();
  }

  #turn(): void {
    this.#scene.handlers.onEnd({ event: 'handover', error: null });
  }

  #hello(): void {
    this.#scene.membership.post({ type: 'hello', ...this.#from });
  }

  #welcome(leader: string, frames: Frame[]): void {
    this.#leader = leader;
    this.#handOver(frames);
  }

  #handOver(frames: readonly Frame[]): void {
    for (const frame of frames) {
      if (this.#scene.isOver() || !this.#note(frame)) return;
      this.#scene.handlers.onFrame(frame);
    }
    this.#scene.handlers.onBytes();
  }

  /** False: it is not for this tab, which has nothing to do with this leader then. */
  #note(frame: Frame): boolean {
    const { replay, membership, accepts } = this.#scene;
    const connected = frame.event === 'connected' ? parse(frame) : null;
    if (connected !== null) {
      if (!accepts(connected)) {
        membership.happens('unable');
        return false;
      }
      replay.connected(connected, this.#from);
      this.#from = { cursor: connected.resumed ? this.#from.cursor : null, access: connected.access };
    }
    replay.note(frame);
    if (frame.id !== null) this.#from = { ...this.#from, cursor: frame.id };
    return true;
  }

  /** By a connection of its own up to the present; from there on the leader remembers. */
  #catchUp(transport: Transport): void {
    this.#misses += 1;
    const { handlers, ways } = this.#scene;
    this.#own = ways[transport](this.#from, {
      ...handlers,
      onFrame: (frame) => {
        if (!this.#note(frame)) return;
        handlers.onFrame(frame);
        if (frame.event !== 'live' || this.#misses >= MOST_MISSES || this.#scene.isOver()) return;
        this.#own?.abort();
        this.#own = null;
        this.#hello();
        handlers.onBytes();
      },
    });
  }
}
