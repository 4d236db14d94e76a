import type { Bus, BusObserver } from '@belfry/hub';
import { newOrigin } from '../message.ts';
import { notifyChannelOf } from '../names.ts';
import { Outage } from '../outage.ts';
import { Supervisor } from '../supervisor.ts';
import { PostgresBus } from './bus.ts';
import { connectPostgres, type PostgresLink } from './connect.ts';
import { Notifier } from './notifier.ts';

export interface PostgresBusOptions {
  /** The database itself, past any pooler that shares connections between transactions: listening is by connection. */
  url: string;
  place: string;
  observer?: BusObserver;
  probeMs?: number;
}

/** @throws BelfryError where Postgres can't be reached, or refuses the user or the password. */
export async function openPostgresBus(options: PostgresBusOptions): Promise<Bus> {
  const { url, place, observer = {}, probeMs = 5_000 } = options;
  const channel = notifyChannelOf(place);
  const outage = new Outage(observer);
  const origin = newOrigin();
  const supervisor: Supervisor<PostgresLink> = new Supervisor({
    connect: (onDown, signal) =>
      connectPostgres(url, channel, { onDown, onPayload: (payload) => bus.receive(payload) }, signal),
    onUp: () => Promise.resolve(),
    onReconnect: () => bus.reconnected(),
    outage,
    probeMs,
    random: Math.random,
  });
  const notify = (payloads: readonly string[]) => supervisor.link?.notify(channel, payloads) ?? null;
  const notifier = new Notifier({ origin, counters: outage.counters, notify });
  const close = () => supervisor.close(() => notifier.close());
  const bus = new PostgresBus({ origin, outage, notifier, close });
  await supervisor.start();
  return bus;
}
