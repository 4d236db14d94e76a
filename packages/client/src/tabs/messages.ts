import type { Frame } from '../frame-parser.ts';
import type { Transport } from '../status.ts';
import type { From } from '../ways.ts';

/** What tabs of one session say to each other. No token is ever part of it. */
export type Message =
  /** A follower: where do I go on from here? */
  | ({ type: 'hello' } & From)
  /** A follower: are you there? */
  | { type: 'ping' }
  /** The leader: I am. `lead`: from now on. */
  | { type: 'pong' | 'lead' }
  /** The leader, to one that stands at `cursor`: this is what you missed, and from now on you get all. */
  | { type: 'welcome'; to: string; cursor: string | null; frames: Frame[] }
  /** The leader, to the same: that is further back than I remember. Ask the server, then say hello again. */
  | { type: 'miss'; to: string; cursor: string | null; transport: Transport }
  /** The leader, to those it has welcomed. */
  | { type: 'frames'; frames: Frame[] }
  /** The leader: my connection is gone. Say hello again, and hear from me once there is another. */
  | { type: 'lost' };

/** `from`: the tab that says it. */
export type Letter = Message & { from: string };
