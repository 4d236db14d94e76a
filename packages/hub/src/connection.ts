import type { Person } from '@belfry/core';
import { type Channel, formatCursor, type Position } from '@belfry/protocol';
import type { ConnectionInfo, HubContext } from './context.ts';
import { liveFrame } from './control-frames.ts';
import type { Listener } from './listener.ts';
import type { LogEntry } from './log-entry.ts';
import type { Room } from './room.ts';
import { Selection } from './selection.ts';
import type { Sink } from './sink.ts';
import { grantsOfPrincipal, isUnfiltered, personOf, type StreamRequest } from './stream-request.ts';
import { StreamSocket } from './stream-socket.ts';

/** One open stream and its reader: which of what comes it is sent, and when. Kept small: there are tens of thousands of these. */
export class Connection extends StreamSocket implements Listener {
  readonly room: Room;
  /** Set by the hub: what serves this connection from where it has fallen behind until it is live. */
  serveFrom: ((position: number) => void) | null = null;
  #request: StreamRequest;
  #selection: Selection;
  /** Everything up to this number has been judged for this reader, and is written if it is theirs. */
  #served = 0;
  /** The same as of its last write: what is still gathered when its reader goes was not sent. */
  #sent = 0;
  /** Whether it has been noted who its person is and what they hold. */
  #isKnown = false;
  /** Whether what it is sent counts as sent to its person: from when it is live first. */
  #isPresent = false;

  constructor(context: HubContext, room: Room, request: StreamRequest, sink: Sink, onGone: () => void) {
    super(context, sink, onGone);
    this.room = room;
    this.#request = request;
    this.#selection = new Selection(request, context.core.clock.now());
    this.begin();
  }

  get request(): StreamRequest {
    return this.#request;
  }

  get selection(): Selection {
    return this.#selection;
  }

  get info(): ConnectionInfo {
    const { principal } = this.request;
    const { run = null } = this.room.topic;
    return { id: this.id, tenant: principal.tenant, user: personOf(principal)?.user ?? null, run };
  }

  offer(entry: LogEntry, channel: Channel): void {
    if (this.phase !== 'live' || entry.n <= this.#served) return;
    if (this.#selection.takes(entry)) this.#served = entry.n;
    else if (!this.#judges(entry, channel)) return;
    this.context.counts.live += 1;
    this.context.turn.add(this, entry.frame(channel, this.selection.audience));
    // It goes on at the reader's own pace, who is not slow for that.
    if (this.isBurst) this.fallBehind();
  }

  override writeBatch(bytes: Uint8Array): void {
    if (this.isOver) return;
    this.#sent = this.#served;
    super.writeBatch(bytes);
  }

  /** Whether it is to be sent as it is. */
  #judges(entry: LogEntry, channel: Channel): boolean {
    // It may still come by another channel, so it does not count as judged.
    if (!this.#selection.comesBy(entry, channel)) return false;
    if (this.#selection.needsOwnCounts(entry) || this.#selection.changesAccess(entry)) {
      this.fallBehind();
      return false;
    }
    this.#served = entry.n;
    return this.#selection.passes(entry);
  }

  isFor(entry: LogEntry, channel: Channel): boolean {
    return !this.isOver && this.selection.comesBy(entry, channel) && this.selection.passes(entry);
  }

  /** From here on it is judged by other grants. Only while it is behind. */
  regrant(request: StreamRequest): void {
    if (this.isOver) return;
    this.room.rejoin(this, this.#request, request);
    this.#request = request;
    this.#selection = new Selection(request, this.context.core.clock.now());
    if (this.#isKnown) this.#noteGrants(request.principal as Person);
  }

  /** Null but while it is looked for whether this reader may go on; resolves when that is known. */
  get inDoubt(): Promise<void> | null {
    return null;
  }

  /** From here on it gets what comes. `announce`: says so with a `live` frame; once a stream. */
  goLive(position: Position, announce: boolean): void {
    this.#served = position.n;
    this.#sent = position.n;
    this.phase = 'live';
    this.#bePresent();
    // Directly behind what it was served: on its way there nothing is gathered for it.
    if (announce) this.send(liveFrame(formatCursor(this.context.core.store.epoch, position)));
  }

  /** What comes waits until it has been served up to there. */
  protected fallBehind(): void {
    if (this.phase !== 'live') return;
    this.context.turn.flushOne(this);
    if (this.isOver) return;
    this.phase = 'behind';
    this.serveFrom?.(this.#served);
  }

  /** Whoever follows a run is sent its log, and not their tenant's. */
  #bePresent(): void {
    const { principal, grants } = this.#request;
    if (this.#isKnown || principal.kind === 'service' || this.room.topic.run !== undefined) return;
    this.#isKnown = true;
    if (!isUnfiltered(this.#request)) {
      this.#noteGrants(principal);
      return;
    }
    this.#isPresent = true;
    this.context.core.presence.opened(principal, grants);
  }

  /** All that is held, also where only a part of it was asked for. */
  #noteGrants(person: Person): void {
    this.context.core.presence.holds(person, grantsOfPrincipal(person, this.#request.rows));
  }

  /** The id says how far this connection has been served, which only a live one can. */
  protected get heartbeat(): Uint8Array | null {
    const { head } = this.room.follower;
    return this.phase === 'live' && head.n >= this.#served ? this.room.heartbeat() : null;
  }

  protected ended(): void {
    if (!this.#isPresent) return;
    const isWritten = (this.batch?.length ?? 0) === 0;
    const sent = isWritten ? this.#served : this.#sent;
    this.context.core.presence.closed(this.#request.principal as Person, sent);
  }
}
