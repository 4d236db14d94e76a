import { isIP } from 'node:net';
import type { Bus, BusObserver } from '@belfry/hub';
import { BelfryError } from '@belfry/protocol';
import { connect, errors, type NatsConnection } from '@nats-io/transport-node';
import { type Address, parseAddress } from '../address.ts';
import { distrusted } from '../distrust.ts';
import { forbidden, refused, unencrypted, unreachable } from '../failures.ts';
import { type Line, type LineEnds, MessageBus } from '../message-bus.ts';
import { backoffMs } from '../patience.ts';
import { tlsOptions } from '../tls-options.ts';
import { mendDialsOf } from './dials.ts';
import { type Greeting, knock } from './knock.ts';
import { NatsLine } from './line.ts';

const CONNECT_MS = 5_000;
const NAME = 'belfry-bus';
mendDialsOf(NAME);

export interface NatsBusOptions {
  /** `nats://` or `tls://`, with user and password, or a token in their place, and what TLS needs behind a `?`. */
  url: string;
  place: string;
  observer?: BusObserver;
  probeMs?: number;
}

/** @throws BelfryError where NATS can't be reached, or refuses the user, the password or the token. */
export function openNatsBus({ url, place, observer = {}, probeMs = 5_000 }: NatsBusOptions): Promise<Bus> {
  return MessageBus.open({ place, observer, open: (ends) => openLine(url, ends, probeMs) });
}

function natsAddress(url: string): Address {
  const parameters = ['sslrootcert', 'sslcert', 'sslkey', 'sslnegotiation'];
  return parseAddress(url, { port: 4222, parameters });
}

async function openLine(url: string, ends: LineEnds, probeMs: number): Promise<Line> {
  const address = natsAddress(url);
  // Asked for at every look at the clock: it may depend on how often was tried, and on nothing that changes meanwhile.
  const jitter = Math.random();
  const dials = { failed: 0 };
  const connection = await connectNats(address, () => backoffMs(dials.failed, () => jitter));
  const line = new NatsLine(connection, ends, dials, probeMs);
  const refusal = await line.refusal().catch(() => null);
  if (refusal === null) return line;
  await line.close();
  throw forbidden('NATS', address.shown, 'BELFRY_BUS', new Error(refusal));
}

async function connectNats(address: Address, reconnectDelayHandler: () => number): Promise<NatsConnection> {
  try {
    const greeting = await knock(address, CONNECT_MS);
    return await connect({
      servers: address.shown,
      ...credentials(address),
      ...encryption(address, greeting),
      name: NAME,
      noEcho: true,
      timeout: CONNECT_MS,
      // The library's own heartbeat waits for its socket to take a byte before it gives up on it: ours does not.
      pingInterval: 3_600_000,
      reconnect: true,
      maxReconnectAttempts: -1,
      ignoreAuthErrorAbort: true,
      reconnectDelayHandler,
      // Each may be a reconnecting one, and a trace costs more than a message.
      noAsyncTraces: true,
    });
  } catch (error) {
    throw asRefusal(address, error);
  }
}

/**
 * A server that speaks TLS now is not trusted without it later. The library lets one that begins to demand it later show a
 * certificate for `localhost` where it goes by an IP address, for such is Node's way: then it gets none.
 */
function encryption(address: Address, { tls_required, tls_available }: Greeting): { tls?: object | null } {
  const { scheme, host, files, isDirect } = address;
  if (scheme === 'tls' || tls_required || tls_available) {
    // Whom the certificate must name: the library says so of names only.
    const more = { ...(isIP(host) === 0 ? {} : { host }), ...(isDirect ? { handshakeFirst: true } : {}) };
    return { tls: Object.assign(tlsOptions(files), more) };
  }
  if (Object.keys(files).length > 0) throw unencrypted('tls');
  return isIP(host) === 0 ? {} : { tls: null };
}

/** A user without a password is a token. */
function credentials({ user, password }: Address) {
  if (user === undefined) return {};
  return password === undefined ? { token: user } : { user, pass: password };
}

function asRefusal({ shown }: Address, error: unknown): BelfryError {
  if (error instanceof BelfryError) return error;
  if (error instanceof errors.AuthorizationError) return refused('NATS', shown, 'BELFRY_BUS');
  return distrusted('NATS', shown, 'BELFRY_BUS', error) ?? unreachable('NATS', shown, 'BELFRY_BUS', error);
}
