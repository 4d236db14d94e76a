import { type Audience, envelopeJson, hasArtifacts, isAccessChange, type Links, type LogEvent } from '@belfry/core';
import { type Channel, encodeSse, formatCursor, type MarkChange, owingState } from '@belfry/protocol';
import { keptFrame } from './frame-memory.ts';
import { runFrame } from './run/run-frames.ts';

/**
 * Of the frames of one entry so much is kept, and one frame in any case. What is large and goes to many by name would
 * else leave no room for what came before it, and who is a little behind would have to read that from the database.
 */
const KEPT_BYTES = 65_536;

/** An event on its way out, with the frames it has been encoded to: one for each channel it is shown by. */
export class LogEntry {
  readonly event: LogEvent;
  /** Whether it gives or takes channels. */
  readonly isAccessChange: boolean;
  /** Whether it says the same to all who hold its channel, and changes nothing about who that is. */
  readonly isSimple: boolean;
  /**
   * About what it takes in memory at most: its text, and the frames that are kept. Kept itself, as when it is
   * let go of the rest of it has long left the processor's memory.
   */
  readonly bytes: number;
  readonly #epoch: string;
  /** Made with the first: most entries of a busy log are never shown to anyone here. */
  #frames: Map<string, Uint8Array> | null = null;
  #kept = 0;
  /** The last that was asked for: of those who get an entry, most get it by the same channel. */
  #last: { channel: Channel; audience: Audience; frame: Uint8Array } | null = null;
  #notification: NotificationFacts | null | undefined;
  #markFacts: MarkFacts | undefined;
  #itemAt: number | undefined;
  readonly #links: Links | undefined;

  constructor(epoch: string, event: LogEvent, links?: Links, bytes = bytesOf(event)) {
    this.#epoch = epoch;
    this.#links = links;
    this.event = event;
    this.bytes = bytes;
    this.isAccessChange = isAccessChange(event);
    this.isSimple = !this.isAccessChange && event.type !== 'notification.state';
  }

  get n(): number {
    return this.event.n;
  }

  get id(): string {
    return formatCursor(this.#epoch, this.event);
  }

  /** The same bytes for every reader who has it by this channel. */
  frame(channel: Channel, audience: Audience): Uint8Array {
    const last = this.#last;
    if (last !== null && last.channel === channel && last.audience === audience) return last.frame;
    const frame = this.#frameFor(channel, audience);
    this.#last = hasArtifacts(this.event) ? null : { channel, audience, frame };
    return frame;
  }

  #frameFor(channel: Channel, audience: Audience): Uint8Array {
    const key = this.#keyOf(channel, audience);
    this.#frames ??= new Map();
    let frame = this.#frames.get(key);
    if (frame === undefined) {
      frame = this.#encode(channel, audience);
      this.#keep(this.#frames, key, frame);
    }
    return frame;
  }

  #keep(frames: Map<string, Uint8Array>, key: string, frame: Uint8Array): void {
    if (frames.size > 0 && this.#kept + frame.length > KEPT_BYTES) return;
    frames.set(key, frame);
    this.#kept += frame.length;
  }

  /** What people are shown of artifacts is good for a while only: then the frame is made anew. */
  #keyOf(channel: Channel, audience: Audience): string {
    if (audience === 'service') return `service ${channel}`;
    return hasArtifacts(this.event) ? `${this.#links?.window} ${channel}` : channel;
  }

  #encode(channel: Channel, audience: Audience): Uint8Array {
    const { event } = this;
    if (event.run !== undefined) return runFrame(this.id, event, audience, this.#links);
    return keptFrame(encodeSse({ id: this.id, data: envelopeJson(event, channel, audience, this.#links) }));
  }

  /** For a reader who is owed a `state`: the id says so, and makes these bytes their own. */
  owingFrame(channel: Channel, audience: Audience): Uint8Array {
    const data = envelopeJson(this.event, channel, audience, this.#links);
    return Buffer.from(encodeSse({ id: owingState(this.id), data }));
  }

  /** The type of the notification it brings or changes; null for all else. Parsed only where a filter asks. */
  get notificationType(): string | null {
    return this.#facts?.type ?? null;
  }

  /** When what it tells of was created, in milliseconds: for an edit the notification, for all else the event itself. */
  get itemAt(): number {
    const { type, time } = this.event;
    this.#itemAt ??= Date.parse(type === 'notification.updated' ? (this.#facts?.createdAt ?? time) : time);
    return this.#itemAt;
  }

  /** Of a `notification.state`: the scope its counts are for; undefined for all else. Parsed only where asked. */
  get countedFor(): string | undefined {
    return this.#marks.countedFor;
  }

  /** Whether it is a mark of everything up to a point. */
  get isMarkUpTo(): boolean {
    return this.#marks.isUpTo;
  }

  get #marks(): MarkFacts {
    this.#markFacts ??= markFacts(this.event);
    return this.#markFacts;
  }

  get #facts(): NotificationFacts | null {
    if (this.#notification === undefined) this.#notification = notificationFacts(this.event);
    return this.#notification;
  }
}

function bytesOf({ data, to }: LogEvent): number {
  let addresses = 0;
  for (const channel of to) addresses += channel.length + 3;
  // A UTF-16 unit is at most three bytes of UTF-8. Only services' frames name every address.
  const frame = data.length * 3 + 300;
  // Those that are kept, and the last one.
  const frames = Math.min(frame * (to.length + 1), Math.max(frame, KEPT_BYTES) + frame);
  return 2 * (data.length + addresses) + frames + addresses;
}

interface NotificationFacts {
  type: string;
  createdAt: string;
}

function notificationFacts({ type, data }: LogEvent): NotificationFacts | null {
  if (type !== 'notification.created' && type !== 'notification.updated') return null;
  const { notification } = JSON.parse(data) as { notification: NotificationFacts };
  return { type: notification.type, createdAt: notification.createdAt };
}

interface MarkFacts {
  countedFor: string | undefined;
  isUpTo: boolean;
}

function markFacts({ type, data }: LogEvent): MarkFacts {
  if (type !== 'notification.state') return { countedFor: undefined, isUpTo: false };
  const { countedFor, upTo } = JSON.parse(data) as MarkChange;
  return { countedFor, isUpTo: upTo !== undefined };
}
