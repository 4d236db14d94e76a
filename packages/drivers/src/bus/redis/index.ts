import type { Bus, BusObserver } from '@belfry/hub';
import { type Address, parseAddress } from '../address.ts';
import { reasonOf, unencrypted } from '../failures.ts';
import { type Line, type LineEnds, MessageBus } from '../message-bus.ts';
import { Supervisor } from '../supervisor.ts';
import { connectRedis } from './connect.ts';
import type { Listening, RedisLink } from './link.ts';
import { isReply } from './reply.ts';

/** Redis takes 512 MB; past this a message holds up all others on the connection, and is better read from the store. */
const MAX_BYTES = 262_144;

export interface RedisBusOptions {
  /** `redis://` or `rediss://`, with user and password, and the files of TLS behind a `?`. A Cluster is found out by itself, from any of its nodes. */
  url: string;
  place: string;
  observer?: BusObserver;
  probeMs?: number;
}

/** @throws BelfryError where Redis can't be reached, or refuses the password. */
export function openRedisBus({ url, place, observer = {}, probeMs = 5_000 }: RedisBusOptions): Promise<Bus> {
  return MessageBus.open({ place, observer, open: (ends) => openLine(url, ends, probeMs) });
}

async function openLine(url: string, ends: LineEnds, probeMs: number): Promise<Line> {
  const address = redisAddress(url);
  const subscribeAll = (there: Listening) =>
    Promise.all([...ends.subjects()].map((subject) => subscribe(there, subject, ends)));
  const supervisor = new Supervisor<RedisLink>({
    connect: (onDown, signal) => connectRedis(address, { ...ends, subscribeAll, onDown }, signal),
    async onUp(link) {
      await subscribeAll(link);
      // It could send, or it would not be there.
      ends.outage.back('sending');
    },
    onReconnect: ends.onReconnect,
    outage: ends.outage,
    probeMs,
    random: Math.random,
  });
  await supervisor.start();
  return {
    maxBytes: MAX_BYTES,
    get isUp() {
      return supervisor.link !== null;
    },
    send: async (subject, bytes) => supervisor.link && send(supervisor.link, subject, bytes, ends),
    subscribe: async (subject) => supervisor.link && subscribe(supervisor.link, subject, ends),
    unsubscribe: (subject) => supervisor.link?.unsubscribe(subject),
    close: () => supervisor.close(),
  };
}

function redisAddress(url: string): Address {
  const address = parseAddress(url, { port: 6379, parameters: ['sslrootcert', 'sslcert', 'sslkey'] });
  if (address.scheme === 'redis' && Object.keys(address.files).length > 0) throw unencrypted('rediss');
  return address;
}

/** A subject that may not be followed is no reason to give up the others. */
async function subscribe(there: Listening, subject: string, ends: LineEnds): Promise<void> {
  try {
    await there.subscribe(subject);
  } catch (error) {
    if (!isReply(error)) throw error;
    ends.onRefused(subject, `Redis refuses a subscription: ${reasonOf(error)}`);
  }
}

async function send(link: RedisLink, subject: string, bytes: Buffer, { outage }: LineEnds): Promise<void> {
  try {
    await link.send(subject, bytes);
    outage.back('sending');
  } catch (error) {
    if (isReply(error)) outage.lost(`Redis refuses a message: ${reasonOf(error)}`, 'sending');
    throw error;
  }
}
