import type { Connected, Connection, ConnectionHandlers, From, Ways } from '../ways.ts';
import type { Membership } from './membership.ts';
import type { Letter } from './messages.ts';
import type { Replay } from './replay.ts';

/** What a tab does for its connection in its role. */
export interface Part extends Connection {
  /** From another tab. */
  take(letter: Letter): void;
}

/** What a part works with. */
export interface Scene {
  readonly ways: Required<Pick<Ways, 'stream' | 'poll'>>;
  readonly membership: Membership;
  readonly replay: Replay;
  readonly from: From;
  readonly handlers: ConnectionHandlers;
  isOver(): boolean;
  now(): number;
  /** False: what follows is somebody else's, and not for this tab. */
  accepts(connected: Connected): boolean;
}
