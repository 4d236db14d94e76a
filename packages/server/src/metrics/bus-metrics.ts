import type { Hub } from '@belfry/hub';
import { type Family, Watched } from './families.ts';

/** What processes say to each other. */
export function busFamilies({ bus }: Hub): Family[] {
  const { counters } = bus;
  const counted = (name: string, help: string, read: () => number) =>
    new Watched('counter', `belfry_bus_${name}_total`, help, read);
  return [
    new Watched(
      'gauge',
      'belfry_bus_up',
      '1 while the bus is well, or there is no other process to hear of; 0 during an outage.',
      () => (bus.isLost === true ? 0 : 1),
    ),
    counted('events_published', 'Events committed here and said to other processes.', () => counters.published),
    counted('events_lost', 'Of these, not handed to the engine: no connection, or too many.', () => counters.lost),
    counted('events_failed', 'Of these, refused by the engine or never confirmed.', () => counters.failed),
    counted('messages_received', 'Events or wake-ups heard from other processes.', () => counters.received),
    counted('follow_refusals', 'Times the engine did not let a log be followed.', () => counters.refused),
    counted('outages', 'Outages that have ended.', () => counters.reconnects),
  ];
}
