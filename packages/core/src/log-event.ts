import type { Channel, Run } from '@belfry/protocol';

/** Names a log: a tenant's main one, or that of one of its runs. */
export interface LogTopic {
  tenant: string;
  run?: string;
}

/** The name of a log as the store knows it: the tenant, or `<tenant>/<run id>`. A tenant's own name holds no `/`. */
export function logName({ tenant, run }: LogTopic): string {
  return run === undefined ? tenant : `${tenant}/${run}`;
}

export function topicOf(log: string): LogTopic {
  const slash = log.indexOf('/');
  return slash === -1 ? { tenant: log } : { tenant: log.slice(0, slash), run: log.slice(slash + 1) };
}

/**
 * One entry of a log as the store keeps it. `data` is JSON text, written once when the event is appended
 * and never parsed on the way to a socket. Plain data: it crosses threads and buses.
 */
export interface LogEvent extends LogTopic {
  n: number;
  /** The random value that makes a cursor here recognizable. */
  check: string;
  /**
   * The check value of the event before it, `0` of the first: so it shows whether this one follows what is known. Given
   * with a commit; absent on what is read from the log.
   */
  follows?: string;
  /**
   * In a run's log: the number up to which its tenant's log is to be handed on first. At least that of every event there
   * that was acknowledged before this one was asked for, so that who lost the run by it is not sent this.
   */
  after?: number;
  type: string;
  time: string;
  /** Every channel it was published to, in the sender's order. In a run's log, which is for all who see the run, a kind. */
  to: readonly Channel[];
  data: string;
}

/** Who a frame is for: marks are shown to people, the full address list and where artifacts are kept to services. */
export type Audience = 'person' | 'service';

/** What signs addresses of artifacts for people. */
export interface Links {
  /** The run with addresses of ours. */
  shown(run: Run): Run;
  /** As long as it stays, the addresses do. */
  readonly window: number;
}

/**
 * The JSON envelope of an event for readers who hold `channel`: the same text for all of them.
 *
 * A notification's content ends in `}}`, so what depends on the reader is spliced in before that, instead of
 * parsing and writing the whole again for each channel.
 */
export function envelopeJson(event: LogEvent, channel: Channel, audience: Audience, links?: Links): string {
  const extra = NOTIFICATION_EXTRAS.get(event.type)?.(event, channel, audience);
  const data = extra === undefined ? shownData(event, audience, links) : `${event.data.slice(0, -2)},${extra}}}`;
  return `{"type":${JSON.stringify(event.type)},"channel":${JSON.stringify(channel)},"time":"${event.time}","data":${data}}`;
}

const BEFORE_CONTENT = '{"notification":'.length;

/** The notification that a `notification.created` brought, as its reader has it by `channel`. */
export function createdJson(event: LogEvent, channel: Channel, audience: Audience): string {
  const extra = NOTIFICATION_EXTRAS.get(event.type)?.(event, channel, audience);
  return `${event.data.slice(BEFORE_CONTENT, -2)},${extra}}`;
}

/**
 * The JSON of an event of a run's own log. All who follow it see the same, whatever channels they see the run by. In
 * parts, as its data can be large: only that is as long as the whole.
 */
export function runMessage(
  event: LogEvent,
  audience: Audience,
  links?: Links,
): [begin: string, data: string, end: '}'] {
  const data = shownData(event, audience, links);
  return [`{"type":${JSON.stringify(event.type)},"time":"${event.time}","data":`, data, '}'];
}

/** Whether people are shown something else than what is kept: then it is good for a while only. */
export function hasArtifacts({ type, data }: LogEvent): boolean {
  return RUN_CHANGES.has(type) && data.includes('"artifacts":[{');
}

const RUN_CHANGES = new Set(['run.created', 'run.updated', 'run.finished']);

/** People never see where an artifact is kept. */
function shownData(event: LogEvent, audience: Audience, links: Links | undefined): string {
  if (audience === 'service' || !hasArtifacts(event)) return event.data;
  const { run } = JSON.parse(event.data) as { run: Run };
  return JSON.stringify({ run: links === undefined ? { ...run, artifacts: [] } : links.shown(run) });
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
  return `${channelJson(channel)},"to":${channelsJson(to)}`;
}

/** Most go to one, whose list is written sooner by hand. */
export function channelsJson(to: readonly Channel[]): string {
  return to.length === 1 ? `[${JSON.stringify(to[0])}]` : JSON.stringify(to);
}

function channelJson(channel: Channel): string {
  return `"channel":${JSON.stringify(channel)}`;
}
