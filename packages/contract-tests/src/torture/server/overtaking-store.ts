import type { LogEvent, LogPage, Store } from '@belfry/core';

/** Nobody is told of what is taken from people, and what is said of a run does not wait until it is known. */
export function overtaking(store: Store): Store {
  const { epoch, place, shared } = store;
  return {
    epoch,
    place,
    shared,
    async commit(name, input, idempotency) {
      const committed = await store.commit(name, input, idempotency);
      return { ...committed, events: name === 'revoke' ? [] : committed.events.map(unordered) };
    },
    async read(name, input) {
      const out = await store.read(name, input);
      if (name !== 'readLog') return out;
      const page = out as LogPage;
      return { ...page, events: page.events.map(unordered) } as typeof out;
    },
    close: () => store.close(),
  };
}

function unordered(event: LogEvent): LogEvent {
  return event.run === undefined ? event : { ...event, after: 0 };
}
