import type { Channel } from '@belfry/protocol';

/**
 * One entry of a tenant's log as the store keeps it. `data` is JSON text, written once when the event is appended
 * and never parsed on the way to a socket. Plain data: it crosses threads and buses.
 */
export interface LogEvent {
  tenant: string;
  n: number;
  /** The random value that makes a cursor here recognizable. */
  check: string;
  /**
   * The check value of the event before it, `0` of the first: so it shows whether this one follows what is known. Given
   * with a commit; absent on what is read from the log.
   */
  follows?: string;
  type: string;
  time: string;
  /** Every channel it was published to, in the sender's order. */
  to: readonly Channel[];
  data: string;
}

/** Who a frame is for: marks are shown to people, the full address list to services. */
export type Audience = 'person' | 'service';

/**
 * The JSON envelope of an event for readers who hold `channel`: the same text for all of them.
 *
 * A notification's content ends in `}}`, so what depends on the reader is spliced in before that, instead of
 * parsing and writing the whole again for each channel.
 */
export function envelopeJson(event: LogEvent, channel: Channel, audience: Audience): string {
  const extra = NOTIFICATION_EXTRAS.get(event.type)?.(event, channel, audience);
  const data = extra === undefined ? event.data : `${event.data.slice(0, -2)},${extra}}}`;
  return `{"type":${JSON.stringify(event.type)},"channel":${JSON.stringify(channel)},"time":"${event.time}","data":${data}}`;
}

const BEFORE_CONTENT = '{"notification":'.length;

/** The notification that a `notification.created` brought, as its reader has it by `channel`. */
export function createdJson(event: LogEvent, channel: Channel, audience: Audience): string {
  const extra = NOTIFICATION_EXTRAS.get(event.type)?.(event, channel, audience);
  return `${event.data.slice(BEFORE_CONTENT, -2)},${extra}}`;
}

type Extra = (event: LogEvent, channel: Channel, audience: Audience) => string;

// A map and not an object: `constructor` is a type an app may choose.
const NOTIFICATION_EXTRAS = new Map<string, Extra>([
  [
    'notification.created',
    (event, channel, audience) =>
      audience === 'service'
        ? addressJson(event, channel)
        : `${channelJson(channel)},"seenAt":null,"readAt":null,"archivedAt":null`,
  ],
  [
    'notification.updated',
    (event, channel, audience) => (audience === 'service' ? addressJson(event, channel) : channelJson(channel)),
  ],
]);

function addressJson({ to }: LogEvent, channel: Channel): string {
  return `${channelJson(channel)},"to":${JSON.stringify(to)}`;
}

function channelJson(channel: Channel): string {
  return `"channel":${JSON.stringify(channel)}`;
}
