import { type Committed, createdBy, type LogEvent, type WriteName } from '@belfry/core';
import type { Channel } from '@belfry/protocol';

/** The events of a publish as columns: as objects they take four times as long to carry. */
interface Columns {
  tenant: string;
  /** Of the first; each other follows the one before it. */
  follows: string | undefined;
  n: number[];
  checks: string[];
  types: string[];
  times: string[];
  /** One channel by itself, several as a list. */
  to: (Channel | readonly Channel[])[];
  data: string[];
}

/** What a write came to as it goes from thread to thread: in the form that is cheapest to carry. */
export type PackedCommit = Omit<Committed<unknown>, 'events'> & { events: LogEvent[] | Columns };

/** Where the events tell all that came of it, nothing else is carried: that would cost most of a publish. */
export function packCommit(name: WriteName, committed: Committed<unknown>): PackedCommit {
  const { replayed, events } = committed;
  if (!isMadeOfEvents(name, replayed)) return committed;
  // One by itself is carried sooner as it is.
  return { out: null, replayed, events: events.length > 1 ? columnsOf(events) : events };
}

/** In the other thread. */
export function unpackCommit(name: WriteName, { out, replayed, events: packed }: PackedCommit): Committed<unknown> {
  if (!isMadeOfEvents(name, replayed)) return { out, replayed, events: packed as LogEvent[] };
  const events = Array.isArray(packed) ? packed : eventsOf(packed);
  return { out: createdBy(events), replayed, events };
}

function isMadeOfEvents(name: WriteName, replayed: boolean): boolean {
  return name === 'publish' && !replayed;
}

/** Of one publish: they stand in the log one after the other. */
function columnsOf(events: readonly LogEvent[]): Columns {
  return {
    tenant: events[0]?.tenant ?? '',
    follows: events[0]?.follows,
    n: events.map(({ n }) => n),
    checks: events.map(({ check }) => check),
    types: events.map(({ type }) => type),
    times: events.map(({ time }) => time),
    to: events.map(({ to }) => (to.length === 1 ? (to[0] as Channel) : to)),
    data: events.map(({ data }) => data),
  };
}

function eventsOf({ tenant, follows, n: numbers, checks, types, times, to, data }: Columns): LogEvent[] {
  let before = follows;
  return numbers.map((n, at) => {
    const channels = to[at] as Channel | readonly Channel[];
    const check = checks[at] as string;
    const event = {
      tenant,
      n,
      check,
      follows: before as string,
      type: types[at] as string,
      time: times[at] as string,
      to: typeof channels === 'string' ? [channels] : channels,
      data: data[at] as string,
    };
    before = check;
    return event;
  });
}
