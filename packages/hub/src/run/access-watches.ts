import type { Core } from '@belfry/core';
import { EVERYTHING } from '@belfry/protocol';
import type { Room } from '../room.ts';
import type { Rooms } from '../rooms.ts';
import { AccessWatch } from './access-watch.ts';
import type { RunConnection } from './run-connection.ts';

/** What is said of a person's access is said in their tenant's log: one watch in the room of each tenant that needs it. */
export class AccessWatches {
  readonly #core: Core;
  readonly #rooms: Rooms;
  readonly #onLeft: (room: Room) => void;
  readonly #watches = new Map<Room, AccessWatch>();

  /** @param onLeft called where nobody is watched any more. */
  constructor(core: Core, rooms: Rooms, onLeft: (room: Room) => void) {
    this.#core = core;
    this.#rooms = rooms;
    this.#onLeft = onLeft;
  }

  /** Gives what ends it. */
  add(connection: RunConnection): () => void {
    const { follower } = connection.request;
    if (follower.kind === 'service') return () => {};
    const room = this.#rooms.enter({ tenant: follower.tenant });
    const watch = this.#watches.get(room) ?? new AccessWatch(this.#core);
    if (watch.isEmpty) room.listen(watch, EVERYTHING);
    this.#watches.set(room, watch);
    watch.add(connection);
    // What was said of it after they had asked, and before the log was followed.
    const followed = room.follower.start().then(
      () => watch.recheck(connection),
      () => connection.close('unavailable'),
    );
    connection.doubt(followed);
    return () => this.#remove(room, watch, connection);
  }

  #remove(room: Room, watch: AccessWatch, connection: RunConnection): void {
    watch.remove(connection);
    if (!watch.isEmpty) return;
    this.#watches.delete(room);
    room.unlisten(watch, EVERYTHING);
    this.#onLeft(room);
  }
}
